package akin.retrieval.query;

import akin.tensor.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of queries, in one of two forms.
 *
 * <p>One query a line, in the language of {@link Query}. Or, if any line begins with a picture's
 * file ({@code 000123.jpg +Smiling}), one picture and one or more signed attributes a line: that is
 * the query {@code like:000123.jpg +Smiling}; lines in which no {@code jpg} occurs are then skipped
 * and counted. In both forms empty lines and lines that begin with # are passed over, and a query
 * that stands twice is kept twice.
 *
 * @param queries in the file's order
 * @param lines the line of each query, counted from 1
 * @param skipped the number of lines skipped
 */
public record QueryFile(List<Query> queries, List<Integer> lines, int skipped) {
  private static final Pattern PICTURE_FIRST =
      Pattern.compile("(?!like:)(\\S+\\.jpg)\\s+(\\S.*)", Pattern.CASE_INSENSITIVE);

  /**
   * Reads a file.
   *
   * @param names the attributes of the data set, in its order
   * @throws UserError if it cannot be read, holds no query, or a line is no query; the message
   *     tells the line
   */
  public static QueryFile read(Path file, List<String> names) {
    List<String> text = linesOf(file);
    boolean picturesFirst = text.stream().anyMatch(line -> PICTURE_FIRST.matcher(line).matches());
    List<Query> queries = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    int skipped = 0;
    for (int i = 0; i < text.size(); i++) {
      String line = text.get(i);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (picturesFirst && !line.toLowerCase(Locale.ROOT).contains("jpg")) {
        skipped++;
        continue;
      }
      String place = file + ":" + (i + 1);
      if (picturesFirst) {
        queries.add(pictureAndAttributes(line, names, place));
      } else {
        queries.add(new QueryParser(line, names, place).parse());
      }
      lines.add(i + 1);
    }
    if (queries.isEmpty()) {
      throw UserError.of("there is no query in the file")
          .at(file)
          .rule("one query a line, as in: +Smiling -Eyeglasses");
    }
    return new QueryFile(List.copyOf(queries), List.copyOf(lines), skipped);
  }

  private static Query pictureAndAttributes(String line, List<String> names, String place) {
    Matcher parts = PICTURE_FIRST.matcher(line);
    if (!parts.matches() || "+-~".indexOf(parts.group(2).charAt(0)) < 0) {
      throw UserError.of("not a picture and a signed attribute: '" + line + "'")
          .at(place)
          .rule("a line of this file reads like: 000123.jpg +Smiling");
    }
    List<Query.Term> terms = new ArrayList<>();
    terms.add(new Query.Image(parts.group(1), 1));
    // Blanks in the picture's place keep the positions of messages those of the line.
    String attributes = " ".repeat(parts.start(2)) + parts.group(2);
    terms.addAll(new QueryParser(attributes, names, place).parse().terms());
    return new Query(terms);
  }

  /** The lines without blanks around them. */
  private static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(line -> line.replace("\uFEFF", "").strip())
          .toList();
    } catch (NoSuchFileException e) {
      throw UserError.of("there is no such file").at(file).because(e);
    } catch (CharacterCodingException e) {
      throw UserError.of("the file is not UTF-8 text").at(file).because(e);
    } catch (IOException e) {
      throw UserError.of("cannot read the file: " + e.getMessage()).at(file).because(e);
    }
  }
}

package akin.retrieval.data;

import akin.tensor.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a list of pictures: a CSV file (UTF-8, commas, quotes where needed) whose first line names
 * the columns.
 *
 * <ul>
 *   <li>{@code path} (or {@code img_path}): the picture, relative to the list's folder; required;
 *   <li>{@code label}: the class, any text; classes are numbered by name;
 *   <li>{@code split}: {@code train}, {@code val} or {@code validation}, {@code test}, or empty;
 *   <li>{@code attributes}: the names of those that hold, with blanks or semicolons between; the
 *       attributes are all names that occur, sorted. An empty field means that none holds.
 * </ul>
 *
 * Other columns are passed over. Pictures keep the list's order.
 */
final class CsvReader {
  private static final List<String> PATH_COLUMNS = List.of("path", "img_path");

  private CsvReader() {}

  static boolean fits(Path file) {
    return Files.isRegularFile(file)
        && file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private record Row(long line, String path, String label, Split split, List<String> attributes) {}

  static Dataset read(Path file) {
    List<Row> rows = rows(file);
    Path folder = file.toAbsolutePath().getParent();
    Map<String, Row> seen = new HashMap<>();
    for (Row row : rows) {
      Row before = seen.put(row.path, row);
      if (before != null) {
        throw UserError.of("the picture " + row.path + " is listed twice")
            .at(file, row.line)
            .rule("first on line " + before.line)
            .mend("keep one of the two lines");
      }
      if (!Files.isRegularFile(folder.resolve(row.path))) {
        throw UserError.of("the picture " + row.path + " is missing")
            .at(file, row.line)
            .rule("paths are relative to " + folder);
      }
    }
    List<String> classes = distinct(rows.stream().map(Row::label).toList());
    Map<String, Integer> number = new HashMap<>();
    classes.forEach(name -> number.put(name, number.size()));
    return new ImageFiles(
        file.toString(),
        folder,
        rows.stream().map(Row::path).toList(),
        rows.stream().map(Row::split).toArray(Split[]::new),
        rows.stream().mapToInt(row -> number.getOrDefault(row.label, -1)).toArray(),
        classes,
        attributes(rows));
  }

  private static List<Row> rows(Path file) {
    CSVFormat format =
        CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setTrim(true).get();
    List<Row> rows = new ArrayList<>();
    try (Reader in = withoutMark(Files.newBufferedReader(file));
        CSVParser parser = CSVParser.parse(in, format)) {
      List<String> columns = parser.getHeaderNames();
      String path =
          PATH_COLUMNS.stream()
              .filter(columns::contains)
              .findFirst()
              .orElseThrow(
                  () ->
                      UserError.of("no column named path")
                          .at(file, 1)
                          .rule("the columns are path, label, split, attributes; found " + columns)
                          .mend("write the columns' names on the first line"));
      for (CSVRecord fields : parser) {
        rows.add(row(file, parser.getCurrentLineNumber(), fields, path));
      }
    } catch (NoSuchFileException e) {
      throw UserError.of("the file is missing").at(file).because(e);
    } catch (CharacterCodingException e) {
      throw UserError.of("the file is not UTF-8 text").at(file).because(e);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw UserError.of("not a CSV file: " + e.getMessage()).at(file).because(e);
    }
    return rows;
  }

  private static Row row(Path file, long line, CSVRecord fields, String pathColumn) {
    if (!fields.isConsistent()) {
      throw UserError.of("wrong number of fields")
          .at(file, line)
          .rule(
              "the first line has "
                  + fields.getParser().getHeaderNames().size()
                  + " columns; found "
                  + fields.size()
                  + " fields")
          .mend("put a field that holds a comma between quotes");
    }
    String path = fields.get(pathColumn);
    if (path.isEmpty()) {
      throw UserError.of("the path is empty").at(file, line);
    }
    String split = field(fields, "split");
    Split part =
        Split.named(split.isEmpty() ? "all" : split)
            .orElseThrow(
                () ->
                    UserError.of("no split named " + split)
                        .at(file, line)
                        .rule("train, val or validation, test, or an empty field"));
    String[] attributes = field(fields, "attributes").strip().split("[\\s;]+");
    return new Row(
        line,
        path,
        field(fields, "label"),
        part,
        Arrays.stream(attributes).filter(name -> !name.isEmpty()).toList());
  }

  private static String field(CSVRecord fields, String column) {
    return fields.isMapped(column) ? fields.get(column) : "";
  }

  private static List<String> distinct(List<String> names) {
    TreeSet<String> sorted = new TreeSet<>(names);
    sorted.remove("");
    return List.copyOf(sorted);
  }

  private static Optional<Attributes> attributes(List<Row> rows) {
    List<String> names = distinct(rows.stream().flatMap(row -> row.attributes.stream()).toList());
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Integer> column = new HashMap<>();
    names.forEach(name -> column.put(name, column.size()));
    byte[] bits = new byte[rows.size() * names.size()];
    for (int i = 0; i < rows.size(); i++) {
      for (String name : rows.get(i).attributes) {
        bits[i * names.size() + column.get(name)] = 1;
      }
    }
    return Optional.of(new Attributes(names, bits));
  }

  /** Skips the byte order mark that spreadsheets write. */
  private static Reader withoutMark(BufferedReader in) throws IOException {
    in.mark(1);
    if (in.read() != '\uFEFF') {
      in.reset();
    }
    return in;
  }
}

package akin.retrieval.data;

import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads CelebA's layout:
 *
 * <ul>
 *   <li>{@code Anno/list_attr_celeba.txt}: the number of pictures (may be missing), a line of
 *       attribute names, then for each picture its file name and −1 or 1 for each attribute;
 *   <li>{@code Eval/list_eval_partition.txt}: file name and 0 (train), 1 (validation) or 2 (test);
 *   <li>{@code Anno/identity_CelebA.txt}, if it is there: file name and the person's number, which
 *       becomes the class;
 *   <li>{@code Img/img_align_celeba/}: the pictures.
 * </ul>
 *
 * The records may stand in any order; the pictures are numbered by file name, so the order of the
 * lines changes nothing. Every picture must be in both lists and in the folder.
 */
final class CelebaReader {
  private static final String ATTRIBUTES = "Anno/list_attr_celeba.txt";
  private static final String PARTITION = "Eval/list_eval_partition.txt";
  private static final String IDENTITY = "Anno/identity_CelebA.txt";
  private static final String PICTURES = "Img/img_align_celeba";

  private CelebaReader() {}

  static boolean fits(Path folder) {
    return Files.isRegularFile(folder.resolve(ATTRIBUTES));
  }

  static Dataset read(Path folder) {
    Path attributeFile = folder.resolve(ATTRIBUTES);
    List<TextFile.Line> lines = TextFile.read(attributeFile);
    Header header = Header.of(attributeFile, lines);
    Map<String, TextFile.Line> rows =
        byName(attributeFile, lines.subList(header.lines, lines.size()));
    header.checkCount(attributeFile, rows.size());

    Path partitionFile = folder.resolve(PARTITION);
    Map<String, TextFile.Line> parts = byName(partitionFile, TextFile.read(partitionFile));
    checkSame(attributeFile, rows, partitionFile, parts);
    Path pictures = folder.resolve(PICTURES);
    checkPictures(attributeFile, rows, pictures);

    List<String> ids = new ArrayList<>(rows.keySet());
    byte[] bits = new byte[ids.size() * header.names.size()];
    Split[] splits = new Split[ids.size()];
    for (int i = 0; i < ids.size(); i++) {
      fillBits(attributeFile, rows.get(ids.get(i)), header.names, bits, i);
      splits[i] = split(partitionFile, parts.get(ids.get(i)));
    }
    int[] labels = new int[ids.size()];
    List<String> people = identities(folder.resolve(IDENTITY), attributeFile, rows, ids, labels);
    Attributes attributes = new Attributes(header.names, bits);
    return new ImageFiles(
        folder.toString(), pictures, ids, splits, labels, people, Optional.of(attributes));
  }

  /** The one or two lines before the records. */
  private record Header(int lines, long countLine, long count, List<String> names) {
    static Header of(Path file, List<TextFile.Line> lines) {
      boolean counted =
          !lines.isEmpty() && lines.get(0).words().length == 1 && isCount(lines.get(0));
      int at = counted ? 1 : 0;
      if (lines.size() <= at) {
        throw UserError.of("the file ends before the attribute names")
            .at(file)
            .rule("a count, a line of attribute names, then one line a picture");
      }
      TextFile.Line names = lines.get(at);
      if (isRecord(names.words())) {
        throw UserError.of("the line of attribute names is missing")
            .at(file, names.number())
            .rule("a count, a line of attribute names, then one line a picture")
            .mend("put the names back above the first picture");
      }
      if (new HashSet<>(Arrays.asList(names.words())).size() < names.words().length) {
        throw UserError.of("an attribute is named twice").at(file, names.number());
      }
      return new Header(
          at + 1,
          counted ? lines.get(0).number() : 0,
          counted ? Long.parseLong(lines.get(0).words()[0]) : -1,
          List.of(names.words()));
    }

    private static boolean isCount(TextFile.Line line) {
      return line.words()[0].matches("\\d{1,18}");
    }

    private static boolean isRecord(String[] words) {
      return words.length > 1
          && Arrays.stream(words).skip(1).allMatch(word -> word.matches("[+-]?\\d+"));
    }

    void checkCount(Path file, int found) {
      if (count >= 0 && count != found) {
        throw UserError.of("the count does not match the pictures listed")
            .at(file, countLine)
            .rule("line " + countLine + " says " + count + "; found " + found)
            .mend("restore the missing lines, or correct the count");
      }
    }
  }

  private static Map<String, TextFile.Line> byName(Path file, List<TextFile.Line> lines) {
    Map<String, TextFile.Line> rows = new TreeMap<>();
    for (TextFile.Line line : lines) {
      TextFile.Line before = rows.put(line.words()[0], line);
      if (before != null) {
        throw UserError.of("the picture " + line.words()[0] + " is listed twice")
            .at(file, line.number())
            .rule("first on line " + before.number())
            .mend("keep one of the two lines");
      }
    }
    return rows;
  }

  private static void checkSame(
      Path first, Map<String, TextFile.Line> a, Path second, Map<String, TextFile.Line> b) {
    checkContains(first, a, second, b);
    checkContains(second, b, first, a);
  }

  private static void checkContains(
      Path file, Map<String, TextFile.Line> rows, Path other, Map<String, TextFile.Line> others) {
    for (Map.Entry<String, TextFile.Line> row : rows.entrySet()) {
      if (!others.containsKey(row.getKey())) {
        throw UserError.of("the picture " + row.getKey() + " is not in the other list")
            .at(file, row.getValue().number())
            .rule("every picture of one list is in " + other + " too")
            .mend("add its line there, or take this one out");
      }
    }
  }

  /** One listing of the folder, instead of one question a picture. */
  private static void checkPictures(Path file, Map<String, TextFile.Line> rows, Path pictures) {
    Set<String> there = Folders.fileNames(pictures);
    long missing = rows.keySet().stream().filter(name -> !there.contains(name)).count();
    if (missing > 0) {
      String first = rows.keySet().stream().filter(name -> !there.contains(name)).findFirst().get();
      throw UserError.of("the picture " + first + " is missing")
          .at(file, rows.get(first).number())
          .rule(missing + " of " + rows.size() + " listed pictures are not in " + pictures)
          .mend("unpack the pictures there, or take their lines out of the lists");
    }
  }

  private static void fillBits(
      Path file, TextFile.Line line, List<String> names, byte[] bits, int row) {
    String[] words = line.words();
    int width = names.size();
    if (words.length != width + 1) {
      throw UserError.of("wrong number of values")
          .at(file, line.number())
          .rule(width + " attributes need " + width + " values; found " + (words.length - 1))
          .mend("complete the line, or take the picture out");
    }
    for (int a = 0; a < width; a++) {
      String value = words[a + 1];
      if (value.equals("1") || value.equals("+1")) {
        bits[row * width + a] = 1;
      } else if (!value.equals("-1")) {
        throw UserError.of("the value of " + names.get(a) + " is \"" + value + "\"")
            .at(file, line.number())
            .rule("each value is -1 or 1");
      }
    }
  }

  private static Split split(Path file, TextFile.Line line) {
    String value = line.words().length == 2 ? line.words()[1] : "";
    return switch (value) {
      case "0" -> Split.TRAIN;
      case "1" -> Split.VALIDATION;
      case "2" -> Split.TEST;
      default ->
          throw UserError.of("no such part of the data set")
              .at(file, line.number())
              .rule("file name and 0 (train), 1 (validation) or 2 (test)");
    };
  }

  /** Fills the labels; returns the persons' numbers as names, or nothing if there is no file. */
  private static List<String> identities(
      Path file,
      Path attributeFile,
      Map<String, TextFile.Line> rows,
      List<String> ids,
      int[] labels) {
    if (!Files.isRegularFile(file)) {
      Arrays.fill(labels, -1);
      return List.of();
    }
    Map<String, TextFile.Line> persons = byName(file, TextFile.read(file));
    checkSame(attributeFile, rows, file, persons);
    Map<Long, Integer> classes = new TreeMap<>();
    Map<String, Long> number = new HashMap<>();
    for (TextFile.Line line : persons.values()) {
      if (line.words().length != 2 || !line.words()[1].matches("\\d{1,18}")) {
        throw UserError.of("no number of a person")
            .at(file, line.number())
            .rule("file name and the person's number");
      }
      number.put(line.words()[0], Long.valueOf(line.words()[1]));
      classes.put(Long.valueOf(line.words()[1]), 0);
    }
    int next = 0;
    for (Map.Entry<Long, Integer> person : classes.entrySet()) {
      person.setValue(next++);
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = classes.get(number.get(ids.get(i)));
    }
    return classes.keySet().stream().map(String::valueOf).toList();
  }
}

package akin.retrieval.data;

import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a list of pictures: a CSV file whose first line names the columns.
 *
 * <ul>
 *   <li>{@code path} (or {@code img_path}): the picture, relative to the list's folder; required;
 *   <li>{@code label}: the class, any text; classes are numbered by name, by value if all are whole
 *       numbers;
 *   <li>{@code split}: {@code train}, {@code val} or {@code validation}, {@code test}, or empty;
 *   <li>{@code attributes}: the names of those that hold, with blanks or semicolons between; the
 *       attributes are all names that occur, sorted. An empty field means that none holds;
 *   <li>{@code is_query}, {@code is_gallery}: {@code true} or {@code false}, as Open Metric
 *       Learning writes them; where neither is told, as for training pictures, a picture is
 *       neither;
 *   <li>{@code category}, {@code sequence}, {@code domain}: names of groups, see {@link Grouping};
 *   <li>{@code x_1}, {@code y_1}, {@code x_2}, {@code y_2}: the left, upper, right and lower edge
 *       of the part that is meant, in pixels; all four or none.
 * </ul>
 *
 * Other columns are passed over. Pictures keep the list's order.
 */
final class CsvReader {
  private static final List<String> BOX = List.of("x_1", "y_1", "x_2", "y_2");
  private static final List<String> COLUMNS =
      List.of("path", "label", "split", "attributes", "is_query", "is_gallery", "category");

  private CsvReader() {}

  static boolean fits(Path file) {
    return Files.isRegularFile(file)
        && file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  static Dataset read(Path file) {
    List<ListedPicture> rows = new ArrayList<>();
    String[] path = {"path"};
    CsvTable.read(
        file,
        ',',
        table -> {
          if (!table.has("path") && table.has("img_path")) {
            path[0] = "img_path";
          }
          if (!table.has(path[0])) {
            throw noPath(file, table.columns());
          }
        },
        row -> rows.add(picture(file, row, path[0])));
    return new PictureList(file.toString(), file.toAbsolutePath().getParent(), rows).dataset();
  }

  private static UserError noPath(Path file, List<String> columns) {
    return UserError.of("no column named path")
        .at(file, 1)
        .rule("the columns are " + String.join(", ", COLUMNS) + " …; found " + columns)
        .mend(
            NearestName.of("path", columns).isEmpty()
                ? "write the columns' names on the first line"
                : NearestName.hint("path", columns));
  }

  private static ListedPicture picture(Path file, CsvTable.Row row, String pathColumn) {
    String path = row.get(pathColumn);
    if (path.isEmpty()) {
      throw UserError.of("the path is empty").at(file, row.line());
    }
    String[] attributes = row.get("attributes").strip().split("[\\s;]+");
    return new ListedPicture(
        file,
        row.line(),
        path,
        row.get("label"),
        split(file, row),
        Arrays.stream(attributes).filter(name -> !name.isEmpty()).toList(),
        groups(row),
        flag(file, row, "is_query"),
        flag(file, row, "is_gallery"),
        box(file, row));
  }

  private static Split split(Path file, CsvTable.Row row) {
    String split = row.get("split");
    return Split.named(split.isEmpty() ? "all" : split)
        .orElseThrow(
            () ->
                UserError.of("no split named " + split)
                    .at(file, row.line())
                    .rule("train, val or validation, test, or an empty field"));
  }

  private static Map<Grouping, String> groups(CsvTable.Row row) {
    Map<Grouping, String> groups = new EnumMap<>(Grouping.class);
    for (Grouping by : Grouping.values()) {
      String name = row.get(by.name().toLowerCase(Locale.ROOT));
      if (!name.isEmpty()) {
        groups.put(by, name);
      }
    }
    return groups;
  }

  private static Boolean flag(Path file, CsvTable.Row row, String column) {
    String value = row.get(column);
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "" -> null;
      case "true", "1", "1.0" -> true;
      case "false", "0", "0.0" -> false;
      default ->
          throw UserError.of(column + " is \"" + value + "\"")
              .at(file, row.line())
              .rule("true, false, or an empty field");
    };
  }

  private static Box box(Path file, CsvTable.Row row) {
    if (BOX.stream().allMatch(column -> row.get(column).isEmpty())) {
      return null;
    }
    int[] edges = BOX.stream().mapToInt(column -> edge(file, row, column)).toArray();
    try {
      return new Box(edges[0], edges[1], edges[2], edges[3]);
    } catch (IllegalArgumentException e) {
      throw UserError.of("the box holds nothing")
          .at(file, row.line())
          .rule(
              "0 ≤ x_1 < x_2 and 0 ≤ y_1 < y_2; found x %d to %d, y %d to %d"
                  .formatted(edges[0], edges[2], edges[1], edges[3]))
          .because(e);
    }
  }

  /** A number of pixels; pandas writes {@code 12.0} where some rows have none. */
  private static int edge(Path file, CsvTable.Row row, String column) {
    String value = row.get(column);
    if (!value.matches("-?[0-9]{1,9}(\\.0*)?")) {
      throw UserError.of(column + " is \"" + value + "\"")
          .at(file, row.line())
          .rule("a box is four whole numbers, x_1, y_1, x_2, y_2, or four empty fields");
    }
    return (int) Double.parseDouble(value);
  }
}

package akin.retrieval.data;

import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the data sets of {@link TableSet}. All pictures are for training, unless they are listed
 * for testing.
 */
final class TableReader {
  private static final int SPREAD = 3;
  private static final int ARTICLE_DIGITS = 10;

  private TableReader() {}

  static Dataset read(Path where, TableSet set) {
    SetPlace place = SetPlace.find(where, set.home(), set.list());
    List<ListedPicture> rows = new ArrayList<>();
    read(place.list(), set, place.split(), rows);
    Path test = place.home().resolve(TableSet.TEST_LIST);
    if (set.known() == TableSet.Oddity.PRODUCTS
        && Files.isDirectory(where)
        && Files.isRegularFile(test)) {
      read(test, set, Split.TEST, rows);
    }
    Path folder = place.home().resolve(set.pictures()).toAbsolutePath();
    PictureList list = new PictureList(place.list().toString(), folder, rows);
    return switch (set.known()) {
      case ARTICLES -> list.withoutMissing().dataset();
      case REPEATS -> list.withoutRepeats().dataset();
      default -> list.dataset();
    };
  }

  private static void read(Path file, TableSet set, Split split, List<ListedPicture> rows) {
    boolean products = set.known() == TableSet.Oddity.PRODUCTS;
    CsvTable.read(
        file,
        products ? ' ' : ',',
        table -> table.require(List.of(set.image(), set.label())),
        row -> {
          ListedPicture picture =
              ListedPicture.of(
                  file, row.line(), path(file, set, row), field(file, row, set.label()), split);
          String category = products ? row.get(TableSet.SUPER_CLASS) : "";
          rows.add(category.isEmpty() ? picture : picture.in(category));
        });
  }

  private static String path(Path file, TableSet set, CsvTable.Row row) {
    String value = field(file, row, set.image());
    return switch (set.known()) {
      case SPREAD -> {
        check(file, row, value.length() >= SPREAD, set.image(), "an id of three letters or more");
        yield "%s/%s/%s/%s.jpg".formatted(value.charAt(0), value.charAt(1), value.charAt(2), value);
      }
      case ARTICLES -> {
        // Spreadsheets and pandas lose the zeros in front.
        boolean digits = value.matches("[0-9]{1," + ARTICLE_DIGITS + "}");
        check(file, row, digits, set.image(), "the ten digits of an article");
        String article = "0".repeat(ARTICLE_DIGITS - value.length()) + value;
        yield article.substring(0, SPREAD) + "/" + article + ".jpg";
      }
      default -> value;
    };
  }

  private static String field(Path file, CsvTable.Row row, String column) {
    String value = row.get(column);
    check(file, row, !value.isEmpty(), column, "each line has a picture and a class");
    return value;
  }

  private static void check(
      Path file, CsvTable.Row row, boolean holds, String column, String rule) {
    if (!holds) {
      String value = row.get(column);
      throw UserError.of(value.isEmpty() ? column + " is empty" : column + " is \"" + value + "\"")
          .at(file, row.line())
          .rule(rule)
          .mend("correct the line, or take it out");
    }
  }
}

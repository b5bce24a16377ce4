package akin.retrieval.data;

import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a CSV file (UTF-8, quotes where needed) whose first line names the columns. Names are
 * taken without regard to case; columns without a name, as pandas writes them, are passed over.
 * Blanks around fields, blank lines, CRLF and a byte order mark are taken.
 */
final class CsvTable {
  private final Path file;
  private final List<String> columns;

  /**
   * One line.
   *
   * @param line counted from 1
   */
  record Row(long line, CSVRecord fields) {
    /** The field in that column; empty if there is no such column. */
    String get(String column) {
      return fields.isMapped(column) ? fields.get(column) : "";
    }
  }

  private CsvTable(Path file, List<String> columns) {
    this.file = file;
    this.columns = columns;
  }

  /** The columns' names, as they stand there. */
  List<String> columns() {
    return columns;
  }

  /** Whether there is a column of that name. */
  boolean has(String column) {
    return columns.stream().anyMatch(column::equalsIgnoreCase);
  }

  /**
   * Refuses a table without one of the columns.
   *
   * @throws UserError that says which columns there are and which may have been meant
   */
  void require(List<String> needed) {
    for (String column : needed) {
      if (!has(column)) {
        throw UserError.of("no column named " + column)
            .at(file, 1)
            .rule("needed are " + String.join(", ", needed) + "; found " + columns)
            .mend(
                NearestName.of(column, columns).isEmpty()
                    ? "write the columns' names on the first line"
                    : NearestName.hint(column, columns));
      }
    }
  }

  /**
   * Reads a file row by row.
   *
   * @param separator between fields
   * @param header told of the columns before the first row
   * @throws UserError with file and line, if it cannot be read
   */
  static void read(Path file, char separator, Consumer<CsvTable> header, Consumer<Row> rows) {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(separator)
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreHeaderCase(true)
            .setAllowMissingColumnNames(true)
            .setTrim(true)
            .get();
    try (Reader in = withoutMark(Files.newBufferedReader(file));
        CSVParser parser = CSVParser.parse(in, format)) {
      List<String> columns = parser.getHeaderNames();
      for (String column : columns) {
        if (!column.isEmpty() && Collections.frequency(lower(columns), lower(column)) > 1) {
          throw UserError.of("two columns are named " + column)
              .at(file, 1)
              .mend("give each column a name of its own");
        }
      }
      header.accept(new CsvTable(file, columns));
      for (CSVRecord fields : parser) {
        if (fields.size() > 1 || !fields.get(0).isEmpty() || columns.size() == 1) {
          rows.accept(new Row(parser.getCurrentLineNumber(), consistent(file, parser, fields)));
        }
      }
    } catch (NoSuchFileException e) {
      throw UserError.of("the file is missing").at(file).because(e);
    } catch (CharacterCodingException e) {
      throw UserError.of("the file is not UTF-8 text").at(file).because(e);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw UserError.of("not a CSV file: " + e.getMessage()).at(file).because(e);
    }
  }

  private static List<String> lower(List<String> names) {
    return names.stream().map(CsvTable::lower).toList();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static CSVRecord consistent(Path file, CSVParser parser, CSVRecord fields) {
    int columns = parser.getHeaderNames().size();
    if (fields.size() != columns) {
      throw UserError.of("wrong number of fields")
          .at(file, parser.getCurrentLineNumber())
          .rule("the first line has " + columns + " columns; found " + fields.size() + " fields")
          .mend("put a field that holds a separator between quotes");
    }
    return fields;
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

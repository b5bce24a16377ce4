package akin.app;

import akin.tensor.UserError;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The columns of a run's metrics.csv; an empty cell is NaN.
 *
 * @param columns by name, a number per epoch
 */
record MetricsTable(Map<String, double[]> columns) {
  /** Reads the file; a run without one has no epochs. */
  static MetricsTable read(Path file) {
    if (!Files.isRegularFile(file)) {
      return new MetricsTable(Map.of());
    }
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader text = Files.newBufferedReader(file);
        CSVParser csv = format.parse(text)) {
      List<CSVRecord> rows = csv.getRecords();
      Map<String, double[]> columns = new LinkedHashMap<>();
      List<String> names = new ArrayList<>(csv.getHeaderNames());
      for (String name : names) {
        double[] column = new double[rows.size()];
        for (int i = 0; i < column.length; i++) {
          String cell = rows.get(i).get(name);
          column[i] = cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
        }
        columns.put(name, column);
      }
      return new MetricsTable(columns);
    } catch (IOException | IllegalArgumentException e) {
      throw UserError.of("cannot read the figures of the epochs: " + e.getMessage())
          .at(file)
          .because(e);
    }
  }

  /** Whether there is any epoch. */
  boolean isEmpty() {
    return columns.isEmpty() || columns.get("epoch").length == 0;
  }

  /** A column. */
  double[] get(String name) {
    return columns.get(name);
  }

  /** Whether a column has any number. */
  boolean has(String name) {
    double[] column = columns.getOrDefault(name, new double[0]);
    for (double x : column) {
      if (!Double.isNaN(x)) {
        return true;
      }
    }
    return false;
  }
}

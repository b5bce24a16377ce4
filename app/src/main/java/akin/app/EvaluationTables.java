package akin.app;

import akin.nn.io.AtomicFile;
import akin.retrieval.data.Dataset;
import akin.retrieval.evaluation.ClassEvaluation;
import akin.retrieval.evaluation.Confusion;
import akin.retrieval.metric.QueryFigures;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes what an evaluation found as CSV files. */
final class EvaluationTables {
  /** Classes whose matrix can still be looked at. */
  private static final int MATRIX = 1000;

  private interface Rows {
    void print(CSVPrinter to) throws IOException;
  }

  private EvaluationTables() {}

  /**
   * The classes of queries down, those of their nearest pictures across; each cell a count. Of very
   * many classes, a line for each pair that occurs instead.
   */
  static void confusion(Path file, Confusion confusion) {
    write(
        file,
        csv -> {
          int n = confusion.classes().size();
          if (n > MATRIX) {
            csv.printRecord("query", "nearest", "count");
            for (Map.Entry<Long, Integer> cell : confusion.cells().entrySet()) {
              csv.printRecord(
                  confusion.classes().get((int) (cell.getKey() / n)),
                  confusion.classes().get((int) (cell.getKey() % n)),
                  cell.getValue());
            }
            return;
          }
          List<Object> row = new ArrayList<>(List.of("query"));
          row.addAll(confusion.classes());
          csv.printRecord(row);
          for (int query = 0; query < n; query++) {
            row.clear();
            row.add(confusion.classes().get(query));
            for (int nearest = 0; nearest < n; nearest++) {
              row.add(confusion.count(query, nearest));
            }
            csv.printRecord(row);
          }
        });
  }

  /** A line for each query: its id, class, R, and its metrics; empty where R = 0. */
  static void queries(Path file, ClassEvaluation.Found found) {
    QueryFigures figures = found.outcome().figures();
    Dataset queries = found.sides().queries();
    write(
        file,
        csv -> {
          List<Object> row = new ArrayList<>(List.of("query", "class", "relevant"));
          row.addAll(figures.names());
          csv.printRecord(row);
          for (int q = 0; q < figures.size(); q++) {
            row.clear();
            int label = queries.label(q);
            row.add(queries.id(q));
            row.add(label < 0 ? "" : queries.classNames().get(label));
            row.add(figures.relevant(q));
            for (String name : figures.names()) {
              row.add(figures.relevant(q) == 0 ? "" : (Object) figures.value(name, q));
            }
            csv.printRecord(row);
          }
        });
  }

  private static void write(Path file, Rows rows) {
    AtomicFile.write(
        file,
        out -> {
          BufferedWriter text =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          CSVPrinter csv =
              new CSVPrinter(text, CSVFormat.DEFAULT.builder().setRecordSeparator("\n").get());
          rows.print(csv);
          csv.flush();
        });
  }
}

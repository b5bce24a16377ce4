package akin.retrieval.train;

import akin.nn.io.AtomicFile;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.metric.TripletShares;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What every epoch so far brought. It travels in the checkpoint, so a resumed run has it whole. */
public final class History {
  private static final String[] COLUMNS = {
    "epoch",
    "step",
    "rate",
    "train_loss",
    "train_easy",
    "train_semihard",
    "train_hard",
    "train_distance",
    "train_position",
    "validation_loss",
    "validation_easy",
    "validation_semihard",
    "validation_hard",
    "validation_distance",
    "validation_position"
  };

  private final List<EpochRow> rows = new ArrayList<>();

  /** The epochs, oldest first. */
  public List<EpochRow> rows() {
    return List.copyOf(rows);
  }

  void add(EpochRow row) {
    rows.add(row);
  }

  /** Warnings after the last epoch. */
  public List<TrainingWarnings.Warning> warnings(double margin) {
    return TrainingWarnings.of(rows.stream().map(EpochRow::train).toList(), margin);
  }

  /** Writes metrics.csv. */
  void write(Path file) {
    AtomicFile.write(
        file,
        out -> {
          Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          CSVPrinter csv =
              new CSVPrinter(
                  text,
                  CSVFormat.DEFAULT.builder().setHeader(COLUMNS).setRecordSeparator('\n').get());
          for (EpochRow row : rows) {
            csv.printRecord(cells(row));
          }
          csv.flush();
        });
  }

  private static List<Object> cells(EpochRow row) {
    List<Object> cells = new ArrayList<>(List.of(row.epoch(), row.step(), row.rate()));
    for (TrainingWarnings.Epoch e : new TrainingWarnings.Epoch[] {row.train(), row.validation()}) {
      boolean triplets = e != null && e.shares().total() > 0;
      cells.add(e == null ? "" : e.loss());
      cells.add(triplets ? e.shares().easyShare() : "");
      cells.add(triplets ? e.shares().semiHardShare() : "");
      cells.add(triplets ? e.shares().hardShare() : "");
      cells.add(triplets ? e.meanDistance() : "");
      cells.add(e == null || Double.isNaN(e.position()) ? "" : e.position());
    }
    return cells;
  }

  /** The rows as numbers, bit for bit: [rows, 15], NaN where there is nothing. */
  double[] pack() {
    double[] packed = new double[rows.size() * COLUMNS.length];
    int i = 0;
    for (EpochRow row : rows) {
      packed[i++] = row.epoch();
      packed[i++] = row.step();
      packed[i++] = row.rate();
      for (TrainingWarnings.Epoch e :
          new TrainingWarnings.Epoch[] {row.train(), row.validation()}) {
        packed[i++] = e == null ? Double.NaN : e.loss();
        packed[i++] = e == null ? Double.NaN : e.shares().easy();
        packed[i++] = e == null ? Double.NaN : e.shares().semiHard();
        packed[i++] = e == null ? Double.NaN : e.shares().hard();
        packed[i++] = e == null ? Double.NaN : e.meanDistance();
        packed[i++] = e == null ? Double.NaN : e.position();
      }
    }
    return packed;
  }

  /** The inverse of {@link #pack}. */
  static History unpack(double[] packed) {
    History history = new History();
    for (int i = 0; i < packed.length; i += COLUMNS.length) {
      history.add(
          new EpochRow(
              (int) packed[i],
              (long) packed[i + 1],
              packed[i + 2],
              epoch(packed, i + 3),
              epoch(packed, i + 9)));
    }
    return history;
  }

  private static TrainingWarnings.Epoch epoch(double[] packed, int i) {
    if (Double.isNaN(packed[i + 1])) {
      return null;
    }
    TripletShares shares =
        new TripletShares((long) packed[i + 1], (long) packed[i + 2], (long) packed[i + 3]);
    return new TrainingWarnings.Epoch(packed[i], shares, packed[i + 4], packed[i + 5]);
  }
}

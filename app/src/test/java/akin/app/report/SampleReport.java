package akin.app.report;

import akin.app.report.Block.Fact;
import akin.app.report.Block.Facts;
import akin.app.report.Block.Gallery;
import akin.app.report.Block.Hit;
import akin.app.report.Block.Line;
import akin.app.report.Block.LineChart;
import akin.app.report.Block.Notice;
import akin.app.report.Block.Paragraph;
import akin.app.report.Block.Row;
import akin.app.report.Block.ShareChart;
import akin.app.report.Block.Table;
import akin.app.report.Report.Section;
import akin.retrieval.data.Image;
import akin.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** A report with one of everything, filled with invented numbers. */
final class SampleReport {
  private static final int EPOCHS = 20;

  private SampleReport() {}

  static Report report() {
    return new Report(
        "faces: a sample",
        "invented numbers, to look at the page",
        List.of(
            Section.of(
                "Result",
                new Facts(
                    List.of(
                        new Fact("mean P@10", "0.912", "random ranking 0.143"),
                        new Fact("queries", "34", "single attributes, test split"),
                        new Fact("mean base rate", "0.143", ""),
                        new Fact("training", "1 min 42 s", "2 threads"))),
                new Paragraph("Every query asks for one attribute & <nothing> else.")),
            Section.of(
                "Training",
                new Notice(List.of("The loss fell, but the easy triplets did not rise.")),
                new LineChart(
                    "Loss and easy triplets",
                    "epoch",
                    "loss",
                    "easy triplets",
                    false,
                    List.of(
                        new Line("training", epochs(), curve(e -> Math.exp(-e / 6))),
                        new Line("validation", epochs(), curve(e -> 0.1 + Math.exp(-e / 7))),
                        new Line("easy", epochs(), curve(e -> 1 - Math.exp(-e / 5)), true))),
                new ShareChart(
                    "Triplets of the validation split",
                    "epoch",
                    epochs(),
                    List.of("easy", "semi-hard", "hard"),
                    new double[][] {
                      curve(e -> 1 - Math.exp(-e / 5)),
                      curve(e -> 0.6 * Math.exp(-e / 5)),
                      curve(e -> 0.4 * Math.exp(-e / 5))
                    })),
            Section.of(
                "Precision and recall",
                LineChart.precisionRecall(
                    "Three trainings",
                    List.of(
                        recallCurve("classifier", 3, 11),
                        recallCurve("triplet", 9, 11),
                        recallCurve("Smooth-AP", 12, 5000))),
                new Table(
                    "By attribute",
                    List.of("attribute", "base rate", "P@10", "plain query's P@10"),
                    List.of(
                        List.of("Eyeglasses", "0.09", "1.00", "0.40"),
                        List.of("Wearing_Hat", "0.07", "0.90", "0.10")))),
            Section.of("Answers", gallery())));
  }

  static Gallery gallery() {
    return new Gallery(
        "Nearest pictures",
        List.of(
            row("+Smiling -Eyeglasses ~Young*0.5", true, 3),
            row("like:\"photo 1\".jpg", false, 3),
            row("digit 7", false, 1)));
  }

  private static Row row(String query, boolean plain, int channels) {
    List<Hit> hits = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      hits.add(new Hit("test/" + i, picture(i, channels), 0.1 + 0.05 * i, i % 4 != 3));
    }
    return new Row(query, "8 of 10, 412 relevant", plain ? null : picture(99, channels), hits);
  }

  /** A disc before a gradient. */
  private static Image picture(int seed, int channels) {
    int side = channels == 1 ? 28 : 64;
    RandomStream stream = RandomStream.of(seed, "picture");
    double hue = stream.uniform(0);
    byte[] bytes = new byte[side * side * channels];
    for (int i = 0; i < bytes.length; i++) {
      int x = i / channels % side;
      int y = i / channels / side;
      boolean disc = Math.hypot(x - side / 2.0, y - side / 2.0) < side * (0.2 + 0.2 * hue);
      bytes[i] = (byte) (disc ? 255 * hue * (1 + i % channels) / 3 : 60 + 2 * y);
    }
    return new Image(side, side, channels, bytes);
  }

  private static double[] epochs() {
    double[] epochs = new double[EPOCHS];
    Arrays.setAll(epochs, e -> e + 1);
    return epochs;
  }

  private static double[] curve(DoubleUnaryOperator value) {
    return Arrays.stream(epochs()).map(value).toArray();
  }

  private static Line recallCurve(String name, int power, int points) {
    double[] recall = new double[points];
    double[] precision = new double[points];
    for (int i = 0; i < points; i++) {
      recall[i] = i / (points - 1.0);
      precision[i] = 1 - Math.pow(recall[i], power);
    }
    return new Line(name, recall, precision);
  }
}

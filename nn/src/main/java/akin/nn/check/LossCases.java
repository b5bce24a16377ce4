package akin.nn.check;

import akin.nn.metric.AllTripletsLoss;
import akin.nn.metric.CrossEntropyLoss;
import akin.nn.metric.LabelLoss;
import akin.nn.metric.Reduction;
import akin.nn.metric.RelationLoss;
import akin.nn.metric.TripletMarginLoss;
import akin.tensor.Shape;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import akin.tensor.check.Law;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Gradient cases of every loss, with every option; points keep away from hinges and from equal
 * vectors, and a second generator lies on the hinge.
 */
public final class LossCases implements CaseProvider {
  private static final double LEAST = 0.1; // a norm or distance that differences bear

  /** For {@link java.util.ServiceLoader}. */
  public LossCases() {}

  @Override
  public List<CaseGenerator> generators() {
    List<CaseGenerator> all = new ArrayList<>();
    for (Reduction reduction : Reduction.values()) {
      all.add(
          CaseGenerator.loss(
              "cross-entropy loss, " + lower(reduction),
              CrossEntropyLoss.class,
              draw -> crossEntropy(reduction, draw)));
      all.add(
          CaseGenerator.loss(
              "triplet margin loss, " + lower(reduction),
              TripletMarginLoss.class,
              draw -> tripletMargin(reduction, draw)));
    }
    all.add(
        CaseGenerator.loss(
            "triplet margin loss at its hinge",
            TripletMarginLoss.class,
            LossCases::tripletMarginAtHinge));
    for (AllTripletsLoss.Over over : AllTripletsLoss.Over.values()) {
      all.add(
          CaseGenerator.loss(
              "all triplets loss over " + lower(over),
              AllTripletsLoss.class,
              draw -> allTriplets(over, draw)));
    }
    all.add(
        CaseGenerator.loss(
            "all triplets loss at a hinge", AllTripletsLoss.class, LossCases::allTripletsAtHinge));
    for (RelationLoss.Kind kind : RelationLoss.Kind.values()) {
      all.add(
          CaseGenerator.loss(
              "relation loss, " + lower(kind), RelationLoss.class, draw -> relation(kind, draw)));
    }
    return all;
  }

  // ---- cross-entropy ----

  private static GradientCase crossEntropy(Reduction reduction, Draw draw) {
    int classes = draw.between(1, 6);
    int rows = draw.between(1, 6);
    int ignored = draw.coin() ? -100 : 0;
    CrossEntropyLoss loss =
        new CrossEntropyLoss(
            draw.coin() ? 0 : draw.real(0, 0.5),
            draw.coin() ? null : draw.reals(classes, 0.2, 2),
            ignored,
            reduction);
    int[] labels = IntStream.range(0, rows).map(i -> draw.below(classes)).toArray();
    double reach = draw.below(4) == 0 ? 80 : 4; // e⁸⁰ overflows unless it is taken care of
    return labelled(loss, labels, draw.input(Shape.of(rows, classes), -reach, reach))
        .obeying(
            Law.groupsSumToZero("softmax: each row's gradient sums to 0", rows, i -> i / classes));
  }

  // ---- triplets ----

  private static GradientCase tripletMargin(Reduction reduction, Draw draw) {
    double p = draw.pick(List.of(1.0, 1.5, 2.0, 3.0));
    TripletMarginLoss loss =
        new TripletMarginLoss(draw.real(0.05, 1), p, draw.coin(), 1e-6, reduction);
    int width = draw.between(1, 6);
    Shape shape = Shape.of(draw.between(1, 5), width);
    return triplets(loss, draw.input(shape), draw.input(shape), draw.input(shape))
        .awayFrom(values -> distance(loss, values, width))
        .obeying(sameForAll());
  }

  private static GradientCase tripletMarginAtHinge(Draw draw) {
    int width = draw.between(1, 6);
    Shape shape = Shape.of(1, width);
    Input anchor = draw.input(shape);
    Input positive = draw.input(shape, 0, 1);
    Input negative = draw.input(shape, -2, -1);
    double near = distance(anchor.values(), positive.values(), 2, 1e-6);
    double far = distance(anchor.values(), negative.values(), 2, 1e-6);
    double margin = far - near; // [margin + near − far]₊ is 0
    TripletMarginLoss loss = new TripletMarginLoss(margin, 2, false, 1e-6, Reduction.SUM);
    return triplets(loss, anchor, positive, negative).atKink();
  }

  private static GradientCase triplets(TripletMarginLoss loss, Input... inputs) {
    return GradientCase.of(loss.toString(), in -> loss.of(in[0], in[1], in[2]), inputs);
  }

  /** From the nearest hinge, swap, zero distance or (p &lt; 2) zero difference. */
  private static double distance(TripletMarginLoss loss, double[][] values, int width) {
    double least = Double.POSITIVE_INFINITY;
    for (int row = 0; row < values[0].length; row += width) {
      double[] a = Arrays.copyOfRange(values[0], row, row + width);
      double[] p = Arrays.copyOfRange(values[1], row, row + width);
      double[] n = Arrays.copyOfRange(values[2], row, row + width);
      double near = distance(a, p, loss.p(), loss.eps());
      double far = distance(a, n, loss.p(), loss.eps());
      double swapped = distance(p, n, loss.p(), loss.eps());
      double used = loss.swap() ? Math.min(far, swapped) : far;
      least = Math.min(least, Math.abs(near - used + loss.margin()));
      least = Math.min(least, loss.swap() ? Math.abs(far - swapped) : least);
      least = Math.min(least, Distant.unless(Math.min(near, Math.min(far, swapped)) < LEAST));
      for (int k = 0; loss.p() < 2 && k < width; k++) {
        double[] differences = {a[k] - p[k], a[k] - n[k], p[k] - n[k]};
        least = Math.min(least, Distant.unless(Distant.from(new double[] {0}, differences) < 0.01));
      }
    }
    return least;
  }

  private static double distance(double[] x, double[] y, double p, double eps) {
    DoubleUnaryOperator power = d -> Math.pow(Math.abs(d + eps), p);
    double sum =
        IntStream.range(0, x.length).mapToDouble(k -> power.applyAsDouble(x[k] - y[k])).sum();
    return Math.pow(sum, 1 / p);
  }

  /** Moving anchors, positives and negatives alike changes nothing. */
  private static Law sameForAll() {
    return new Law(
        "translation: the three gradients sum to 0",
        (x, g) -> {
          List<Law.Balance> sums = new ArrayList<>();
          for (int i = 0; i < g[0].length; i++) {
            sums.add(Law.Balance.of(g[0][i], g[1][i], g[2][i]));
          }
          return sums;
        });
  }

  private static GradientCase allTriplets(AllTripletsLoss.Over over, Draw draw) {
    int[] labels = labels(draw);
    int anchors = draw.coin() ? 0 : draw.between(1, labels.length);
    AllTripletsLoss loss = new AllTripletsLoss(draw.real(0.05, 2), anchors, over);
    int width = draw.between(1, 5);
    Input features = draw.input(Shape.of(labels.length, width));
    return labelled(loss, labels, features)
        .awayFrom(values -> hinge(loss.margin(), values[0], labels, width))
        .scaled(squares(features))
        .obeying(translation(width));
  }

  private static GradientCase allTripletsAtHinge(Draw draw) {
    int[] labels = {0, 0, 1, 1};
    int width = draw.between(1, 4);
    Input features = draw.input(Shape.of(labels.length, width));
    double near = square(features.values(), 0, 1, width);
    double far = square(features.values(), 0, 2, width);
    AllTripletsLoss loss = new AllTripletsLoss(far - near, 1, AllTripletsLoss.Over.ONE);
    return labelled(loss, labels, features).scaled(squares(features)).atKink();
  }

  private static double hinge(double margin, double[] x, int[] labels, int width) {
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a < labels.length; a++) {
      for (int p = 0; p < labels.length; p++) {
        for (int n = 0; n < labels.length; n++) {
          if (p != a && labels[p] == labels[a] && labels[n] != labels[a]) {
            double z = square(x, a, p, width) - square(x, a, n, width) + margin;
            least = Math.min(least, Math.abs(z));
          }
        }
      }
    }
    return least;
  }

  // ---- relations ----

  private static GradientCase relation(RelationLoss.Kind kind, Draw draw) {
    RelationLoss loss = new RelationLoss(kind, draw.pick(List.of(0.1, 0.5)));
    boolean[][] relation = new boolean[draw.between(1, 5)][draw.between(1, 6)];
    for (boolean[] row : relation) {
      for (int i = 0; i < row.length; i++) {
        row[i] = draw.below(3) == 0; // a row without any is skipped
      }
    }
    int width = draw.between(1, 5);
    return GradientCase.of(
            loss + " " + Arrays.deepToString(relation),
            in -> loss.of(in[0], in[1], relation).value(),
            draw.input(Shape.of(relation.length, width)),
            draw.input(Shape.of(relation[0].length, width)))
        .awayFrom(
            values ->
                Distant.unless(
                    Math.min(shortest(values[0], width), shortest(values[1], width)) < LEAST))
        .scaled(1 / loss.temperature())
        .obeying(scaleOf(0, width), scaleOf(1, width));
  }

  // ---- what they share ----

  private static GradientCase labelled(LabelLoss loss, int[] labels, Input outputs) {
    return GradientCase.of(
        loss + " " + Arrays.toString(labels), in -> loss.of(in[0], labels).value(), outputs);
  }

  /** 1 to 8 samples of up to 3 classes: some without positives, some without negatives. */
  private static int[] labels(Draw draw) {
    int classes = draw.between(1, 3);
    return IntStream.range(0, draw.between(1, 8)).map(i -> draw.below(classes)).toArray();
  }

  /** Moving all samples alike changes nothing. */
  private static Law translation(int width) {
    return Law.groupsSumToZero(
        "translation: the gradients of all samples sum to 0", width, i -> i % width);
  }

  /** Lengths of vectors play no part: x·∂L/∂x = 0 for each. */
  private static Law scaleOf(int input, int width) {
    return new Law(
        "scale: the gradient is at right angles to the vector",
        (x, g) -> {
          List<Law.Balance> sums = new ArrayList<>();
          for (int row = 0; row < x[input].length; row += width) {
            int from = row;
            sums.add(
                Law.Balance.of(
                    IntStream.range(from, from + width)
                        .mapToDouble(i -> x[input][i] * g[input][i])
                        .toArray()));
          }
          return sums;
        });
  }

  private static double shortest(double[] x, int width) {
    double[] zero = new double[width];
    return IntStream.range(0, x.length / width)
        .mapToDouble(
            row -> distance(Arrays.copyOfRange(x, row * width, (row + 1) * width), zero, 2, 0))
        .min()
        .orElseThrow();
  }

  private static double closest(double[] x, int rows, int width) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < i; j++) {
        least = Math.min(least, Math.sqrt(square(x, i, j, width)));
      }
    }
    return least;
  }

  /** d² of rows i and j. */
  private static double square(double[] x, int i, int j, int width) {
    return IntStream.range(0, width)
        .mapToDouble(k -> x[i * width + k] - x[j * width + k])
        .map(d -> d * d)
        .sum();
  }

  /** An upper bound of all d². */
  private static double squares(Input features) {
    return 4 * Arrays.stream(features.values()).map(v -> v * v).sum();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

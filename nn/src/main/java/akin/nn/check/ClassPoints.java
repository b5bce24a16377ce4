package akin.nn.check;

import akin.nn.metric.Batch;
import akin.nn.metric.Triplets;
import akin.nn.metric.proxy.ClassLoss;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import akin.tensor.check.Law;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Embeddings, their classes and class vectors of a case, as plain numbers.
 *
 * @param each vectors of each class
 * @param columns whether class vectors are columns
 * @param mined tuples that weigh the samples, or null
 */
record ClassPoints(
    int[] labels,
    int classes,
    int each,
    int width,
    boolean columns,
    Input embeddings,
    Input vectors,
    Triplets mined) {

  static ClassPoints draw(Draw draw, int fewest, int each, boolean columns) {
    int classes = draw.between(fewest, 4);
    int width = draw.between(2, 4);
    int n = draw.between(1, 5);
    int[] labels = IntStream.range(0, n).map(i -> draw.below(classes)).toArray();
    int all = classes * each;
    return new ClassPoints(
        labels,
        classes,
        each,
        width,
        columns,
        draw.input(Shape.of(n, width)),
        draw.input(columns ? Shape.of(width, all) : Shape.of(all, width)),
        draw.coin() ? null : triplets(draw, n));
  }

  private static Triplets triplets(Draw draw, int n) {
    int[][] rows = new int[3][draw.between(0, 3)];
    for (int[] each : rows) {
      Arrays.setAll(each, i -> draw.below(n));
    }
    return new Triplets(rows[0], rows[1], rows[2]);
  }

  /** The case of a loss, where no vector is too short. */
  GradientCase of(ClassLoss loss) {
    return of(
        loss.toString(),
        in -> {
          Batch batch = Batch.of(in[0], labels);
          return loss.terms(mined == null ? batch : batch.with(mined), in[1]).stream()
              .map(terms -> terms.values().mean())
              .reduce(Tensor::add)
              .orElseThrow();
        });
  }

  /** The case of a function of embeddings and class vectors, where no vector is too short. */
  GradientCase of(String about, Function<Tensor[], Tensor> function) {
    return GradientCase.of(about + " " + Arrays.toString(labels), function, embeddings, vectors)
        .awayFrom(this::regular);
  }

  /** 0 where a vector is too short for difference quotients. */
  double regular(double[][] values) {
    double shortest =
        Math.min(Points.shortest(values[0], width), Points.shortest(rows(values[1]), width));
    return Distant.unless(shortest < 3 * Points.LEAST);
  }

  /** The class vectors, one a row. */
  private double[] rows(double[] vectors) {
    if (!columns) {
      return vectors;
    }
    int all = classes * each;
    double[] rows = new double[vectors.length];
    Arrays.setAll(rows, i -> vectors[i % width * all + i / width]);
    return rows;
  }

  /** The cosine of sample i and every vector of class c. */
  double[] cosines(double[][] values, int i, int c) {
    double[] x = Points.unit(values[0], width);
    double[] w = Points.unit(rows(values[1]), width);
    return IntStream.range(c * each, (c + 1) * each)
        .mapToDouble(
            v ->
                IntStream.range(0, width)
                    .mapToDouble(k -> x[i * width + k] * w[v * width + k])
                    .sum())
        .toArray();
  }

  /** The cosine of sample i and the nearest vector of class c. */
  double cosine(double[][] values, int i, int c) {
    return Arrays.stream(cosines(values, i, c)).max().orElseThrow();
  }

  /** The smallest of what {@code distance} says about each sample's own cosine. */
  double own(double[][] values, java.util.function.DoubleUnaryOperator distance) {
    return IntStream.range(0, labels.length)
        .mapToDouble(i -> distance.applyAsDouble(cosine(values, i, labels[i])))
        .min()
        .orElseThrow();
  }

  /** Lengths of embeddings play no part. */
  Law scaleOfEmbeddings() {
    return Points.scale(0, width);
  }

  /** Lengths of class vectors play no part: w·∂L/∂w = 0 for each. */
  Law scaleOfVectors() {
    Law law = Points.scale(1, width);
    return new Law(
        "scale: the gradient is at right angles to the class vector",
        (x, g) ->
            law.sums().of(new double[][] {x[0], rows(x[1])}, new double[][] {g[0], rows(g[1])}));
  }
}

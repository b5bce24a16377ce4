package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Reduction;
import akin.tensor.op.BatchNorm;
import akin.tensor.op.CrossEntropy;
import akin.tensor.op.LayerNorm;
import akin.tensor.op.Normalize;
import akin.tensor.op.Reduce;
import akin.tensor.op.Softmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Cases of what looks along axes: reductions, softmax, normalisations. */
final class RowCases {
  private RowCases() {}

  static List<CaseGenerator> all() {
    List<CaseGenerator> all = new ArrayList<>();
    for (Reduction f : Reduction.values()) {
      String name = "reduce " + f.name().toLowerCase(Locale.ROOT);
      all.add(CaseGenerator.operator(name, Reduce.class, draw -> reduce(f, false, draw)));
      if (f == Reduction.MAX || f == Reduction.MIN) {
        all.add(CaseGenerator.operator(name + ", tied", Reduce.class, d -> reduce(f, true, d)));
      }
    }
    all.add(CaseGenerator.operator("softmax", Softmax.class, draw -> softmax(false, draw)));
    all.add(CaseGenerator.operator("log-softmax", Softmax.class, draw -> softmax(true, draw)));
    all.add(CaseGenerator.operator("cross-entropy", CrossEntropy.class, RowCases::crossEntropy));
    all.add(
        CaseGenerator.operator(
            "batch norm, training [N,C]",
            BatchNorm.class,
            draw -> batchNorm(1, 2, Activation.IDENTITY, draw)));
    all.add(
        CaseGenerator.operator(
            "batch norm, training [N,C,H,W]",
            BatchNorm.class,
            draw -> batchNorm(1, 4, Activation.IDENTITY, draw)));
    all.add(
        CaseGenerator.operator(
            "batch norm, training, two batches joined",
            BatchNorm.class,
            draw -> batchNorm(2, draw.coin() ? 2 : 4, Activation.IDENTITY, draw)));
    all.add(
        CaseGenerator.operator(
            "batch norm, evaluation",
            BatchNorm.class,
            draw -> batchNorm(0, draw.coin() ? 2 : 4, Activation.IDENTITY, draw)));
    for (Activation act : List.of(Activation.RELU, Activation.RELU6)) {
      all.add(
          CaseGenerator.operator(
              "batch norm, then " + act.name().toLowerCase(Locale.ROOT),
              BatchNorm.class,
              draw -> batchNorm(draw.below(3), draw.coin() ? 2 : 4, act, draw)));
    }
    all.add(CaseGenerator.operator("layer norm", LayerNorm.class, RowCases::layerNorm));
    all.add(CaseGenerator.operator("normalize", Normalize.class, RowCases::normalize));
    all.add(
        CaseGenerator.operator("normalize below eps", Normalize.class, RowCases::normalizeBelow));
    all.add(
        CaseGenerator.operator(
            "normalize at its kink", Normalize.class, RowCases::normalizeAtKink));
    return all;
  }

  private static GradientCase reduce(Reduction f, boolean tied, Draw draw) {
    Shape shape = draw.shape(draw.below(5));
    int[] axes =
        IntStream.range(0, shape.rank())
            .filter(axis -> draw.coin())
            .map(axis -> draw.coin() ? axis : axis - shape.rank())
            .toArray();
    Reduce op = new Reduce(f, draw.coin(), axes);
    Input x = draw.input(shape);
    if (tied) {
      x = x.with(Arrays.stream(x.values()).map(v -> v < 0 ? -1 : 1).toArray());
    }
    GradientCase made =
        GradientCase.of(op, x)
            .described(f + " over axes " + Arrays.toString(axes) + (op.keep() ? ", kept" : ""));
    if (tied) {
      return made.atKink();
    }
    if (f == Reduction.SUM || f == Reduction.MEAN) {
      return made;
    }
    double sign = f == Reduction.MAX ? 1 : -1;
    return made.awayFrom(v -> Distant.leastLead(v[0], sign, groups(shape, axes)));
  }

  /** Which elements are reduced together: the flat position once the reduced axes are 0. */
  private static IntUnaryOperator groups(Shape shape, int... axes) {
    boolean[] reduced = new boolean[shape.rank()];
    Arrays.fill(reduced, axes.length == 0);
    for (int axis : axes) {
      reduced[shape.axis(axis)] = true;
    }
    return i -> {
      int rest = i;
      int group = 0;
      int step = 1;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        int at = rest % shape.dim(axis);
        rest /= shape.dim(axis);
        group += reduced[axis] ? 0 : at * step;
        step *= shape.dim(axis);
      }
      return group;
    };
  }

  private static Law zeroSumsAlong(String name, Shape shape, int... axes) {
    return Law.groupsSumToZero(name, (int) shape.count(), groups(shape, axes));
  }

  private static GradientCase softmax(boolean log, Draw draw) {
    Shape shape = draw.shape(draw.between(1, 4));
    int axis = draw.below(shape.rank());
    double reach = draw.below(4) == 0 ? 80 : 4; // 80: e⁸⁰ fits float32 barely
    int given = draw.coin() ? axis : axis - shape.rank();
    return GradientCase.of(new Softmax(log, given), draw.input(shape, -reach, reach))
        .obeying(zeroSumsAlong("softmax: the gradient sums to 0 along the axis", shape, axis));
  }

  private static GradientCase crossEntropy(Draw draw) {
    Shape shape = Shape.of(draw.extent(), draw.extent());
    double reach = draw.below(4) == 0 ? 80 : 4;
    Input logits = draw.input(shape, -reach, reach);
    Input target = draw.input(shape, 0, 1);
    if (draw.coin()) { // one-hot rows, as labels give them
      double[] hot = new double[target.values().length];
      int classes = shape.dim(1);
      for (int row = 0; row < shape.dim(0); row++) {
        hot[row * classes + draw.below(classes)] = 1;
      }
      target = Input.of(shape, hot).constant();
    }
    return GradientCase.of(new CrossEntropy(), logits, target)
        .obeying(zeroSumsAlong("cross-entropy: the gradient of a row sums to 0", shape, 1));
  }

  /**
   * @param parts how many batches are joined in training; 0 for evaluation
   */
  private static GradientCase batchNorm(int parts, int rank, Activation act, Draw draw) {
    boolean training = parts > 0;
    int channels = draw.extent();
    int batch = draw.extent(3, 64) * Math.max(1, parts);
    Shape x =
        rank == 2
            ? Shape.of(batch, channels)
            : Shape.of(batch, channels, draw.extent(1, 8), draw.extent(1, 8));
    Shape c = Shape.of(channels);
    BatchNorm op =
        new BatchNorm(
            training,
            draw.real(0.05, 0.5),
            draw.pick(List.of(1e-5, 1e-3, 0.1)),
            Math.max(1, parts),
            act);
    GradientCase made =
        GradientCase.of(
            op,
            draw.input(x),
            draw.input(c, 0.5, 2),
            draw.input(c),
            draw.input(c).constant(),
            draw.input(c, 0.2, 3).constant());
    int[] sizes = {Math.max(1, parts), batch / Math.max(1, parts), channels};
    long[] split = Arrays.stream(Arrays.copyOf(sizes, rank + 1)).asLongStream().toArray();
    for (int axis = 2; axis < rank; axis++) {
      split[axis + 1] = x.size(axis);
    }
    Shape parted = Shape.of(split);
    int[] together = rank == 2 ? new int[] {1} : new int[] {1, 3, 4};
    IntUnaryOperator group = groups(parted, together);
    GradientCase far = made.awayFrom(v -> fromKinks(v, op, x, group));
    return training
        ? far.obeying(
            zeroSumsAlong("batch norm: the gradient of a channel sums to 0", parted, together))
        : far;
  }

  /**
   * How far any argument of a batch norm's activation is from its bounds, by the steepest slope if
   * that is above five; 0 where a channel's numbers in training hardly differ.
   */
  private static double fromKinks(double[][] v, BatchNorm op, Shape x, IntUnaryOperator group) {
    if (op.training() && leastSpread(v[0], group) < 0.3) {
      return 0;
    }
    int inner = (int) (x.count() / x.size(0) / x.size(1));
    double[][] moments = op.training() ? moments(v[0], group) : null;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < v[0].length; i++) {
      int channel = i / inner % x.dim(1);
      int own = group.applyAsInt(i);
      double mean = op.training() ? moments[0][own] : v[3][channel];
      double variance = op.training() ? moments[1][own] : v[4][channel];
      double r = 1 / Math.sqrt(variance + op.eps());
      double normed = (v[0][i] - mean) * r;
      double argument = v[1][channel] * normed + v[2][channel];
      double slope = Math.max(v[1][channel] * r, Math.abs(normed)) / 5;
      double[] kinks =
          DoubleStream.of(op.act().low(), op.act().high()).filter(k -> k == k).toArray();
      least = Math.min(least, Distant.from(kinks, argument) / Math.max(1, slope));
    }
    return least;
  }

  /** Mean and variance of each group. */
  private static double[][] moments(double[] x, IntUnaryOperator group) {
    double[] n = new double[x.length];
    double[] mean = new double[x.length];
    double[] variance = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      n[group.applyAsInt(i)]++;
    }
    for (int i = 0; i < x.length; i++) {
      int g = group.applyAsInt(i);
      mean[g] += x[i] / n[g];
    }
    for (int i = 0; i < x.length; i++) {
      int g = group.applyAsInt(i);
      variance[g] += (x[i] - mean[g]) * (x[i] - mean[g]) / n[g];
    }
    return new double[][] {mean, variance};
  }

  private static GradientCase layerNorm(Draw draw) {
    int leading = draw.below(3);
    Shape row = draw.coin() ? Shape.of(draw.extent(3, 702)) : Shape.of(3, draw.extent());
    long[] sizes = new long[leading + row.rank()];
    int[] together = new int[row.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i < leading ? draw.extent() : row.size(i - leading);
    }
    Arrays.setAll(together, i -> leading + i);
    Shape x = Shape.of(sizes);
    return GradientCase.of(
            new LayerNorm(draw.pick(List.of(1e-5, 1e-3, 0.1))),
            draw.input(x),
            draw.input(row, 0.5, 2),
            draw.input(row))
        .awayFrom(v -> Distant.unless(leastSpread(v[0], groups(x, together)) < 0.3))
        .obeying(zeroSumsAlong("layer norm: the gradient of a row sums to 0", x, together));
  }

  /** The smallest standard deviation of a group: where it vanishes, so does differentiability. */
  private static double leastSpread(double[] x, IntUnaryOperator group) {
    double[] variance = moments(x, group)[1];
    return IntStream.range(0, x.length)
        .mapToDouble(i -> Math.sqrt(variance[group.applyAsInt(i)]))
        .min()
        .orElse(0);
  }

  private static GradientCase normalize(Draw draw) {
    Shape shape = draw.shape(draw.between(1, 3));
    int axis = draw.below(shape.rank());
    IntUnaryOperator group = groups(shape, axis);
    return GradientCase.of(new Normalize(axis, 1e-6), draw.input(shape))
        .awayFrom(v -> Distant.unless(norms(v[0], group).min().orElse(0) < 0.3))
        .obeying(
            new Law(
                "normalize: the gradient is orthogonal to x",
                (x, g) -> orthogonality(x[0], g[0], group)));
  }

  private static List<Law.Balance> orthogonality(double[] x, double[] g, IntUnaryOperator group) {
    return IntStream.range(0, x.length)
        .mapToObj(
            k ->
                Law.Balance.of(
                    IntStream.range(0, x.length)
                        .filter(i -> group.applyAsInt(i) == k)
                        .mapToDouble(i -> x[i] * g[i])
                        .toArray()))
        .toList();
  }

  private static DoubleStream norms(double[] x, IntUnaryOperator group) {
    double[] squares = new double[x.length];
    boolean[] there = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      squares[group.applyAsInt(i)] += x[i] * x[i];
      there[group.applyAsInt(i)] = true;
    }
    return IntStream.range(0, x.length)
        .filter(k -> there[k])
        .mapToDouble(k -> Math.sqrt(squares[k]));
  }

  private static GradientCase normalizeBelow(Draw draw) {
    Shape shape = draw.shape(draw.between(1, 3));
    int axis = draw.below(shape.rank());
    double eps = 3;
    return GradientCase.of(new Normalize(axis, eps), draw.input(shape))
        .awayFrom(
            v ->
                norms(v[0], groups(shape, axis)).map(norm -> Math.abs(norm - eps)).min().orElse(0));
  }

  private static GradientCase normalizeAtKink(Draw draw) {
    double eps = 5;
    double[] x = draw.coin() ? new double[] {3, -4} : new double[] {0, 5, 0};
    return GradientCase.of(new Normalize(0, eps), Input.of(Shape.of(x.length), x)).atKink();
  }
}

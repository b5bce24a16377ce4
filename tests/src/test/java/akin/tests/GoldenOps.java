package akin.tests;

import static akin.tensor.Tensor.concat;
import static akin.tensor.Tensor.stack;

import akin.nn.Attention;
import akin.nn.head.GemPool;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Distance;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.Unary;
import akin.tensor.op.BatchNorm;
import akin.tensor.op.Pool2d;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Every operation of the golden values, written with Akin's operators. */
final class GoldenOps {
  private final Map<String, Function<GoldenRun, Tensor>> table = new HashMap<>();

  private GoldenOps() {}

  /** The operations by their name in the golden values. */
  static Map<String, Function<GoldenRun, Tensor>> table() {
    GoldenOps ops = new GoldenOps();
    ops.elementwise();
    ops.dense();
    ops.convolutionsAndPools();
    ops.norms();
    ops.arrangements();
    ops.reductions();
    GoldenLosses.addTo(ops.table);
    return ops.table;
  }

  private void unary(String name, Function<Tensor, Tensor> f) {
    table.put(name, run -> f.apply(run.x()));
  }

  private void elementwise() {
    unary("relu", Tensor::relu);
    unary("relu6", Tensor::relu6);
    unary("hardswish", Tensor::hardswish);
    unary("hardsigmoid", Tensor::hardsigmoid);
    unary("hardsigmoid_exact", Tensor::hardsigmoid);
    unary("sigmoid", Tensor::sigmoid);
    unary("tanh", Tensor::tanh);
    unary("gelu", Tensor::gelu);
    unary("gelu_tanh", Tensor::geluTanh);
    unary("silu", Tensor::silu);
    unary("softplus", Tensor::softplus);
    unary("softplus_beta3", x -> x.map(Unary.SOFTPLUS, 3, 20));
    unary("exp", Tensor::exp);
    unary("log", Tensor::log);
    unary("log1p", Tensor::log1p);
    unary("expm1", x -> x.exp().sub(1));
    unary("sqrt", Tensor::sqrt);
    unary("rsqrt", Tensor::rsqrt);
    unary("reciprocal", Tensor::reciprocal);
    unary("pow2", Tensor::square);
    unary("pow3", x -> x.pow(3));
    unary("pow0.5", x -> x.pow(0.5));
    unary("pow-1.5", x -> x.pow(-1.5));
    unary("abs", Tensor::abs);
    unary("neg", Tensor::neg);
    unary("clamp_-0.5_0.7", x -> x.clamp(-0.5, 0.7));
    unary("clamp_min0.1", x -> x.clamp(0.1, Double.POSITIVE_INFINITY));
    unary("clamp_max0.3", x -> x.clamp(Double.NEGATIVE_INFINITY, 0.3));
    unary("clamp_-1_1", x -> x.clamp(-1, 1));
    unary("leaky_relu0.01", x -> x.leakyRelu(0.01));
    unary("elu", x -> x.relu().add(x.neg().relu().neg().exp()).sub(1));
    unary("mish", x -> x.mul(x.softplus().tanh()));
    unary("erf", Tensor::erf);
    unary("sin", Tensor::sin);
    unary("cos", Tensor::cos);
    unary("acos", Tensor::acos);
    unary("logsigmoid", x -> x.neg().map(Unary.SOFTPLUS, 1, Double.POSITIVE_INFINITY).neg());
    table.put("add", run -> run.a().add(run.b()));
    table.put("sub", run -> run.a().sub(run.b()));
    table.put("mul", run -> run.a().mul(run.b()));
    table.put("div", run -> run.a().div(run.b()));
    table.put("pow", run -> run.a().pow(run.b()));
    table.put("maximum", run -> run.a().max(run.b()));
    table.put("minimum", run -> run.a().min(run.b()));
    table.put(
        "where",
        run -> {
          Tensor m = run.in("m");
          return m.mul(run.a()).add(m.neg().add(1).mul(run.b()));
        });
  }

  private void dense() {
    table.put("linear", run -> linear(run.x(), run.in("w"), run.orNull("b")));
    table.put("matmul", GoldenOps::matmul);
    table.put(
        "attention",
        run -> Attention.of(run.in("q"), run.in("k"), run.in("v"), attentionMask(run)));
    table.put("multi_head_self_attention", GoldenOps::multiHead);
  }

  private static Tensor linear(Tensor x, Tensor w, Tensor bias) {
    Tensor rows = x.shape().rank() == 1 ? x.reshape(1, -1) : x;
    Tensor y = rows.matmul(w, false, true);
    y = bias == null ? y : y.add(bias);
    return x.shape().rank() == 1 ? y.flatten(0) : y;
  }

  /** As NumPy: a vector becomes a row or a column, and its axis is taken away again. */
  private static Tensor matmul(GoldenRun run) {
    Tensor a = run.a().shape().rank() == 1 ? run.a().reshape(1, -1) : run.a();
    Tensor b = run.b().shape().rank() == 1 ? run.b().reshape(-1, 1) : run.b();
    Tensor y = a.matmul(b, run.flag("transpose_a"), run.flag("transpose_b"));
    Shape shape = y.shape();
    shape = run.b().shape().rank() == 1 ? shape.without(-1) : shape;
    shape = run.a().shape().rank() == 1 ? shape.without(y.shape().rank() - 2) : shape;
    return y.reshape(shape);
  }

  private static Tensor attentionMask(GoldenRun run) {
    int n = run.shape("q").dim(-2);
    int m = run.shape("k").dim(-2);
    if (!run.flag("causal")) {
      return run.orFull("mask", Shape.of(n, m), 0);
    }
    double[] mask = new double[n * m];
    for (int i = 0; i < n; i++) {
      Arrays.fill(mask, i * m + i + 1, (i + 1) * m, Double.NEGATIVE_INFINITY);
    }
    return Tensor.of(Shape.of(n, m), mask);
  }

  private static Tensor multiHead(GoldenRun run) {
    Tensor y =
        Attention.self(
            run.x(),
            run.in("in_proj_weight"),
            run.in("in_proj_bias"),
            run.whole("heads"),
            UnaryOperator.identity(),
            null);
    return linear(y, run.in("out_proj_weight"), run.in("out_proj_bias"));
  }

  private void convolutionsAndPools() {
    table.put(
        "conv2d",
        run ->
            run.x()
                .conv2d(
                    run.in("w"),
                    run.orNull("b"),
                    window(run, run.wholes("stride", 2), run.wholes("dilation", 2)),
                    run.whole("groups")));
    table.put("im2col", GoldenOps::patches);
    table.put("max_pool2d", run -> pool(run, PoolShape.Kind.MAX));
    table.put("avg_pool2d", run -> pool(run, PoolShape.Kind.AVERAGE));
    table.put(
        "adaptive_avg_pool2d",
        run -> run.x().adaptiveAvgPool2d(run.wholes("output", 2)[0], run.wholes("output", 2)[1]));
    table.put(
        "adaptive_max_pool2d",
        run -> run.x().adaptiveMaxPool2d(run.wholes("output", 2)[0], run.wholes("output", 2)[1]));
    table.put(
        "adaptive_avg_pool1d",
        run -> {
          Shape s = run.x().shape();
          Tensor rows = run.x().reshape(s.dim(0), s.dim(1), 1, s.dim(2));
          return rows.adaptiveAvgPool2d(1, run.whole("output")).reshape(s.dim(0), s.dim(1), -1);
        });
    table.put("gem", run -> GemPool.of(run.x(), run.real("p")));
  }

  private static ConvShape.Window window(GoldenRun run, int[] stride, int[] dilation) {
    int[] padding = run.has("padding") ? run.wholes("padding", 2) : new int[] {0, 0};
    return new ConvShape.Window(
        stride[0],
        stride[1],
        padding[0],
        padding[0],
        padding[1],
        padding[1],
        dilation[0],
        dilation[1]);
  }

  private static Tensor pool(GoldenRun run, PoolShape.Kind kind) {
    int[] kernel = run.wholes("kernel", 2);
    int[] dilation = run.has("dilation") ? run.wholes("dilation", 2) : new int[] {1, 1};
    ConvShape.Window window = window(run, run.wholes("stride", 2), dilation);
    boolean countPadding = run.flag("count_include_pad");
    int divisor = run.has("divisor_override") ? run.whole("divisor_override") : 0;
    return run.x()
        .pool2d(
            new Pool2d(
                kind, kernel[0], kernel[1], window, run.flag("ceil_mode"), countPadding, divisor));
  }

  /** Patches [N, C·KH·KW, positions], as a convolution whose kernels are ones at one tap each. */
  private static Tensor patches(GoldenRun run) {
    int[] kernel = run.wholes("kernel", 2);
    int taps = run.x().dim(1) * kernel[0] * kernel[1];
    Tensor w = identity(taps).reshape(taps, run.x().dim(1), kernel[0], kernel[1]);
    ConvShape.Window window = window(run, run.wholes("stride", 2), run.wholes("dilation", 2));
    return run.x().conv2d(w, null, window, 1).flatten(2);
  }

  private static Tensor identity(int n) {
    double[] values = new double[n * n];
    for (int i = 0; i < n; i++) {
      values[i * n + i] = 1;
    }
    return Tensor.of(Shape.of(n, n), values);
  }

  private void norms() {
    table.put(
        "batch_norm",
        run -> {
          Shape channels = Shape.of(run.x().dim(1));
          return run.x()
              .batchNorm(
                  run.orFull("weight", channels, 1),
                  run.orFull("bias", channels, 0),
                  run.in("running_mean"),
                  run.in("running_var"),
                  new BatchNorm(run.flag("training"), run.real("momentum"), run.real("eps")));
        });
    table.put(
        "layer_norm",
        run -> {
          int[] sizes = run.wholes("normalized_shape", 1);
          Shape s = Shape.of(Arrays.stream(sizes).asLongStream().toArray());
          return run.x()
              .layerNorm(run.orFull("weight", s, 1), run.orFull("bias", s, 0), run.real("eps"));
        });
    table.put(
        "group_norm",
        run -> {
          Shape s = run.x().shape();
          Tensor groups = run.x().reshape((long) s.dim(0) * run.whole("groups"), -1);
          Shape row = Shape.of(groups.dim(1));
          Tensor y =
              groups.layerNorm(Tensor.full(row, 1), Tensor.zeros(row), run.real("eps")).reshape(s);
          return y.mul(run.in("weight").reshape(-1, 1, 1)).add(run.in("bias").reshape(-1, 1, 1));
        });
    table.put(
        "normalize",
        run -> {
          double eps = run.real("eps");
          int dim = run.whole("dim");
          return run.real("p") == 2
              ? run.x().normalize(dim, eps)
              : run.x().div(run.x().abs().sum(true, dim).clamp(eps, Double.POSITIVE_INFINITY));
        });
  }

  private void arrangements() {
    table.put("cat", run -> concat(run.whole("dim"), parts(run)));
    table.put("stack", run -> stack(run.whole("dim"), parts(run)));
    table.put("slice", GoldenOps::slice);
    table.put(
        "narrow",
        run -> {
          int start = run.whole("start");
          return run.x().slice(run.whole("dim"), start, start + run.whole("length"));
        });
    table.put(
        "chunk",
        run -> {
          int size = run.x().dim(run.whole("dim"));
          int each = (size + run.whole("chunks") - 1) / run.whole("chunks");
          int from = run.whole("take") * each;
          return run.x().slice(run.whole("dim"), from, Math.min(size, from + each));
        });
    table.put("permute", run -> run.x().permute(run.wholes("dims", 0)));
    table.put(
        "permute_reshape", run -> run.x().permute(run.wholes("dims", 0)).reshape(run.shape("y")));
    table.put(
        "channel_shuffle",
        run -> {
          Shape s = run.x().shape();
          Tensor grouped = run.x().reshape(s.dim(0), run.whole("groups"), -1, s.dim(2), s.dim(3));
          return grouped.permute(0, 2, 1, 3, 4).reshape(s);
        });
    table.put("index_select", run -> select(run.x(), run.whole("dim"), run.ints("index")));
    table.put("gather", run -> take(run.x(), run.whole("dim"), run.ints("index"), run.shape("y")));
    table.put(
        "scatter_add",
        run -> {
          Shape s = run.x().shape();
          int[] cells = cells(s, run.whole("dim"), run.ints("index"), run.shape("index"));
          Tensor added = run.in("src").flatten(0).scatterAddRows(cells, (int) s.count());
          return run.x().add(added.reshape(s));
        });
    table.put("pad", GoldenOps::pad);
    table.put("expand", run -> run.x().expand(run.shape("y")));
    table.put(
        "flip",
        run -> {
          int dim = run.wholes("dims", 1)[0];
          int size = run.x().dim(dim);
          return select(run.x(), dim, numbers(size, i -> size - 1 - i));
        });
    table.put(
        "repeat_interleave",
        run -> {
          int dim = run.whole("dim");
          int repeats = run.whole("repeats");
          return select(run.x(), dim, numbers(run.x().dim(dim) * repeats, i -> i / repeats));
        });
    table.put(
        "cumsum",
        run -> {
          int n = run.x().dim(1);
          double[] before = new double[n * n];
          for (int i = 0; i < n; i++) {
            Arrays.fill(before, i * n + i, (i + 1) * n, 1);
          }
          return run.x().matmul(Tensor.of(Shape.of(n, n), before));
        });
    table.put(
        "diagonal",
        run -> {
          int columns = run.x().dim(1);
          int n = Math.min(run.x().dim(0), columns);
          return run.x().flatten(0).gatherRows(numbers(n, i -> i * columns + i));
        });
  }

  private static Tensor[] parts(GoldenRun run) {
    int count = 0;
    while (run.orNull("x" + count) != null) {
      count++;
    }
    return IntStream.range(0, count).mapToObj(i -> run.in("x" + i)).toArray(Tensor[]::new);
  }

  private static Tensor slice(GoldenRun run) {
    Tensor x = run.x();
    switch (run.text("spec")) {
      case "x[:, 1:6:2, ::3]":
        return select(select(x, 1, 1, 3, 5), 2, 0, 3, 6);
      case "x[-1:, :-2]":
        return x.slice(0, x.dim(0) - 1, x.dim(0)).slice(1, 0, x.dim(1) - 2);
      default:
        throw new IllegalStateException("an unknown slice: " + run.text("spec"));
    }
  }

  private static Tensor pad(GoldenRun run) {
    int[] p = run.wholes("left_right_top_bottom", 4);
    int h = run.x().dim(2);
    int w = run.x().dim(3);
    switch (run.text("mode")) {
      case "constant":
        return run.x().pad(p[2], p[3], p[0], p[1], run.real("value"));
      case "reflect":
        return select(
            select(run.x(), 2, numbers(p[2] + h + p[3], i -> mirrored(i - p[2], h))),
            3,
            numbers(p[0] + w + p[1], j -> mirrored(j - p[0], w)));
      case "replicate":
        return select(
            select(run.x(), 2, numbers(p[2] + h + p[3], i -> clamped(i - p[2], h))),
            3,
            numbers(p[0] + w + p[1], j -> clamped(j - p[0], w)));
      default:
        throw new IllegalStateException("an unknown padding: " + run.text("mode"));
    }
  }

  private static int mirrored(int i, int size) {
    int folded = Math.abs(i);
    return folded < size ? folded : 2 * (size - 1) - folded;
  }

  private static int clamped(int i, int size) {
    return Math.max(0, Math.min(size - 1, i));
  }

  private static int[] numbers(int n, java.util.function.IntUnaryOperator f) {
    return IntStream.range(0, n).map(f).toArray();
  }

  /** Rows of {@code x} along another axis than the first. */
  private static Tensor select(Tensor x, int axis, int... index) {
    int[] swap = IntStream.range(0, x.shape().rank()).toArray();
    swap[0] = axis;
    swap[axis] = 0;
    return x.permute(swap).gatherRows(index).permute(swap);
  }

  /** y[…,k,…] = x[…,index[…,k,…],…] along {@code axis}; index is like y. */
  static Tensor take(Tensor x, int axis, int[] index, Shape y) {
    return x.flatten(0).gatherRows(cells(x.shape(), axis, index, y)).reshape(y);
  }

  /** Flat positions in a tensor of shape {@code s} to which an index shaped {@code at} points. */
  private static int[] cells(Shape s, int axis, int[] index, Shape at) {
    int[] cells = new int[index.length];
    for (int i = 0; i < cells.length; i++) {
      long rest = i;
      long stride = 1;
      for (int k = s.rank() - 1; k >= 0; k--) {
        long along = k == axis ? index[i] : rest % at.size(k);
        cells[i] += (int) (along * stride);
        rest /= at.size(k);
        stride *= s.size(k);
      }
    }
    return cells;
  }

  private void reductions() {
    table.put("sum", run -> run.x().sum(run.flag("keepdim"), run.wholes("dims", 0)));
    table.put("mean", run -> run.x().mean(run.flag("keepdim"), run.wholes("dims", 0)));
    table.put("amax", run -> run.x().amax(run.flag("keepdim"), run.wholes("dims", 0)));
    table.put("amin", run -> run.x().amin(run.flag("keepdim"), run.wholes("dims", 0)));
    table.put("amax_dim1", run -> run.x().amax(false, 1));
    table.put("max_all", run -> run.x().amax(false));
    table.put("var", GoldenOps::variance);
    table.put("std", run -> variance(run).sqrt());
    table.put("max_with_index", run -> best(run, run.whole("dim"), 1, true));
    table.put("min_with_index", run -> best(run, run.whole("dim"), 1, false));
    table.put("max_dim1", run -> best(run, 1, 1, true));
    table.put("topk", run -> best(run, run.whole("dim"), run.whole("k"), true));
    table.put("sort", run -> best(run, run.whole("dim"), run.x().dim(run.whole("dim")), true));
    table.put(
        "norm",
        run -> {
          double p = run.real("p");
          return run.x().abs().pow(p).sum(false, run.whole("dim")).pow(1 / p);
        });
    // The distance to the origin has the gradient 0 there, where a square root has none.
    table.put(
        "norm2",
        run -> {
          Tensor row = run.x().reshape(1, -1);
          return row.distances(Tensor.zeros(row.shape()), Distance.EUCLIDEAN).reshape(Shape.of());
        });
  }

  private static Tensor variance(GoldenRun run) {
    int[] dims = run.wholes("dims", 0);
    Tensor x = run.x();
    Tensor variance = x.sub(x.mean(true, dims)).square().mean(false, dims);
    double n = (double) x.shape().count() / variance.shape().count();
    return run.flag("unbiased") ? variance.mul(n / (n - 1)) : variance;
  }

  /** The k best along an axis: numbers are found on the host, values are gathered. */
  private static Tensor best(GoldenRun run, int axis, int k, boolean largest) {
    Shape s = run.x().shape();
    double[] x = run.x().toDoubles();
    int inner = (int) s.product(axis + 1, s.rank());
    int size = s.dim(axis);
    int outer = (int) s.product(0, axis);
    int[] index = new int[outer * k * inner];
    for (int line = 0; line < outer * inner; line++) {
      int start = line / inner * size * inner + line % inner;
      int[] order =
          IntStream.range(0, size)
              .boxed()
              .sorted(
                  (i, j) ->
                      (largest ? -1 : 1)
                          * Double.compare(x[start + i * inner], x[start + j * inner]))
              .mapToInt(i -> i)
              .toArray();
      for (int i = 0; i < k; i++) {
        index[(line / inner * k + i) * inner + line % inner] = order[i];
      }
    }
    return take(run.x(), axis, run.found(index), s.with(axis, k)).reshape(run.shape("y"));
  }
}

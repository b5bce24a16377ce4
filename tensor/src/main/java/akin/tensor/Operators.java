package akin.tensor;

import akin.tensor.backend.Binary;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Distance;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.Reduction;
import akin.tensor.backend.Unary;
import akin.tensor.op.AdaptivePool2d;
import akin.tensor.op.Affine;
import akin.tensor.op.BatchNorm;
import akin.tensor.op.BinaryOp;
import akin.tensor.op.Conv2d;
import akin.tensor.op.CrossEntropy;
import akin.tensor.op.Distances;
import akin.tensor.op.Dropout;
import akin.tensor.op.Expand;
import akin.tensor.op.GatherRows;
import akin.tensor.op.LayerNorm;
import akin.tensor.op.MatMul;
import akin.tensor.op.Normalize;
import akin.tensor.op.Op;
import akin.tensor.op.Pad;
import akin.tensor.op.Permute;
import akin.tensor.op.Pool2d;
import akin.tensor.op.Reduce;
import akin.tensor.op.Reshape;
import akin.tensor.op.ScatterAddRows;
import akin.tensor.op.Slice;
import akin.tensor.op.Softmax;
import akin.tensor.op.UnaryOp;

/**
 * What can be computed with a {@link Tensor}: one line each, which names the operator. Formula,
 * shapes and gradient stand there.
 */
public abstract sealed class Operators permits Tensor {
  Operators() {}

  private Tensor self() {
    return (Tensor) this;
  }

  private Tensor run(Op op, Tensor... others) {
    Tensor[] inputs = new Tensor[others.length + 1];
    inputs[0] = self();
    System.arraycopy(others, 0, inputs, 1, others.length);
    return Tensor.apply(op, inputs);
  }

  // ---- arithmetic, stretched as akin.tensor.backend.Broadcast says ----

  /** this + b. */
  public Tensor add(Tensor b) {
    return run(new BinaryOp(Binary.ADD), b);
  }

  /** this − b. */
  public Tensor sub(Tensor b) {
    return run(new BinaryOp(Binary.SUB), b);
  }

  /** this·b. */
  public Tensor mul(Tensor b) {
    return run(new BinaryOp(Binary.MUL), b);
  }

  /** this/b. */
  public Tensor div(Tensor b) {
    return run(new BinaryOp(Binary.DIV), b);
  }

  /** this raised to the power b; see {@link Binary#POW}. */
  public Tensor pow(Tensor b) {
    return run(new BinaryOp(Binary.POW), b);
  }

  /** The larger of this and b. */
  public Tensor max(Tensor b) {
    return run(new BinaryOp(Binary.MAX), b);
  }

  /** The smaller of this and b. */
  public Tensor min(Tensor b) {
    return run(new BinaryOp(Binary.MIN), b);
  }

  /** 1 where this = b, else 0; no gradient. */
  public Tensor equalTo(Tensor b) {
    return run(new BinaryOp(Binary.EQUAL), b);
  }

  /** 1 where this &gt; b, else 0; no gradient. */
  public Tensor greater(Tensor b) {
    return run(new BinaryOp(Binary.GREATER), b);
  }

  /** this + b. */
  public Tensor add(double b) {
    return run(new Affine(1, b));
  }

  /** this − b. */
  public Tensor sub(double b) {
    return run(new Affine(1, -b));
  }

  /** this·b. */
  public Tensor mul(double b) {
    return run(new Affine(b, 0));
  }

  /** this/b. */
  public Tensor div(double b) {
    return run(new Affine(1 / b, 0));
  }

  /** thisᵇ. */
  public Tensor pow(double b) {
    return map(Unary.POW, b, 0);
  }

  // ---- functions; formulas and slopes stand in Unary ----

  /** f(this; a, b) elementwise. */
  public Tensor map(Unary f, double a, double b) {
    return run(new UnaryOp(f, a, b));
  }

  /** −x. */
  public Tensor neg() {
    return map(Unary.NEG, 0, 0);
  }

  /** |x|. */
  public Tensor abs() {
    return map(Unary.ABS, 0, 0);
  }

  /** x². */
  public Tensor square() {
    return map(Unary.SQUARE, 0, 0);
  }

  /** √x. */
  public Tensor sqrt() {
    return map(Unary.SQRT, 0, 0);
  }

  /** 1/√x. */
  public Tensor rsqrt() {
    return map(Unary.RSQRT, 0, 0);
  }

  /** 1/x. */
  public Tensor reciprocal() {
    return map(Unary.RECIPROCAL, 0, 0);
  }

  /** eˣ. */
  public Tensor exp() {
    return map(Unary.EXP, 0, 0);
  }

  /** ln x. */
  public Tensor log() {
    return map(Unary.LOG, 0, 0);
  }

  /** ln(1 + x). */
  public Tensor log1p() {
    return map(Unary.LOG1P, 0, 0);
  }

  /** sin x. */
  public Tensor sin() {
    return map(Unary.SIN, 0, 0);
  }

  /** cos x. */
  public Tensor cos() {
    return map(Unary.COS, 0, 0);
  }

  /** arccos x. */
  public Tensor acos() {
    return map(Unary.ACOS, 0, 0);
  }

  /** The error function. */
  public Tensor erf() {
    return map(Unary.ERF, 0, 0);
  }

  /** 1/(1 + e⁻ˣ). */
  public Tensor sigmoid() {
    return map(Unary.SIGMOID, 0, 0);
  }

  /** tanh x. */
  public Tensor tanh() {
    return map(Unary.TANH, 0, 0);
  }

  /** ln(1 + eˣ). */
  public Tensor softplus() {
    return map(Unary.SOFTPLUS, 1, 20);
  }

  /** max(x, 0). */
  public Tensor relu() {
    return map(Unary.RELU, 0, 0);
  }

  /** min(max(x, 0), 6). */
  public Tensor relu6() {
    return map(Unary.RELU6, 0, 0);
  }

  /** x where x &gt; 0, else slope·x. */
  public Tensor leakyRelu(double slope) {
    return map(Unary.LEAKY_RELU, slope, 0);
  }

  /** x·Φ(x). */
  public Tensor gelu() {
    return map(Unary.GELU, 0, 0);
  }

  /** x·Φ(x), approximated with tanh. */
  public Tensor geluTanh() {
    return map(Unary.GELU_TANH, 0, 0);
  }

  /** x·σ(x). */
  public Tensor silu() {
    return map(Unary.SILU, 0, 0);
  }

  /** min(max(x/6 + 1/2, 0), 1). */
  public Tensor hardsigmoid() {
    return map(Unary.HARDSIGMOID, 0, 0);
  }

  /** x·hardsigmoid(x). */
  public Tensor hardswish() {
    return map(Unary.HARDSWISH, 0, 0);
  }

  /** min(max(x, low), high). */
  public Tensor clamp(double low, double high) {
    return map(Unary.CLAMP, low, high);
  }

  // ---- reductions; keep leaves the reduced axes as 1 ----

  /** Σ of all elements, shape []. */
  public Tensor sum() {
    return sum(false);
  }

  /** Mean of all elements, shape []. */
  public Tensor mean() {
    return mean(false);
  }

  /** Σ over {@code axes}, all if none are given. */
  public Tensor sum(boolean keep, int... axes) {
    return run(new Reduce(Reduction.SUM, keep, axes));
  }

  /** Mean over {@code axes}, all if none are given. */
  public Tensor mean(boolean keep, int... axes) {
    return run(new Reduce(Reduction.MEAN, keep, axes));
  }

  /** Largest element over {@code axes}, all if none are given; ties share the gradient. */
  public Tensor amax(boolean keep, int... axes) {
    return run(new Reduce(Reduction.MAX, keep, axes));
  }

  /** Smallest element over {@code axes}, all if none are given; ties share the gradient. */
  public Tensor amin(boolean keep, int... axes) {
    return run(new Reduce(Reduction.MIN, keep, axes));
  }

  // ---- algebra ----

  /** this·b: [..,m,k]·[..,k,n] → [..,m,n]; batch axes stretch. */
  public Tensor matmul(Tensor b) {
    return matmul(b, false, false);
  }

  /** op(this)·op(b), where op transposes the last two axes if asked. */
  public Tensor matmul(Tensor b, boolean transA, boolean transB) {
    return MatMul.stretched(self(), b, transA, transB);
  }

  /** The last two axes swapped. */
  public Tensor transpose() {
    return run(Permute.swapLast(self().shape().rank()));
  }

  // ---- networks ----

  /**
   * Convolution of [N,C,H,W] with {@code w} [O,C/groups,KH,KW] and {@code bias} [O] or null; see
   * {@link Conv2d}.
   */
  public Tensor conv2d(Tensor w, Tensor bias, ConvShape.Window window, int groups) {
    Conv2d op = new Conv2d(window, groups);
    return bias == null ? run(op, w) : run(op, w, bias);
  }

  /** Pooling of [N,C,H,W] under a sliding window. */
  public Tensor pool2d(Pool2d pool) {
    return run(pool);
  }

  /** Largest element under a square window. */
  public Tensor maxPool2d(int kernel, int stride, int padding) {
    return pool2d(Pool2d.square(PoolShape.Kind.MAX, kernel, stride, padding));
  }

  /** Mean under a square window. */
  public Tensor avgPool2d(int kernel, int stride, int padding) {
    return pool2d(Pool2d.square(PoolShape.Kind.AVERAGE, kernel, stride, padding));
  }

  /** Means of h×w windows that cover [N,C,H,W]. */
  public Tensor adaptiveAvgPool2d(int h, int w) {
    return run(new AdaptivePool2d(PoolShape.Kind.AVERAGE, h, w));
  }

  /** Largest elements of h×w windows that cover [N,C,H,W]. */
  public Tensor adaptiveMaxPool2d(int h, int w) {
    return run(new AdaptivePool2d(PoolShape.Kind.MAX, h, w));
  }

  /**
   * Batch normalisation of [N,C] or [N,C,H,W]; the running statistics are states, which training
   * moves.
   */
  public Tensor batchNorm(
      Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVar, BatchNorm norm) {
    return run(norm, gamma, beta, runningMean, runningVar);
  }

  /** Layer normalisation over the trailing axes of {@code gamma}. */
  public Tensor layerNorm(Tensor gamma, Tensor beta, double eps) {
    return run(new LayerNorm(eps), gamma, beta);
  }

  /** eˣ/Σ eˣ along {@code axis}. */
  public Tensor softmax(int axis) {
    return run(new Softmax(false, axis));
  }

  /** x − ln Σ eˣ along {@code axis}. */
  public Tensor logSoftmax(int axis) {
    return run(new Softmax(true, axis));
  }

  /** −Σ t·log softmax(this) per row: [N,C], target [N,C] → [N]. */
  public Tensor crossEntropy(Tensor target) {
    return run(new CrossEntropy(), target);
  }

  /** Mean cross entropy of [N,C] with smoothed one-hot rows, shape []. */
  public Tensor crossEntropy(int[] labels, double smoothing) {
    return crossEntropy(CrossEntropy.targets(labels, self().dim(1), smoothing)).mean();
  }

  /** x/max(‖x‖, eps) along {@code axis}. */
  public Tensor normalize(int axis, double eps) {
    return run(new Normalize(axis, eps));
  }

  /** Distances of all rows: [N,D], b [M,D] → [N,M]. */
  public Tensor distances(Tensor b, Distance f) {
    return run(new Distances(f), b);
  }

  /** Elements dropped with probability p, the others scaled by 1/(1 − p). */
  public Tensor dropout(double p, RandomStream stream) {
    return run(new Dropout(p, stream));
  }

  // ---- arranging ----

  /** Rows by number, along axis 0. */
  public Tensor gatherRows(int... rows) {
    return run(new GatherRows(rows));
  }

  /** Row k added to row rows[k] of {@code count} rows of zeros. */
  public Tensor scatterAddRows(int[] rows, int count) {
    return run(new ScatterAddRows(rows, count));
  }

  /** From (inclusive) to (exclusive) along an axis. */
  public Tensor slice(int axis, long from, long to) {
    return run(new Slice(axis, from, to));
  }

  /** The axes in another order. */
  public Tensor permute(int... order) {
    return run(new Permute(order));
  }

  /** The same elements in another shape. */
  public Tensor reshape(Shape to) {
    return run(new Reshape(to));
  }

  /** The same elements in another shape; one size may be −1. */
  public Tensor reshape(long... sizes) {
    return run(Reshape.of(self().shape(), sizes));
  }

  /** All axes from {@code axis} on made one. */
  public Tensor flatten(int axis) {
    return run(Reshape.flatten(self().shape(), axis));
  }

  /** Repeated along axes of size 1, or missing in front. */
  public Tensor expand(Shape to) {
    return run(new Expand(to));
  }

  /** {@code value} put around the last two axes; negative numbers take away. */
  public Tensor pad(int top, int bottom, int left, int right, double value) {
    return Tensor.apply(new Pad(-1, left, right, value), run(new Pad(-2, top, bottom, value)));
  }
}

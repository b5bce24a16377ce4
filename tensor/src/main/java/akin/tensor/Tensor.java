package akin.tensor;

import akin.tensor.backend.Binary;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Noise;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.Reduction;
import akin.tensor.backend.Unary;
import akin.tensor.backend.Update;
import akin.tensor.op.AdaptivePool2d;
import akin.tensor.op.Affine;
import akin.tensor.op.BatchNorm;
import akin.tensor.op.BinaryOp;
import akin.tensor.op.Concat;
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
 * Numbers in a {@link Shape} on a {@link akin.tensor.backend.Backend}. A result belongs to the
 * innermost open {@link Scope}. Every method that computes is one line: it names its operator.
 */
public final class Tensor {
  private final Shape shape;
  private final String maker;
  private Storage storage;
  private Scope owner;
  private boolean leaf;
  private Tape tape;

  private Tensor(Storage storage, Shape shape, String maker) {
    this.storage = storage;
    this.shape = shape;
    this.maker = maker;
  }

  // ---- making ----

  /** A tensor with these values, row-major. */
  public static Tensor of(Shape shape, double... values) {
    Tensor tensor = empty(shape, values.length);
    tensor.storage.backend().upload(values, tensor.storage.buffer());
    return tensor;
  }

  /** A tensor with these values, row-major. */
  public static Tensor of(Shape shape, float[] values) {
    Tensor tensor = empty(shape, values.length);
    tensor.storage.backend().upload(values, tensor.storage.buffer());
    return tensor;
  }

  /** One number, shape []. */
  public static Tensor scalar(double value) {
    return of(Shape.of(), value);
  }

  /** {@code value} everywhere. */
  public static Tensor full(Shape shape, double value) {
    Tensor tensor = empty(shape, shape.count());
    tensor.storage.backend().fill(tensor.storage.buffer(), value);
    return tensor;
  }

  /** 0 everywhere. */
  public static Tensor zeros(Shape shape) {
    return full(shape, 0);
  }

  /** Element i from element i of the stream; see {@link Noise#at}. */
  public static Tensor random(Shape shape, Noise noise, RandomStream stream, double a, double b) {
    Tensor tensor = empty(shape, shape.count());
    tensor.storage.backend().random(noise, stream, a, b, tensor.storage.buffer());
    return tensor;
  }

  private static Tensor empty(Shape shape, long given) {
    checkCount(shape, given);
    return adopt(Storage.allocate(Scope.current().backend(), shape.count()), shape, "Tensor.of");
  }

  private static void checkCount(Shape shape, long given) {
    ShapeException.check(
        given == shape.count(),
        () ->
            ShapeException.of("tensor: as many values as the shape has elements")
                .with("shape", shape)
                .needed(given + " = " + shape.count()));
  }

  /** Takes over one hold on {@code storage}; the innermost scope owns the tensor. */
  static Tensor adopt(Storage storage, Shape shape, String maker) {
    Tensor tensor = new Tensor(storage, shape, maker);
    tensor.owner = Scope.current();
    tensor.owner.adopt(tensor);
    return tensor;
  }

  /** Runs an operator: the door for {@link akin.tensor.op.CustomOp}. */
  public static Tensor apply(Op op, Tensor... inputs) {
    return Call.run(op, inputs);
  }

  // ---- life ----

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** Size of {@code axis}; negative axes count from the end. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  /** Bytes of one element on this tensor's backend: 8 for float64, 4 for float32. */
  public int elementBytes() {
    return storage().backend().elementBytes();
  }

  /** The values, row-major. */
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(shape.count())];
    storage().backend().download(storage.buffer(), values);
    return values;
  }

  /** The values, row-major. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(shape.count())];
    storage().backend().download(storage.buffer(), values);
    return values;
  }

  /** The value of a tensor with one element. */
  public double item() {
    ShapeException.check(
        shape.count() == 1,
        () -> ShapeException.of("item: one element").with("shape", shape).needed("count = 1"));
    return toDoubles()[0];
  }

  /** Moves this tensor one scope out, so that it outlives the scope that made it. */
  public Tensor keep() {
    storage();
    if (owner.parent() == null) {
      throw new IllegalStateException("keep: there is no scope outside the tensor's own");
    }
    owner = owner.parent();
    owner.adopt(this);
    return this;
  }

  /** Marks a leaf, such as a parameter, as wanting a gradient (or not). */
  public Tensor requireGradient(boolean wanted) {
    leaf = wanted;
    return this;
  }

  /** Whether this is a leaf that wants a gradient. */
  public boolean requiresGradient() {
    return leaf;
  }

  /** The same values without history: no gradient flows through it. */
  public Tensor detach() {
    return adopt(storage().retain(), shape, "detach");
  }

  /**
   * Overwrites the values in place, for parameters and states; never within a tape that used it.
   */
  public void assign(double... values) {
    checkCount(shape, values.length);
    storage().backend().upload(values, storage.buffer());
  }

  /** The same with single precision. */
  public void assign(float[] values) {
    checkCount(shape, values.length);
    storage().backend().upload(values, storage.buffer());
  }

  /**
   * One step of an optimiser in place, for parameters; never within a tape that will still play
   * back.
   *
   * @param m first state, like this, or null where the rule has none
   * @param v second state, like this, or null
   */
  public void update(Update rule, Tensor gradient, Tensor m, Tensor v) {
    for (Tensor other : new Tensor[] {gradient, m, v}) {
      ShapeException.check(
          other == null || other.shape.equals(shape),
          () ->
              ShapeException.of("update: the gradient or a state is not like the parameter")
                  .with("parameter", shape)
                  .with("other", other.shape)
                  .needed("equal shapes"));
    }
    storage()
        .backend()
        .update(
            rule,
            storage.buffer(),
            gradient.storage().buffer(),
            m == null ? null : m.storage().buffer(),
            v == null ? null : v.storage().buffer());
  }

  Storage storage() {
    if (storage == null) {
      throw new IllegalStateException(
          "the tensor made by "
              + maker
              + " "
              + shape
              + " is used after its scope was closed;"
              + " keep() moves a tensor one scope out");
    }
    return storage;
  }

  boolean wantsGradientOn(Tape recording) {
    return leaf || tape != null && tape == recording;
  }

  void madeOn(Tape recording) {
    tape = recording;
  }

  /** Called by a closing scope: lets go unless the tensor was moved out. */
  void leave(Scope scope) {
    if (owner == scope && storage != null) {
      storage.release();
      storage = null;
    }
  }

  // ---- arithmetic, stretched as akin.tensor.backend.Broadcast says ----

  /** this + b. */
  public Tensor add(Tensor b) {
    return apply(new BinaryOp(Binary.ADD), this, b);
  }

  /** this − b. */
  public Tensor sub(Tensor b) {
    return apply(new BinaryOp(Binary.SUB), this, b);
  }

  /** this·b. */
  public Tensor mul(Tensor b) {
    return apply(new BinaryOp(Binary.MUL), this, b);
  }

  /** this/b. */
  public Tensor div(Tensor b) {
    return apply(new BinaryOp(Binary.DIV), this, b);
  }

  /** this raised to the power b; see {@link Binary#POW}. */
  public Tensor pow(Tensor b) {
    return apply(new BinaryOp(Binary.POW), this, b);
  }

  /** The larger of this and b. */
  public Tensor max(Tensor b) {
    return apply(new BinaryOp(Binary.MAX), this, b);
  }

  /** The smaller of this and b. */
  public Tensor min(Tensor b) {
    return apply(new BinaryOp(Binary.MIN), this, b);
  }

  /** 1 where this = b, else 0; no gradient. */
  public Tensor equalTo(Tensor b) {
    return apply(new BinaryOp(Binary.EQUAL), this, b);
  }

  /** 1 where this &gt; b, else 0; no gradient. */
  public Tensor greater(Tensor b) {
    return apply(new BinaryOp(Binary.GREATER), this, b);
  }

  /** this + b. */
  public Tensor add(double b) {
    return apply(new Affine(1, b), this);
  }

  /** this − b. */
  public Tensor sub(double b) {
    return apply(new Affine(1, -b), this);
  }

  /** this·b. */
  public Tensor mul(double b) {
    return apply(new Affine(b, 0), this);
  }

  /** this/b. */
  public Tensor div(double b) {
    return apply(new Affine(1 / b, 0), this);
  }

  /** thisᵇ. */
  public Tensor pow(double b) {
    return map(Unary.POW, b, 0);
  }

  // ---- functions; formulas and slopes stand in Unary ----

  /** f(this; a, b) elementwise. */
  public Tensor map(Unary f, double a, double b) {
    return apply(new UnaryOp(f, a, b), this);
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
    return apply(new Reduce(Reduction.SUM, keep, axes), this);
  }

  /** Mean over {@code axes}, all if none are given. */
  public Tensor mean(boolean keep, int... axes) {
    return apply(new Reduce(Reduction.MEAN, keep, axes), this);
  }

  /** Largest element over {@code axes}, all if none are given; ties share the gradient. */
  public Tensor amax(boolean keep, int... axes) {
    return apply(new Reduce(Reduction.MAX, keep, axes), this);
  }

  /** Smallest element over {@code axes}, all if none are given; ties share the gradient. */
  public Tensor amin(boolean keep, int... axes) {
    return apply(new Reduce(Reduction.MIN, keep, axes), this);
  }

  // ---- algebra ----

  /** this·b: [..,m,k]·[..,k,n] → [..,m,n]; batch axes stretch. */
  public Tensor matmul(Tensor b) {
    return matmul(b, false, false);
  }

  /** op(this)·op(b), where op transposes the last two axes if asked. */
  public Tensor matmul(Tensor b, boolean transA, boolean transB) {
    return MatMul.stretched(this, b, transA, transB);
  }

  /** The last two axes swapped. */
  public Tensor transpose() {
    return apply(Permute.swapLast(shape.rank()), this);
  }

  // ---- networks ----

  /**
   * Convolution of [N,C,H,W] with {@code w} [O,C/groups,KH,KW] and {@code bias} [O] or null; see
   * {@link Conv2d}.
   */
  public Tensor conv2d(Tensor w, Tensor bias, ConvShape.Window window, int groups) {
    Conv2d op = new Conv2d(window, groups);
    return bias == null ? apply(op, this, w) : apply(op, this, w, bias);
  }

  /** Pooling of [N,C,H,W] under a sliding window. */
  public Tensor pool2d(Pool2d pool) {
    return apply(pool, this);
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
    return apply(new AdaptivePool2d(PoolShape.Kind.AVERAGE, h, w), this);
  }

  /** Largest elements of h×w windows that cover [N,C,H,W]. */
  public Tensor adaptiveMaxPool2d(int h, int w) {
    return apply(new AdaptivePool2d(PoolShape.Kind.MAX, h, w), this);
  }

  /**
   * Batch normalisation of [N,C] or [N,C,H,W]; the running statistics are states, which training
   * moves. See {@link BatchNorm}.
   */
  public Tensor batchNorm(
      Tensor gamma,
      Tensor beta,
      Tensor runningMean,
      Tensor runningVar,
      boolean training,
      double momentum,
      double eps) {
    BatchNorm op = new BatchNorm(training, momentum, eps);
    return apply(op, this, gamma, beta, runningMean, runningVar);
  }

  /** Layer normalisation over the trailing axes of {@code gamma}. */
  public Tensor layerNorm(Tensor gamma, Tensor beta, double eps) {
    return apply(new LayerNorm(eps), this, gamma, beta);
  }

  /** eˣ/Σ eˣ along {@code axis}. */
  public Tensor softmax(int axis) {
    return apply(new Softmax(false, axis), this);
  }

  /** x − ln Σ eˣ along {@code axis}. */
  public Tensor logSoftmax(int axis) {
    return apply(new Softmax(true, axis), this);
  }

  /** −Σ t·log softmax(this) per row: [N,C], target [N,C] → [N]. */
  public Tensor crossEntropy(Tensor target) {
    return apply(new CrossEntropy(), this, target);
  }

  /** Mean cross entropy of [N,C] with smoothed one-hot rows, shape []. */
  public Tensor crossEntropy(int[] labels, double smoothing) {
    return crossEntropy(CrossEntropy.targets(labels, dim(1), smoothing)).mean();
  }

  /** x/max(‖x‖, eps) along {@code axis}. */
  public Tensor normalize(int axis, double eps) {
    return apply(new Normalize(axis, eps), this);
  }

  /** Distances of all rows: [N,D], b [M,D] → [N,M]. */
  public Tensor distances(Tensor b, Distance f) {
    return apply(new Distances(f), this, b);
  }

  /** Elements dropped with probability p, the others scaled by 1/(1 − p). */
  public Tensor dropout(double p, RandomStream stream) {
    return apply(new Dropout(p, stream), this);
  }

  // ---- arranging ----

  /** Tensors joined along an axis. */
  public static Tensor concat(int axis, Tensor... parts) {
    return apply(new Concat(axis), parts);
  }

  /** Tensors of equal shape joined along a new axis. */
  public static Tensor stack(int axis, Tensor... parts) {
    return Concat.stack(axis, parts);
  }

  /** Rows by number, along axis 0. */
  public Tensor gatherRows(int... rows) {
    return apply(new GatherRows(rows), this);
  }

  /** Row k added to row rows[k] of {@code count} rows of zeros. */
  public Tensor scatterAddRows(int[] rows, int count) {
    return apply(new ScatterAddRows(rows, count), this);
  }

  /** From (inclusive) to (exclusive) along an axis. */
  public Tensor slice(int axis, long from, long to) {
    return apply(new Slice(axis, from, to), this);
  }

  /** The axes in another order. */
  public Tensor permute(int... order) {
    return apply(new Permute(order), this);
  }

  /** The same elements in another shape. */
  public Tensor reshape(Shape to) {
    return apply(new Reshape(to), this);
  }

  /** The same elements in another shape; one size may be −1. */
  public Tensor reshape(long... sizes) {
    return apply(Reshape.of(shape, sizes), this);
  }

  /** All axes from {@code axis} on made one. */
  public Tensor flatten(int axis) {
    return apply(Reshape.flatten(shape, axis), this);
  }

  /** Repeated along axes of size 1, or missing in front. */
  public Tensor expand(Shape to) {
    return apply(new Expand(to), this);
  }

  /** {@code value} put around the last two axes; negative numbers take away. */
  public Tensor pad(int top, int bottom, int left, int right, double value) {
    return apply(new Pad(-1, left, right, value), apply(new Pad(-2, top, bottom, value), this));
  }
}

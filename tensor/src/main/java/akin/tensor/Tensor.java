package akin.tensor;

import akin.tensor.backend.Noise;
import akin.tensor.backend.Update;
import akin.tensor.op.Concat;
import akin.tensor.op.Op;
import java.util.List;

/**
 * Numbers in a {@link Shape} on a {@link akin.tensor.backend.Backend}. A result belongs to the
 * innermost open {@link Scope}. What can be computed with it stands in {@link Operators}.
 */
public final class Tensor extends Operators {
  private final Shape shape;
  private final String maker;
  private Storage storage;
  private Scope owner;
  private boolean leaf;
  private boolean traced;
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

  /** Tensors joined along an axis. */
  public static Tensor concat(int axis, Tensor... parts) {
    return apply(new Concat(axis), parts);
  }

  /** Tensors of equal shape joined along a new axis. */
  public static Tensor stack(int axis, Tensor... parts) {
    return Concat.stack(axis, parts);
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

  /** A tensor without values: what a trace makes of an operator's output. */
  static Tensor traced(Shape shape, String maker, Scope owner) {
    Tensor tensor = new Tensor(null, shape, maker);
    tensor.owner = owner;
    tensor.traced = true;
    return tensor;
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
    return (traced ? owner.backend() : storage().backend()).elementBytes();
  }

  /** The values, row-major. */
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(shape.count())];
    Trace.watch(this);
    storage().backend().download(storage.buffer(), values);
    return values;
  }

  /** The values, row-major. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(shape.count())];
    Trace.watch(this);
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
    if (traced) {
      return this;
    }
    if (owner.parent() == null) {
      throw new IllegalStateException("keep: there is no scope outside the tensor's own");
    }
    return keepIn(owner.parent());
  }

  /** Moves this tensor to {@code scope}, which is open: it lives as long as that. */
  public Tensor keepIn(Scope scope) {
    if (!traced && owner != scope) {
      storage();
      scope.adopt(this);
      owner = scope;
    }
    return this;
  }

  boolean isOf(Scope scope) {
    return owner == scope;
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
    return traced ? this : adopt(storage().retain(), shape, "detach");
  }

  /**
   * Overwrites the values in place, for parameters and states; never within a tape that used it.
   */
  public void assign(double... values) {
    checkCount(shape, values.length);
    Trace.checkWrite(this);
    storage().backend().upload(values, storage.buffer());
    storage.written();
  }

  /** The same with single precision. */
  public void assign(float[] values) {
    checkCount(shape, values.length);
    Trace.checkWrite(this);
    storage().backend().upload(values, storage.buffer());
    storage.written();
  }

  /** One step of an optimiser in place, for parameters; see {@link Descent}. */
  public void update(Update rule, Tensor gradient, Tensor m, Tensor v) {
    Descent.all(List.of(new Descent(this, rule, gradient, m, v)));
  }

  /** Whether this is part of a trace and has no values. */
  boolean traced() {
    return traced;
  }

  Storage storage() {
    if (traced) {
      throw Trace.valuesWanted(maker, shape);
    }
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
}

package akin.tensor;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.op.Context;
import akin.tensor.op.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run of an operator: its context forward and, if recorded, backward. */
final class Call implements Context {
  private final Op op;
  private final Tensor[] inputs;
  private final Storage[] held;
  private final Shape outShape;
  private final Backend backend;
  private final Tape tape;
  private final String path;
  private final List<Storage> saved = new ArrayList<>(2);
  private final List<Storage> temps = new ArrayList<>(2);
  private Storage out;
  private Storage gradient;
  private Tensor output;

  private Call(Op op, Tensor[] inputs, Shape outShape, Scope scope, Tape tape) {
    this.op = op;
    this.inputs = inputs;
    this.outShape = outShape;
    this.backend = scope.backend();
    this.tape = tape;
    this.path = tape == null ? "" : Tape.path();
    held = new Storage[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      held[i] = inputs[i].storage().retain();
    }
  }

  /** Runs {@code op} forward in the innermost scope and records it if a gradient is wanted. */
  static Tensor run(Op op, Tensor... inputs) {
    Scope scope = Scope.current();
    Trace trace = scope.trace();
    if (trace != null && trace.records(op, inputs)) {
      return trace.record(op, inputs);
    }
    Shape[] shapes = new Shape[inputs.length];
    Tape tape = scope.tape();
    boolean wanted = false;
    for (int i = 0; i < inputs.length; i++) {
      shapes[i] = inputs[i].shape();
      wanted |= tape != null && op.differentiable() && inputs[i].wantsGradientOn(tape);
      if (inputs[i].storage().backend() != scope.backend()) {
        throw new IllegalStateException(
            op.name() + ": input " + i + " lives on another backend than the open scope");
      }
    }
    Call call = new Call(op, inputs.clone(), shape(op, shapes), scope, wanted ? tape : null);
    boolean done = false;
    try {
      op.forward(call);
      call.out();
      call.noteWrites();
      done = true;
    } finally {
      call.dropTemps();
      if (!done && call.out != null) {
        call.out.release();
      }
      if (!done || !wanted) {
        call.forget();
      }
    }
    call.output = Tensor.adopt(call.out, call.outShape, op.name());
    if (wanted) {
      call.out.retain();
      call.output.madeOn(tape);
      tape.record(call);
    }
    return call.output;
  }

  /** The operator's shape rule; what does not fit is told with the name of the layer. */
  static Shape shape(Op op, Shape... inputs) {
    try {
      return op.shape(inputs);
    } catch (ShapeException e) {
      String path = Tape.path();
      throw path.isEmpty() ? e : e.with("layer", path);
    }
  }

  /** Runs the operator backward; takes over one hold on {@code dy} and drops it when done. */
  void runBackward(Storage dy) {
    gradient = dy;
    try {
      op.backward(this);
    } finally {
      dropTemps();
      gradient = null;
      dy.release();
    }
  }

  Tensor output() {
    return output;
  }

  /** Gives up every hold; the output's is only there when the call was recorded. */
  void forget() {
    for (Storage s : held) {
      s.release();
    }
    saved.forEach(Storage::release);
    saved.clear();
    if (output != null) {
      out.release();
    }
  }

  /** Where the output is NaN or infinite, if it is. */
  Optional<Tape.NonFinite> nonFinite() {
    double[] values = new double[Math.toIntExact(outShape.count())];
    backend.download(out.buffer(), values);
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        return Optional.of(new Tape.NonFinite(op.name(), path, outShape, i));
      }
    }
    return Optional.empty();
  }

  /** An operator with a state writes onto inputs; which ones is its own affair. */
  private void noteWrites() {
    if (!op.pure()) {
      for (Storage s : held) {
        s.written();
      }
    }
  }

  private void dropTemps() {
    temps.forEach(Storage::release);
    temps.clear();
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public boolean recording() {
    return tape != null;
  }

  @Override
  public int inputs() {
    return inputs.length;
  }

  @Override
  public Shape shape(int i) {
    return inputs[i].shape();
  }

  @Override
  public Buffer in(int i) {
    return held[i].buffer();
  }

  @Override
  public Shape outShape() {
    return outShape;
  }

  @Override
  public Buffer out() {
    if (out == null) {
      out = Storage.allocate(backend, outShape.count());
    }
    return out.buffer();
  }

  @Override
  public void share(int i) {
    if (out != null || shape(i).count() != outShape.count()) {
      throw new IllegalStateException(op.name() + ": the output cannot share input " + i);
    }
    out = held[i].retain();
  }

  @Override
  public Buffer save(long length) {
    Storage storage = Storage.allocate(backend, length);
    saved.add(storage);
    return storage.buffer();
  }

  @Override
  public Buffer saved(int i) {
    return saved.get(i).buffer();
  }

  @Override
  public Buffer temp(long length) {
    Storage storage = Storage.allocate(backend, length);
    temps.add(storage);
    return storage.buffer();
  }

  @Override
  public Buffer grad() {
    return gradient.buffer();
  }

  @Override
  public Buffer gradOrTemp() {
    return gradient.exclusive() ? gradient.buffer() : temp(gradient.buffer().length());
  }

  @Override
  public boolean wants(int i) {
    return inputs[i].wantsGradientOn(tape);
  }

  @Override
  public void accumulate(int i, Buffer g) {
    if (!wants(i)) {
      return;
    }
    if (g.length() != shape(i).count()) {
      throw new IllegalStateException(
          op.name()
              + ": gradient of input "
              + i
              + " has "
              + g.length()
              + " elements, needed "
              + shape(i));
    }
    tape.accumulate(inputs[i], storageOf(g).retain());
  }

  private Storage storageOf(Buffer g) {
    if (g == gradient.buffer()) {
      return gradient;
    }
    for (Storage temp : temps) {
      if (temp.buffer() == g) {
        return temp;
      }
    }
    throw new IllegalStateException(
        op.name() + ": accumulate takes grad() or a temp() of this call");
  }
}

package akin.tensor;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.op.Context;
import akin.tensor.plan.Node;
import java.util.ArrayList;
import java.util.List;

/** One operator of a plan: reads and writes where the plan says, and never plays back. */
final class PlannedCall implements Context {
  private final Backend backend;
  private final Node node;
  private final List<Plan.Place> inputs;
  private final Plan.Place output;
  private final List<Storage> temps = new ArrayList<>(2);

  PlannedCall(Backend backend, Node node, List<Plan.Place> inputs, Plan.Place output) {
    this.backend = backend;
    this.node = node;
    this.inputs = inputs;
    this.output = output;
  }

  void run() {
    try {
      node.work().forward(this);
    } finally {
      temps.forEach(Storage::release);
      temps.clear();
    }
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public boolean recording() {
    return false;
  }

  @Override
  public int inputs() {
    return inputs.size();
  }

  @Override
  public Shape shape(int i) {
    return node.inputs().get(i).shape();
  }

  @Override
  public Buffer in(int i) {
    return inputs.get(i).storage().buffer();
  }

  @Override
  public Shape outShape() {
    return node.output().shape();
  }

  @Override
  public Buffer out() {
    return output.storage().buffer();
  }

  /** Copies: places of a plan do not change hands. Operators that always share are dropped. */
  @Override
  public void share(int i) {
    long n = outShape().count();
    backend.copy2d(in(i), 0, n, out(), 0, n, 1, n);
  }

  @Override
  public Buffer save(long length) {
    return temp(length);
  }

  @Override
  public Buffer temp(long length) {
    Storage storage = Storage.allocate(backend, length);
    temps.add(storage);
    return storage.buffer();
  }

  private static IllegalStateException noBackward() {
    return new IllegalStateException("a plan does not play back");
  }

  @Override
  public Buffer saved(int i) {
    throw noBackward();
  }

  @Override
  public Buffer grad() {
    throw noBackward();
  }

  @Override
  public boolean wants(int i) {
    throw noBackward();
  }

  @Override
  public void accumulate(int i, Buffer g) {
    throw noBackward();
  }
}

package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.op.Context;
import java.util.ArrayList;
import java.util.List;

/** One step of a program as its operator sees it: it never plays back. */
final class StepCall implements Context {
  private final Backend backend;
  private final Node node;
  private final Prepared prepared;
  private final Buffer[] places;
  private final int[] inputs;
  private final int output;
  private final List<Buffer> temps = new ArrayList<>(2);

  /**
   * @param prepared the backend's own way, or null
   * @param places what the numbers in {@code step} stand for
   */
  StepCall(Backend backend, Program.Step step, Prepared prepared, Buffer[] places) {
    this.backend = backend;
    this.node = step.node();
    this.prepared = prepared;
    this.places = places;
    inputs = step.inputs().stream().mapToInt(Integer::intValue).toArray();
    output = step.output();
  }

  void run() {
    if (prepared != null) {
      prepared.run(this);
      return;
    }
    try {
      node.work().forward(this);
    } finally {
      for (int i = 0; i < temps.size(); i++) {
        backend.release(temps.get(i));
      }
      temps.clear();
    }
  }

  void close() {
    if (prepared != null) {
      prepared.close();
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
    return inputs.length;
  }

  @Override
  public Shape shape(int i) {
    return node.inputs().get(i).shape();
  }

  @Override
  public Buffer in(int i) {
    return places[inputs[i]];
  }

  @Override
  public Shape outShape() {
    return node.output().shape();
  }

  @Override
  public Buffer out() {
    return places[output];
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
    Buffer buffer = backend.allocate(length);
    temps.add(buffer);
    return buffer;
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
  public Buffer gradOrTemp() {
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

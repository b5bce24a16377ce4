package akin.tests;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Bundle;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Sequential;
import akin.nn.backbone.LabConvNet;
import akin.nn.metric.AllTripletsLoss;
import akin.nn.metric.TripletMarginLoss;
import akin.nn.optim.Adam;
import akin.nn.optim.Optimizer;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Noise;
import java.util.function.Supplier;

/**
 * Trains until steps make as little garbage as they should, which takes until the kernels are
 * compiled (before, every vector is an object), and tells whether they came to it.
 */
final class StepMemoryRun {
  private static final long PATIENCE_NANOS = 45_000_000_000L;
  private static final int IN_A_ROW = 5;
  private static final int DIGITS = 32;
  private static final int ROWS = 64;

  private StepMemoryRun() {}

  private static Tensor draw(String name, long... sizes) {
    RandomStream stream = RandomStream.of(1, name);
    return Tensor.random(Shape.of(sizes), Noise.NORMAL, stream, 0, 1);
  }

  /** The network, its loss, and bytes that grow with the batch: the loss's index numbers. */
  private record Workload(Layer network, Supplier<Tensor> loss, long indices) {}

  private static Workload digits(Backend backend, Scope data) {
    LabConvNet net = new LabConvNet();
    net.initialise(backend, 1);
    Tensor x = data.run(() -> draw("x", DIGITS, 1, 28, 28));
    int[] labels = new int[DIGITS];
    for (int i = 0; i < DIGITS; i++) {
      labels[i] = i % 4;
    }
    AllTripletsLoss loss = AllTripletsLoss.of(0.5);
    // of every pair: as a candidate twice, as a positive or negative, in the rows gathered
    long indices = 8L * Integer.BYTES * DIGITS * DIGITS;
    return new Workload(net, () -> loss.of(net.features(x), labels).value(), indices);
  }

  private static Workload heads(Backend backend, Scope data) {
    Linear head = new Linear(512, 300);
    Sequential attributes =
        new Sequential(
            new Linear(40, 300), new BatchNorm(300), Activation.relu(), new Linear(300, 300));
    Bundle net = new Bundle().with("head", head).with("attributes", attributes);
    net.initialise(backend, 1);
    Tensor x = data.run(() -> draw("x", ROWS, 512));
    Tensor p = data.run(() -> draw("p", ROWS, 40));
    Tensor n = data.run(() -> draw("n", ROWS, 40));
    TripletMarginLoss loss = TripletMarginLoss.of(0.1);
    return new Workload(
        net,
        () -> {
          Tensor[] asked = attributes.applyEach(p, n);
          return loss.of(
              head.apply(x).normalize(1, 1e-12),
              asked[0].normalize(1, 1e-12),
              asked[1].normalize(1, 1e-12));
        },
        0);
  }

  /**
   * Prints two lines.
   *
   * @param args workload; bytes per operator
   */
  public static void main(String[] args) {
    try (Backend backend = Backends.open("cpu", 1);
        Scope data = Scope.detached(backend)) {
      Workload work = args[0].equals("digits") ? digits(backend, data) : heads(backend, data);
      Optimizer optimizer = new Optimizer(work.network(), Adam.of(1e-4));
      long perOperator = Long.parseLong(args[1]);
      long buffers = 0;
      long bound = 0;
      long bytes = Long.MAX_VALUE;
      long end = System.nanoTime() + PATIENCE_NANOS;
      int good = 0;
      for (int step = 0; good < IN_A_ROW && System.nanoTime() < end; step++) {
        long before = StepMemoryTest.allocatedBytes();
        try (Tape tape = Tape.open(backend)) {
          Tensor loss = work.loss().get();
          bound = perOperator * tape.length() + work.indices();
          optimizer.step(tape.backward(loss));
        }
        bytes = StepMemoryTest.allocatedBytes() - before;
        good = bytes <= bound ? good + 1 : 0;
        buffers = step == 0 ? backend.memory().allocated() : buffers;
      }
      long made = backend.memory().allocated() - buffers;
      System.out.println("buffers made after the first step: " + made);
      System.out.println(
          "a step makes "
              + bytes
              + " bytes of garbage; "
              + bound
              + " allowed: "
              + (good == IN_A_ROW ? "within the bound" : "too much"));
      optimizer.close();
      work.network().close();
    }
  }
}

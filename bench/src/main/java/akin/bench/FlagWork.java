package akin.bench;

import akin.nn.Layer;
import akin.nn.backbone.Architecture;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Sgd;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Work to choose flags of the JVM by: a product of matrices, a picture through MobileNetV2, a
 * training step of it. Prints the least and the median milliseconds of each, on one thread.
 *
 * <pre>java FLAGS -cp … FlagWork.java SECONDS</pre>
 */
final class FlagWork {
  private FlagWork() {}

  /** Does each kind of work for {@code args[0]} seconds to warm up, and as long again. */
  public static void main(String[] args) {
    double seconds = Double.parseDouble(args[0]);
    try (Backend backend = Backends.open("cpu", 1);
        Scope scope = Scope.open(backend)) {
      Tensor a = normal(Shape.of(1024, 1024));
      Tensor b = normal(Shape.of(1024, 1024));
      time(seconds, () -> a.matmul(b));

      Layer network = Architecture.parse("mobilenet_v2").create();
      network.initialise(backend, 1);
      network.eval();
      Tensor picture = normal(Shape.of(1, 3, 224, 224));
      try (Inference inference = Inference.ofRows(network::apply)) {
        time(seconds, () -> inference.apply(picture));
      }

      network.train();
      Optimizer optimizer = new Optimizer(network, Sgd.of(1e-8, 0.9));
      Tensor pictures = normal(Shape.of(8, 3, 128, 128));
      int[] labels = {0, 1, 2, 3, 4, 5, 6, 7};
      time(
          seconds,
          () -> {
            try (Tape tape = Tape.open(backend)) {
              optimizer.step(tape.backward(network.apply(pictures).crossEntropy(labels, 0)));
            }
          });
      optimizer.close();
      network.close();
    }
    System.out.println();
  }

  private static void time(double seconds, Runnable work) {
    repeat(seconds, work);
    List<Double> times = repeat(seconds, work);
    Collections.sort(times);
    System.out.printf("  %7.1f %7.1f", times.get(0), times.get(times.size() / 2));
  }

  private static List<Double> repeat(double seconds, Runnable work) {
    List<Double> milliseconds = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      long start = System.nanoTime();
      try (Scope one = Scope.open()) {
        work.run();
      }
      milliseconds.add((System.nanoTime() - start) / 1e6);
    } while (System.nanoTime() < end);
    return milliseconds;
  }

  private static Tensor normal(Shape shape) {
    Random random = new Random(1);
    float[] values = new float[Math.toIntExact(shape.count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(shape, values);
  }
}

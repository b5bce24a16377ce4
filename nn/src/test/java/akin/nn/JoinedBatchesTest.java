package akin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akin.tensor.Gradients;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Noise;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two batches in one pass are two passes: statistics, outputs and gradients. */
class JoinedBatchesTest {
  private static final RandomStream STREAM = RandomStream.of(7, "joined");
  private static final int FEATURES = 37;
  private static final int OUT = 5;

  private static Layer network(Backend backend) {
    Layer net =
        new Sequential(new BatchNorm(FEATURES), Activation.relu(), new Linear(FEATURES, OUT));
    net.initialise(backend, 3);
    return net;
  }

  private static Tensor draw(String name, int rows, int columns) {
    return Tensor.random(Shape.of(rows, columns), Noise.NORMAL, STREAM.child(name), 1, 2);
  }

  /** What a training step gives: everything by name. */
  private static Map<String, double[]> step(Backend backend, boolean joined, int rows) {
    Map<String, double[]> all = new LinkedHashMap<>();
    try (Layer net = network(backend);
        Scope scope = Scope.open(backend)) {
      Tensor[] x = {
        draw("x0", rows, FEATURES).requireGradient(true),
        draw("x1", rows, FEATURES).requireGradient(true)
      };
      Tensor[] dy = {draw("dy0", rows, OUT), draw("dy1", rows, OUT)};
      try (Tape tape = Tape.open()) {
        Tensor[] y = joined ? net.applyEach(x) : new Tensor[] {net.apply(x[0]), net.apply(x[1])};
        Tensor loss = y[0].mul(dy[0]).sum().add(y[1].mul(dy[1]).sum());
        Gradients gradients = tape.backward(loss);
        for (int i = 0; i < 2; i++) {
          all.put("y" + i, y[i].toDoubles());
          all.put("dx" + i, gradients.of(x[i]).toDoubles());
        }
        for (Parameter p : net.parameters()) {
          all.put(p.name(), gradients.of(p.tensor()).toDoubles());
        }
      }
      StateDict.of(net)
          .values()
          .forEach(
              (name, value) -> {
                if (name.contains("running") || name.contains("tracked")) {
                  all.put(name, value.doubles());
                }
              });
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"reference, 2", "reference, 13", "cpu, 2", "cpu, 13", "cpu, 64", "cpu, 257"})
  void onePassIsTwo(String device, int rows) {
    try (Backend backend = Backends.open(device, 2)) {
      Map<String, double[]> two = step(backend, false, rows);
      Map<String, double[]> one = step(backend, true, rows);
      assertEquals(two.keySet(), one.keySet());
      assertEquals(2, one.get("0.num_batches_tracked")[0]);
      two.forEach(
          (name, expected) -> {
            double allowed = name.startsWith("2.") ? anotherOrder(device, rows) : 0;
            assertArrayEquals(expected, one.get(name), allowed, name);
          });
    }
  }

  /**
   * How far two sums of the same 2·rows products of dY and relu(x̂) can lie apart: each is off by
   * at most 2·rows roundings of Σ|terms|, |x̂| ≤ √rows, and |dY| ≤ 16 (seven deviations).
   */
  private static double anotherOrder(String device, int rows) {
    double unit = device.equals("reference") ? 0x1p-53 : 0x1p-24;
    double terms = 2 * rows * 16 * Math.sqrt(rows);
    return 2 * (2 * rows * unit) * terms;
  }

  @Test
  void batchesAreOfEqualShapeAndForgottenAfterwards() {
    try (Backend backend = Backends.open("reference", 1);
        Layer net = network(backend);
        Scope scope = Scope.open(backend)) {
      Tensor x = draw("x0", 4, FEATURES);
      assertThrows(ShapeException.class, () -> net.applyEach(x, draw("x1", 3, FEATURES)));
      net.applyEach(x, x);
      net.apply(x);
      assertEquals(3, StateDict.of(net).values().get("0.num_batches_tracked").whole());
    }
  }
}

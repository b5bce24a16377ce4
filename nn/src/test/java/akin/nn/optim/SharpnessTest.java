package akin.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import akin.nn.BatchNorm;
import akin.nn.Dropout;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Sequential;
import akin.nn.StateDict;
import akin.tensor.Gradients;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharpnessTest {
  private static final double ROUNDING = 1e-12;

  private Backend backend;
  private Scope scope;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
    scope = Scope.open(backend);
  }

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  /** ½(3w₀² + w₁²) at (1, 4): the gradient is (3, 4), of length 5. */
  private static Tensor bowl(Tensor w) {
    return w.square().mul(Tensor.of(Shape.of(1, 2), 1.5, 0.5)).sum();
  }

  private static double[] gradient(Layer net) {
    Tensor w = net.parameters().get(0).tensor();
    try (Tape tape = Tape.open()) {
      return tape.backward(bowl(w)).of(w).toDoubles();
    }
  }

  private void climbs(Sharpness sharpness, double... at) {
    Layer net = new Sequential(new Linear(2, 1, false));
    net.initialise(backend, 1);
    Tensor w = net.parameters().get(0).tensor();
    w.assign(1, 4);
    Sharpness.Climb climb;
    try (Tape tape = Tape.open()) {
      climb = sharpness.climb(net, tape.backward(bowl(w)));
    }
    assertArrayEquals(at, w.toDoubles(), ROUNDING);
    assertArrayEquals(new double[] {3 * at[0], at[1]}, gradient(net), ROUNDING);
    climb.back();
    assertArrayEquals(new double[] {1, 4}, w.toDoubles(), 0);
    net.close();
  }

  @Test
  void itMovesByTheRadiusAlongTheGradient() {
    climbs(new Sharpness(0.5, false), 1 + 0.5 * 3 / 5, 4 + 0.5 * 4 / 5);
  }

  /** |w|·g is (3, 16), of length √265; w²·g is (3, 64). */
  @Test
  void adaptivelyLargeWeightsMoveFarther() {
    double length = Math.sqrt(265);
    climbs(new Sharpness(0.5, true), 1 + 0.5 * 3 / length, 4 + 0.5 * 64 / length);
  }

  @Test
  void withoutAGradientNothingMoves() {
    climbs(new Sharpness(1e-300, false), 1, 4);
    Layer net = new Sequential(new Linear(2, 1, false));
    net.initialise(backend, 1);
    Tensor w = net.parameters().get(0).tensor();
    w.assign(0, 0);
    try (Tape tape = Tape.open()) {
      new Sharpness(0.05, false).climb(net, tape.backward(bowl(w)));
    }
    assertArrayEquals(new double[] {0, 0}, w.toDoubles(), 0);
    net.close();
  }

  /** Five updates of a linear layer by SGD, beside the same in plain numbers. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trainingFollowsTheFormulas(boolean adaptive) {
    int n = 8;
    double[] x = draws("x", 3 * n);
    double[] y = draws("y", n);
    double[] expected = {0.3, -0.2, 0.5};
    Layer net = new Sequential(new Linear(3, 1, false));
    net.initialise(backend, 1);
    Tensor w = net.parameters().get(0).tensor();
    w.assign(expected);
    Sharpness sharpness = new Sharpness(0.05, adaptive);
    try (Optimizer optimizer = new Optimizer(net, Sgd.of(0.1, 0))) {
      for (int step = 0; step < 5; step++) {
        Sharpness.Climb[] climb = new Sharpness.Climb[1];
        squares(net, x, y, g -> climb[0] = sharpness.climb(net, g));
        squares(
            net,
            x,
            y,
            g -> {
              climb[0].back();
              optimizer.step(g);
            });
        expected = plain(expected, x, y, adaptive);
        assertArrayEquals(expected, w.toDoubles(), ROUNDING, "step " + step);
      }
    }
    net.close();
  }

  private static double[] draws(String name, int count) {
    RandomStream stream = RandomStream.of(3, name);
    return IntStream.range(0, count).mapToDouble(stream::gaussian).toArray();
  }

  private static void squares(
      Layer net, double[] x, double[] y, java.util.function.Consumer<Gradients> use) {
    try (Tape tape = Tape.open()) {
      Tensor in = Tensor.of(Shape.of(y.length, 3), x);
      Tensor out = net.apply(in).sub(Tensor.of(Shape.of(y.length, 1), y));
      use.accept(tape.backward(out.square().mean()));
    }
  }

  private static double[] plain(double[] w, double[] x, double[] y, boolean adaptive) {
    double[] g = slope(w, x, y);
    double squares = 0;
    for (int i = 0; i < 3; i++) {
      squares += Math.pow(adaptive ? Math.abs(w[i]) * g[i] : g[i], 2);
    }
    double[] near = w.clone();
    for (int i = 0; i < 3; i++) {
      near[i] += 0.05 * (adaptive ? w[i] * w[i] * g[i] : g[i]) / (Math.sqrt(squares) + 1e-12);
    }
    double[] second = slope(near, x, y);
    return IntStream.range(0, 3).mapToDouble(i -> w[i] - 0.1 * second[i]).toArray();
  }

  /** ∂/∂w of the mean of (x·w − y)². */
  private static double[] slope(double[] w, double[] x, double[] y) {
    double[] g = new double[3];
    for (int n = 0; n < y.length; n++) {
      double error = -y[n];
      for (int i = 0; i < 3; i++) {
        error += x[3 * n + i] * w[i];
      }
      for (int i = 0; i < 3; i++) {
        g[i] += 2 * error * x[3 * n + i] / y.length;
      }
    }
    return g;
  }

  @Test
  void bothPassesDropTheSameAndStatisticsMoveOnce() {
    Layer net = new Sequential(new Linear(3, 6), new BatchNorm(6), new Dropout(0.5));
    net.initialise(backend, 1);
    Tensor x = Tensor.of(Shape.of(8, 3), draws("x", 24));
    net.step(7);
    double[] first = net.apply(x).toDoubles();
    StateDict after = StateDict.of(net);
    Sharpness.Climb climb;
    try (Tape tape = Tape.open()) {
      net.step(7);
      climb = new Sharpness(1e-9, false).climb(net, tape.backward(net.apply(x).square().sum()));
    }
    net.step(7);
    double[] second = net.apply(x).toDoubles();
    for (int i = 0; i < first.length; i++) {
      assertEquals(first[i] == 0, second[i] == 0, "element " + i);
    }
    double[] moved = StateDict.of(net).values().get("1.running_mean").doubles();
    climb.back();
    double[] back = StateDict.of(net).values().get("1.running_mean").doubles();
    assertFalse(Arrays.equals(moved, back));
    assertFalse(Arrays.equals(after.values().get("1.running_mean").doubles(), back));
    assertEquals(2, StateDict.of(net).values().get("1.num_batches_tracked").whole());
    net.step(8);
    assertFalse(Arrays.equals(first, net.apply(x).toDoubles()), "another step drops others");
    net.close();
  }
}

package akin.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Sequential;
import akin.nn.StateDict;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private Backend backend;
  private Scope scope;
  private Layer net;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
    scope = Scope.open(backend);
    net = new Sequential(new Linear(2, 1, false), new Linear(1, 1, false));
    net.initialise(backend, 1);
    weight(0).assign(3, 4);
    weight(1).assign(1);
  }

  @AfterEach
  void close() {
    net.close();
    scope.close();
    backend.close();
  }

  private Tensor weight(int index) {
    return net.parameters().get(index).tensor();
  }

  /** One step on Σ w₀·direction, of which w₁ is no part. */
  private void step(Optimizer optimizer, double... direction) {
    try (Tape tape = Tape.open()) {
      Tensor loss = weight(0).mul(Tensor.of(Shape.of(1, 2), direction)).sum();
      optimizer.step(tape.backward(loss));
    }
  }

  @Test
  void parametersWithoutAGradientAreSkipped() {
    try (Optimizer optimizer = new Optimizer(net, new Sgd(0.1, 0.9, 0, false, 0.5))) {
      step(optimizer, 1, 0);
      assertEquals(1, weight(1).item(), "no decay");
      assertEquals(
          java.util.Set.of("rate.0", "0.weight.step", "0.weight.m"),
          optimizer.state().values().keySet());
    }
  }

  @Test
  void groupsHaveRatesOfTheirOwn() {
    try (Optimizer optimizer =
        new Optimizer(net)
            .group(Sgd.of(1, 0), net.children().get("0").parameters())
            .group(Sgd.of(0.1, 0), net.children().get("1").parameters())) {
      optimizer.follow(Schedule.step(10, 0.5), 10);
      try (Tape tape = Tape.open()) {
        optimizer.step(tape.backward(weight(0).sum().add(weight(1).sum())));
      }
      assertArrayEquals(new double[] {2.5, 3.5}, weight(0).toDoubles(), 1e-15);
      assertEquals(0.95, weight(1).item(), 1e-15);
      assertEquals(0.5, optimizer.rate());
      assertThrows(
          IllegalArgumentException.class,
          () -> optimizer.group(Sgd.of(1, 0), net.parameters()),
          "one group for each");
    }
  }

  @Test
  void longGradientsAreShortenedToTheLimit() {
    try (Optimizer optimizer = new Optimizer(net, Sgd.of(1, 0)).clipNorm(2.5)) {
      step(optimizer, 3, 4); // length 5, halved
      double shrink = 2.5 / (5 + 1e-6);
      double[] halved = {3 - 3 * shrink, 4 - 4 * shrink};
      assertArrayEquals(halved, weight(0).toDoubles(), 1e-15);
      step(optimizer, 0.3, 0.4); // short enough
      assertArrayEquals(
          new double[] {halved[0] - 0.3, halved[1] - 0.4}, weight(0).toDoubles(), 1e-15);
    }
  }

  @Test
  void aRestoredOptimiserGoesOnBitForBit() {
    try (Optimizer through = new Optimizer(net, Adam.of(0.1));
        Optimizer restored = new Optimizer(net, Adam.of(0.1))) {
      step(through, 1, -2);
      through.follow(Schedule.constant().warmedLinearly(3), 0);
      StateDict state = through.state();
      double[] weights = weight(0).toDoubles();
      step(through, 0.5, 3);
      double[] expected = weight(0).toDoubles();
      weight(0).assign(weights);
      restored.restore(state, "a checkpoint");
      step(restored, 0.5, 3);
      assertArrayEquals(expected, weight(0).toDoubles());
    }
  }

  @Test
  void aStrangeStateIsRefused() {
    try (Optimizer optimizer = new Optimizer(net, Sgd.of(0.1, 0.9))) {
      for (String key :
          new String[] {
            "other.m", "0.weight.w", "rate.1", "rate.x", "m", "0.weight.m", "0.weight.v"
          }) {
        StateDict state = new StateDict();
        state.put(key, StateDict.Value.of(1));
        UserError e = assertThrows(UserError.class, () -> optimizer.restore(state, "here"), key);
        assertTrue(e.getMessage().startsWith("here: "), e.getMessage());
      }
    }
  }

  @Test
  void warmUpMultipliesAnySchedule() {
    Schedule linear = Schedule.exponential(0.5).warmedLinearly(4);
    assertEquals(0.25, linear.rate(1, 0));
    assertEquals(0.5 * 0.5, linear.rate(1, 1));
    assertEquals(0.125 * 1, linear.rate(1, 3));
    assertEquals(0.0625, linear.rate(1, 4));
    Schedule exponential = Schedule.constant().warmedExponentially(2);
    assertEquals(1 - Math.exp(-0.5), exponential.rate(1, 0), 1e-15);
    assertEquals(1 - Math.exp(-3), exponential.rate(1, 5), 1e-15);
  }

  @Test
  void aRestoredPlateauGoesOn() {
    Plateau.Options options = new Plateau.Options(false, 0.5, 1, 0.01, true, 1, 0.1);
    Plateau through = new Plateau(options);
    Plateau restored = new Plateau(options);
    double[] figures = {1, 1, 1, 0.5, 0.5, Double.NaN, 0.5, 0.5, 0.5, 0.5, 0.4};
    for (int i = 0; i < figures.length; i++) {
      through.observe(figures[i]);
      Plateau next = new Plateau(options);
      next.restore(restored.state());
      next.observe(figures[i]);
      restored = next;
      assertEquals(through.rate(1, i), restored.rate(1, i));
      assertEquals(through.state(), restored.state());
    }
    assertEquals(0.125, through.rate(1, 0), "three reductions seen");
    assertEquals(0.1, through.rate(0.1, 0), "never below the lowest");
  }
}

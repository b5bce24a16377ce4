package akin.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.Layer;
import akin.nn.backbone.Architecture;
import akin.tensor.Plan;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorClockTest {
  @Test
  void countsCallsAndOperationsAndChangesNothing() {
    try (Backend backend = Backends.open("reference", 1)) {
      OperatorClock clock = new OperatorClock(backend);
      double[] watched = product(clock.watched());
      assertArrayEquals(product(backend), watched, 0);
      OperatorClock.Spent matmul = clock.spent().get("matmul 1 of 2×3×4");
      assertEquals(1, matmul.calls);
      assertEquals(2.0 * 2 * 3 * 4, matmul.flops);
    }
  }

  private static double[] product(Backend backend) {
    try (Scope scope = Scope.open(backend)) {
      return Tensor.full(Shape.of(2, 3), 2).matmul(Tensor.full(Shape.of(3, 4), 5)).toDoubles();
    }
  }

  @Test
  void tellsTheStepsOfPlans() {
    Shape pictures = Shape.of(1, 3, 32, 32);
    try (Backend backend = Backends.open("cpu", 1);
        Layer network = Architecture.parse("resnet18 classes=10").create()) {
      OperatorClock clock = new OperatorClock(backend);
      Backend watched = clock.watched();
      network.initialise(watched, 1);
      network.eval();
      try (Plan plan = Plan.of(network::apply, watched, pictures);
          Scope scope = Scope.open(watched)) {
        Tensor x = Tensor.zeros(pictures);
        clock.spent().clear();
        plan.run(x);
        Map<String, OperatorClock.Spent> spent = clock.spent();
        assertEquals(1, spent.get("MatMul + bias").calls);
        assertEquals(2.0 * 512 * 10, spent.get("MatMul + bias").flops);
        String first = "Conv2d + bias · RELU, 7×7 stride 2 3→64 at 32×32";
        assertEquals(2.0 * 64 * 16 * 16 * 3 * 49, spent.get(first).flops);
      }
    }
  }
}

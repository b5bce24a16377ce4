package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.Plan;
import akin.tensor.Scope;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Whatever a graph looks like, its plan gives what it gives. */
class PlannedGraphsTest {
  @Property(tries = 500, seed = "20261122")
  void plansGiveWhatGraphsGive(
      @ForAll @LongRange(min = 0, max = Integer.MAX_VALUE) long seed,
      @ForAll @IntRange(min = 1, max = 14) int operators) {
    Result exact = Result.of("reference", seed, operators);
    exact.checkPlanned(exact, 1e-12);
    // float32: folding rounds each weight once more, which is what each product is rounded by
    Result single = Result.of("cpu", seed, operators);
    single.checkPlanned(exact, operators * 0x1p-22);
  }

  /** What a graph gives by itself and through its plan, and how many operators it has. */
  private record Result(double[] plain, double[] planned, int before, int after) {
    static Result of(String device, long seed, int operators) {
      try (Backend backend = Backends.open(device, 1);
          RandomNetwork network = new RandomNetwork(seed, operators, backend);
          Scope scope = Scope.open(backend)) {
        Tensor x = network.input();
        double[] plain = network.apply(x).toDoubles();
        try (Plan plan = Plan.of(network::apply, backend, x.shape())) {
          double[] first = plan.run(x).toDoubles();
          assertArrayEquals(first, plan.run(x).toDoubles(), 0, "again with used memory");
          return new Result(plain, first, plan.traced().size(), plan.operators().size());
        }
      }
    }

    /** Errors are relative to the largest output, and may be a few times those of the graph. */
    void checkPlanned(Result exact, double rounding) {
      double largest = 1;
      double plainError = 0;
      double error = 0;
      for (int i = 0; i < planned.length; i++) {
        largest = Math.max(largest, Math.abs(exact.plain[i]));
        plainError = Math.max(plainError, Math.abs(plain[i] - exact.plain[i]));
        error = Math.max(error, Math.abs(planned[i] - exact.plain[i]));
      }
      double bound = 4 * plainError + rounding * largest;
      double found = error;
      assertTrue(error <= bound, () -> "error " + found + ", allowed " + bound);
      assertTrue(after <= before, () -> after + " operators of " + before);
    }
  }

  /** The generator is worth its name only if the passes have something to do. */
  @Test
  void graphsAreManifold() {
    List<String> lines = new ArrayList<>();
    int before = 0;
    for (long seed = 0; seed < 200; seed++) {
      try (Backend backend = Backends.open("reference", 1);
          RandomNetwork network = new RandomNetwork(seed, 10, backend);
          Scope scope = Scope.open(backend);
          Plan plan = Plan.of(network::apply, backend, network.input().shape())) {
        lines.addAll(plan.operators());
        before += plan.traced().size();
      }
    }
    for (String kind :
        List.of(
            "Conv2d  ",
            "Conv2d + bias  ",
            "Conv2d + bias · RELU  ",
            "Conv2d + residual",
            "+ bias + residual  ",
            "groups + bias",
            "RELU6",
            "BatchNorm",
            "Concat",
            "MatMul")) {
      assertTrue(lines.stream().anyMatch(line -> line.contains(kind)), kind);
    }
    assertTrue(lines.size() < 0.7 * before, lines.size() + " of " + before);
  }
}

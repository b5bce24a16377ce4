package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.Layer;
import akin.nn.backbone.Architecture;
import akin.tensor.Plan;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Vectors are objects until they are compiled. Once they are, no kernel may make any, in any
 * process: docs/performance.md, "The compiler's trap".
 */
class VectorGarbageTest {
  /** Bytes of an operator's small objects; a kernel that loses its vectors makes 80 of each. */
  private static final long PER_OPERATOR = 4096;

  private static final Shape PICTURES = Shape.of(4, 3, 96, 96);

  @Test
  void compiledKernelsMakeNoObjects() throws Exception {
    List<String> options = new ArrayList<>(ChildJvm.VECTORS);
    options.add("-Xmx1g");
    assertEquals(List.of("within the bound"), ChildJvm.lines(options, Runs.class));
  }

  /** Runs a plan with kernels of every kind until it makes as little garbage as it should. */
  static final class Runs {
    private static final long PATIENCE_NANOS = 150_000_000_000L;
    private static final int IN_A_ROW = 20;

    public static void main(String[] args) {
      try (Backend backend = Backends.open("cpu", 1);
          Layer network = Architecture.parse("mobilenet_v2").create()) {
        network.initialise(backend, 1);
        network.eval();
        try (Plan plan = Plan.of(network::apply, backend, PICTURES);
            Scope scope = Scope.open(backend)) {
          Tensor x = Tensor.zeros(PICTURES);
          long bound = PER_OPERATOR * plan.operators().size();
          long end = System.nanoTime() + PATIENCE_NANOS;
          long bytes = 0;
          for (int good = 0; good < IN_A_ROW; ) {
            if (System.nanoTime() > end) {
              System.out.println("a run makes " + bytes + " bytes of garbage; " + bound);
              return;
            }
            bytes = StepMemoryTest.allocatedBytes();
            try (Scope run = Scope.open(backend)) {
              plan.run(x);
            }
            bytes = StepMemoryTest.allocatedBytes() - bytes;
            good = bytes <= bound ? good + 1 : 0;
          }
          System.out.println("within the bound");
        }
      }
    }
  }
}

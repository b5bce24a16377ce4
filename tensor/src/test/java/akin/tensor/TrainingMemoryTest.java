package akin.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.BackendProvider;
import akin.tensor.backend.Backends;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Noise;
import akin.tensor.op.BatchNorm;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step of training gives back all it took, and takes it from the pool the next time. */
class TrainingMemoryTest {
  private static final int STEPS = 50;

  static Stream<String> devices() {
    return Backends.providers().stream()
        .filter(provider -> provider.refusal().isEmpty())
        .map(BackendProvider::name);
  }

  @ParameterizedTest
  @MethodSource("devices")
  void stepsAreFlat(String device) {
    try (Backend backend = Backends.open(device, 2)) {
      Set<Long> live = new HashSet<>();
      long allocated = 0;
      try (Scope owner = Scope.detached(backend)) {
        Net net = owner.run(Net::new);
        double first = net.step(backend, 0);
        double last = first;
        for (int step = 1; step < STEPS; step++) {
          if (step == 2) {
            allocated = backend.memory().allocated();
          }
          last = net.step(backend, step);
          live.add(backend.memory().liveBuffers());
        }
        assertTrue(last < first, "the net learns: " + first + " → " + last);
        assertEquals(1, live.size(), "live buffers between steps: " + live);
        if (!device.equals("reference")) { // which has no pool, by design
          assertEquals(allocated, backend.memory().allocated(), "buffers ever made");
        }
      }
      assertEquals(0, backend.memory().liveBuffers());
    }
  }

  /** Most operators in one small net that tells two kinds of noise apart. */
  private static final class Net {
    private final RandomStream stream = RandomStream.of(7, "net");
    private final Tensor kernel = leaf("kernel", 4, 2, 3, 3);
    private final Tensor bias = leaf("bias", 4);
    private final Tensor gamma = Tensor.full(Shape.of(4), 1).requireGradient(true);
    private final Tensor beta = leaf("beta", 4);
    private final Tensor mean = Tensor.zeros(Shape.of(4));
    private final Tensor variance = Tensor.full(Shape.of(4), 1);
    private final Tensor weight = leaf("weight", 3, 16);

    private Tensor leaf(String name, long... sizes) {
      return Tensor.random(Shape.of(sizes), Noise.UNIFORM, stream.child(name), -0.3, 0.3)
          .requireGradient(true);
    }

    double step(Backend backend, int number) {
      try (Tape tape = Tape.open(backend)) {
        Tensor x = Tensor.random(Shape.of(6, 2, 8, 8), Noise.NORMAL, stream.child("x"), 0, 1);
        Tensor y =
            x.conv2d(kernel, bias, ConvShape.Window.of(1, 1), 1)
                .batchNorm(gamma, beta, mean, variance, new BatchNorm(true, 0.1, 1e-5))
                .relu()
                .maxPool2d(2, 2, 0)
                .adaptiveAvgPool2d(2, 2)
                .flatten(1)
                .dropout(0.1, stream.child("dropout").child(number))
                .normalize(1, 1e-12);
        Tensor logits = y.matmul(weight, false, true).mul(4);
        Tensor spread = y.distances(y.gatherRows(5, 4, 3, 2, 1, 0), Distance.SQUARED).mean();
        Tensor loss = logits.crossEntropy(new int[] {0, 1, 2, 0, 1, 2}, 0.1).sub(spread.mul(0.01));
        Gradients gradients = tape.backward(loss);
        for (Tensor p : new Tensor[] {kernel, bias, gamma, beta, weight}) {
          p.assign(p.sub(gradients.of(p).mul(0.3)).toDoubles());
        }
        return loss.item();
      }
    }
  }
}

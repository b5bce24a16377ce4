package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.CudaBackend;
import akin.cuda.sim.SimDevice;
import akin.nn.Layer;
import akin.nn.backbone.LabConvNet;
import akin.nn.head.AttributeNet;
import akin.nn.head.EmbeddingHead;
import akin.nn.metric.AllTripletsLoss;
import akin.nn.metric.CrossEntropyLoss;
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
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Training on the PTX machine, that is by the cuda backend's own code and kernels, follows the cpu
 * within what rounding in float32 is worth.
 *
 * <p>What it is worth is measured on the cpu: the run is repeated with weights that are shifted by
 * √n·2⁻²⁴ of them, n the terms of the longest sum in the forward pass, signs at random (Higham and
 * Mary, SIAM J. Sci. Comput. 41, 2019). No loss may lie farther off than four times the farthest
 * shifted one until then: few trials may fall short of the worst by that much.
 */
class SimTrainingTest {
  /** Bytes of the imaginary card. Reads and races are watched where each method is tried. */
  private static final long CARD = 1 << 28;

  private static final int STEPS = 10;
  private static final int TRIALS = 6;
  private static final double SHORT = 4;

  /** Were shifted runs farther apart, a wrong one would not be told from them. */
  private static final double APART = 1e-4;

  private static final int[] LABELS = {0, 1, 2, 3, 0, 1, 2, 3};

  @Test
  void digitsAreClassified() {
    follows(
        288,
        LabConvNet::new,
        net -> CrossEntropyLoss.plain().of(net.apply(digits()), LABELS).value());
  }

  @Test
  void digitsAreEmbeddedByAllTriplets() {
    AllTripletsLoss triplets = new AllTripletsLoss(0.5, 0, AllTripletsLoss.Over.ANCHORS);
    follows(
        288,
        LabConvNet::new,
        net -> triplets.of(((LabConvNet) net).features(digits()), LABELS).value());
  }

  private static Tensor digits() {
    Shape shape = Shape.of(LABELS.length, 1, 28, 28);
    return Tensor.of(shape, Formula.v("input", shape));
  }

  /** Features of pictures and attributes in one space. */
  private static final class Heads extends Layer {
    private final Layer image = child("image", new EmbeddingHead(512, 64));
    private final Layer attribute =
        child("attribute", new AttributeNet(40, new AttributeNet.Options(64, 64, 1e-5, false)));

    @Override
    protected Tensor forward(Tensor x) {
      Tensor positives = attribute.apply(random("positive", 16, 40));
      Tensor negatives = attribute.apply(random("negative", 16, 40));
      return TripletMarginLoss.of(0.5).of(image.apply(x), positives, negatives);
    }
  }

  @Test
  void embeddingHeadsAreJoined() {
    follows(512, Heads::new, net -> net.apply(random("image", 16, 512)));
  }

  private static Tensor random(String name, int rows, int columns) {
    Shape shape = Shape.of(rows, columns);
    return Tensor.of(shape, Formula.v(name, shape));
  }

  private static void follows(int terms, Supplier<Layer> net, Function<Layer, Tensor> loss) {
    double share = Math.sqrt(terms) * 0x1p-24;
    double[] expected;
    double[] apart = new double[STEPS];
    try (Backend backend = Backends.open("cpu", 2)) {
      expected = losses(backend, net, loss, 0, null);
      Arrays.setAll(apart, t -> 0x1p-23 * expected[t]); // the loss is rounded itself
      for (int trial = 0; trial < TRIALS; trial++) {
        RandomStream signs = RandomStream.of(trial, "shifted weights");
        double[] shifted = losses(backend, net, loss, share, signs);
        Arrays.setAll(apart, t -> Math.max(apart[t], Math.abs(shifted[t] - expected[t])));
      }
    }
    double[] actual;
    try (Backend backend = new CudaBackend("sim", SimDevice.fast(CARD), CARD)) {
      actual = losses(backend, net, loss, 0, null);
    }
    double allowed = 0;
    for (int t = 0; t < STEPS; t++) {
      allowed = Math.max(allowed, SHORT * apart[t]);
      assertEquals(expected[t], actual[t], allowed, "loss before update " + t);
    }
    assertTrue(allowed <= SHORT * APART * expected[0], "too sensitive to tell: " + allowed);
    assertTrue(actual[STEPS - 1] < actual[0], () -> Arrays.toString(actual));
  }

  private static double[] losses(
      Backend backend,
      Supplier<Layer> made,
      Function<Layer, Tensor> loss,
      double share,
      RandomStream signs) {
    try (Scope scope = Scope.open(backend);
        Layer net = made.get()) {
      net.initialise(scope.backend(), 0);
      Formula.fill(net, 1);
      if (share > 0) {
        Formula.shift(net, share, signs);
      }
      double[] losses = new double[STEPS];
      try (Optimizer optimizer = new Optimizer(net, Adam.of(1e-3))) {
        for (int t = 0; t < STEPS; t++) {
          try (Tape tape = Tape.open()) {
            Tensor value = loss.apply(net);
            losses[t] = value.item();
            optimizer.step(tape.backward(value));
          }
        }
      }
      return losses;
    }
  }
}

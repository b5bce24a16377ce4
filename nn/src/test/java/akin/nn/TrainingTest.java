package akin.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.backbone.SmallConvNet;
import akin.nn.head.HiddenHead;
import akin.nn.metric.AllTripletsLoss;
import akin.nn.optim.Adam;
import akin.nn.optim.Optimizer;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.MemoryReport;
import org.junit.jupiter.api.Test;

/** A network, a loss and an optimiser together, for many steps. */
class TrainingTest {
  private static final int STEPS = 500;
  private static final int SIDE = 12;
  private static final int[] LABELS = {0, 0, 0, 1, 1, 1};

  /** Buffers are all made in the first steps; later ones take them from the pool. */
  @Test
  void fiveHundredStepsMakeNoBufferAfterTheFirst() {
    SmallConvNet backbone = new SmallConvNet(new SmallConvNet.Options(1, new int[] {4, 6}, 1));
    HiddenHead head = new HiddenHead(backbone.width(), new HiddenHead.Options(8, 4, 0.2));
    AllTripletsLoss loss = AllTripletsLoss.of(0.5);
    try (Backend backend = Backends.open("cpu", 2)) {
      try (Layer net = new Bundle().with("backbone", backbone).with("head", head)) {
        net.initialise(backend, 2);
        try (Optimizer optimizer = new Optimizer(net, Adam.of(3e-3)).clipNorm(5)) {
          MemoryReport early = null;
          double first = 0;
          double last = 0;
          for (int step = 0; step < STEPS; step++) {
            net.step(step);
            try (Tape tape = Tape.open(backend)) {
              Tensor embeddings = head.apply(backbone.apply(pictures(step)));
              Tensor value = loss.of(embeddings, LABELS).value();
              optimizer.step(tape.backward(value));
              first += step < 50 ? value.item() : 0;
              last += step >= STEPS - 50 ? value.item() : 0;
            }
            if (step == 1) {
              early = backend.memory();
            }
          }
          assertEquals(early, backend.memory(), "live, pooled and ever made");
          assertTrue(last < first / 2, "it learns: " + first / 50 + " → " + last / 50);
        }
      }
      assertEquals(0, backend.memory().liveBuffers());
    }
  }

  /** Stripes across or along, at random places, in noise. */
  private static Tensor pictures(int step) {
    RandomStream stream = RandomStream.of(9, "stripes").child(step);
    float[] values = new float[LABELS.length * SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      int picture = i / (SIDE * SIDE);
      int along = LABELS[picture] == 0 ? i % SIDE : i / SIDE % SIDE;
      int shift = stream.child("shift").below(picture, 4);
      values[i] = (float) ((along + shift) % 4 / 2 + 0.3 * stream.gaussian(i));
    }
    return Tensor.of(Shape.of(LABELS.length, 1, SIDE, SIDE), values);
  }
}

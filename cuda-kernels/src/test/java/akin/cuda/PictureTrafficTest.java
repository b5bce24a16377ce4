package akin.cuda;

import static akin.cuda.CountingBench.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend.Norm;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What batch norm's and convolution's own kernels move between card and memory, counted in sectors
 * of 32 bytes, and what shared memory costs them.
 */
class PictureTrafficTest {
  /** Allowed sectors for each that is needed, of what reads all in order. */
  private static final double IN_ORDER = 1.1;

  /** The same where rows are shifted against each other, as windows are. */
  private static final double SHIFTED = 1.3;

  /** Large planes, small ones, ones that end within a sector, and features. */
  @ParameterizedTest
  @CsvSource({"8, 16, 784", "8, 16, 196", "16, 16, 49", "2, 4, 3136", "64, 128, 1", "128, 16, 4"})
  void batchNormReadsSectorsInOrder(int outer, int channels, int inner) {
    Norm s = new Norm(outer, channels, inner, 1e-5, 0.1, true, 1, Activation.RELU);
    long n = (long) outer * channels * inner;
    try (CountingBench t = new CountingBench()) {
      Buffer[] line = new Buffer[8];
      for (int i = 0; i < line.length; i++) {
        line[i] = t.ones(channels);
      }
      Buffer x = t.ramp(n);
      Buffer dy = t.ramp(n);
      Buffer y = t.ones(n);
      t.backend.batchNorm(x, line[0], line[1], line[2], line[3], y, line[4], line[5], s);
      t.backend.batchNormGrad(x, line[0], line[1], line[4], line[5], dy, dy, line[6], line[7], s);
      within(IN_ORDER, t.counters.loads());
      within(IN_ORDER, t.counters.stores());
      assertEquals(0, t.counters.banks().replays());
    }
  }

  @Test
  void depthwiseConvolutionReadsNeighboursTogether() {
    ConvShape s = ConvShape.of(Shape.of(2, 8, 28, 28), Shape.of(8, 1, 3, 3), Window.of(1, 1), 8);
    try (CountingBench t = new CountingBench()) {
      Buffer x = t.ramp(s.input().count());
      Buffer w = t.ramp(s.kernel().count());
      Buffer y = t.ones(s.output().count());
      t.backend.conv2d(s, x, w, t.ones(8), null, Activation.RELU6, y);
      assertEquals(Float.BYTES * s.output().count(), t.counters.stores().bytes());
      t.backend.conv2dGradInput(s, y, w, x);
      t.backend.conv2dGradWeight(s, x, y, w);
      within(SHIFTED, t.counters.loads());
      within(IN_ORDER, t.counters.stores());
    }
  }

  /** cuDNN's part is not counted: border, copy and epilogue are our own. */
  @Test
  void paddingWritesEachNumberOnce() {
    Window late = new Window(2, 2, 0, 1, 0, 1, 1, 1);
    ConvShape s = ConvShape.of(Shape.of(2, 4, 28, 28), Shape.of(8, 4, 3, 3), late, 1);
    long padded = 2 * 4 * 29 * 29;
    try (CountingBench t = new CountingBench()) {
      Buffer x = t.ramp(s.input().count());
      Buffer w = t.ramp(s.kernel().count());
      Buffer y = t.ones(s.output().count());
      t.backend.conv2d(s, x, w, null, null, Activation.IDENTITY, y);
      assertEquals(Float.BYTES * padded, t.counters.stores().bytes());
      assertEquals(Float.BYTES * s.input().count(), t.counters.loads().bytes());
      within(IN_ORDER, t.counters.stores());
      within(SHIFTED, t.counters.loads());
    }
  }
}

package akin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Whole samples are lost, never parts of one, and their mean stays. */
class StochasticDepthTest {
  private static final int SAMPLES = 2000;
  private static final double P = 0.3;

  @Test
  void wholeSamplesAreLostAndTheMeanStays() {
    try (Backend backend = new ReferenceBackend();
        StochasticDepth layer = new StochasticDepth(P);
        Scope scope = Scope.open(backend)) {
      layer.initialise(backend, 1);
      double[] y = layer.apply(Tensor.full(Shape.of(SAMPLES, 2, 1, 3), 1)).toDoubles();
      int kept = 0;
      for (int i = 0; i < y.length; i += 6) {
        double[] sample = Arrays.copyOfRange(y, i, i + 6);
        assertTrue(sample[0] == 0 || sample[0] == 1 / (1 - P), () -> Arrays.toString(sample));
        double[] alike = new double[6];
        Arrays.fill(alike, sample[0]);
        assertArrayEquals(alike, sample);
        kept += sample[0] == 0 ? 0 : 1;
      }
      double deviation = Math.sqrt(SAMPLES * P * (1 - P));
      assertEquals((1 - P) * SAMPLES, kept, 5 * deviation);
    }
  }

  @Test
  void everyStepDrawsAnewAndTheSameStepTheSame() {
    try (Backend backend = new ReferenceBackend();
        StochasticDepth layer = new StochasticDepth(P);
        Scope scope = Scope.open(backend)) {
      layer.initialise(backend, 1);
      Tensor x = Tensor.full(Shape.of(64, 1), 1);
      double[] first = layer.apply(x).toDoubles();
      layer.step(1);
      double[] second = layer.apply(x).toDoubles();
      layer.step(0);
      assertTrue(!Arrays.equals(first, second));
      assertArrayEquals(first, layer.apply(x).toDoubles());
      layer.eval();
      assertSame(x, layer.apply(x));
    }
  }

  @Test
  void itIsNoProbability() {
    assertThrows(IllegalArgumentException.class, () -> new StochasticDepth(1));
    assertThrows(IllegalArgumentException.class, () -> new StochasticDepth(-0.1));
  }
}

package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import akin.cuda.sim.SimDevice;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import org.junit.jupiter.api.Test;

/** Rows of no numbers, which have statistics all the same, leave nothing to launch. */
class EmptyRowsTest {
  private static final long MEMORY = 1 << 20;
  private static final int ROWS = 3;

  @Test
  void layerNormHasNoGradientThere() {
    try (Backend backend = new CudaBackend("sim", SimDevice.checked(MEMORY), MEMORY)) {
      Buffer none = backend.allocate(0);
      Buffer statistics = backend.allocate(ROWS);
      backend.fill(statistics, 1);
      assertDoesNotThrow(
          () ->
              backend.layerNormGrad(
                  none, none, statistics, statistics, none, none, none, none, ROWS, 0));
      backend.release(none);
      backend.release(statistics);
    }
  }
}

package akin.cuda.sim.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.cuda.CudaBackend;
import akin.cuda.sim.SimDevice;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import org.junit.jupiter.api.Test;

/** What hours of training on the PTX machine come to: more blocks than 32 bits count. */
class LongRunTest {
  private static final long MEMORY = 1 << 24;
  private static final int[] ORDER = {1, 0};
  private static final int SIDE = 64;
  private static final int BLOCKS = 4; // of a launch that transposes a square of this side

  @Test
  void blocksAreCountedBeyond32Bits() {
    SimDevice device = SimDevice.observed(MEMORY, new RaceCheck(Integer.MAX_VALUE - 3 * BLOCKS));
    try (Backend backend = new CudaBackend("sim", device, MEMORY)) {
      float[] numbers = new float[SIDE * SIDE];
      numbers[1] = 1;
      Buffer x = backend.allocate(numbers.length);
      Buffer y = backend.allocate(numbers.length);
      backend.upload(numbers, x);
      for (int i = 0; i < 6; i++) { // each thread reads what another has written
        backend.permute(i % 2 == 0 ? x : y, i % 2 == 0 ? y : x, new long[] {SIDE, SIDE}, ORDER);
      }
      backend.download(x, numbers);
      assertEquals(1, numbers[1]);
      backend.release(x);
      backend.release(y);
    }
  }
}

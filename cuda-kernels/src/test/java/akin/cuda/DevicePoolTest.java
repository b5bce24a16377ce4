package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.DevicePool.Scratch;
import akin.cuda.sim.SimDevice;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits in the pool is lent again: exactly for buffers, nearly for working memory. */
class DevicePoolTest {
  private static final long UNIT = DevicePool.ALIGNMENT;

  private final SimDevice device = SimDevice.observed(1 << 20, null);
  private final DevicePool pool = new DevicePool(device, 1 << 20);

  @AfterEach
  void close() {
    pool.clear();
    device.close();
  }

  private long once(long bytes) {
    try (Scratch scratch = pool.scratch(bytes)) {
      return scratch.address();
    }
  }

  /** Forty layers with workspaces of their own sizes take little more than the largest. */
  @Test
  void workspacesOfManySizesShareMemory() {
    for (int turn = 0; turn < 2; turn++) {
      for (int layer = 40; layer >= 1; layer--) {
        once(layer * UNIT);
      }
    }
    // 40, 19, 9, 4, 1: each less than half of the one before
    assertEquals(5, pool.report().allocated());
    assertEquals((40 + 19 + 9 + 4 + 1) * UNIT, pool.report().pooledBytes());
  }

  @Test
  void moreThanTwiceIsNotLent() {
    long large = once(9 * UNIT);
    assertNotEquals(large, once(4 * UNIT));
    assertEquals(large, once(5 * UNIT));
    assertEquals(2, pool.report().allocated());
  }

  @Test
  void whatIsKeptIsExact() {
    long large = once(3 * UNIT);
    try (Scratch kept = pool.kept(2 * UNIT)) {
      assertNotEquals(large, kept.address());
      assertEquals(3 * UNIT, pool.report().pooledBytes());
    }
  }

  @Test
  void buffersAreExact() {
    once(3 * UNIT);
    CudaBuffer buffer = pool.allocate(2 * UNIT / Float.BYTES);
    assertEquals(3 * UNIT, pool.report().pooledBytes());
    pool.release(buffer);
    assertEquals(5 * UNIT, pool.report().pooledBytes());
  }

  /** Many buffers of one number, such as biases and losses, take what the driver gives for each. */
  @Test
  void smallBuffersFillTheCapAsTheCardCountsThem() {
    DevicePool few = new DevicePool(device, 4 * UNIT);
    List<CudaBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      buffers.add(few.allocate(1));
    }
    assertEquals(0, few.room());
    UserError full = assertThrows(UserError.class, () -> few.allocate(1));
    assertTrue(full.getMessage().contains("in 4 buffers in use"), full.getMessage());
    buffers.forEach(few::release);
    assertEquals(0, few.report().liveBytes());
    few.clear();
  }

  @Test
  void exhaustedMemoryTellsWhatHoldsIt() {
    CudaBuffer buffer = pool.allocate((256 << 10) / Float.BYTES);
    try (Scratch gallery = pool.kept(512 << 10);
        Scratch work = pool.scratch(128 << 10)) {
      assertNotEquals(gallery.address(), work.address());
      UserError full = assertThrows(UserError.class, () -> pool.allocate(1 << 18));
      assertTrue(
          full.getMessage()
              .contains(
                  "1.0 MiB wanted; 0.3 MiB in 1 buffers in use, 0.5 MiB in 1 galleries, 0.1 MiB in"
                      + " working space, 1.0 MiB of 1.0 MiB may be used, 0.1 MiB free"),
          full.getMessage());
    }
    UserError full = assertThrows(UserError.class, () -> pool.allocate(1 << 18));
    assertTrue(full.getMessage().contains("0.0 MiB in 0 galleries"), full.getMessage());
    pool.release(buffer);
  }

  @Test
  void largerMemoryIsCountedAsItIs() {
    once(9 * UNIT);
    long room = pool.room();
    try (Scratch scratch = pool.scratch(5 * UNIT)) {
      assertEquals(room - 9 * UNIT, pool.room());
    }
    assertEquals(room, pool.room());
  }
}

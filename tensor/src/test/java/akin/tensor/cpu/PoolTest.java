package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import akin.tensor.backend.MemoryReport;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolTest {
  private static final long CAP = 4 * 100;

  private final Pool pool = new Pool(CAP);

  @Test
  void aSecondReleaseIsNoticedAndGivesNothingAway() {
    CpuBuffer buffer = pool.allocate(7);
    pool.release(buffer);
    Exception e = assertThrows(IllegalStateException.class, () -> pool.release(buffer));
    assertTrue(e.getMessage().contains("7 elements was released already"), e.getMessage());
    assertEquals(new MemoryReport(0, 0, 28, 1), pool.report());
    assertSame(buffer, pool.allocate(7));
    assertNotSame(buffer, pool.allocate(7), "it waited only once");
  }

  @Test
  void aReleasedBufferCannotBeUsed() {
    CpuBuffer buffer = pool.allocate(7);
    pool.release(buffer);
    assertThrows(IllegalStateException.class, () -> Pool.own(buffer));
    assertSame(buffer, Pool.own(pool.allocate(7)));
  }

  @Test
  void aBufferOfAnotherBackendIsRefused() {
    try (ReferenceBackend reference = new ReferenceBackend()) {
      var other = reference.allocate(7);
      assertThrows(IllegalArgumentException.class, () -> pool.release(other));
      reference.release(other);
    }
    assertEquals(new MemoryReport(0, 0, 0, 0), pool.report());
  }

  @Test
  void whatWaitsStaysUnderTheCap() {
    List<CpuBuffer> all = new ArrayList<>();
    for (int length = 1; length <= 60; length++) {
      all.add(pool.allocate(length));
      all.add(pool.allocate(length));
    }
    for (CpuBuffer buffer : all) {
      pool.release(buffer);
      assertTrue(pool.report().pooledBytes() <= CAP);
    }
    // 1 + 1 + 2 + 2 + … + 9 + 9 + 10 fit; the cap itself is reached
    assertEquals(new MemoryReport(0, 0, CAP, 120), pool.report());
  }

  @Test
  void whatIsTakenAgainNoLongerWaits() {
    pool.release(pool.allocate(100));
    assertEquals(CAP, pool.report().pooledBytes());
    CpuBuffer again = pool.allocate(100);
    assertEquals(new MemoryReport(1, CAP, 0, 1), pool.report());
    pool.release(again);
    pool.clear();
    assertEquals(new MemoryReport(0, 0, 0, 1), pool.report());
    assertNotSame(again, pool.allocate(100));
  }

  @Test
  void aTensorBeyondTheLimitIsAUsersError() {
    for (long length : new long[] {Pool.LONGEST + 1L, 1L << 31, Long.MAX_VALUE, -1}) {
      UserError e = assertThrows(UserError.class, () -> pool.allocate(length));
      assertTrue(e.getMessage().contains(Pool.LONGEST + " elements; " + length), e.getMessage());
    }
  }
}

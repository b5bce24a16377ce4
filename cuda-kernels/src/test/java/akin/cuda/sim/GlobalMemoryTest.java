package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.memory.GlobalMemory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class GlobalMemoryTest {
  private final GlobalMemory memory = new GlobalMemory(1 << 20, true);

  @Test
  void piecesLieApartAndAreNeverGivenTwice() {
    long a = memory.allocate(100);
    long b = memory.allocate(100);
    assertEquals(0, a % 256);
    assertEquals(0, b % 256);
    assertTrue(b - a >= 100 + 4096);
    memory.free(a);
    assertTrue(memory.allocate(100) > b);
    assertNull(memory.find(a, 1));
    assertEquals(FaultKind.USE_AFTER_FREE, memory.problem(a + 50, 4).kind());
    assertEquals(FaultKind.OUT_OF_BOUNDS, memory.problem(b + 98, 4).kind());
    assertEquals(FaultKind.OUT_OF_BOUNDS, memory.problem(0, 4).kind());
    assertNotNull(memory.find(b + 96, 4));
    assertNull(memory.find(b + 97, 4));
    assertNull(memory.find(b - 1, 4));
  }

  @Test
  void memoryIsExhaustedAndComesBack() {
    long a = memory.allocate(1 << 20);
    DeviceException e = assertThrows(DeviceException.class, () -> memory.allocate(1));
    assertEquals(Kind.OUT_OF_MEMORY, e.kind());
    memory.free(a);
    assertEquals(1 << 20, memory.free());
    assertEquals(Kind.REFUSED, assertThrows(DeviceException.class, () -> memory.free(a)).kind());
  }

  @Test
  void whatWasWrittenIsKnownByteByByte() {
    long a = memory.allocate(1000);
    memory.writable(a + 3, 190).put(0, (byte) 1);
    Allocation piece = memory.find(a, 1);
    assertFalse(piece.isWritten(2, 1));
    assertTrue(piece.isWritten(3, 1));
    assertTrue(piece.isWritten(128, 16));
    assertTrue(piece.isWritten(192, 1));
    assertFalse(piece.isWritten(193, 1));
    assertFalse(piece.isWritten(192, 4));
    long b = memory.allocate(1000);
    memory.copy(a, b + 5, 200);
    Allocation copy = memory.find(b, 1);
    assertFalse(copy.isWritten(7, 1));
    assertTrue(copy.isWritten(8, 1));
    assertTrue(copy.isWritten(197, 1));
    assertFalse(copy.isWritten(198, 1));
    assertEquals(1, copy.data().get(8));
  }

  @Test
  void hostMemoryKeepsItsAddress() {
    ByteBuffer host = ByteBuffer.allocateDirect(64);
    long address = 0x7f00_1234_0000L;
    memory.attach(address, host);
    memory.writable(address + 8, 4).putInt(77);
    assertEquals(77, host.order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(8));
    memory.detach(address);
    assertEquals(FaultKind.USE_AFTER_FREE, memory.problem(address, 4).kind());
    memory.attach(address, host);
    assertNotNull(memory.find(address + 60, 4));
  }
}

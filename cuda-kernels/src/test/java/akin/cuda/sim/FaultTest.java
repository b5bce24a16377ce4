package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.device.Grid;
import akin.cuda.sim.exec.KernelFault;
import akin.cuda.sim.memory.FaultKind;
import org.junit.jupiter.api.Test;

/** Each kind of fault is found where it is, and told so that it can be mended. */
class FaultTest {
  /** %rd1 = %a + 4·thread. */
  private static final String PLACE = "mul.wide.u32 %rd1, %t, 4; add.s64 %rd1, %a, %rd1;\n";

  private static final String SHARED = ".shared .align 4 .b8 s[128];";

  /** %rd2 = 4·thread, an address of shared memory. */
  private static final String OWN = "mul.wide.u32 %rd2, %t, 4;\n";

  private static KernelFault fault(FaultKind kind, String declarations, String body, int threads) {
    Card card = new Card(Card.kernel(declarations, body));
    long a = card.put(new int[threads]);
    long b = card.room(256);
    KernelFault fault =
        assertThrows(KernelFault.class, () -> card.run("k", Grid.of(1, threads), a, b));
    assertEquals(kind, fault.kind(), fault.getMessage());
    return fault;
  }

  private static void tells(KernelFault fault, String... words) {
    for (String word : words) {
      assertTrue(fault.getMessage().contains(word), fault.getMessage() + "\nlacks " + word);
    }
  }

  @Test
  void oneElementBeyondTheEnd() {
    KernelFault fault =
        fault(FaultKind.OUT_OF_BOUNDS, "", PLACE + "ld.global.u32 %r1, [%rd1+4];", 40);
    tells(fault, "k.cu:7", "thread 39,0 (warp 1, lane 7)", "block 0,0", "ld.global.u32");
    tells(fault, "4 beyond the end of 160 bytes");
    assertEquals(7, fault.source().line());
  }

  @Test
  void oneElementBeforeTheStart() {
    tells(
        fault(FaultKind.OUT_OF_BOUNDS, "", PLACE + "st.global.u32 [%rd1+-4], %t;", 8),
        "thread 0,0");
  }

  @Test
  void partOfAVectorBeyondTheEnd() {
    fault(FaultKind.OUT_OF_BOUNDS, "", "ld.global.v2.u32 {%r1, %r2}, [%a+28];", 8);
  }

  @Test
  void memoryThatWasGivenBack() {
    Card card = new Card(Card.kernel("", "ld.global.u32 %r1, [%a];"));
    long a = card.put(1, 2, 3);
    card.memory.free(a);
    KernelFault fault = assertThrows(KernelFault.class, () -> card.run("k", Grid.of(1, 1), a, a));
    assertEquals(FaultKind.USE_AFTER_FREE, fault.kind());
  }

  @Test
  void memoryThatThePoolHasTakenBack() {
    Card card = new Card(Card.kernel("", "ld.global.u32 %r1, [%a];"));
    long a = card.put(1, 2, 3);
    card.memory.takeBack(a);
    KernelFault fault = assertThrows(KernelFault.class, () -> card.run("k", Grid.of(1, 1), a, a));
    assertEquals(FaultKind.USE_AFTER_FREE, fault.kind());
    card.memory.lend(a, 8);
    fault = assertThrows(KernelFault.class, () -> card.run("k", Grid.of(1, 1), a, a));
    assertEquals(FaultKind.UNWRITTEN, fault.kind());
  }

  @Test
  void aVectorAtAnOddPlace() {
    tells(
        fault(FaultKind.MISALIGNED, "", "ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%a+4];", 8),
        "no multiple of 16");
    fault(FaultKind.MISALIGNED, SHARED, "st.shared.u32 [s+2], %t;", 1);
  }

  @Test
  void memoryThatNothingWrote() {
    fault(FaultKind.UNWRITTEN, "", "ld.global.u32 %r1, [%b];", 1);
    fault(FaultKind.UNWRITTEN, SHARED, OWN + "ld.shared.u32 %r1, [%rd2];", 4);
    fault(
        FaultKind.UNWRITTEN,
        ".local .align 4 .b8 l[8];",
        "mov.u64 %rd3, l; st.local.u32 [%rd3], %t; ld.local.u32 %r1, [%rd3+4];",
        1);
    // half of it
    fault(FaultKind.UNWRITTEN, "", "st.global.u16 [%b], %t; ld.global.u32 %r1, [%b];", 1);
    // a second block finds what the first left, which counts for nothing
    Card card =
        new Card(
            Card.kernel(
                SHARED,
                "mov.u32 %r1, %ctaid.x; setp.eq.s32 %p1, %r1, 0;"
                    + "@%p1 st.shared.u32 [s], %t; ld.shared.u32 %r2, [s];"));
    long a = card.put(1);
    assertThrows(KernelFault.class, () -> card.run("k", Grid.of(2, 1), a, a));
    card.run("k", Grid.of(1, 1), a, a);
  }

  @Test
  void sharedMemoryIsAsLargeAsItIs() {
    tells(
        fault(FaultKind.OUT_OF_BOUNDS, SHARED, OWN + "st.shared.u32 [%rd2+4], %t;", 32),
        "128",
        "lane 31");
    fault(
        FaultKind.OUT_OF_BOUNDS,
        ".local .align 4 .b8 l[8];",
        "mov.u64 %rd3, l; st.local.u32 [%rd3+8], %t;",
        1);
  }

  @Test
  void addressesOfAnotherSpace() {
    fault(FaultKind.SPACE, SHARED, "st.shared.u32 [%a], %t;", 1);
    fault(FaultKind.SPACE, SHARED, "mov.u64 %rd2, s; st.global.u32 [%rd2], %t;", 1);
  }

  @Test
  void aBarrierThatSomeLanesDoNotReach() {
    tells(
        fault(
            FaultKind.BARRIER,
            "",
            "setp.lt.u32 %p1, %t, 5; @%p1 bra L; bar.sync 0; L: bar.sync 0;",
            8),
        "0x000000e0",
        "0x0000001f");
  }

  @Test
  void aBarrierThatEndedThreadsDoNotReach() {
    fault(FaultKind.BARRIER, "", "setp.lt.u32 %p1, %t, 32; @%p1 ret; bar.sync 0;", 64);
    tells(
        fault(FaultKind.BARRIER, "", "setp.gt.u32 %p1, %t, 3; @%p1 ret; bar.sync 0;", 8),
        "4 of 8 threads");
  }

  @Test
  void warpsAtDifferentBarriers() {
    fault(
        FaultKind.BARRIER,
        "",
        "setp.lt.u32 %p1, %t, 32; @%p1 bra L; bar.sync 0; bra.uni M; L: bar.sync 0; M:",
        64);
  }

  @Test
  void aShuffleWithoutAllItsLanes() {
    fault(
        FaultKind.LANES,
        "",
        "setp.lt.u32 %p1, %t, 5; @%p1 bra L;" + "shfl.sync.down.b32 %r1|%p2, %t, 1, 31, -1; L:",
        32);
    fault(FaultKind.LANES, "", "shfl.sync.idx.b32 %r1|%p2, %t, 1, 31, 0x7fffffff;", 32);
    // a warp of 8 threads has no lane 9 to read from
    fault(FaultKind.LANES, "", "shfl.sync.idx.b32 %r1|%p2, %t, 9, 31, -1;", 8);
    fault(FaultKind.LANES, "", "setp.lt.u32 %p1, %t, 5; @%p1 bar.warp.sync -1;", 32);
    fault(
        FaultKind.LANES,
        "",
        "setp.lt.u32 %p1, %t, 5; @%p1 vote.sync.ballot.b32 %r1, %p1, 0xff;",
        32);
  }

  @Test
  void aLoopWithoutEnd() {
    fault(FaultKind.ENDLESS, "", "L: add.s32 %r1, %t, 1; bra.uni L;", 1);
  }

  @Test
  void aTrap() {
    fault(FaultKind.TRAP, "", "setp.eq.u32 %p1, %t, 3; @%p1 trap;", 8);
  }
}

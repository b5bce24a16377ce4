package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.device.Grid;
import akin.cuda.sim.exec.KernelFault;
import akin.cuda.sim.memory.FaultKind;
import org.junit.jupiter.api.Test;

/** Threads that touch the same bytes: what is a race and what is none. */
class RaceTest {
  private static final String SHARED = ".shared .align 4 .b8 s[1024];";

  /** %rd1, %rd2 = 4·thread, 4·(thread xor 1); all is written once. */
  private static final String NEIGHBOUR =
      "mul.wide.u32 %rd1, %t, 4; xor.b32 %r1, %t, 1; mul.wide.u32 %rd2, %r1, 4;"
          + "st.shared.u32 [%rd1], -1; bar.sync 0;\n";

  /** %rd3, %rd4 = 4·thread, 4·(thread xor 32); all is written once. */
  private static final String OTHER_WARP =
      "mul.wide.u32 %rd3, %t, 4; xor.b32 %r2, %t, 32; mul.wide.u32 %rd4, %r2, 4;"
          + "st.shared.u32 [%rd3], -1; bar.sync 0;\n";

  private static void run(String declarations, String body, Grid grid) {
    Card card = new Card(Card.kernel(declarations, body));
    long a = card.put(new int[256]);
    long b = card.put(new int[256]);
    card.run("k", grid, a, b);
  }

  private static void races(String body, Grid grid) {
    KernelFault fault = assertThrows(KernelFault.class, () -> run(SHARED, body, grid));
    assertEquals(FaultKind.RACE, fault.kind(), fault.getMessage());
    assertTrue(fault.getMessage().contains("in no order with"), fault.getMessage());
  }

  private static void clean(String body, Grid grid) {
    assertDoesNotThrow(() -> run(SHARED, body, grid));
  }

  @Test
  void aMissingBarrierBetweenWarps() {
    String write = OTHER_WARP + "st.shared.u32 [%rd3], %t;";
    String read = "ld.shared.u32 %r3, [%rd4];";
    races(write + read, Grid.of(1, 64));
    clean(write + "bar.sync 0;" + read, Grid.of(1, 64));
  }

  @Test
  void aMissingBarrierBeforeMemoryIsUsedAgain() {
    String round = OTHER_WARP + "st.shared.u32 [%rd3], %t; bar.sync 0; ld.shared.u32 %r3, [%rd4];";
    String again = "add.u32 %r4, %t, 7; st.shared.u32 [%rd3], %r4;";
    races(round + again, Grid.of(1, 64));
    clean(round + "bar.sync 0;" + again, Grid.of(1, 64));
  }

  @Test
  void lanesOfAWarpNeedSyncwarp() {
    String write = NEIGHBOUR + "st.shared.u32 [%rd1], %t;";
    String read = "ld.shared.u32 %r3, [%rd2];";
    races(write + read, Grid.of(1, 32));
    races(write + "shfl.sync.bfly.b32 %r5|%p1, %t, 1, 31, -1;" + read, Grid.of(1, 32));
    clean(write + "bar.warp.sync -1;" + read, Grid.of(1, 32));
    // __syncwarp orders nothing between warps
    races(
        OTHER_WARP + "st.shared.u32 [%rd3], %t; bar.warp.sync -1; ld.shared.u32 %r3, [%rd4];",
        Grid.of(1, 64));
  }

  @Test
  void severalReadersAndThenAWriter() {
    String read = "mov.u32 %r1, 5; st.global.u32 [%a+8], %r1; bar.sync 0; ld.global.u32 %r2, [%a];";
    String write = "setp.eq.u32 %p1, %t, 0; @%p1 st.global.u32 [%a], 9;";
    races(read + write, Grid.of(1, 32));
    races(read + write, Grid.of(1, 64));
    clean(read + "bar.sync 0;" + write, Grid.of(1, 64));
    clean(read + "bar.warp.sync -1;" + write, Grid.of(1, 32));
  }

  @Test
  void writersOfDifferentValues() {
    races("st.shared.u32 [s], %t;", Grid.of(1, 2));
    races("st.global.u32 [%a], %t;", Grid.of(1, 64));
    clean("st.global.u32 [%a], 7;", Grid.of(1, 64));
    // the first value may be what lay there already
    races("st.shared.u32 [s], 0; ld.shared.u32 %r1, [s];", Grid.of(1, 64));
  }

  @Test
  void blocksAreNeverOrdered() {
    String block = "mov.u32 %r1, %ctaid.x; mul.wide.u32 %rd1, %r1, 4; add.s64 %rd2, %a, %rd1;";
    clean(block + "st.global.u32 [%rd2], %r1;", Grid.of(8, 1));
    races(block + "st.global.u32 [%a], %r1;", Grid.of(8, 1));
    races(block + "st.global.u32 [%rd2], 3; bar.sync 0; ld.global.u32 %r2, [%a];", Grid.of(8, 1));
    // read by all blocks, then written by the last
    races(
        block + "ld.global.u32 %r2, [%a]; setp.eq.u32 %p1, %r1, 7; @%p1 st.global.u32 [%a], %r1;",
        Grid.of(8, 1));
    clean(block + "ld.global.u32 %r2, [%a];", Grid.of(8, 32));
  }

  @Test
  void launchesAreOrdered() {
    Card card =
        new Card(
            Card.kernel(
                "",
                "mul.wide.u32 %rd1, %t, 4; add.s64 %rd2, %a, %rd1; add.s64 %rd3, %b, %rd1;"
                    + "ld.global.u32 %r1, [%rd2]; st.global.u32 [%rd3], %r1;"));
    long a = card.put(new int[256]);
    long b = card.put(new int[256]);
    card.run("k", Grid.of(1, 256), a, b);
    card.run("k", Grid.of(1, 256), b, a);
    card.run("k", Grid.of(1, 255), a + 4, b);
  }

  @Test
  void atomicsAreNoRaceAmongThemselves() {
    String add = "atom.global.add.u32 %r1, [%a], 1;";
    clean(add, Grid.of(4, 64));
    races(add + "ld.global.u32 %r2, [%a];", Grid.of(1, 64));
    races(add + "ld.global.u32 %r2, [%a];", Grid.of(2, 1));
    clean(add + "bar.sync 0; ld.global.u32 %r2, [%a];", Grid.of(1, 64));
    races(add + "setp.eq.u32 %p1, %t, 9; @%p1 st.global.u32 [%a], 1000;", Grid.of(1, 64));
    String first = "setp.eq.u32 %p1, %t, 0; @%p1 st.shared.u32 [s], 0; bar.sync 0;";
    clean(first + "red.shared.add.u32 [s], 1;", Grid.of(2, 64));
    races(first.replace("bar.sync 0;", "") + "red.shared.add.u32 [s], 1;", Grid.of(1, 64));
  }

  @Test
  void neighbouringBytesAreNoRace() {
    String place = "cvt.u64.u32 %rd1, %t; add.s64 %rd2, %a, %rd1;";
    clean(place + "st.global.u8 [%rd2], %t;", Grid.of(1, 64));
    races(place + "st.global.u8 [%rd2], %t; ld.global.u32 %r1, [%a];", Grid.of(1, 64));
    // words first, bytes later
    clean(
        "mul.wide.u32 %rd3, %t, 4; add.s64 %rd3, %b, %rd3; st.global.u32 [%rd3], %t;"
            + place
            + "st.global.u8 [%rd2], %t;",
        Grid.of(1, 64));
  }
}

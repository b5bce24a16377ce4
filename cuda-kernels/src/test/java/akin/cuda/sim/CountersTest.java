package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.cuda.device.Grid;
import akin.cuda.sim.observe.Counters;
import org.junit.jupiter.api.Test;

/** Counters of access patterns that can be counted by hand. */
class CountersTest {
  private static final String SHARED = ".shared .align 16 .b8 s[8192];";
  private static final int WORDS = 4096;

  private static Counters count(String declarations, String body, Grid grid) {
    Counters counters = new Counters();
    Card card = new Card(Card.kernel(declarations, body), counters);
    card.run("k", grid, card.put(new int[WORDS]), card.put(new int[WORDS]));
    return counters;
  }

  /** Threads read a word each, so many words apart. */
  private static Counters strided(int words, int threads) {
    return count(
        "",
        "mul.wide.u32 %rd1, %t, "
            + 4 * words
            + "; add.s64 %rd2, %a, %rd1; ld.global.u32 %r1, [%rd2];",
        Grid.of(1, threads));
  }

  @Test
  void neighboursShareSectors() {
    Counters c = strided(1, 64);
    assertEquals(2, c.loads().requests());
    assertEquals(8, c.loads().sectors());
    assertEquals(8, c.loads().leastSectors());
    assertEquals(256, c.loads().bytes());
    assertEquals(256, c.loads().uniqueBytes());
    assertEquals(0, c.stores().requests());
  }

  @Test
  void stridesWasteSectors() {
    assertEquals(8, strided(2, 32).loads().sectors());
    assertEquals(32, strided(8, 32).loads().sectors());
    assertEquals(8.0, strided(8, 32).loads().ratio());
    assertEquals(32, strided(32, 32).loads().sectors());
  }

  @Test
  void oneWordForAllIsOneSector() {
    Counters c = strided(0, 64);
    assertEquals(2, c.loads().sectors());
    assertEquals(2, c.loads().leastSectors());
    assertEquals(4, c.loads().uniqueBytes());
  }

  @Test
  void aShiftedWarpTouchesOneSectorMore() {
    Counters c =
        count(
            "",
            "mul.wide.u32 %rd1, %t, 4; add.s64 %rd2, %a, %rd1; ld.global.u32 %r1, [%rd2+4];",
            Grid.of(1, 32));
    assertEquals(5, c.loads().sectors());
    assertEquals(4, c.loads().leastSectors());
  }

  @Test
  void vectorsOfFourAreSixteenSectors() {
    Counters c =
        count(
            "",
            "mul.wide.u32 %rd1, %t, 16; add.s64 %rd2, %a, %rd1; add.s64 %rd3, %b, %rd1;"
                + "ld.global.v4.u32 {%r1,%r2,%r3,%r4}, [%rd2];"
                + "st.global.v4.u32 [%rd3], {%r1,%r2,%r3,%r4};",
            Grid.of(1, 32));
    assertEquals(16, c.loads().sectors());
    assertEquals(16, c.stores().sectors());
    assertEquals(1.0, c.stores().ratio());
  }

  private static Counters banks(int words) {
    return count(
        SHARED,
        "mul.wide.u32 %rd1, %t, " + 4 * words + "; st.shared.u32 [%rd1], 7;",
        Grid.of(1, 32));
  }

  @Test
  void banksServeOneWordATurn() {
    assertEquals(1, banks(1).banks().turns());
    assertEquals(2, banks(2).banks().turns());
    assertEquals(1, banks(33).banks().turns());
    assertEquals(32, banks(32).banks().turns());
    assertEquals(31, banks(32).banks().replays());
    assertEquals(1, banks(0).banks().turns());
  }

  @Test
  void wideAccessesGoByParts() {
    Counters c =
        count(
            SHARED,
            "mul.wide.u32 %rd1, %t, 16; st.shared.v4.u32 [%rd1], {%t,%t,%t,%t};"
                + "mul.wide.u32 %rd2, %t, 8; bar.sync 0; ld.shared.u64 %rd3, [%rd2];",
            Grid.of(1, 32));
    assertEquals(6, c.banks().turns());
    assertEquals(0, c.banks().replays());
  }

  @Test
  void divergenceLeavesLanesIdle() {
    Counters c =
        count(
            "",
            "setp.lt.u32 %p1, %t, 8; @%p1 bra L; add.u32 %r1, %t, 1; add.u32 %r1, %r1, 1;"
                + "bra.uni M; L: add.u32 %r1, %t, 2; M: bar.sync 0;",
            Grid.of(1, 32));
    // 3 loads of the way in, setp, bra, bar, ret with 32 lanes; 3 with 24; 1 with 8
    assertEquals(7 + 3 + 1, c.warpSteps());
    assertEquals(7 * 32 - 24 + 3 * 24 + 8, c.laneSteps());
    assertEquals(3L, c.instructions().get("add"));
    assertEquals(1, c.barriers());
  }

  @Test
  void wholeNumbersAreDividedByEachThread() {
    Counters c =
        count(
            "",
            "add.u32 %r1, %t, 1; setp.lt.u32 %p1, %t, 8; @%p1 div.u32 %r2, %t, %r1;"
                + "rem.s32 %r3, %t, %r1; cvt.rn.f32.u32 %f1, %r1; div.rn.f32 %f2, %f1, %f1;",
            Grid.of(1, 32));
    assertEquals(8 + 32, c.divisions());
  }

  @Test
  void theTransposeMeetsNoBankTwice() {
    Counters counters = new Counters();
    Card card = new Card(Card.language(), counters);
    card.run("transpose", new Grid(1, 1, 32, 8, 0), card.put(new float[1024]), card.room(4096));
    assertEquals(1.0, counters.loads().ratio());
    assertEquals(1.0, counters.stores().ratio());
    // 8 lanes write every fourth word of a row: no two in one bank; then a column
    assertEquals(0, counters.banks().replays());
    assertEquals(4096, counters.loads().uniqueBytes());
  }
}

package akin.cuda.teach;

import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.observe.BankConflicts;
import akin.cuda.sim.observe.Traffic;
import akin.cuda.sim.ptx.Space;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the lanes of a warp go with one instruction.
 *
 * @param space whose memory it is
 * @param what is done, in words
 * @param bytes that each lane touches
 * @param addresses of the 32 lanes; null where a lane takes no part
 * @param cost sectors of 32 bytes in global memory, turns of the banks in shared memory
 * @param least how few would do for so many bytes
 */
record MemoryRequest(
    String space, String what, int bytes, List<Long> addresses, long cost, long least) {

  /** The request of a step that is about to run; null if it only reads arguments. */
  static MemoryRequest of(Warp warp, MemoryStep step, int active) {
    Space space = step.space(warp.address(Integer.numberOfTrailingZeros(active)));
    if (space == Space.PARAM) {
      return null;
    }
    List<Long> addresses = new ArrayList<>();
    for (int lane = 0; lane < Warp.LANES; lane++) {
      boolean takesPart = (active >>> lane & 1) != 0;
      addresses.add(takesPart ? Long.valueOf(step.within(warp.address(lane))) : null);
    }
    long cost = 0;
    long least = 0;
    if (space == Space.GLOBAL) {
      Traffic traffic = new Traffic();
      traffic.request(warp, step, active);
      cost = traffic.sectors();
      least = traffic.leastSectors();
    } else if (space == Space.SHARED) {
      BankConflicts banks = new BankConflicts();
      banks.request(warp, step, active);
      cost = banks.turns();
      least = banks.leastTurns();
    }
    String what = what(step.effect(), space);
    return new MemoryRequest(space.toString(), what, step.bytes(), addresses, cost, least);
  }

  private static String what(MemoryStep.Effect effect, Space space) {
    String done =
        switch (effect) {
          case READ -> "loads from ";
          case WRITE -> "stores to ";
          case UPDATE -> "updates ";
        };
    return done + space + " memory";
  }
}

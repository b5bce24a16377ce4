package akin.cuda.sim.observe;

import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.Warp;
import java.util.HashSet;
import java.util.Set;

/**
 * Requests of warps to shared memory: 32 banks, each of which serves one word of 4 bytes in a turn,
 * to any number of lanes. A request takes as many turns as the bank with most different words;
 * accesses of 8 or 16 bytes go by halves or quarters of a warp, with a turn each at least.
 */
public final class BankConflicts {
  private static final int BANKS = 32;
  private static final int WORD = 4;

  private long requests;
  private long turns;
  private long leastTurns;

  /** One request more: the lanes whose address lies in shared memory. */
  public void request(Warp warp, MemoryStep step, int lanes) {
    int parts = Math.max(1, step.bytes() / WORD);
    int lanesOfPart = Warp.LANES / parts;
    requests++;
    for (int part = 0; part < parts; part++) {
      int mask = lanes & -1 >>> Warp.LANES - lanesOfPart << part * lanesOfPart;
      if (mask != 0) {
        turns += turns(warp, step, mask);
        leastTurns++;
      }
    }
  }

  private static int turns(Warp warp, MemoryStep step, int lanes) {
    Set<Long> words = new HashSet<>();
    int[] load = new int[BANKS];
    int most = 0;
    for (int rest = lanes; rest != 0; rest &= rest - 1) {
      long address = step.within(warp.address(Integer.numberOfTrailingZeros(rest)));
      for (long word = address / WORD; word <= (address + step.bytes() - 1) / WORD; word++) {
        if (words.add(word)) {
          most = Math.max(most, ++load[(int) (word % BANKS)]);
        }
      }
    }
    return most;
  }

  /** Instructions of warps. */
  public long requests() {
    return requests;
  }

  /** Turns that they take. */
  public long turns() {
    return turns;
  }

  /** Turns that they would take without conflicts. */
  public long leastTurns() {
    return leastTurns;
  }

  /** Turns that conflicts cost. */
  public long replays() {
    return turns - leastTurns;
  }
}

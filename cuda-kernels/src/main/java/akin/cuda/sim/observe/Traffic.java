package akin.cuda.sim.observe;

import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.Warp;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Requests of warps to the card's memory, which moves sectors of 32 bytes. The least number of
 * sectors for a request is what its different bytes would fill side by side.
 */
public final class Traffic {
  private static final int SECTOR = 32;
  private static final int PAGE = 1 << 16;

  private final Map<Long, BitSet> touched = new HashMap<>();
  private final long[] firsts = new long[Warp.LANES];
  private long requests;
  private long sectors;
  private long leastSectors;
  private long bytes;

  /** One request more: the lanes whose address lies in the card's memory. */
  public void request(Warp warp, MemoryStep step, int lanes) {
    int count = 0;
    for (int rest = lanes; rest != 0; rest &= rest - 1) {
      firsts[count++] = warp.address(Integer.numberOfTrailingZeros(rest));
    }
    Arrays.sort(firsts, 0, count);
    int width = step.bytes();
    long sectorsEnd = Long.MIN_VALUE;
    long bytesEnd = Long.MIN_VALUE;
    int sectorCount = 0;
    int different = 0;
    for (int i = 0; i < count; i++) {
      long first = Math.max(firsts[i], bytesEnd);
      long end = firsts[i] + width;
      if (end > first) {
        different += (int) (end - first);
        bytesEnd = end;
        touch(first, end);
      }
      long sector = Math.max(Math.floorDiv(firsts[i], SECTOR), sectorsEnd);
      long sectorEnd = Math.floorDiv(end - 1, SECTOR) + 1;
      if (sectorEnd > sector) {
        sectorCount += (int) (sectorEnd - sector);
        sectorsEnd = sectorEnd;
      }
    }
    requests++;
    sectors += sectorCount;
    leastSectors += (different + SECTOR - 1) / SECTOR;
    bytes += (long) count * width;
  }

  private void touch(long first, long end) {
    long page = Math.floorDiv(first, PAGE);
    int from = (int) (first - page * PAGE);
    int to = (int) (end - page * PAGE);
    touched.computeIfAbsent(page, p -> new BitSet(PAGE)).set(from, Math.min(to, PAGE));
    if (to > PAGE) {
      touched.computeIfAbsent(page + 1, p -> new BitSet(PAGE)).set(0, to - PAGE);
    }
  }

  /** Instructions of warps. */
  public long requests() {
    return requests;
  }

  /** Sectors that they touch. */
  public long sectors() {
    return sectors;
  }

  /** The least that they could have touched. */
  public long leastSectors() {
    return leastSectors;
  }

  /** Bytes that threads asked for. */
  public long bytes() {
    return bytes;
  }

  /** Different bytes: the least possible traffic. */
  public long uniqueBytes() {
    return touched.values().stream().mapToLong(BitSet::cardinality).sum();
  }

  /** Sectors touched for each that was needed: 1 is best. */
  public double ratio() {
    return leastSectors == 0 ? 1 : sectors / (double) leastSectors;
  }
}

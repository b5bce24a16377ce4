package akin.cuda.sim.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A piece of memory: its bytes, and which of them something has written. */
public final class Allocation {
  private final long start;
  private final int bytes;
  private final ByteBuffer data;
  private final long[] written;
  private int usable;

  /**
   * @param data from position 0 to its limit; kept, not copied
   * @param watched whether what was written is remembered; else all counts as written
   */
  Allocation(long start, ByteBuffer data, boolean watched) {
    this.start = start;
    this.data = data.duplicate().clear().limit(data.limit()).order(ByteOrder.LITTLE_ENDIAN);
    bytes = data.limit();
    usable = bytes;
    written = watched ? new long[(bytes >>> 6) + 1] : null;
  }

  /**
   * Memory of a block or a thread, whose addresses begin at 0.
   *
   * @param watched whether what was written is remembered; else all counts as written
   */
  public static Allocation of(ByteBuffer data, boolean watched) {
    return new Allocation(0, data, watched);
  }

  /** The address of its first byte. */
  public long start() {
    return start;
  }

  /** Its size. */
  public int bytes() {
    return bytes;
  }

  /** Its bytes, little end first, by offset. */
  public ByteBuffer data() {
    return data;
  }

  /** How many of its bytes may be used now. */
  public int usable() {
    return usable;
  }

  /** Whether all of {@code count} bytes at an address may be used. */
  public boolean holds(long address, int count) {
    long offset = address - start;
    return offset >= 0 && offset <= usable - (long) count;
  }

  /** Lends the first bytes, as if nothing had written them. */
  public void lend(int count) {
    usable = count;
    if (written != null) {
      Arrays.fill(written, 0);
    }
  }

  /** Notes that bytes were written. */
  public void markWritten(int offset, int count) {
    if (written == null || count == 0) {
      return;
    }
    int first = offset >>> 6;
    int last = (offset + count - 1) >>> 6;
    long head = -1L << offset;
    long tail = -1L >>> -(offset + count);
    if (first == last) {
      written[first] |= head & tail;
    } else {
      written[first] |= head;
      Arrays.fill(written, first + 1, last, -1L);
      written[last] |= tail;
    }
  }

  /** Whether all these bytes were written; {@code count} up to 16, within a multiple of it. */
  public boolean isWritten(int offset, int count) {
    if (written == null) {
      return true;
    }
    long mask = ((1L << count) - 1) << offset;
    return (written[offset >>> 6] & mask) == mask;
  }

  /** The same marks as another place has. */
  void copyMarks(int offset, Allocation from, int fromOffset, int count) {
    if (written == null) {
      return;
    }
    int end = offset + count;
    for (int bit = offset; bit < end; ) {
      int run = Math.min(Long.SIZE - (bit & 63), end - bit);
      long mask = -1L >>> -run;
      long marks = from.marks(fromOffset + bit - offset) & mask;
      written[bit >>> 6] = written[bit >>> 6] & ~(mask << bit) | marks << bit;
      bit += run;
    }
  }

  /** The marks of 64 bytes. */
  private long marks(int offset) {
    if (written == null) {
      return -1;
    }
    int word = offset >>> 6;
    long low = written[word] >>> offset;
    boolean split = (offset & 63) != 0 && word + 1 < written.length;
    return split ? low | written[word + 1] << -offset : low;
  }
}

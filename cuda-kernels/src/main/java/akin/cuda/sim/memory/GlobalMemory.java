package akin.cuda.sim.memory;

import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The card's memory by 64-bit addresses: pieces with gaps between them, none of which is ever given
 * out again, so that a stray address hits nothing. Pieces may also be host memory at its own
 * address.
 *
 * <p>A piece may be lent in part by a pool: then only the lent bytes may be used.
 */
public final class GlobalMemory {
  /** What every address given out is a multiple of. */
  private static final long ALIGNMENT = 256;

  /** Bytes at least between two pieces. */
  private static final long GAP = 4096;

  private static final long FIRST = 0x10_0000_0000L;

  /** How many pieces given back are remembered. */
  private static final int REMEMBERED = 4096;

  private final long capacity;
  private final boolean watched;
  private final TreeMap<Long, Allocation> living = new TreeMap<>();
  private final TreeMap<Long, Long> freed = new TreeMap<>();
  private final Map<Long, Boolean> oldest = new LinkedHashMap<>();
  private Allocation last;
  private long next = FIRST;
  private long used;

  /**
   * @param capacity bytes in all
   * @param watched whether it is remembered which bytes were written
   */
  public GlobalMemory(long capacity, boolean watched) {
    this.capacity = capacity;
    this.watched = watched;
  }

  /**
   * A new piece, at a multiple of 256; what it holds is undefined.
   *
   * @throws DeviceException OUT_OF_MEMORY if there is not so much left
   */
  public long allocate(long bytes) {
    if (bytes < 1) {
      throw new DeviceException(Kind.REFUSED, "cannot allocate " + bytes + " bytes");
    }
    if (bytes > free() || bytes > Integer.MAX_VALUE - 64) {
      throw full(bytes);
    }
    long address = next;
    try {
      add(address, ByteBuffer.allocate((int) bytes));
    } catch (OutOfMemoryError e) {
      throw full(bytes);
    }
    used += bytes;
    next = (address + bytes + GAP + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return address;
  }

  private DeviceException full(long bytes) {
    return new DeviceException(
        Kind.OUT_OF_MEMORY, bytes + " bytes wanted, " + free() + " of " + capacity + " left");
  }

  private void add(long address, ByteBuffer data) {
    living.put(address, new Allocation(address, data, watched));
  }

  /** Gives a piece back. */
  public void free(long address) {
    used -= remove(address).bytes();
  }

  /**
   * Makes memory of the host a piece at an address of the caller's choice.
   *
   * @param data all of it up to its limit
   */
  public void attach(long address, ByteBuffer data) {
    freed.headMap(address + data.limit(), false).entrySet().removeIf(e -> e.getValue() > address);
    add(address, data);
  }

  /** Ends what {@link #attach} began. */
  public void detach(long address) {
    remove(address);
  }

  private Allocation remove(long address) {
    Allocation piece = piece(address);
    living.remove(address);
    last = null;
    freed.put(address, address + piece.bytes());
    oldest.put(address, true);
    if (oldest.size() > REMEMBERED) {
      Long first = oldest.keySet().iterator().next();
      oldest.remove(first);
      freed.remove(first);
    }
    return piece;
  }

  private Allocation piece(long address) {
    Allocation piece = living.get(address);
    if (piece == null) {
      throw new DeviceException(Kind.REFUSED, hex(address) + " is not where a piece begins");
    }
    return piece;
  }

  /** Lends the first bytes of a piece: no others may be used, and nothing has written these. */
  public void lend(long address, long bytes) {
    piece(address).lend((int) bytes);
  }

  /** Ends {@link #lend}: nothing of the piece may be used. */
  public void takeBack(long address) {
    piece(address).lend(0);
  }

  /** Whether it is remembered which bytes were written. */
  public boolean watched() {
    return watched;
  }

  /** Bytes that could still be allocated. */
  public long free() {
    return capacity - used;
  }

  /** The piece in which all these bytes may be used, or null: see {@link #problem}. */
  public Allocation find(long address, int bytes) {
    if (last != null && last.holds(address, bytes)) {
      return last;
    }
    Map.Entry<Long, Allocation> below = living.floorEntry(address);
    if (below == null || !below.getValue().holds(address, bytes)) {
      return null;
    }
    last = below.getValue();
    return last;
  }

  /** Why {@link #find} finds nothing. */
  public Problem problem(long address, long bytes) {
    String access = bytes + " bytes at " + hex(address);
    Map.Entry<Long, Allocation> below = living.floorEntry(address);
    Map.Entry<Long, Long> gone = freed.floorEntry(address);
    if (gone != null && address < gone.getValue()) {
      return new Problem(
          FaultKind.USE_AFTER_FREE,
          access + ", in a piece that was freed: " + piece(gone.getKey(), gone.getValue()));
    }
    if (below == null || address - below.getKey() >= below.getValue().bytes() + GAP) {
      return new Problem(FaultKind.OUT_OF_BOUNDS, access + ", where no memory is near");
    }
    Allocation piece = below.getValue();
    if (piece.usable() == 0) {
      return new Problem(
          FaultKind.USE_AFTER_FREE, access + ", in a piece that was given back to the pool");
    }
    long beyond = address + bytes - piece.start() - piece.usable();
    return new Problem(
        FaultKind.OUT_OF_BOUNDS,
        access
            + ", "
            + beyond
            + " beyond the end of "
            + piece(piece.start(), piece.start() + piece.usable()));
  }

  private static String piece(long start, long end) {
    return (end - start) + " bytes at " + hex(start);
  }

  private static String hex(long address) {
    return String.format(Locale.ROOT, "0x%x", address);
  }

  /**
   * A window on bytes that the host reads, little end first.
   *
   * @throws DeviceException if not all of them may be used
   */
  public ByteBuffer readable(long address, long bytes) {
    Allocation piece = held(address, bytes);
    return slice(piece, (int) (address - piece.start()), (int) bytes);
  }

  /**
   * A window on bytes all of which the host writes, little end first.
   *
   * @throws DeviceException if not all of them may be used
   */
  public ByteBuffer writable(long address, long bytes) {
    Allocation piece = held(address, bytes);
    int offset = (int) (address - piece.start());
    piece.markWritten(offset, (int) bytes);
    return slice(piece, offset, (int) bytes);
  }

  private static ByteBuffer slice(Allocation piece, int offset, int bytes) {
    return piece.data().slice(offset, bytes).order(piece.data().order());
  }

  /** Copies bytes, and what is known of who wrote them; the two places do not overlap. */
  public void copy(long from, long to, long bytes) {
    Allocation source = held(from, bytes);
    Allocation target = held(to, bytes);
    int fromOffset = (int) (from - source.start());
    int offset = (int) (to - target.start());
    target.data().put(offset, source.data(), fromOffset, (int) bytes);
    target.copyMarks(offset, source, fromOffset, (int) bytes);
  }

  private Allocation held(long address, long bytes) {
    Allocation piece = bytes > Integer.MAX_VALUE ? null : find(address, (int) bytes);
    if (piece == null) {
      Problem problem = problem(address, bytes);
      throw new DeviceException(Kind.REFUSED, problem.kind() + ": " + problem.text());
    }
    return piece;
  }
}

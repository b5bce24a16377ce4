package akin.cuda.sim.observe;

/**
 * Who wrote and who read each cell of a piece of memory last: four bytes a cell, or one once
 * narrower accesses come.
 *
 * <p>A record holds the stretch between barriers, the meeting of the thread's warp in {@code
 * __syncwarp}, the thread, and whether others came along that nothing orders: lanes of the same
 * warp, other warps, other blocks. Stretches are numbered through all launches, so old records need
 * no clearing.
 */
final class Shadow {
  private static final int STRONG = 1;
  private static final int LANES = 2;
  private static final int WARPS = 4;
  private static final int BLOCKS = 8;
  private static final int THREAD = 4;
  private static final int MEETING = THREAD + 10;
  private static final int MOST_MEETINGS = 0x3ffff;
  private static final int STRETCH = 32;

  private final int bytes;
  private int shift = 2;
  private long[] writers;
  private long[] readers;
  private int[] writerLines;
  private int[] readerLines;
  private int launchBegan;
  private int blockBegan;

  Shadow(int bytes) {
    this.bytes = bytes;
    int cells = (bytes >>> shift) + 1;
    writers = new long[cells];
    readers = new long[cells];
    writerLines = new int[cells];
    readerLines = new int[cells];
  }

  /** An access as it is recorded. */
  static long record(int stretch, int meeting, int thread, boolean strong) {
    return (long) stretch << STRETCH
        | (long) (meeting & MOST_MEETINGS) << MEETING
        | (long) thread << THREAD
        | (strong ? STRONG : 0);
  }

  /** The number of the thread in its block. */
  static int thread(long record) {
    return (int) (record >>> THREAD) & 1023;
  }

  static int stretch(long record) {
    return (int) (record >>> STRETCH);
  }

  /** The first stretches of the launch and of the block that come now. */
  void at(int launch, int block) {
    launchBegan = launch;
    blockBegan = block;
  }

  /** Cells of a byte each from now on, if accesses are so narrow. */
  void serve(int width) {
    if (width >= 4 || shift == 0) {
      return;
    }
    writers = spread(writers);
    readers = spread(readers);
    writerLines = spread(writerLines);
    readerLines = spread(readerLines);
    shift = 0;
  }

  private long[] spread(long[] words) {
    long[] cells = new long[bytes + 1];
    for (int i = 0; i < bytes; i++) {
      cells[i] = words[i >>> 2];
    }
    return cells;
  }

  private int[] spread(int[] words) {
    int[] cells = new int[bytes + 1];
    for (int i = 0; i < bytes; i++) {
      cells[i] = words[i >>> 2];
    }
    return cells;
  }

  /** The cell of a byte. */
  int cell(int offset) {
    return offset >>> shift;
  }

  /**
   * Notes a read.
   *
   * @return the record of a write that nothing orders with it, or 0
   */
  long read(int cell, long now, int line) {
    if (races(writers[cell], now)) {
      return writers[cell];
    }
    readers[cell] = merged(readers[cell], now);
    readerLines[cell] = line;
    return 0;
  }

  /**
   * Notes a write.
   *
   * @param keeps whether the bytes stay as they are, so that another write matters not
   * @return the record of an access that nothing orders with it, or 0
   */
  long write(int cell, long now, int line, boolean keeps) {
    if (races(readers[cell], now)) {
      return readers[cell];
    }
    if (races(writers[cell], now)) {
      return keeps ? 0 : writers[cell];
    }
    writers[cell] = merged(writers[cell], now);
    writerLines[cell] = line;
    return 0;
  }

  /** The PTX line of the access whose record {@link #read} or {@link #write} gave. */
  int line(int cell, long record) {
    return record == writers[cell] ? writerLines[cell] : readerLines[cell];
  }

  private boolean races(long record, long now) {
    return (record & now & STRONG) == 0 && unordered(record, now);
  }

  private boolean unordered(long record, long now) {
    int then = stretch(record);
    if (then < launchBegan || record == 0) {
      return false;
    }
    if (then < blockBegan || (record & BLOCKS) != 0) {
      return true;
    }
    if (then < stretch(now)) {
      return false;
    }
    if ((record & WARPS) != 0 || !sameWarp(record, now)) {
      return true;
    }
    return sameMeeting(record, now) && ((record & LANES) != 0 || thread(record) != thread(now));
  }

  private static boolean sameWarp(long record, long now) {
    return thread(record) >>> 5 == thread(now) >>> 5;
  }

  private static boolean sameMeeting(long record, long now) {
    return record >>> MEETING == now >>> MEETING;
  }

  /** The newer record, with what is still unordered of the older. */
  private long merged(long record, long now) {
    int then = stretch(record);
    if (then < launchBegan || record == 0) {
      return now;
    }
    long carried = record & BLOCKS;
    if (then < blockBegan) {
      carried |= BLOCKS;
    } else if (then == stretch(now)) {
      carried |= record & WARPS;
      if (!sameWarp(record, now)) {
        carried |= WARPS;
      } else if (sameMeeting(record, now)) {
        carried |= record & LANES;
        carried |= thread(record) != thread(now) ? LANES : 0;
      }
    }
    boolean counts = carried != 0 || sameMeeting(record, now);
    boolean weak = counts && (record & STRONG) == 0;
    return (weak ? now & ~STRONG : now) | carried;
  }
}

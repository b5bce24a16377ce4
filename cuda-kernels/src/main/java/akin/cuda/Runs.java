package akin.cuda;

import akin.cuda.DevicePool.Scratch;
import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;

/**
 * Keys of a search in sorted runs, [queries,count,length] on the device, and how one run comes of
 * many; distances.cu and search.cu have the kernels. Owns its memory.
 *
 * @param queries up to 65535
 */
record Runs(Launcher launcher, Scratch keys, int queries, int count, int length)
    implements AutoCloseable {
  /** Most keys of which one run is made. */
  static final int BLOCK = 1024;

  /** Runs of undefined content. */
  static Runs of(Launcher launcher, int queries, int count, int length) {
    long keys = Math.multiplyExact(Math.multiplyExact((long) queries, count), length);
    Scratch place = launcher.pool.scratch(Math.multiplyExact(keys, Long.BYTES));
    return new Runs(launcher, place, queries, count, length);
  }

  /**
   * The first {@code keep} of each run of stored distances [queries,rows].
   *
   * @param bits as {@link Distances#nearest} wants them
   */
  static Runs sorted(
      Launcher launcher,
      long distances,
      int queries,
      int rows,
      long bits,
      int words,
      int offset,
      int keep) {
    int size = block(rows);
    Runs runs = of(launcher, queries, Distances.parts(rows, size), Math.min(keep, size));
    launcher.launch(
        KernelFile.SEARCH,
        "sort_distances",
        new Grid(runs.count, queries, size, 1, 0),
        Args.of()
            .pointer(distances)
            .pointer(bits)
            .pointer(runs.keys.address())
            .int32(rows)
            .int32(runs.length)
            .int32(offset)
            .int32(words));
    return runs;
  }

  /** The first {@code keep} of all runs of each query, as one run; ends the use of these. */
  Runs merged(int keep) {
    Runs runs = this;
    while (runs.count > 1) {
      try (Runs old = runs) {
        runs = keep <= Distances.LIST ? old.firstKeys(keep) : old.mergedByPairs(keep);
      }
    }
    return runs;
  }

  private Runs firstKeys(int keep) {
    long all = (long) count * length;
    Runs fewer = of(launcher, queries, (int) ((all - 1) / BLOCK + 1), keep);
    launcher.launch(
        KernelFile.DISTANCES,
        "first_keys",
        new Grid(Distances.parts(fewer.count, Distances.WARPS), queries, Distances.THREADS, 1, 0),
        Args.of()
            .pointer(keys.address())
            .pointer(fewer.keys.address())
            .int64(all)
            .int32(fewer.length));
    return fewer;
  }

  private Runs mergedByPairs(int keep) {
    Runs fewer =
        of(launcher, queries, Distances.parts(count, 2), (int) Math.min(keep, 2L * length));
    long blocks = ((long) count * length - 1) / Launcher.BLOCK + 1;
    launcher.launch(
        KernelFile.SEARCH,
        "merge_runs",
        new Grid(Math.toIntExact(blocks), queries, Launcher.BLOCK, 1, 0),
        Args.of()
            .pointer(keys.address())
            .pointer(fewer.keys.address())
            .int32(count)
            .int32(length)
            .int32(fewer.length));
    return fewer;
  }

  /** The least power of two that holds so many keys, 32 … 1024. */
  private static int block(int keys) {
    int size = Distances.WARP;
    while (size < keys && size < BLOCK) {
      size *= 2;
    }
    return size;
  }

  /** Copies run 0 of each query to run {@code number} of {@code to}. */
  void copyTo(Runs to, int number) {
    long width = (long) Long.BYTES * length;
    long pitch = (long) Long.BYTES * to.length;
    launcher.device.copy2d(
        keys.address(),
        width * count,
        to.keys.address() + pitch * number,
        pitch * to.count,
        width,
        queries);
  }

  /** Makes all keys those of no row. */
  void clear() {
    launcher.device.fill32(keys.address(), -1, 2L * queries * count * length);
  }

  @Override
  public void close() {
    keys.close();
  }
}

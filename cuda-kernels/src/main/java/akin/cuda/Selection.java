package akin.cuda;

import akin.cuda.DevicePool.Scratch;
import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;

/** The k best of each row: selected where k is small, else all columns are sorted. */
final class Selection {
  /** Numbers that one block selects from. */
  private static final int CHUNK = 4096;

  /** Keys that one block sorts; more are not selected. */
  private static final int TILE = 2048;

  /** Keys that are sorted at a time, 128 MiB of them, unless a single row has more. */
  private static final long SORTED = 1 << 24;

  private final Launcher launcher;

  Selection(Launcher launcher) {
    this.launcher = launcher;
  }

  void topK(CudaBuffer x, int rows, int cols, int k, boolean largest, int[] index) {
    if ((long) rows * k == 0) {
      return;
    }
    try (Scratch best = launcher.pool.scratch((long) Integer.BYTES * rows * k)) {
      if (k <= TILE) {
        select("values", x.address, cols, rows, k, largest, best.address());
      } else {
        sort(x.address, rows, cols, k, largest, best.address());
      }
      launcher.download(best.address(), index);
    }
  }

  /** The best of x, or of keys, [rows,n]: at once, or of what each chunk of a row keeps. */
  private void select(String of, long from, long n, int rows, int k, boolean largest, long index) {
    int chunks = Math.toIntExact((n + CHUNK - 1) / CHUNK);
    long kept = chunks == 1 ? 0 : (long) chunks * k;
    try (Scratch keys = launcher.pool.scratch(Long.BYTES * rows * kept)) {
      Args args = Args.of().pointer(from).int64(n).int32(chunks).int32(k);
      if (of.equals("values")) {
        args.int32(largest ? 1 : 0);
      }
      args.pointer(keys.address()).pointer(index);
      Grid grid = Grid.of(Math.multiplyExact(rows, chunks), Launcher.BLOCK);
      launcher.launch(KernelFile.SELECT, "select_" + of, grid, args);
      if (chunks > 1) {
        select("keys", keys.address(), kept, rows, k, largest, index);
      }
    }
  }

  private void sort(long x, int rows, int cols, int k, boolean largest, long index) {
    long padded = Long.highestOneBit(cols - 1L) * 2;
    int most = (int) Math.min(rows, Math.max(1, SORTED / padded));
    try (Scratch keys = launcher.pool.scratch(Long.BYTES * most * padded)) {
      for (int row = 0; row < rows; row += most) {
        int count = Math.min(most, rows - row);
        Args args = Args.of().pointer(x + (long) Float.BYTES * row * cols);
        args.pointer(keys.address()).int64(cols).int64(padded).int32(largest ? 1 : 0);
        launcher.launch(KernelFile.SELECT, "sort_values", tiles(count * padded), args);
        for (long stage = 2 * TILE; stage <= padded; stage *= 2) {
          stage(keys.address(), count * padded, padded, stage);
        }
        args = Args.of().pointer(keys.address());
        args.pointer(index + (long) Integer.BYTES * row * k).int64(count).int32(k).int64(padded);
        launcher.loop(KernelFile.SELECT, "sort_columns", (long) count * k, args);
      }
    }
  }

  private void stage(long keys, long count, long padded, long stage) {
    for (long apart = stage / 2; apart >= TILE; apart /= 2) {
      Args args = Args.of().pointer(keys).int64(count / 2).int64(padded);
      args.int64(stage).int64(apart);
      launcher.loop(KernelFile.SELECT, "sort_step", count / 2, args);
    }
    Args args = Args.of().pointer(keys).int64(padded).int64(stage);
    launcher.launch(KernelFile.SELECT, "sort_tiles", tiles(count), args);
  }

  private static Grid tiles(long keys) {
    return Grid.of(Math.toIntExact(keys / TILE), Launcher.BLOCK);
  }
}

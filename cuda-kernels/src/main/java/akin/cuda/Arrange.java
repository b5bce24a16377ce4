package akin.cuda;

import akin.cuda.Permutation.Axis;
import akin.cuda.Permutation.Tiles;
import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import java.util.Arrays;
import java.util.List;

/** Copies, axes reordered, rows gathered and scattered. */
final class Arrange {
  /** Rows of at least so many numbers are copied by the driver. */
  private static final long WIDE = 64;

  /** The driver takes no larger pitch, in bytes. */
  private static final long LARGEST_PITCH = Integer.MAX_VALUE;

  /** Innermost axes that stay are moved as a row if they are longer, else as cells of tiles. */
  private static final long LONGEST_CELL = 16;

  /** Axes outside of rows and tiles that the kernels know. */
  private static final int OUTER_AXES = 4;

  private final Launcher launcher;

  Arrange(Launcher launcher) {
    this.launcher = launcher;
  }

  void copy2d(
      CudaBuffer x,
      long xStart,
      long xPitch,
      CudaBuffer y,
      long yStart,
      long yPitch,
      long rows,
      long cols) {
    if (rows * cols == 0) {
      return;
    }
    long from = at(x.address, xStart);
    long to = at(y.address, yStart);
    boolean dense = rows == 1 || xPitch == cols && yPitch == cols;
    if (dense) {
      launcher.device.copy(from, to, Float.BYTES * rows * cols);
    } else if (cols >= WIDE && Float.BYTES * Math.max(xPitch, yPitch) <= LARGEST_PITCH) {
      launcher.device.copy2d(
          from, Float.BYTES * xPitch, to, Float.BYTES * yPitch, Float.BYTES * cols, rows);
    } else {
      Args args = Args.of().pointer(from).int64(xPitch).pointer(to).int64(yPitch);
      args.int64(rows).int64(cols);
      launcher.loop(KernelFile.ARRANGE, "copy_rows", rows * cols, args);
    }
  }

  void permute(CudaBuffer x, CudaBuffer y, long[] sizes, int[] order) {
    long count = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    Permutation p = Permutation.of(sizes, order);
    if (count == 0) {
      return;
    }
    if (p.axes().size() <= 1) {
      launcher.device.copy(x.address, y.address, Float.BYTES * count);
    } else if (p.last().x() > 1) {
      tiles(x.address, y.address, p, 1);
    } else if (p.last().size() <= LONGEST_CELL) {
      tiles(x.address, y.address, p, (int) p.last().size());
    } else {
      rows(x.address, y.address, p.without(p.last()), p.last().size());
    }
  }

  private void tiles(long x, long y, Permutation p, int cell) {
    Axis a = p.inY(cell);
    Axis b = p.inX(cell);
    tiles(x, y, a, b, cell, cell == 1 ? p.without(a, b) : p.without(a, b, p.last()));
  }

  private void tiles(long x, long y, Axis a, Axis b, int cell, List<Axis> outer) {
    if (outer.size() > OUTER_AXES) {
      Axis first = outer.get(0);
      for (long i = 0; i < first.size(); i++) {
        List<Axis> inner = outer.subList(1, outer.size());
        tiles(at(x, i * first.x()), at(y, i * first.y()), a, b, cell, inner);
      }
      return;
    }
    int sizeA = Math.toIntExact(a.size());
    int sizeB = Math.toIntExact(b.size());
    Tiles t = Tiles.of(sizeA, sizeB, cell);
    long blocks = ((a.size() - 1) / t.tileA() + 1) * ((b.size() - 1) / t.tileB() + 1);
    blocks *= count(outer);
    Args args = Args.of().pointer(x).pointer(y).int32(sizeA).int32(sizeB).int32(cell);
    args.int64(a.x()).int64(b.y()).int32(t.tileA()).int32(t.tileB());
    outer(args.int32(t.pitchA()).int32(t.pitchB()), outer);
    Grid grid = Grid.of(Math.toIntExact(blocks), Launcher.BLOCK).shared(t.sharedBytes());
    launcher.launch(KernelFile.ARRANGE, "permute_tiles", grid, args);
  }

  private void rows(long x, long y, List<Axis> outer, long width) {
    if (outer.size() > OUTER_AXES) {
      Axis first = outer.get(0);
      for (long i = 0; i < first.size(); i++) {
        rows(at(x, i * first.x()), at(y, i * first.y()), outer.subList(1, outer.size()), width);
      }
      return;
    }
    Args args = Args.of().pointer(x).pointer(y).int64(count(outer)).int64(width);
    long warps = count(outer) * ((width + 511) / 512);
    launcher.loop(KernelFile.ARRANGE, "permute_rows", 32 * warps, outer(args, outer));
  }

  private static long count(List<Axis> axes) {
    return axes.stream().mapToLong(Axis::size).reduce(1, Math::multiplyExact);
  }

  /** Size and steps of each outer axis; axes of size 1 before them. */
  private static Args outer(Args args, List<Axis> outer) {
    for (int i = outer.size() - OUTER_AXES; i < outer.size(); i++) {
      Axis axis = i < 0 ? new Axis(1, 0, 0) : outer.get(i);
      args.int32(Math.toIntExact(axis.size())).int64(axis.x()).int64(axis.y());
    }
    return args;
  }

  void gatherRows(CudaBuffer x, int[] rows, CudaBuffer y, long width) {
    if (rows.length * width == 0) {
      return;
    }
    int unit = unit(width);
    try (DevicePool.Scratch numbers = launcher.upload(rows)) {
      Args args = Args.of().pointer(x.address).pointer(numbers.address()).pointer(y.address);
      args.int64(rows.length).int64(width / unit);
      String kernel = unit == 4 ? "gather_rows4" : "gather_rows";
      launcher.loop(KernelFile.ARRANGE, kernel, rows.length * (width / unit), args);
    }
  }

  /**
   * How many numbers a thread moves at once: buffers begin at 256 bytes, so rows of 4 are aligned.
   */
  private static int unit(long width) {
    return width % 4 == 0 ? 4 : 1;
  }

  void scatterAddRows(CudaBuffer x, int[] rows, CudaBuffer y, long yRows, long width) {
    if (yRows * width == 0) {
      return;
    }
    launcher.device.fill32(y.address, 0, yRows * width);
    if (rows.length == 0) {
      return;
    }
    Targets targets = Targets.of(rows);
    int unit = unit(width);
    try (DevicePool.Scratch source = launcher.upload(targets.source());
        DevicePool.Scratch target = launcher.upload(targets.row());
        DevicePool.Scratch start = launcher.upload(targets.start())) {
      Args args = Args.of().pointer(x.address).pointer(source.address());
      args.pointer(target.address()).pointer(start.address()).pointer(y.address);
      args.int64(targets.row().length).int64(width / unit);
      String kernel = unit == 4 ? "scatter_add_rows4" : "scatter_add_rows";
      launcher.loop(KernelFile.ARRANGE, kernel, targets.row().length * (width / unit), args);
    }
  }

  /**
   * Rows that are added to, each once, ascending.
   *
   * @param source all k, by row and then ascending
   * @param row the rows
   * @param start where the sources of each row begin, and one past the last
   */
  private record Targets(int[] source, int[] row, int[] start) {
    static Targets of(int[] rows) {
      long[] keys = new long[rows.length];
      for (int k = 0; k < rows.length; k++) {
        keys[k] = (long) rows[k] << 32 | k;
      }
      Arrays.sort(keys);
      int[] source = new int[rows.length];
      int[] row = new int[rows.length];
      int[] start = new int[rows.length + 1];
      int count = 0;
      for (int j = 0; j < keys.length; j++) {
        source[j] = (int) keys[j];
        int target = (int) (keys[j] >>> 32);
        if (j == 0 || target != row[count - 1]) {
          start[count] = j;
          row[count++] = target;
        }
      }
      start[count] = keys.length;
      return new Targets(source, Arrays.copyOf(row, count), Arrays.copyOf(start, count + 1));
    }
  }

  private static long at(long address, long element) {
    return address + Float.BYTES * element;
  }
}

package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Reduction;

/** Sums, means and extremes along an axis. */
final class Reductions {
  /** Rows up to here are reduced by a group of lanes, longer ones by blocks. */
  private static final long SHORT = 1024;

  /** Numbers of a long row that a block reduces. */
  private static final int CHUNK = 8192;

  /** Numbers that a thread of the column kernel reduces. */
  private static final long RUN = 64;

  /** Numbers that lie together for the threads of a warp. */
  private static final long WARP = 32;

  /** Numbers of a sector of the card's memory: so many pictures begin and end at one. */
  private static final int SECTOR = 8;

  /** Numbers of shared memory that a block has for columns of small pictures. */
  private static final int TILE = 4096;

  private final Launcher launcher;

  Reductions(Launcher launcher) {
    this.launcher = launcher;
  }

  void reduce(Reduction r, CudaBuffer x, CudaBuffer y, long outer, long axis, long inner) {
    if (outer * inner == 0) {
      return;
    }
    if (axis == 0) {
      float empty = r == Reduction.SUM ? 0 : Float.NaN;
      launcher.device.fill32(y.address, Float.floatToRawIntBits(empty), outer * inner);
      return;
    }
    reduce(r, x.address, y.address, outer, axis, inner);
  }

  /** The same between places on the device; outer, axis and inner are at least 1. */
  void reduce(Reduction r, long x, long y, long outer, long axis, long inner) {
    String kernel = r == Reduction.MEAN ? "sum" : Elements.name(r);
    reduce(kernel, x, y, outer, axis, inner, r == Reduction.MEAN ? axis : 1);
  }

  /** One pass, or one over parts of the axis and more over what came of the parts. */
  private void reduce(
      String kernel, long x, long y, long outer, long axis, long inner, double divisor) {
    long parts = parts(axis, inner);
    if (parts == 1) {
      pass(kernel, x, y, outer, axis, inner, 1, divisor);
      return;
    }
    try (DevicePool.Scratch partial = launcher.pool.scratch(Float.BYTES * outer * parts * inner)) {
      pass(kernel, x, partial.address(), outer, axis, inner, parts, 1);
      reduce(kernel, partial.address(), y, outer, parts, inner, divisor);
    }
  }

  private static long parts(long axis, long inner) {
    long run = inner > 1 ? RUN : axis <= SHORT ? SHORT : CHUNK;
    long parts = (axis + run - 1) / run;
    return parts > 1 && inner > 1 ? Math.max(parts, (WARP + inner - 1) / inner) : parts;
  }

  private void pass(
      String kernel,
      long x,
      long y,
      long outer,
      long axis,
      long inner,
      long parts,
      double divisor) {
    Args args = Args.of().pointer(x).pointer(y);
    if (inner > 1 && inner < WARP && parts == 1) {
      int pitch = (int) ((axis | 1) * inner);
      int fit = TILE / pitch;
      int pictures = fit < SECTOR ? fit : fit / SECTOR * SECTOR;
      args.int64(outer).int32((int) axis).int32((int) inner).int32(pictures).float32(divisor);
      Grid grid = Grid.of(Math.toIntExact((outer - 1) / pictures + 1), Launcher.BLOCK);
      Grid tiles = grid.shared(Float.BYTES * pictures * pitch);
      launcher.launch(KernelFile.REDUCE, "reduce_tiles_" + kernel, tiles, args);
    } else if (inner > 1) {
      args.int64(outer).int64(axis).int64(inner).int64(parts).float32(divisor);
      launcher.loop(KernelFile.REDUCE, "reduce_columns_" + kernel, outer * parts * inner, args);
    } else if (axis <= SHORT) {
      int lanes = Lanes.of(axis);
      args.int64(outer).int32((int) axis).int32(lanes).float32(divisor);
      launcher.loop(KernelFile.REDUCE, "reduce_short_" + kernel, outer * lanes, args);
    } else {
      args.int64(axis).int32(CHUNK).int32(Math.toIntExact(parts)).float32(divisor);
      Grid grid = Grid.of(Math.toIntExact(outer * parts), Launcher.BLOCK);
      launcher.launch(KernelFile.REDUCE, "reduce_long_" + kernel, grid, args);
    }
  }
}

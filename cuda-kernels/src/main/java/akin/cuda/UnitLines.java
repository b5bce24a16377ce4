package akin.cuda;

import akin.cuda.DevicePool.Scratch;
import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Reduction;

/** Lines made as long as 1. */
final class UnitLines {
  /** Rows up to here stay in the registers of a group of lanes; columns are a thread's. */
  private static final long SHORT = 256;

  /** Rows up to here stay in the registers of a block. */
  private static final long LONG = 4096;

  /** Numbers of a longer line that a thread adds up. */
  private static final long RUN = 64;

  private final Launcher launcher;
  private final Reductions reductions;

  UnitLines(Launcher launcher) {
    this.launcher = launcher;
    reductions = new Reductions(launcher);
  }

  void normalize(
      CudaBuffer x, CudaBuffer y, CudaBuffer norm, long outer, long axis, long inner, double eps) {
    if (outer * inner == 0) {
      return;
    }
    if (axis > (inner > 1 ? SHORT : LONG)) {
      products(x, x, norm.address, outer, axis, inner);
      Args args = Args.of().pointer(norm.address).int64(outer * inner).float32(eps);
      launcher.loop(KernelFile.UNIT_LINES, "unit_lengths", outer * inner, args);
      args = Args.of().pointer(x.address).pointer(norm.address).pointer(y.address);
      args.int64(outer * axis * inner).int64(axis).int64(inner);
      launcher.loop(KernelFile.UNIT_LINES, "unit_divide", outer * axis * inner, args);
      return;
    }
    Args args = Args.of().pointer(x.address).pointer(y.address).pointer(norm.address);
    lines("unit", args, outer, axis, inner, eps);
  }

  void normalizeGrad(
      CudaBuffer y,
      CudaBuffer norm,
      CudaBuffer dy,
      CudaBuffer dx,
      long outer,
      long axis,
      long inner,
      double eps) {
    if (outer * axis * inner == 0) {
      return;
    }
    if (axis > (inner > 1 ? SHORT : LONG)) {
      try (Scratch along = launcher.pool.scratch(Float.BYTES * outer * inner)) {
        products(y, dy, along.address(), outer, axis, inner);
        Args args = Args.of().pointer(y.address).pointer(norm.address).pointer(along.address());
        args.pointer(dy.address).pointer(dx.address).int64(outer * axis * inner);
        args.int64(axis).int64(inner).float32(eps);
        launcher.loop(KernelFile.UNIT_LINES, "unit_grad_divide", outer * axis * inner, args);
      }
      return;
    }
    Args args = Args.of().pointer(y.address).pointer(norm.address);
    args.pointer(dy.address).pointer(dx.address);
    lines("unit_grad", args, outer, axis, inner, eps);
  }

  /** Lines that are done in one launch. */
  private void lines(String kernel, Args args, long outer, long axis, long inner, double eps) {
    if (inner > 1) {
      args.int64(outer).int64(axis).int64(inner).float32(eps);
      launcher.loop(KernelFile.UNIT_LINES, kernel + "_columns", outer * inner, args);
    } else if (axis <= SHORT) {
      int lanes = Lanes.of(axis);
      args.int64(outer).int32((int) axis).float32(eps).int32(lanes);
      launcher.loop(KernelFile.UNIT_LINES, kernel + "_short", outer * lanes, args);
    } else {
      Grid grid = Grid.of(Math.toIntExact(outer), Launcher.BLOCK);
      args.int32((int) axis).float32(eps);
      launcher.launch(KernelFile.UNIT_LINES, kernel + "_long", grid, args);
    }
  }

  /** sums = Σ a·b along the lines. */
  private void products(CudaBuffer a, CudaBuffer b, long sums, long outer, long axis, long inner) {
    long parts = (axis + RUN - 1) / RUN;
    try (Scratch partial = launcher.pool.scratch(Float.BYTES * outer * parts * inner)) {
      Args args = Args.of().pointer(a.address).pointer(b.address).pointer(partial.address());
      args.int64(outer).int64(axis).int64(inner).int64(parts);
      launcher.loop(KernelFile.UNIT_LINES, "unit_products", outer * parts * inner, args);
      reductions.reduce(Reduction.SUM, partial.address(), sums, outer, parts, inner);
    }
  }
}

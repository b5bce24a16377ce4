package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Reduction;

/** Layer normalisation. */
final class LayerNorms {
  /** Rows up to here stay in the registers of a group of lanes. */
  private static final int SHORT = 256;

  /** Rows up to here stay in the registers of a block. */
  private static final int LONG = 4096;

  /** Rows that a thread adds up for the gradients of gamma and beta. */
  private static final long RUN = 64;

  private final Launcher launcher;
  private final Reductions reductions;

  LayerNorms(Launcher launcher) {
    this.launcher = launcher;
    reductions = new Reductions(launcher);
  }

  void layerNorm(
      CudaBuffer x,
      CudaBuffer gamma,
      CudaBuffer beta,
      CudaBuffer y,
      CudaBuffer mean,
      CudaBuffer invStd,
      long rows,
      int width,
      double eps) {
    Args args = Args.of().pointer(x.address).pointer(gamma.address).pointer(beta.address);
    args.pointer(y.address).pointer(mean.address).pointer(invStd.address);
    if (width <= SHORT) {
      int lanes = Lanes.of(width);
      args.int64(rows).int32(width).float32(eps).int32(lanes);
      launcher.loop(KernelFile.LAYER_NORM, "layer_norm_short", rows * lanes, args);
    } else {
      blocks("layer_norm", rows, width, args.int32(width).float32(eps));
    }
  }

  /** A block a row. */
  private void blocks(String kernel, long rows, int width, Args args) {
    if (rows > 0) {
      String form = width <= LONG ? "_long" : "_wide";
      Grid grid = Grid.of(Math.toIntExact(rows), Launcher.BLOCK);
      launcher.launch(KernelFile.LAYER_NORM, kernel + form, grid, args);
    }
  }

  void layerNormGrad(
      CudaBuffer x,
      CudaBuffer gamma,
      CudaBuffer mean,
      CudaBuffer invStd,
      CudaBuffer dy,
      CudaBuffer dx,
      CudaBuffer dGamma,
      CudaBuffer dBeta,
      long rows,
      int width) {
    Args args = Args.of().pointer(x.address).pointer(gamma.address).pointer(mean.address);
    args.pointer(invStd.address).pointer(dy.address).pointer(dx.address);
    if (width <= SHORT) {
      int lanes = Lanes.of(width);
      args.int64(rows).int32(width).int32(lanes);
      launcher.loop(KernelFile.LAYER_NORM, "layer_norm_grad_short", rows * lanes, args);
    } else {
      blocks("layer_norm_grad", rows, width, args.int32(width));
    }
    if (rows == 0) {
      launcher.device.fill32(dGamma.address, 0, width);
      launcher.device.fill32(dBeta.address, 0, width);
    } else if (width > 0) {
      columns(x, mean, invStd, dy, dGamma, dBeta, rows, width);
    }
  }

  private void columns(
      CudaBuffer x,
      CudaBuffer mean,
      CudaBuffer invStd,
      CudaBuffer dy,
      CudaBuffer dGamma,
      CudaBuffer dBeta,
      long rows,
      int width) {
    long parts = (rows + RUN - 1) / RUN;
    try (DevicePool.Scratch ofGamma = launcher.pool.scratch(Float.BYTES * parts * width);
        DevicePool.Scratch ofBeta = launcher.pool.scratch(Float.BYTES * parts * width)) {
      Args args = Args.of().pointer(x.address).pointer(mean.address).pointer(invStd.address);
      args.pointer(dy.address).pointer(ofGamma.address()).pointer(ofBeta.address());
      args.int64(rows).int32(width).int64(parts);
      launcher.loop(KernelFile.LAYER_NORM, "layer_norm_grad_columns", parts * width, args);
      reductions.reduce(Reduction.SUM, ofGamma.address(), dGamma.address, 1, parts, width);
      reductions.reduce(Reduction.SUM, ofBeta.address(), dBeta.address, 1, parts, width);
    }
  }
}

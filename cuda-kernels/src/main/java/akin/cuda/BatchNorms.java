package akin.cuda;

import akin.cuda.DevicePool.Scratch;
import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Backend;

/**
 * Batch normalisation, all by own kernels. cuDNN has one for training, but promises nothing of how
 * it takes the variance: as mean of squares less square of the mean it would lose all digits where
 * a channel's numbers lie far from 0, and the contract bounds the error there. Nor does it fuse
 * activations over NCHW, or promise that dx may be dy.
 */
final class BatchNorms {
  private static final int WARP = 32;
  private static final int WARPS = 8;

  private final Launcher launcher;
  private final Chunks chunks;

  BatchNorms(Launcher launcher, Chunks chunks) {
    this.launcher = launcher;
    this.chunks = chunks;
  }

  /** Addresses of what belongs to a channel. */
  private record Line(long gamma, long beta, long mean, long invStd) {
    static Line of(CudaBuffer gamma, CudaBuffer beta, CudaBuffer mean, CudaBuffer invStd) {
      return new Line(gamma.address, beta.address, mean.address, invStd.address);
    }

    Line part(int part, Backend.Norm s) {
      long bytes = bytes((long) part * s.channels());
      return new Line(gamma, beta, mean + bytes, invStd + bytes);
    }

    Args addTo(Args args) {
      return args.pointer(gamma).pointer(beta).pointer(mean).pointer(invStd);
    }
  }

  void batchNorm(
      CudaBuffer x,
      CudaBuffer gamma,
      CudaBuffer beta,
      CudaBuffer runningMean,
      CudaBuffer runningVar,
      CudaBuffer y,
      CudaBuffer mean,
      CudaBuffer invStd,
      Backend.Norm s) {
    Line line = Line.of(gamma, beta, mean, invStd);
    if (!s.training()) {
      recall(runningMean, runningVar, line, s);
    } else if (s.channels() > 0) {
      statistics(x, line, runningMean, runningVar, s);
    }
    each(
        s,
        (part, first, count) ->
            launcher.loop(
                KernelFile.BATCH_NORM,
                "bn_apply",
                count,
                sizes(
                    line.part(part, s)
                        .addTo(Args.of().pointer(x.address + bytes(first)))
                        .pointer(y.address + bytes(first)),
                    count,
                    s)));
  }

  private void recall(CudaBuffer runningMean, CudaBuffer runningVar, Line line, Backend.Norm s) {
    if (s.channels() > 0) {
      int blocks = (s.channels() + Launcher.BLOCK - 1) / Launcher.BLOCK;
      Args args =
          Args.of()
              .pointer(runningMean.address)
              .pointer(runningVar.address)
              .pointer(line.mean)
              .pointer(line.invStd)
              .int32(s.channels())
              .float64(s.eps());
      launcher.launch(KernelFile.BATCH_NORM, "bn_recall", Grid.of(blocks, Launcher.BLOCK), args);
    }
  }

  private void statistics(
      CudaBuffer x, Line line, CudaBuffer runningMean, CudaBuffer runningVar, Backend.Norm s) {
    ChannelWalk walk = ChannelWalk.of(s);
    try (Scratch pieces = launcher.pool.scratch(bytes(3 * walk.pieces()))) {
      walk.launch(launcher, "bn_moments", Args.of().pointer(x.address).pointer(pieces.address()));
      launcher.launch(
          KernelFile.BATCH_NORM,
          "bn_statistics",
          perChannel(s),
          Args.of()
              .pointer(x.address)
              .pointer(pieces.address())
              .pointer(line.mean)
              .pointer(line.invStd)
              .pointer(runningMean.address)
              .pointer(runningVar.address)
              .int32(s.channels())
              .int64(s.inner())
              .int32(walk.rows())
              .int32(walk.width())
              .int32(walk.chunks())
              .int32(s.parts())
              .float64(s.eps())
              .float64(s.momentum()));
    }
  }

  void batchNormGrad(
      CudaBuffer x,
      CudaBuffer gamma,
      CudaBuffer beta,
      CudaBuffer mean,
      CudaBuffer invStd,
      CudaBuffer dy,
      CudaBuffer dx,
      CudaBuffer dGamma,
      CudaBuffer dBeta,
      Backend.Norm s) {
    if (s.channels() == 0) {
      return;
    }
    if (s.outer() * s.inner() == 0) {
      launcher.device.fill32(dGamma.address, 0, s.channels());
      launcher.device.fill32(dBeta.address, 0, s.channels());
      return;
    }
    Line line = Line.of(gamma, beta, mean, invStd);
    long lost = s.training() ? bytes((long) s.parts() * s.channels()) : 0;
    try (Scratch offset = launcher.pool.scratch(lost);
        Scratch tilt = launcher.pool.scratch(lost)) {
      slopes(x, line, dy, dGamma, dBeta, offset, tilt, s);
      each(
          s,
          (part, first, count) -> {
            long statistic = s.training() ? bytes((long) part * s.channels()) : 0;
            Args args = Args.of().pointer(x.address + bytes(first));
            line.part(part, s)
                .addTo(args)
                .pointer(offset.address() + statistic)
                .pointer(tilt.address() + statistic)
                .pointer(dy.address + bytes(first))
                .pointer(dx.address + bytes(first));
            launcher.loop(KernelFile.BATCH_NORM, "bn_apply_grad", count, sizes(args, count, s));
          });
    }
  }

  private void slopes(
      CudaBuffer x,
      Line line,
      CudaBuffer dy,
      CudaBuffer dGamma,
      CudaBuffer dBeta,
      Scratch offset,
      Scratch tilt,
      Backend.Norm s) {
    ChannelWalk walk = ChannelWalk.of(s);
    try (Scratch pieces = launcher.pool.scratch(bytes(2 * walk.pieces()))) {
      Args args = line.addTo(Args.of().pointer(x.address).pointer(dy.address));
      args.pointer(pieces.address()).float32(s.act().low()).float32(s.act().high());
      walk.launch(launcher, "bn_products", args);
      launcher.launch(
          KernelFile.BATCH_NORM,
          "bn_slopes",
          perChannel(s),
          Args.of()
              .pointer(pieces.address())
              .pointer(line.invStd)
              .pointer(dGamma.address)
              .pointer(dBeta.address)
              .pointer(offset.address())
              .pointer(tilt.address())
              .int32(s.channels())
              .int32(walk.width())
              .int32(walk.chunks())
              .int32(s.parts())
              .float64((double) rows(s) * s.inner()));
    }
  }

  /** A block for 32 channels, eight threads each. */
  private static Grid perChannel(Backend.Norm s) {
    return new Grid((s.channels() + WARP - 1) / WARP, 1, WARP, WARPS, 0);
  }

  /** Does {@code count} elements of a part, from element {@code first} of x on. */
  private interface Visit {
    void at(int part, long first, int count);
  }

  /** Visits all elements: parts have statistics of their own, and indices end at 32 bits. */
  private void each(Backend.Norm s, Visit visit) {
    long row = row(s);
    for (int part = 0; part < s.parts(); part++) {
      int of = part;
      chunks.each(
          rows(s),
          row,
          (first, rows) -> visit.at(of, (of * rows(s) + first) * row, (int) (rows * row)));
    }
  }

  private static Args sizes(Args args, int count, Backend.Norm s) {
    return args.float32(s.act().low())
        .float32(s.act().high())
        .int32(count)
        .int32(s.channels())
        .int32((int) s.inner());
  }

  /** Pictures of a part. */
  private static long rows(Backend.Norm s) {
    return s.outer() / s.parts();
  }

  private static long row(Backend.Norm s) {
    return s.channels() * s.inner();
  }

  private static long bytes(long elements) {
    return Float.BYTES * elements;
  }
}

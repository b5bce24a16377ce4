package akin.cuda;

import akin.cuda.Convolutions.Epilogue;
import akin.cuda.DevicePool.Scratch;
import akin.cuda.device.Args;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;

/** Convolutions whose outputs see one channel each, by own kernels, with any padding. */
final class Depthwise {
  /** Positions that a warp adds up for the gradient of a weight: 128 a lane. */
  private static final long LENGTH = 4096;

  /** More pieces would make their sum a pass of its own weight. */
  private static final long MOST_PIECES = 1024;

  private static final int WARP = 32;

  private final Launcher launcher;

  Depthwise(Launcher launcher) {
    this.launcher = launcher;
  }

  /** One channel alone is no group: its outputs share what they read, which cuDNN makes use of. */
  static boolean takes(ConvShape s) {
    return s.groups() == s.c() && s.groups() > 1;
  }

  void forward(ConvShape s, long x, long w, Epilogue epilogue, long y) {
    long count = s.output().count();
    Args args =
        Args.of()
            .pointer(x)
            .pointer(w)
            .pointer(epilogue.bias())
            .pointer(epilogue.residual())
            .pointer(y)
            .float32(epilogue.act().low())
            .float32(epilogue.act().high())
            .int32((int) count);
    launcher.loop(KernelFile.CONVOLUTION, "depthwise_forward", count, sizes(args, s));
  }

  void gradInput(ConvShape s, long dy, long w, long dx) {
    long count = s.input().count();
    Args args = Args.of().pointer(dy).pointer(w).pointer(dx).int32((int) count);
    launcher.loop(KernelFile.CONVOLUTION, "depthwise_grad_input", count, sizes(args, s));
  }

  void gradWeight(ConvShape s, long x, long dy, long dw) {
    long positions = (long) s.n() * s.outH() * s.outW();
    long length = Math.max(LENGTH, (positions + MOST_PIECES - 1) / MOST_PIECES);
    int pieces = (int) ((positions + length - 1) / length);
    int count = (int) s.kernel().count();
    try (Scratch each =
        launcher.pool.scratch(pieces > 1 ? (long) Float.BYTES * count * pieces : 0)) {
      Args args =
          Args.of()
              .pointer(x)
              .pointer(dy)
              .pointer(pieces > 1 ? each.address() : dw)
              .int32(s.n())
              .int32((int) length)
              .int32(count * pieces);
      long threads = (long) count * pieces * WARP;
      launcher.loop(KernelFile.CONVOLUTION, "depthwise_grad_weight", threads, sizes(args, s));
      if (pieces > 1) {
        Convolutions.sum(launcher, each.address(), dw, count, pieces);
      }
    }
  }

  private static Args sizes(Args args, ConvShape s) {
    Window w = s.window();
    return args.int32(s.c())
        .int32(s.o() / s.c())
        .int32(s.h())
        .int32(s.w())
        .int32(s.outH())
        .int32(s.outW())
        .int32(s.kh())
        .int32(s.kw())
        .int32(w.strideH())
        .int32(w.strideW())
        .int32(w.top())
        .int32(w.left())
        .int32(w.dilationH())
        .int32(w.dilationW());
  }
}

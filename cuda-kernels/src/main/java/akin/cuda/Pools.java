package akin.cuda;

import akin.cuda.DevicePool.Scratch;
import akin.cuda.device.Args;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.PoolShape.Kind;
import akin.tensor.backend.Reduction;

/** Maxima and averages of windows. Buffers may be longer than the shape. */
final class Pools {
  private final Launcher launcher;
  private final Reductions reductions;

  Pools(Launcher launcher) {
    this.launcher = launcher;
    reductions = new Reductions(launcher);
  }

  void pool2d(PoolShape s, CudaBuffer x, CudaBuffer y) {
    if (s.planes() > 0 && whole(s)) {
      Reduction r = s.kind() == Kind.MAX ? Reduction.MAX : Reduction.MEAN;
      reductions.reduce(r, x.address, y.address, s.planes(), (long) s.h() * s.w(), 1);
      return;
    }
    long outputs = (long) s.planes() * s.outH() * s.outW();
    Args args = Args.of().pointer(x.address).pointer(y.address);
    String kernel = s.kind() == Kind.MAX ? "pool_max" : "pool_average";
    launcher.loop(KernelFile.POOL, kernel, outputs, shape(args.int64(outputs), s));
  }

  /** Whether every plane is one window with its mean: a thread an output would read it alone. */
  private static boolean whole(PoolShape s) {
    return s.outH() == 1
        && s.outW() == 1
        && s.rowStart(0) <= 0
        && s.rowEnd(0) >= s.h()
        && s.colStart(0) <= 0
        && s.colEnd(0) >= s.w()
        && s.rowStep() == 1
        && s.colStep() == 1
        && (s.kind() == Kind.MAX || s.divisor(0, 0) == s.h() * s.w());
  }

  void pool2dGrad(PoolShape s, CudaBuffer x, CudaBuffer dy, CudaBuffer dx) {
    long cells = (long) s.planes() * s.h() * s.w();
    long outputs = (long) s.planes() * s.outH() * s.outW();
    if (s.kind() == Kind.AVERAGE) {
      Args args = Args.of().pointer(dy.address).pointer(dx.address).int64(cells);
      launcher.loop(KernelFile.POOL, "pool_grad_average", cells, shape(args, s));
      return;
    }
    try (Scratch first = launcher.pool.scratch(Integer.BYTES * outputs)) {
      Args search = Args.of().pointer(x.address).pointer(first.address()).int64(outputs);
      launcher.loop(KernelFile.POOL, "pool_first_max", outputs, shape(search, s));
      Args give = Args.of().pointer(first.address()).pointer(dy.address).pointer(dx.address);
      launcher.loop(KernelFile.POOL, "pool_grad_max", cells, shape(give.int64(cells), s));
    }
  }

  private static Args shape(Args args, PoolShape s) {
    Window v = s.window();
    args.int32(s.h()).int32(s.outH()).int32(s.kh()).int32(v.strideH());
    args.int32(v.top()).int32(v.bottom()).int32(v.dilationH());
    args.int32(s.w()).int32(s.outW()).int32(s.kw()).int32(v.strideW());
    args.int32(v.left()).int32(v.right()).int32(v.dilationW());
    args.int32(s.adaptive() ? 1 : 0);
    return args.int32(s.countPadding() && !s.adaptive() ? 1 : 0).int32(s.divisor());
  }
}

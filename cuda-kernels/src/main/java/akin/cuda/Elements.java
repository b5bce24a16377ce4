package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Unary;
import java.util.Locale;

/** Scalar functions of one argument. */
final class Elements {
  /** Elements that a block of a generated kernel computes, two a thread. */
  private static final int BLOCK_ELEMENTS = 2 * Launcher.BLOCK;

  private final Launcher launcher;

  Elements(Launcher launcher) {
    this.launcher = launcher;
  }

  void unary(Unary f, double a, double b, CudaBuffer x, CudaBuffer y) {
    unary(name(f), a, b, x, y);
  }

  void affine(double alpha, CudaBuffer x, double beta, CudaBuffer y) {
    unary("affine", alpha, beta, x, y);
  }

  private void unary(String function, double a, double b, CudaBuffer x, CudaBuffer y) {
    Args args = Args.of().pointer(x.address).pointer(y.address);
    args.int64(y.length).float32(a).float32(b);
    each(launcher, KernelFile.UNARY, "unary_" + function, y.length, args);
  }

  void unaryGrad(
      Unary f, double a, double b, CudaBuffer x, CudaBuffer y, CudaBuffer dy, CudaBuffer dx) {
    Args args = Args.of().pointer(x.address).pointer(y.address).pointer(dy.address);
    args.pointer(dx.address).int64(dx.length).float32(a).float32(b);
    each(launcher, KernelFile.UNARY_GRAD, "unary_grad_" + name(f), dx.length, args);
  }

  /** A function as its kernels are named. */
  static String name(Enum<?> f) {
    return f.name().toLowerCase(Locale.ROOT);
  }

  /** Launches a generated kernel over {@code count} elements. */
  static void each(Launcher launcher, KernelFile file, String kernel, long count, Args args) {
    if (count > 0) {
      long blocks = (count + BLOCK_ELEMENTS - 1) / BLOCK_ELEMENTS;
      launcher.launch(file, kernel, Grid.of(Math.toIntExact(blocks), Launcher.BLOCK), args);
    }
  }
}

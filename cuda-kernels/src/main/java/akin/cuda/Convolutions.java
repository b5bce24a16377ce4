package akin.cuda;

import akin.cuda.DevicePool.Scratch;
import akin.cuda.device.Args;
import akin.cuda.device.Dnn;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;

/**
 * Convolution and its gradients: by cuDNN; depthwise by {@link Depthwise}. cuDNN has one padding an
 * axis, and some of its algorithms want it smaller than the kernel: otherwise pictures are padded
 * before, and their gradients cropped after.
 */
final class Convolutions {
  private final Launcher launcher;
  private final Chunks chunks;
  private final Depthwise depthwise;

  Convolutions(Launcher launcher, Chunks chunks) {
    this.launcher = launcher;
    this.chunks = chunks;
    depthwise = new Depthwise(launcher);
  }

  /** What follows the products: addresses, 0 for none. */
  record Epilogue(long bias, long residual, Activation act) {
    boolean none() {
      return bias == 0 && residual == 0 && act == Activation.IDENTITY;
    }

    Epilogue from(long elements) {
      return new Epilogue(bias, residual == 0 ? 0 : at(residual, elements), act);
    }
  }

  void conv2d(
      ConvShape s,
      CudaBuffer x,
      CudaBuffer w,
      CudaBuffer bias,
      CudaBuffer residual,
      Activation act,
      CudaBuffer y) {
    Epilogue all = new Epilogue(address(bias), address(residual), act);
    boolean noTerms = s.input().count() == 0 || s.kernel().count() == 0;
    each(
        s,
        (first, part) -> {
          long to = at(y.address, first * outRow(s));
          Epilogue epilogue = all.from(first * outRow(s));
          if (noTerms) {
            launcher.device.fill32(to, 0, part.output().count());
            follow(part, epilogue, to);
          } else {
            forward(part, at(x.address, first * inRow(s)), w.address, epilogue, to);
          }
        });
  }

  private void forward(ConvShape s, long x, long w, Epilogue epilogue, long y) {
    if (Depthwise.takes(s)) {
      depthwise.forward(s, x, w, epilogue, y);
      return;
    }
    try (Scratch padded = padding(s)) {
      long from = pad(s, x, padded);
      Dnn dnn = launcher.dnn();
      Dnn.Conv conv = conv(s);
      boolean whole =
          epilogue.bias != 0
              && epilogue.act == Activation.IDENTITY
              && dnn.convolutionBias(conv, from, w, epilogue.bias, epilogue.residual, y);
      if (!whole) {
        dnn.convolution(conv, from, w, y);
        follow(s, epilogue, y);
      }
    }
  }

  /** Adds bias and residual to y and activates it. */
  private void follow(ConvShape s, Epilogue epilogue, long y) {
    if (!epilogue.none()) {
      launcher.loop(
          KernelFile.CONVOLUTION,
          "convolution_epilogue",
          s.output().count(),
          Args.of()
              .pointer(y)
              .pointer(epilogue.bias)
              .pointer(epilogue.residual)
              .float32(epilogue.act.low())
              .float32(epilogue.act.high())
              .int32((int) s.output().count())
              .int32(s.o())
              .int32(s.outH() * s.outW()));
    }
  }

  void conv2dGradInput(ConvShape s, CudaBuffer dy, CudaBuffer w, CudaBuffer dx) {
    if (s.output().count() == 0 || s.kernel().count() == 0) {
      fill(dx, s.input().count());
      return;
    }
    each(
        s,
        (first, part) -> {
          long from = at(dy.address, first * outRow(s));
          long to = at(dx.address, first * inRow(s));
          if (inRow(s) == 0) {
            return;
          }
          if (Depthwise.takes(s)) {
            depthwise.gradInput(part, from, w.address, to);
            return;
          }
          try (Scratch padded = padding(part)) {
            boolean crops = padded.address() != 0;
            launcher
                .dnn()
                .convolutionGradInput(conv(part), from, w.address, crops ? padded.address() : to);
            if (crops) {
              crop(part, padded.address(), to);
            }
          }
        });
  }

  void conv2dGradWeight(ConvShape s, CudaBuffer x, CudaBuffer dy, CudaBuffer dw) {
    long count = s.kernel().count();
    if (s.output().count() == 0 || s.input().count() == 0 || count == 0) {
      fill(dw, count);
      return;
    }
    long rows = chunks.rows(largestRow(s));
    int pieces = (int) ((s.n() + rows - 1) / rows);
    try (Scratch each = launcher.pool.scratch(pieces > 1 ? Float.BYTES * count * pieces : 0)) {
      each(
          s,
          (first, part) -> {
            long to = pieces > 1 ? at(each.address(), first / rows * count) : dw.address;
            long from = at(x.address, first * inRow(s));
            gradWeight(part, from, at(dy.address, first * outRow(s)), to);
          });
      if (pieces > 1) {
        sum(launcher, each.address(), dw.address, (int) count, pieces);
      }
    }
  }

  private void gradWeight(ConvShape s, long x, long dy, long dw) {
    if (Depthwise.takes(s)) {
      depthwise.gradWeight(s, x, dy, dw);
      return;
    }
    try (Scratch padded = padding(s)) {
      launcher.dnn().convolutionGradWeight(conv(s), pad(s, x, padded), dy, dw);
    }
  }

  /** y = the pieces of x added up in order. */
  static void sum(Launcher launcher, long x, long y, int count, int pieces) {
    Args args = Args.of().pointer(x).pointer(y).int32(count).int32(pieces);
    launcher.loop(KernelFile.CONVOLUTION, "sum_pieces", count, args);
  }

  private void fill(CudaBuffer y, long count) {
    if (count > 0) {
      launcher.device.fill32(y.address, 0, count);
    }
  }

  // ---- padding ----

  /** What cuDNN is told: a picture that is padded before has no padding. */
  private static Dnn.Conv conv(ConvShape s) {
    Window w = s.window();
    boolean pads = pads(s);
    return new Dnn.Conv(
        s.n(),
        s.c(),
        pads ? paddedH(s) : s.h(),
        pads ? paddedW(s) : s.w(),
        s.o(),
        s.kh(),
        s.kw(),
        pads ? 0 : w.top(),
        pads ? 0 : w.left(),
        w.strideH(),
        w.strideW(),
        w.dilationH(),
        w.dilationW(),
        s.groups());
  }

  private static boolean pads(ConvShape s) {
    Window w = s.window();
    return w.top() != w.bottom()
        || w.left() != w.right()
        || w.top() > w.dilationH() * (s.kh() - 1)
        || w.left() > w.dilationW() * (s.kw() - 1);
  }

  private static int paddedH(ConvShape s) {
    return s.h() + s.window().top() + s.window().bottom();
  }

  private static int paddedW(ConvShape s) {
    return s.w() + s.window().left() + s.window().right();
  }

  private static long paddedRow(ConvShape s) {
    return (long) s.c() * paddedH(s) * paddedW(s);
  }

  /** Room for padded pictures, or none if cuDNN pads them itself. */
  private Scratch padding(ConvShape s) {
    return launcher.pool.scratch(pads(s) ? Float.BYTES * s.n() * paddedRow(s) : 0);
  }

  /** Where cuDNN finds the pictures. */
  private long pad(ConvShape s, long x, Scratch padded) {
    if (padded.address() == 0) {
      return x;
    }
    int[] from = {s.h(), s.w()};
    int[] to = {paddedH(s), paddedW(s)};
    shift(s, x, from, padded.address(), to, s.window().top(), s.window().left());
    return padded.address();
  }

  private void crop(ConvShape s, long x, long y) {
    int[] from = {paddedH(s), paddedW(s)};
    int[] to = {s.h(), s.w()};
    shift(s, x, from, y, to, -s.window().top(), -s.window().left());
  }

  private void shift(ConvShape s, long x, int[] from, long y, int[] to, int down, int right) {
    long count = (long) s.n() * s.c() * to[0] * to[1];
    launcher.loop(
        KernelFile.CONVOLUTION,
        "shift_planes",
        count,
        Args.of()
            .pointer(x)
            .pointer(y)
            .int32((int) count)
            .int32(from[0])
            .int32(from[1])
            .int32(to[0])
            .int32(to[1])
            .int32(down)
            .int32(right));
  }

  // ---- pictures ----

  /** Does some pictures: s with fewer of them, from picture {@code first} on. */
  private interface Visit {
    void at(long first, ConvShape part);
  }

  private void each(ConvShape s, Visit visit) {
    if (outRow(s) > 0) {
      chunks.each(s.n(), largestRow(s), (first, n) -> visit.at(first, part(s, n)));
    }
  }

  private static ConvShape part(ConvShape s, int n) {
    return new ConvShape(n, s.c(), s.h(), s.w(), s.o(), s.kh(), s.kw(), s.window(), s.groups());
  }

  private static long inRow(ConvShape s) {
    return (long) s.c() * s.h() * s.w();
  }

  private static long outRow(ConvShape s) {
    return (long) s.o() * s.outH() * s.outW();
  }

  private static long largestRow(ConvShape s) {
    return Math.max(pads(s) ? paddedRow(s) : inRow(s), outRow(s));
  }

  private static long address(CudaBuffer buffer) {
    return buffer == null ? 0 : buffer.address;
  }

  private static long at(long address, long elements) {
    return address + Float.BYTES * elements;
  }
}

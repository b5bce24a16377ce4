package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;

/** Scalar functions of two arguments, stretched. */
final class Pairs {
  /** The most elements of a strided launch: positions and one block more fit into 32 bits. */
  private static final long MOST = 1L << 30;

  private final Launcher launcher;

  Pairs(Launcher launcher) {
    this.launcher = launcher;
  }

  void binary(Binary f, CudaBuffer a, CudaBuffer b, CudaBuffer y, Broadcast s) {
    String kernel = "binary_" + Elements.name(f);
    if (s.plain()) {
      Args args = Args.of().pointer(a.address).pointer(b.address).pointer(y.address);
      Elements.each(launcher, KernelFile.BINARY, kernel, s.count(), args.int64(s.count()));
      return;
    }
    for (Piece piece : pieces(s)) {
      Args args = Args.of().pointer(at(a, piece.a())).pointer(at(b, piece.b()));
      axes(args.pointer(at(y, piece.y())), piece);
      Elements.each(launcher, KernelFile.BINARY, kernel + "_strided", piece.count(), args);
    }
  }

  void binaryGrad(
      Binary f,
      boolean first,
      CudaBuffer a,
      CudaBuffer b,
      CudaBuffer y,
      CudaBuffer dy,
      CudaBuffer g,
      Broadcast s) {
    String kernel = "binary_grad_" + (first ? "a_" : "b_") + Elements.name(f);
    if (s.plain()) {
      Args args = Args.of().pointer(a.address).pointer(b.address).pointer(y.address);
      args.pointer(dy.address).pointer(g.address).int64(s.count());
      Elements.each(launcher, KernelFile.BINARY_GRAD, kernel, s.count(), args);
      return;
    }
    for (Piece piece : pieces(s)) {
      Args args = Args.of().pointer(at(a, piece.a())).pointer(at(b, piece.b()));
      args.pointer(at(y, piece.y())).pointer(at(dy, piece.y())).pointer(at(g, piece.y()));
      axes(args, piece);
      Elements.each(launcher, KernelFile.BINARY_GRAD, kernel + "_strided", piece.count(), args);
    }
  }

  private static Iterable<Piece> pieces(Broadcast s) {
    return Piece.split(new Piece(0, 0, 0, s.sizes(), s.strideA(), s.strideB()), MOST);
  }

  private static long at(CudaBuffer buffer, long element) {
    return buffer.address + Float.BYTES * element;
  }

  /**
   * n, the number of axes, then size, stride in a and stride in b of three axes from the innermost;
   * of the outermost the strides.
   */
  private static void axes(Args args, Piece piece) {
    int axes = piece.sizes().length;
    args.int32((int) piece.count()).int32(axes);
    for (int i = 1; i < Piece.AXES; i++) {
      boolean inner = i < axes;
      args.int32(inner ? (int) piece.sizes()[axes - i] : 1);
      args.int32(inner ? (int) piece.strideA()[axes - i] : 0);
      args.int32(inner ? (int) piece.strideB()[axes - i] : 0);
    }
    args.int32((int) piece.strideA()[0]).int32((int) piece.strideB()[0]);
  }
}

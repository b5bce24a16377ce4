package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Unary;
import java.util.Locale;

/**
 * Distances of all pairs of rows, and their gradient; the formulas stand in distances.cu. What is a
 * product, {@code DOT}, is one of matrices: Y = −A·Bᵀ, dA = −dY·B.
 */
final class Distances {
  /** Queries of a tile, and rows that a warp measures at a time. */
  static final int TILE = 16;

  static final int WARP = 32;

  /** Most keys of a list that a warp keeps: a lane each. */
  static final int LIST = WARP;

  /** Warps and threads of a block. */
  static final int WARPS = 4;

  static final int THREADS = WARPS * WARP;

  /** Rows and columns of a block of the gradient. */
  private static final int GRAD_ROWS = 8;

  private static final int GRAD_COLUMNS = 128;

  private final Launcher launcher;
  private final Products products;
  private final Elements elements;

  Distances(Launcher launcher, Products products, Elements elements) {
    this.launcher = launcher;
    this.products = products;
    this.elements = elements;
  }

  void distances(Distance f, CudaBuffer a, CudaBuffer b, CudaBuffer y, int n, int m, int d) {
    if (n == 0 || m == 0) {
      return;
    }
    if (f == Distance.DOT) {
      products.matmul(a, false, b, true, y, 1, n, d, m);
      elements.unary(Unary.NEG, 0, 0, y, y);
      return;
    }
    try (DevicePool.Scratch scaleA = scales(f, a.address, n, d);
        DevicePool.Scratch scaleB = scales(f, b.address, m, d)) {
      Rows left = new Rows(a.address, scaleA.address(), n);
      measure(f, left, new Rows(b.address, scaleB.address(), m), d, y.address);
    }
  }

  void distancesGrad(
      Distance f,
      CudaBuffer a,
      CudaBuffer b,
      CudaBuffer y,
      CudaBuffer dy,
      boolean swapped,
      CudaBuffer da,
      int n,
      int m,
      int d) {
    if (n == 0 || d == 0) {
      return;
    }
    if (f == Distance.DOT) {
      products.matmul(dy, swapped, b, false, da, 1, n, m, d);
      elements.unary(Unary.NEG, 0, 0, da, da);
      return;
    }
    try (DevicePool.Scratch scaleA = scales(f, a.address, n, d);
        DevicePool.Scratch scaleB = scales(f, b.address, m, d)) {
      int blocks = Math.multiplyExact(parts(n, GRAD_ROWS), parts(d, GRAD_COLUMNS));
      launcher.launch(
          KernelFile.DISTANCES_GRAD,
          "distances_grad_" + f.name().toLowerCase(Locale.ROOT),
          Grid.of(blocks, GRAD_COLUMNS),
          Args.of()
              .pointer(a.address)
              .pointer(scaleA.address())
              .pointer(b.address)
              .pointer(scaleB.address())
              .pointer(y.address)
              .pointer(dy.address)
              .pointer(da.address)
              .int32(n)
              .int32(m)
              .int32(d)
              .int32(swapped ? 1 : 0));
    }
  }

  /**
   * Rows on the device.
   *
   * @param scales what {@link #scales} gives for them
   */
  record Rows(long address, long scales, int count) {}

  /** 1/max(‖x‖, 1e-8) of each row of x [n,d] where the distance is the cosine, else nothing. */
  DevicePool.Scratch scales(Distance f, long x, int n, int d) {
    DevicePool.Scratch scales =
        launcher.pool.scratch(f == Distance.COSINE ? (long) Float.BYTES * n : 0);
    if (f == Distance.COSINE) {
      scale(x, scales.address(), n, d);
    }
    return scales;
  }

  /** scales [n] = 1/max(‖x‖, 1e-8) of each row of x [n,d]. */
  void scale(long x, long scales, int n, int d) {
    if (n > 0) {
      launcher.launch(
          KernelFile.DISTANCES,
          "inverse_norms",
          Grid.of(parts(n, WARPS), THREADS),
          Args.of().pointer(x).pointer(scales).int32(n).int32(d));
    }
  }

  /** y [a.count,b.count] = all distances; neither is empty. */
  void measure(Distance f, Rows a, Rows b, int d, long y) {
    int tile = tile(a);
    int blocks = Math.multiplyExact(parts(a.count, tile), parts(b.count, THREADS));
    launcher.launch(
        KernelFile.DISTANCES,
        kernel("distances_", f, tile),
        Grid.of(blocks, THREADS),
        operands(a, b).pointer(y).int32(a.count).int32(b.count).int32(d).int32(last(f)));
  }

  /**
   * keys [a.count,lists,k]: the k ≤ 32 nearest rows of b among every lists-th tile of rows, as
   * distances.cu describes it; neither a nor b is empty.
   *
   * @param bits which rows of the whole gallery may answer, {@code words} words for each query; 0
   *     for all
   * @param offset number of b's first row in the whole gallery, a multiple of 32
   */
  void nearest(
      Distance f, Rows a, Rows b, int d, long bits, int words, int offset, Lists lists, long keys) {
    int tile = tile(a);
    int blocks = Math.multiplyExact(parts(a.count, tile), parts(lists.count, WARPS));
    launcher.launch(
        KernelFile.DISTANCES,
        kernel("nearest_", f, tile),
        Grid.of(blocks, THREADS),
        operands(a, b)
            .pointer(bits)
            .pointer(keys)
            .int32(a.count)
            .int32(b.count)
            .int32(d)
            .int32(last(f))
            .int32(lists.length)
            .int32(lists.count)
            .int32(offset)
            .int32(words));
  }

  /** How many lists each query has, and how many keys each of them. */
  record Lists(int count, int length) {}

  private static Args operands(Rows a, Rows b) {
    return Args.of().pointer(a.address).pointer(a.scales).pointer(b.address).pointer(b.scales);
  }

  private static int tile(Rows a) {
    return a.count == 1 ? 1 : TILE;
  }

  private static String kernel(String what, Distance f, int tile) {
    String sums =
        switch (f) {
          case COSINE, DOT -> "products";
          case L1 -> "absolutes";
          case EUCLIDEAN, SQUARED -> "squares";
        };
    return what + sums + (tile == 1 ? "_one" : "");
  }

  /** Whether something is made of the sum at last: its root, or the cosine distance. */
  private static int last(Distance f) {
    return f == Distance.EUCLIDEAN || f == Distance.COSINE ? 1 : 0;
  }

  /** ⌈count/size⌉ for count ≥ 1. */
  static int parts(int count, int size) {
    return (count - 1) / size + 1;
  }
}

package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import akin.tensor.check.WinogradBound;

/**
 * Minimal filtering: 4×4 results of a 3×3 kernel from a patch of 6×6 cells by 36 products instead
 * of 144 (Winograd; Lavin and Gray, arXiv:1509.09308). With
 *
 * <pre>
 *      [ p   0  −q   0   1   0 ]        [ 1/p                  ]         [ 1  1   1  1   1  0 ]
 *      [ 0 −ab² −b²  a   1   0 ]        [ 1/m    a/m    a²/m   ]         [ 0  a  −a  b  −b  0 ]
 * Bᵀ = [ 0  ab² −b² −a   1   0 ]    G = [ 1/m   −a/m    a²/m   ]    Aᵀ = [ 0  a²  a² b²  b² 0 ]
 *      [ 0 −a²b −a²  b   1   0 ]        [ 1/n    b/n    b²/n   ]         [ 0  a³ −a³ b³ −b³ 1 ]
 *      [ 0  a²b −a² −b   1   0 ]        [ 1/n   −b/n    b²/n   ]
 *      [ 0   p   0  −q   0   1 ]        [               1      ]
 * </pre>
 *
 * where p = a²b², q = a² + b², m = 2a²(a² − b²), n = 2b²(b² − a²), a tile of a convolution and its
 * gradients are
 *
 * <pre>Y = Aᵀ[Σ (G g Gᵀ) ⊙ (Bᵀ d B)]A,   dg = Gᵀ[Σ (A dY Aᵀ) ⊙ (Bᵀ d B)]G,</pre>
 *
 * the former summed over channels, the latter over tiles; the gradient of d is the former with the
 * kernel turned round.
 *
 * <p><b>Error.</b> The sums cancel, so the error is bounded by norms of these matrices and not by
 * Σ|terms|; {@link akin.tensor.check.WinogradBound} derives the bound. It is least near the points
 * a = 5/8, b = 3/2: a quarter of that of 1 and 2, which are usual, and all of A and B is exact in
 * float32. An infinity or NaN spoils the tiles whose patches hold it, up to five cells away.
 *
 * <p>{@code -Dakin.winograd=false} turns it off.
 */
final class Winograd {
  /** Cells along a side of a patch of a picture, and of what is multiplied. */
  static final int SIDE = 6;

  /** Cells along a side of a tile of the result. */
  static final int TILE = 4;

  /** Numbers of a patch that are multiplied one by one. */
  static final int POINTS = SIDE * SIDE;

  // The matrices' entries, of which the names tell the formulas.

  static final float A = 0.625f;
  static final float B = 1.5f;
  static final float AA = A * A;
  static final float BB = B * B;
  static final float AAA = A * AA;
  static final float BBB = B * BB;

  static final float P = AA * BB;
  static final float Q = AA + BB;
  static final float G0 = 1 / P;
  private static final double M = 2.0 * AA * (AA - BB);
  private static final double N = 2.0 * BB * (BB - AA);
  static final float GA0 = (float) (1 / M);
  static final float GA1 = (float) (A / M);
  static final float GA2 = (float) (AA / M);
  static final float GB0 = (float) (1 / N);
  static final float GB1 = (float) (B / N);
  static final float GB2 = (float) (BB / N);

  /** Fewer channels than this do not repay the maps, and the contract allows no error of them. */
  private static final int CHANNELS = 64;

  /** With fewer tiles the mapped kernels, four times as large, are read for too little work. */
  private static final int TILES = 8;

  /** Channels that kernels fill up with at most, of pictures and of gradients. */
  private static final int FILLED = 256;

  private static final boolean WANTED = wanted();

  private Winograd() {}

  private static boolean wanted() {
    String value = System.getProperty("akin.winograd", "true");
    if (!value.equals("true") && !value.equals("false")) {
      System.err.println(
          "akin: -Dakin.winograd=" + value + " is neither true nor false; it is ignored");
    }
    return !value.equals("false");
  }

  /** Whether a convolution is faster this way. */
  static boolean pays(ConvShape s) {
    return WANTED
        && WinogradBound.possible(s)
        && s.channelsPerGroup() >= CHANNELS
        && s.o() / s.groups() >= CHANNELS
        && tiles(s) >= TILES
        && mappedRow(s) <= Pool.LONGEST
        && mappedKernel(s) <= Pool.LONGEST;
  }

  /** Numbers of the mapped kernel. */
  private static long mappedKernel(ConvShape s) {
    return (long) POINTS * (s.c() + FILLED) * (s.o() / s.groups() + FILLED);
  }

  /** Numbers of a row of mapped tiles, which are laid out together. */
  private static long mappedRow(ConvShape s) {
    long tiles = Math.max(s.w(), s.outW()) / TILE + 2;
    return POINTS * tiles * (s.channelsPerGroup() + s.o() / s.groups() + FILLED);
  }

  private static int tiles(ConvShape s) {
    return s.n() * ((s.outH() + TILE - 1) / TILE) * ((s.outW() + TILE - 1) / TILE);
  }
}

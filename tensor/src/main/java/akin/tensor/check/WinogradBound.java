package akin.tensor.check;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * How far a 3×3 convolution without strides may lie from the truth when it is computed by
 * Winograd's minimal filtering (Lavin and Gray, arXiv:1509.09308) with tiles of 4×4 and the points
 * 0, ±5/8, ±3/2 and infinity. Such an algorithm cancels: its error is not a multiple of Σ|terms|.
 *
 * <p><b>Derivation.</b> A tile is Y = Aᵀ[Σ_c (G g_c Gᵀ) ⊙ (Bᵀ d_c B)]A. Every matrix product and
 * sum rounds, and the errors of a chain of r roundings are at most r·u, relatively, of the same
 * expression in absolute values (Higham, "Accuracy and Stability of Numerical Algorithms", 3.1; to
 * first order in u), so
 *
 * <pre>|ΔY| ≤ r·u·|A|ᵀ[Σ_c (|G||g_c||G|ᵀ) ⊙ (|B|ᵀ|d_c||B|)]|A|.</pre>
 *
 * With D_c the largest |d_c| and the 4×3 matrix E = |A|ᵀ·diag(|B|ᵀ1)·|G| the right side is at most
 *
 * <pre>r·u·Σ_c D_c Σ_kl e_k·e_l·|g_c[k, l]|,   e_k = max_i E[i, k].</pre>
 *
 * Along one axis Bᵀ takes 2 roundings in a row, G 3 and one of its entries, Aᵀ 3; so r = 2·(2 + 4 +
 * 3) + C and what an epilogue adds. The input gradient is the same with the kernel turned round.
 *
 * <p>The kernel's gradient is Gᵀ[Σ_t (A dy_t Aᵀ) ⊙ (Bᵀ d_t B)]G over tiles t, with the same E
 * transposed: |Δg[k, l]| ≤ r·u·D_c·e_k·e_l·Σ|dy|. A takes 3 roundings, Gᵀ 3 and one of its entries:
 * again 18, and one for each tile.
 */
public final class WinogradBound {
  /** Roundings in a row in the maps of patches, kernels and results, both axes together. */
  private static final int MAPS = 18;

  /** Fewer channels in or out per group are not worth the maps. */
  private static final int CHANNELS = 64;

  /** e_0, e_1, e_2. */
  private static final double[] GROWTH = growth(5.0 / 8, 3.0 / 2);

  private WinogradBound() {}

  /** Whether the contract allows Winograd's error: 3×3, no strides, not few channels. */
  static boolean allowed(ConvShape s) {
    return possible(s) && s.channelsPerGroup() >= CHANNELS && s.o() / s.groups() >= CHANNELS;
  }

  /** Whether a convolution can be computed so. */
  public static boolean possible(ConvShape s) {
    ConvShape.Window w = s.window();
    boolean dense =
        w.strideH() == 1 && w.strideW() == 1 && w.dilationH() == 1 && w.dilationW() == 1;
    return dense && s.kh() == 3 && s.kw() == 3;
  }

  private static double[] growth(double a, double b) {
    double[] points = {0, a, -a, b, -b};
    double all = a * a * b * b + a * a + b * b + 1;
    double[] e = new double[3];
    for (int i = 0; i < 4; i++) {
      double[] sum = new double[3];
      for (double p : points) {
        double norm = 1;
        // |B|ᵀ1: the absolute coefficients of Π(x − q) over the other points
        double other = a * a + b * b - p * p;
        double patch = p == 0 ? all : (Math.abs(p) + 1) * (other + 1);
        for (double q : points) {
          norm *= q == p ? 1 : Math.abs(p - q);
        }
        for (int k = 0; k < 3; k++) {
          sum[k] += Math.pow(Math.abs(p), i) * patch * Math.pow(Math.abs(p), k) / norm;
        }
      }
      if (i == 3) {
        sum[2] += all; // infinity
      }
      for (int k = 0; k < 3; k++) {
        e[k] = Math.max(e[k], sum[k]);
      }
    }
    return e;
  }

  /** The bound of every element of y, in roundoffs; the epilogue's terms come on top. */
  public static double[] forward(ConvShape s, double[] x, double[] w) {
    return product(s, false, x, w);
  }

  /** The bound of every element of dx, in roundoffs. */
  public static double[] gradInput(ConvShape s, double[] dy, double[] w) {
    return product(s, true, dy, w);
  }

  private static double[] product(ConvShape s, boolean backward, double[] x, double[] w) {
    int outputs = s.o() / s.groups();
    int inputs = s.channelsPerGroup();
    int from = backward ? outputs : inputs;
    int to = backward ? inputs : outputs;
    int plane = backward ? s.h() * s.w() : s.outH() * s.outW();
    double[] largest = largest(x, s.n() * s.groups() * from);
    double[] bound = new double[s.n() * s.groups() * to * plane];
    for (int i = 0; i < s.n() * s.groups() * to; i++) {
      int group = i / to % s.groups();
      double sum = 0;
      for (int c = 0; c < from; c++) {
        int o = group * outputs + (backward ? c : i % to);
        int kernel = (o * inputs + (backward ? i % to : c)) * 9;
        sum += largest[i / to * from + c] * weight(w, kernel, backward);
      }
      Arrays.fill(bound, i * plane, (i + 1) * plane, (MAPS + from) * sum);
    }
    return bound;
  }

  /** Σ e_k·e_l·|g[k, l]|. */
  private static double weight(double[] w, int kernel, boolean turned) {
    double sum = 0;
    for (int t = 0; t < 9; t++) {
      int at = turned ? 8 - t : t;
      sum += GROWTH[t / 3] * GROWTH[t % 3] * Math.abs(w[kernel + at]);
    }
    return sum;
  }

  /** The bound of every element of dw, in roundoffs. */
  public static double[] gradWeight(ConvShape s, double[] x, double[] dy) {
    int outputs = s.o() / s.groups();
    int inputs = s.channelsPerGroup();
    int plane = s.outH() * s.outW();
    int tiles = s.n() * ((s.outH() + 3) / 4) * ((s.outW() + 3) / 4);
    double[] largest = largest(x, s.n() * s.c());
    double[] bound = new double[s.o() * inputs * 9];
    for (int n = 0; n < s.n(); n++) {
      for (int o = 0; o < s.o(); o++) {
        double sum = 0;
        for (int i = 0; i < plane; i++) {
          sum += Math.abs(dy[(n * s.o() + o) * plane + i]);
        }
        for (int j = 0; j < inputs * 9; j++) {
          int channel = o / outputs * inputs + j / 9;
          double e = GROWTH[j % 9 / 3] * GROWTH[j % 3];
          double terms = largest[n * s.c() + channel] * sum;
          bound[o * inputs * 9 + j] += (MAPS + tiles) * e * terms;
        }
      }
    }
    return bound;
  }

  /** The largest absolute value of each of {@code planes} equal parts. */
  private static double[] largest(double[] x, int planes) {
    double[] largest = new double[planes];
    for (int i = 0; i < x.length; i++) {
      int plane = (int) ((long) i * planes / x.length);
      largest[plane] = Math.max(largest[plane], Math.abs(x[i]));
    }
    return largest;
  }
}

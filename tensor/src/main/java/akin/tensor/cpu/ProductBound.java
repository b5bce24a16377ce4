package akin.tensor.cpu;

import akin.tensor.backend.Distance;

/**
 * What the product of a query with something near a row proves about the distance of the row.
 *
 * <p>Row x is known as x̃ = s·c with e ≥ ‖x − x̃‖. In a {@link Sketch} c are whole numbers |c| ≤
 * 127, and e is measured when x is encoded; of {@link PlainRows} c = x, s = 1 and e = 0. Let t be Σ
 * qₖ·cₖ as computed in float in any order, u = 2⁻²⁴ and ε = (d + 16)·u, which is above γ_d = d·u/(1
 * − d·u) and the few other roundings together (Higham, Accuracy and Stability of Numerical
 * Algorithms, 3.1): |s·t − q·x̃| ≤ ε‖q‖‖x̃‖. What underflows in t is below d·2⁻¹⁴⁹, and so far
 * below u‖q‖‖x̃‖, as both norms are 0 or at least {@value #SMALLEST}. A row is ruled out if its
 * distance, as {@link PairDistance} computes it, is surely above F, the k-th best so far:
 *
 * <ul>
 *   <li>EUCLIDEAN, SQUARED: the distance is computed within a factor 1 ± ε, so it is above F if ‖q
 *       − x‖ &gt; D with D = F·(1 + ε) of the root. As ‖q − x‖ ≥ ‖q − x̃‖ − e, that is so if ‖q‖² +
 *       ‖x̃‖² − 2q·x̃ &gt; (D + e)², or s·t &lt; (‖x̃‖² − e²)/2 + (‖q‖² − D²)/2 − D·e, less ε(‖q‖²
 *       + ‖x̃‖² + D²) for rounding.
 *   <li>COSINE: q·x ≤ q·x̃ + e‖q‖ and q·x is computed within ε‖q‖‖x‖, so it is above F if (s/‖x‖)·t
 *       &lt; ‖q‖(1 − F − 2ε) − ‖q‖(e + ε‖x̃‖)/‖x‖.
 *   <li>DOT: alike −q·x is computed to be above F if s·t &lt; −F − ‖q‖(e + ε‖x̃‖ + ε‖x‖). Where a
 *       norm is 0 that has no room to tell F = 0 from a row as far, so −F is taken a little lower.
 * </ul>
 *
 * All are scale·t ≤ offset + level − reach·error, with scale, offset and error of the row, level
 * and reach of the query. Rows and queries that hold NaN or infinity, or whose norms are outside
 * {@value #SMALLEST} … {@value #LARGEST} and not 0, are out of the proof's reach: such a row has −∞
 * as offset and is never ruled out, and such a query is answered by measuring every row.
 */
final class ProductBound {
  /** Norms below this, but for 0, could underflow. */
  static final double SMALLEST = 1e-8;

  /** Norms above this could overflow. */
  static final double LARGEST = 1e15;

  private final Distance distance;
  private final double epsilon;
  private final double tiny;
  private final float[] scale;
  private final float[] offset;
  private final float[] error;

  /** For so many rows of d numbers. */
  ProductBound(Distance distance, int rows, int d) {
    this(distance, rows, d, (d + 16) * 0x1p-24);
  }

  /** A bound that is no proof unless ε is what it should be. */
  ProductBound(Distance distance, int rows, int d, double epsilon) {
    this.distance = distance;
    this.epsilon = epsilon;
    tiny = 1e-18 * Math.sqrt(d); // below it squares lose digits
    scale = new float[rows];
    offset = new float[rows];
    error = new float[rows];
  }

  float[] scale() {
    return scale;
  }

  float[] offset() {
    return offset;
  }

  float[] error() {
    return error;
  }

  /** Whether the proof holds for a query, or row, of that norm. */
  static boolean covers(double norm) {
    return norm == 0 || norm >= SMALLEST && norm <= LARGEST; // false for NaN
  }

  /** Says that nothing is known of a row. */
  void unknown(int row) {
    offset[row] = Float.NEGATIVE_INFINITY;
  }

  boolean knowsNothing(int row) {
    return offset[row] == Float.NEGATIVE_INFINITY;
  }

  /**
   * Keeps what is known of a row.
   *
   * @param norm ‖x‖, which is covered
   * @param step s
   * @param coded ‖x̃‖
   * @param off e
   */
  void know(int row, double norm, float step, double coded, double off) {
    off *= 1 + 0x1p-20; // its own rounding, and that to float
    if (distance == Distance.COSINE) {
      scale[row] = norm == 0 ? 0 : (float) (step / norm);
      error[row] = norm == 0 ? 0 : (float) ((off + epsilon * coded) / norm);
      offset[row] = 0;
    } else if (distance == Distance.DOT) {
      scale[row] = step;
      error[row] = (float) (off + epsilon * (coded + norm));
      offset[row] = 0;
    } else {
      scale[row] = step;
      error[row] = (float) off;
      offset[row] = (float) ((coded * coded - off * off) / 2 - epsilon * coded * coded);
    }
  }

  /** The query's reach, if the worst distance that is kept is {@code worst}, and a level. */
  float reach(double norm, float worst) {
    boolean product = distance == Distance.COSINE || distance == Distance.DOT;
    return (float) ((product ? norm : radius(worst)) * (1 + epsilon));
  }

  /**
   * The query's level, if the worst distance that is kept is {@code worst}; −∞, which rules out
   * nothing, if that is no number.
   */
  float level(double norm, float worst) {
    double level;
    if (distance == Distance.COSINE) {
      level = norm * (1 - worst - 2 * epsilon);
    } else if (distance == Distance.DOT) {
      level = -worst - Float.MIN_NORMAL;
    } else {
      double squares = norm * norm;
      double within = radius(worst) * radius(worst);
      level = (squares - within) / 2 - epsilon * (squares + within);
    }
    return Math.abs(level) <= 1e36 ? (float) level : Float.NEGATIVE_INFINITY;
  }

  private double radius(float worst) {
    double radius = distance == Distance.SQUARED ? Math.sqrt(worst) : worst;
    return radius * (1 + epsilon) + tiny;
  }

  /** Which of rows {@code row} … {@code row + n − 1} are not ruled out: bit r for row + r. */
  long candidates(float[] sums, int at, int row, int n, float level, float reach) {
    long bits = 0;
    for (int r = 0; r < n; r++) {
      float least = offset[row + r] + level - error[row + r] * reach;
      bits |= scale[row + r] * sums[at + r] <= least ? 0 : 1L << r;
    }
    return bits;
  }
}

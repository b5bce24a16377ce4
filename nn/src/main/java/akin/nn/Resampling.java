package akin.nn;

/**
 * Changes the number of samples along an axis, on the host in double precision; rows and then
 * columns make it work on grids. Each kind equals what one of the libraries does with positions of
 * pictures of another size.
 *
 * <p>Output j lies at x = j·(from − 1)/(to − 1) where corners are aligned, else at (j + ½)·from/to
 * − ½. Without antialias it is Σ w(x − k)·input[k] over the nearest k, clamped to the ends, with
 *
 * <pre>
 * w(t) = (a + 2)|t|³ − (a + 3)|t|² + 1        for |t| ≤ 1
 *        a|t|³ − 5a|t|² + 8a|t| − 4a          for 1 &lt; |t| &lt; 2
 * </pre>
 *
 * a = −3/4 and four k. Constants stay as they are; so do inputs wherever an output lies on one.
 * (Ramps do not: they would for a = −1/2.) With antialias a is −1/2, w is stretched by from/to
 * where the grid shrinks, and what lies beyond the ends is left out, the weights scaled to the sum
 * 1.
 *
 * <p>Source: Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 1981.
 */
public enum Resampling {
  /** Cubic; the first and the last output lie on the first and the last input: torchvision. */
  CUBIC_CORNERS,
  /** Cubic: torch's "bicubic"; CLIP, SigLIP and DINOv2 of transformers. */
  CUBIC,
  /**
   * Cubic with outputs at (j + ½)·from/(to + 0.1) − ½, so that not even the same size is the
   * identity: DINOv2's own, without registers.
   */
  CUBIC_SHIFTED,
  /** Cubic with antialias: timm, open_clip, DINOv2's own with registers. */
  CUBIC_ANTIALIAS,
  /** Linear: relative positions of SAM. */
  LINEAR;

  private static final double SHIFT = 0.1;

  /**
   * Resizes one axis: x [outer, from, inner] → [outer, to, inner].
   *
   * @param to at least 1
   */
  public double[] resize(double[] x, int outer, int from, int inner, int to) {
    double[] y = new double[Math.multiplyExact(Math.multiplyExact(outer, to), inner)];
    for (int j = 0; j < to; j++) {
      Taps taps = taps(j, from, to);
      for (int t = 0; t < taps.weights.length; t++) {
        double weight = taps.weights[t];
        int clamped = Math.max(0, Math.min(from - 1, taps.first + t));
        for (int o = 0; o < outer; o++) {
          for (int i = 0; i < inner; i++) {
            y[(o * to + j) * inner + i] += weight * x[(o * from + clamped) * inner + i];
          }
        }
      }
    }
    return y;
  }

  /** Rows, then columns: x [rows, columns, inner] → [toRows, toColumns, inner]. */
  public double[] resize(double[] x, int rows, int columns, int inner, int toRows, int toColumns) {
    double[] tall = resize(x, 1, rows, columns * inner, toRows);
    return resize(tall, toRows, columns, inner, toColumns);
  }

  /** The inputs that an output is made of: from {@code first} on. */
  private record Taps(int first, double... weights) {}

  private Taps taps(int j, int from, int to) {
    double scale = (double) from / to;
    return switch (this) {
      case CUBIC_CORNERS -> cubic(to == 1 ? 0 : (double) j * (from - 1) / (to - 1));
      case CUBIC -> cubic((j + 0.5) * from / to - 0.5);
      case CUBIC_SHIFTED -> cubic((j + 0.5) * from / (to + SHIFT) - 0.5);
      case CUBIC_ANTIALIAS -> smooth(scale * (j + 0.5), Math.max(scale, 1), from);
      case LINEAR -> {
        double at = Math.max(scale * (j + 0.5) - 0.5, 0);
        double rest = at - Math.floor(at);
        yield new Taps((int) Math.floor(at), 1 - rest, rest);
      }
    };
  }

  private static Taps cubic(double at) {
    int first = (int) Math.floor(at) - 1;
    double[] weights = new double[4];
    for (int t = 0; t < weights.length; t++) {
      weights[t] = weight(at - first - t, -0.75);
    }
    return new Taps(first, weights);
  }

  private static Taps smooth(double center, double stretch, int from) {
    int first = Math.max((int) (center - 2 * stretch + 0.5), 0);
    int end = Math.min((int) (center + 2 * stretch + 0.5), from);
    double[] weights = new double[end - first];
    double sum = 0;
    for (int t = 0; t < weights.length; t++) {
      weights[t] = weight((first + t - center + 0.5) / stretch, -0.5);
      sum += weights[t];
    }
    for (int t = 0; t < weights.length; t++) {
      weights[t] /= sum;
    }
    return new Taps(first, weights);
  }

  private static double weight(double distance, double a) {
    double t = Math.abs(distance);
    if (t <= 1) {
      return ((a + 2) * t - (a + 3)) * t * t + 1;
    }
    return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
  }
}

package akin.nn.metric.proxy;

import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * {@linkplain ArcFaceLoss An additive margin of angles} that is larger for rarer classes, taken to
 * be the same as CLAM (class-distribution-aware additive angular margin): with n_y training samples
 * of class y,
 *
 * <p>ν_y = (n_y − n_min)/(n_max − n_min), m_y = m_min + ½(m_max − m_min)(1 + cos(πν_y)).
 *
 * <p>The rarest class has m_max, the most frequent one m_min; where all counts are equal, ν = 0. A
 * class without training samples counts as one of 0 samples. Each class has k vectors, of which the
 * nearest counts.
 *
 * <p>Source: the system MDFE ("multi-domain feature extraction", github.com/morrisfl/mdfe), here
 * with margins by class id, not by the order in which a file names the classes.
 */
public final class DynMArcFaceLoss extends MarginSoftmaxLoss {
  private final double[] margins;

  /**
   * @param counts n, training samples of each class from 0
   * @param centers k
   * @param least m_min in radians
   * @param most m_max in radians, less than π
   * @param scale s
   */
  public DynMArcFaceLoss(
      int[] counts, int width, int centers, double least, double most, double scale) {
    this(
        ClassVectors.columns("W", counts.length, centers, width),
        margins(counts, least, most),
        scale);
  }

  private DynMArcFaceLoss(ClassVectors kept, double[] margins, double scale) {
    super(kept, scale, kept.xavier());
    this.margins = margins;
  }

  /** k = 1, m_min = 0.2, m_max = 0.5, s = 30. */
  public static DynMArcFaceLoss usual(int[] counts, int width) {
    return new DynMArcFaceLoss(counts, width, 1, 0.2, 0.5, 30);
  }

  private static double[] margins(int[] counts, double least, double most) {
    int rarest = Arrays.stream(counts).min().orElseThrow();
    double range = (double) Arrays.stream(counts).max().orElseThrow() - rarest;
    return Arrays.stream(counts)
        .mapToDouble(n -> range == 0 ? 0 : (n - rarest) / range)
        .map(nu -> least + (most - least) / 2 * (1 + Math.cos(Math.PI * nu)))
        .toArray();
  }

  /** m, of each class. */
  public double[] margins() {
    return margins.clone();
  }

  @Override
  Tensor margined(Tensor cosines, int[] labels) {
    double[] each = IntStream.of(labels).mapToDouble(y -> margins[y]).toArray();
    return replaced(cosines, labels, new AngularMargin(each)::monotone);
  }
}

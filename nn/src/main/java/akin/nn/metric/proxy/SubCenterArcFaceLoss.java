package akin.nn.metric.proxy;

import akin.nn.metric.Batch;
import akin.tensor.Scope;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * {@linkplain ArcFaceLoss An additive margin of angles} where a class has k vectors and cos θ_j is
 * that of the nearest, so that wrong labels and other ways to look gather at a vector of their own.
 * The gradient goes to the nearest vector alone; equally near ones share it.
 *
 * <p>{@code W} [D, C·k]: those of class c are columns c·k … c·k + k − 1.
 *
 * <p>Source: Deng et al., "Sub-center ArcFace: boosting face recognition by large-scale noisy web
 * faces", ECCV 2020.
 */
public final class SubCenterArcFaceLoss extends ArcFaceLoss {
  /**
   * @param centers k
   * @param margin m in radians, 0 ≤ m &lt; π
   * @param scale s
   */
  public SubCenterArcFaceLoss(int classes, int width, int centers, double margin, double scale) {
    super(classes, width, new Options(margin, scale, centers, false, Start.NORMAL));
  }

  /** k = 3, m = 0.5 (28.6°), s = 64. */
  public static SubCenterArcFaceLoss usual(int classes, int width) {
    return new SubCenterArcFaceLoss(classes, width, 3, 0.5, 64);
  }

  /**
   * Samples that lie far from where most of their class do.
   *
   * @param rows the outliers, in order
   * @param dominant of each class the vector that is the nearest to most of its samples, 0 … k − 1;
   *     −1 where there is no sample
   */
  public record Outliers(int[] rows, int[] dominant) {}

  /**
   * Finds the samples of a batch (or of a whole training split) whose angle to the dominant vector
   * of their class is larger than {@code degrees}; 75 is usual.
   */
  public Outliers outliers(Tensor embeddings, int[] labels, double degrees) {
    labels(Batch.of(embeddings, labels));
    int k = each();
    double[] cosines =
        Scope.tidy(() -> allCosines(embeddings.detach(), vectors().tensor().detach())).toDoubles();
    int[][] nearest = new int[classes()][k]; // how many samples each vector is the nearest to
    int stride = classes() * k;
    for (int i = 0; i < labels.length; i++) {
      nearest[labels[i]][largest(k, cosines, i * stride + labels[i] * k)]++;
    }
    int[] dominant = new int[classes()];
    for (int c = 0; c < dominant.length; c++) {
      dominant[c] = -1;
      for (int j = 0; j < k; j++) {
        boolean more = dominant[c] < 0 || nearest[c][j] > nearest[c][dominant[c]];
        dominant[c] = nearest[c][j] > 0 && more ? j : dominant[c];
      }
    }
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      double cosine = cosines[i * stride + labels[i] * k + dominant[labels[i]]];
      if (cosine < Math.cos(Math.toRadians(degrees))) {
        rows.add(i);
      }
    }
    return new Outliers(rows.stream().mapToInt(i -> i).toArray(), dominant);
  }

  private static int largest(int k, double[] cosines, int from) {
    int best = 0;
    for (int j = 1; j < k; j++) {
      best = cosines[from + j] > cosines[from + best] ? j : best;
    }
    return best;
  }
}

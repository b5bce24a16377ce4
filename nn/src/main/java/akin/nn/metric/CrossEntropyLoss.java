package akin.nn.metric;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;

/**
 * Cross-entropy of logits: with p = softmax(row), label y and weights w,
 *
 * <p>l = (1 − s)·w_y·(−ln p_y) + (s/C)·Σ_c w_c·(−ln p_c),
 *
 * <p>averaged over Σ w_y of the rows that are not ignored, as in PyTorch. ∂l/∂logits = (Σt)·p − t
 * with the target t = (1 − s)·w_y·e_y + (s/C)·w. Rows ignored altogether give 0, not NaN.
 *
 * <p>Source: Szegedy et al., "Rethinking the Inception architecture", CVPR 2016 (smoothing).
 *
 * @param smoothing s, 0 for none
 * @param weights w, C of them, or null for ones
 * @param ignored label of rows that are left out
 * @param reduction MEAN as above, SUM of l, or NONE: l of each row, 0 where ignored
 */
public record CrossEntropyLoss(double smoothing, double[] weights, int ignored, Reduction reduction)
    implements LabelLoss {
  /** No smoothing, no weights, −100 ignored, mean: PyTorch's defaults. */
  public static CrossEntropyLoss plain() {
    return smoothed(0);
  }

  /** The same with label smoothing. */
  public static CrossEntropyLoss smoothed(double smoothing) {
    return new CrossEntropyLoss(smoothing, null, -100, Reduction.MEAN);
  }

  @Override
  public LossValue of(Tensor logits, int[] labels) {
    LabelLoss.check("cross-entropy", logits, labels);
    int classes = logits.dim(1);
    double[] target = new double[labels.length * classes];
    double total = 0;
    int used = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != ignored) {
        int y = checked(labels[i], i, classes);
        for (int c = 0; c < classes; c++) {
          target[i * classes + c] = smoothing / classes * weight(c);
        }
        target[i * classes + y] += (1 - smoothing) * weight(y);
        total += weight(y);
        used++;
      }
    }
    Tensor losses = logits.crossEntropy(Tensor.of(Shape.of(labels.length, classes), target));
    Tensor value =
        reduction == Reduction.MEAN
            ? losses.sum().div(used == 0 ? 1 : total)
            : reduction.of(losses);
    return new LossValue(value, used, labels.length - used);
  }

  private double weight(int c) {
    return weights == null ? 1 : weights[c];
  }

  private static int checked(int label, int row, int classes) {
    if (label < 0 || label >= classes) {
      throw UserError.of("a label is no class: " + label + " in row " + row + " of the batch")
          .rule("0 ≤ label < " + classes + ", the number of logits");
    }
    return label;
  }
}

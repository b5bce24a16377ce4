package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.Parameter;
import akin.nn.metric.Cells;
import akin.nn.metric.LogSumExp;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Softmax of s·cosine whose scale chooses itself. It begins with s = √2·ln(C − 1); if dynamic,
 * every training pass over N samples first sets
 *
 * <p>s ← ln B / cos(min(π/4, θ_med)), B = (1/N) Σ_i Σ_{j≠y_i} e^{s cos θ_ij},
 *
 * <p>θ_med the median of the angles θ_{i,y_i} (the lower of the middle two). No gradient flows
 * through s: ∂l/∂cos θ_j = s(p_j − [j = y]). Where ln B ≤ 0, s stays as it is.
 *
 * <p>{@code W} [D, C]; s is the buffer {@code s} [1].
 *
 * <p>Source: Zhang et al., "AdaCos: adaptively scaling cosine logits for effectively learning deep
 * face representations", CVPR 2019.
 */
public final class AdaCosLoss extends SampleClassLoss {
  private static final int FEWEST = 3;

  private final boolean dynamic;
  private final Parameter scale;

  /**
   * @param classes C; at least 3, as the scale of two classes is 0
   * @param dynamic whether s moves
   */
  public AdaCosLoss(int classes, int width, boolean dynamic) {
    super(ClassVectors.columns("W", classes, 1, width), Initializer.xavierUniform(width, classes));
    if (classes < FEWEST) {
      throw UserError.of("AdaCos cannot tell " + classes + " classes apart")
          .rule("at least 3 classes: its scale √2·ln(C − 1) is above 0 only then")
          .mend("choose a loss with a scale of its own, such as NormalizedSoftmaxLoss");
    }
    this.dynamic = dynamic;
    scale = buffer("s", Shape.of(1), Math.sqrt(2) * Math.log(classes - 1));
  }

  /** With a scale that moves. */
  public static AdaCosLoss usual(int classes, int width) {
    return new AdaCosLoss(classes, width, true);
  }

  /** s. */
  public double scale() {
    return scale.tensor().toDoubles()[0];
  }

  /** [N, D], [D, C] → [N, C]. */
  public Tensor cosines(Tensor embeddings, Tensor vectors) {
    return allCosines(embeddings, vectors);
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor vectors) {
    return cosines(embeddings, vectors).mul(scale());
  }

  @Override
  Tensor losses(Tensor embeddings, Tensor vectors, int[] labels) {
    Tensor cosines = cosines(embeddings, vectors);
    if (training() && dynamic) {
      move(cosines.detach(), labels);
    }
    return losses(cosines, labels, scale());
  }

  /** [N, C] → [N]: the losses of cosines with a given s. */
  public static Tensor losses(Tensor cosines, int[] labels, double s) {
    return crossEntropy(cosines.mul(s), labels);
  }

  private void move(Tensor cosines, int[] labels) {
    int n = labels.length;
    int[] rows = IntStream.range(0, n).toArray();
    Tensor others =
        Cells.add(cosines.mul(scale()), Tensor.full(Shape.of(n), LogSumExp.NOTHING), rows, labels);
    double lnB = LogSumExp.of(others.reshape(1, -1)).item() - Math.log(n);
    double[] own = own(cosines, labels).toDoubles();
    Arrays.sort(own);
    double cosine = own[n / 2]; // angles fall as cosines rise: of an even number, the lower angle
    double median = Math.acos(Math.max(-1, Math.min(1, cosine)));
    if (lnB > 0) {
      scale.tensor().assign(lnB / Math.cos(Math.min(Math.PI / 4, median)));
    }
  }
}

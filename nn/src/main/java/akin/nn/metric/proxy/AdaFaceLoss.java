package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.Parameter;
import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * A margin by the picture's quality, for which the embedding's length stands: with z_i = ‖x_i‖ kept
 * within 0.001 … 100,
 *
 * <p>g_i = clip(h(z_i − μ)/(σ + ε), −1, 1), z_y = cos(clip(θ_y − m g_i, ε, π − ε)) − (m + m g_i),
 *
 * <p>z_j = cos θ_j elsewhere, all cosines kept within ±(1 − ε), in the softmax of s·z. Good
 * pictures have an additive margin of cosines, bad ones one of angles. Every training pass first
 * moves μ and σ, by the share a, to the mean and the sample deviation of its z (0 of a single
 * sample), from 20 and 100. No gradient flows through g: ∂z_y/∂cos θ_y = sin(θ_y − m g)/sin θ_y, 0
 * where it is clipped.
 *
 * <p>{@code W} [D, C]; μ and σ are the buffers {@code batch_mean} and {@code batch_std} [1].
 *
 * <p>Source: Kim et al., "AdaFace: quality adaptive margin for face recognition", CVPR 2022.
 */
public final class AdaFaceLoss extends SampleClassLoss {
  private static final double EPSILON = 1e-3;

  private final Options options;
  private final Parameter mean;
  private final Parameter deviation;

  /**
   * @param margin m
   * @param h how fast g follows the length
   * @param share a, of the batch in the running mean and deviation
   * @param scale s
   */
  public record Options(double margin, double h, double share, double scale) {
    /** m = 0.4, h = 0.333, a = 0.01, s = 64: the paper's. */
    public static Options paper() {
      return new Options(0.4, 0.333, 0.01, 64);
    }

    /** m = 0.5, h = 0.333, a = 1, s = 30: MDFE's, whose mean and deviation are the batch's. */
    public static Options mdfe() {
      return new Options(0.5, 0.333, 1, 30);
    }
  }

  /** With these options. */
  public AdaFaceLoss(int classes, int width, Options options) {
    super(ClassVectors.columns("W", classes, 1, width), Initializer.xavierUniform(width, classes));
    this.options = options;
    mean = buffer("batch_mean", Shape.of(1), 20);
    deviation = buffer("batch_std", Shape.of(1), 100);
  }

  /** As in the paper. */
  public static AdaFaceLoss usual(int classes, int width) {
    return new AdaFaceLoss(classes, width, Options.paper());
  }

  /** [N, D], [D, C] → [N, C]. */
  public Tensor cosines(Tensor embeddings, Tensor vectors) {
    return allCosines(embeddings, vectors);
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor vectors) {
    return cosines(embeddings, vectors).mul(options.scale());
  }

  @Override
  Tensor losses(Tensor embeddings, Tensor vectors, int[] labels) {
    Tensor lengths = embeddings.detach().square().sum(false, 1).sqrt().clamp(0.001, 100);
    if (training()) {
      move(lengths.toDoubles());
    }
    return losses(cosines(embeddings, vectors), labels, quality(lengths));
  }

  /** g [N] of lengths as they are now judged. */
  private double[] quality(Tensor lengths) {
    double mu = mean.tensor().toDoubles()[0];
    double sigma = deviation.tensor().toDoubles()[0];
    return lengths.sub(mu).mul(options.h() / (sigma + EPSILON)).clamp(-1, 1).toDoubles();
  }

  private void move(double[] z) {
    double sum = 0;
    for (double each : z) {
      sum += each;
    }
    double squares = 0;
    for (double each : z) {
      squares += (each - sum / z.length) * (each - sum / z.length);
    }
    double sigma = z.length == 1 ? 0 : Math.sqrt(squares / (z.length - 1));
    mix(mean, sum / z.length);
    mix(deviation, sigma);
  }

  private void mix(Parameter running, double batch) {
    double before = running.tensor().toDoubles()[0];
    running.tensor().assign(options.share() * batch + (1 - options.share()) * before);
  }

  /** [N, C] → [N]: the losses of cosines with given g, N of them. */
  public Tensor losses(Tensor cosines, int[] labels, double... g) {
    Tensor near = cosines.clamp(EPSILON - 1, 1 - EPSILON);
    Tensor shift = Tensor.of(Shape.of(g.length), g).mul(options.margin()); // m g
    Tensor z =
        replaced(
            near,
            labels,
            own ->
                own.acos()
                    .sub(shift)
                    .clamp(EPSILON, Math.PI - EPSILON)
                    .cos()
                    .sub(shift)
                    .sub(options.margin()));
    return crossEntropy(z.mul(options.scale()), labels);
  }
}

package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.metric.Batch;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Needs;
import akin.nn.metric.Norm;
import akin.nn.metric.Terms;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Proxies as anchors: with s_cx the cosine of the proxy of class c and the embedding x,
 *
 * <p>l⁺(c) = ln(1 + Σ_{x of c} w_x e^{−α(s_cx − m)}), l⁻(c) = ln(1 + Σ_{x not of c} w_x e^{α(s_cx +
 * m)});
 *
 * <p>the mean of l⁺ over the classes in the batch plus the mean of l⁻ over all classes. ∂l⁺/∂s_cx =
 * −α·w_x e^{…}/(1 + Σ), ∂l⁻/∂s_cx = α·w_x e^{…}/(1 + Σ): hard samples of a class weigh more. A
 * class that all samples belong to has l⁻ = 0. w is 1, or a sample's {@linkplain Batch#weights
 * weight} in mined tuples: samples that these do not name are in neither sum, and a class is in the
 * batch if one of its samples is named. (Musgrave et al., "PyTorch Metric Learning", 2020, take
 * e^{w − 1} for w, so that samples not named stay in.)
 *
 * <p>{@code proxies} [C, D]. Logits are α·s.
 *
 * <p>Source: Kim et al., "Proxy anchor loss for deep metric learning", CVPR 2020.
 */
public final class ProxyAnchorLoss extends ClassLoss {
  private static final double NOTHING = LogSumExp.NOTHING;

  private final double margin;
  private final double alpha;

  /**
   * @param margin m
   * @param alpha α
   */
  public ProxyAnchorLoss(int classes, int width, double margin, double alpha) {
    super(ClassVectors.rows("proxies", classes, width), Initializer.kaimingNormal(classes));
    this.margin = margin;
    this.alpha = alpha;
  }

  /** m = 0.1, α = 32. */
  public static ProxyAnchorLoss usual(int classes, int width) {
    return new ProxyAnchorLoss(classes, width, 0.1, 32);
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor proxies) {
    Tensor near = Norm.unitRows(proxies);
    return Norm.unitRows(embeddings).matmul(near, false, true).mul(alpha);
  }

  @Override
  public List<Terms> terms(Batch batch, Tensor proxies) {
    int[] labels = labels(batch);
    double[] logs =
        Arrays.stream(batch.weights()).map(w -> w > 0 ? Math.log(w) : NOTHING).toArray();
    int n = labels.length;
    double[] own = new double[classes() * n];
    double[] others = new double[classes() * n];
    for (int i = 0; i < own.length; i++) {
      boolean mine = labels[i % n] == i / n;
      own[i] = mine ? logs[i % n] : NOTHING;
      others[i] = mine ? NOTHING : logs[i % n];
    }
    Tensor s = logits(batch.anchors(), proxies).transpose(); // [C, N], times α
    int[] present =
        IntStream.range(0, n)
            .filter(i -> logs[i] > NOTHING)
            .map(i -> labels[i])
            .distinct()
            .sorted()
            .toArray();
    Tensor near = lnOnePlusSum(s.sub(alpha * margin).neg(), own).gatherRows(present);
    Tensor far = lnOnePlusSum(s.add(alpha * margin), others);
    return List.of(Terms.ofBatch(near), Terms.ofBatch(far));
  }

  @Override
  public Needs needs() {
    return super.needs().ofNoSample();
  }

  /** ln(1 + Σ w eˣ) of each row, of ln w: [C, N] → [C]. */
  private static Tensor lnOnePlusSum(Tensor rows, double[] logs) {
    Tensor kept = rows.add(Tensor.of(rows.shape(), logs));
    Tensor one = Tensor.zeros(Shape.of(rows.dim(0), 1)); // e⁰
    return LogSumExp.of(Tensor.concat(1, one, kept)).reshape(rows.dim(0));
  }
}

package akin.nn.metric.rank;

import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.metric.AnchorSets;
import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Terms;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Triplets without a margin: each is weighed by the share of recent triplets that are easier. With
 * x = d_ap − d_an, d Euclidean between normalised vectors, and a running histogram H of x,
 *
 * <p>l(a,p,n) = CDF_H(x)·x; the mean over triplets. Of two views without labels, the hardest
 * negative stands for all: x_i = d_ii − min_{j≠i} min(d_ij, d_ji).
 *
 * <p>H has B nodes of distance Δ = 2|x₀|/B from x₀ on; each x is shared between the two beside it.
 * In training every batch moves H ← ((1 − μ)H + μ·h)/Σ, h the batch's <em>sums</em> (as many as
 * triplets, so that a large batch weighs more than μ), H = h at first. Values outside the nodes
 * count at the outermost. In evaluation H stays as it is.
 *
 * <p>The gradient flows through x and through the batch's own share of H, not through which bins
 * they are, nor through earlier batches. A batch without triplets gives 0 and leaves H.
 *
 * <p>Source: Zhang and Rusinkiewicz, "Learning local descriptors with a CDF-based dynamic soft
 * margin", ICCV 2019, in the form of pytorch-metric-learning.
 */
public final class DynamicSoftMarginLoss implements Loss {
  private static final Distance EUCLIDEAN = LpDistance.euclidean();

  private final double lowest;
  private final int bins;
  private final double momentum;
  private final History history;

  /**
   * A loss with an empty histogram.
   *
   * @param lowest x₀ &lt; 0; −2, the least that x can be, is usual
   * @param bins B; 10 is usual
   * @param momentum μ in (0, 1]; 0.01 is usual
   */
  public DynamicSoftMarginLoss(double lowest, int bins, double momentum) {
    this.lowest = lowest;
    this.bins = bins;
    this.momentum = momentum;
    history = new History(bins);
  }

  /** x₀ = −2, B = 10, μ = 0.01. */
  public static DynamicSoftMarginLoss usual() {
    return new DynamicSoftMarginLoss(-2, 10, 0.01);
  }

  /** What the loss remembers. */
  private static final class History extends Layer {
    private final Parameter histogram;

    History(int bins) {
      histogram = buffer("histogram", Shape.of(bins), 0);
    }

    @Override
    protected Tensor forward(Tensor x) {
      throw new UnsupportedOperationException("a histogram has no forward pass");
    }
  }

  @Override
  public List<Terms> terms(Batch batch) {
    boolean views = batch.labels() == null && batch.mined() == null && batch.relation().areViews();
    if (views && batch.size() > 1) {
      Tensor d = EUCLIDEAN.of(batch.anchors(), batch.items());
      return List.of(Terms.ofEach(weighed(hardest(d))));
    }
    Triplets t = batch.triplets();
    if (t.count() == 0) {
      return List.of();
    }
    Tensor d = EUCLIDEAN.of(batch.anchors(), batch.items());
    Tensor near = Cells.of(d, t.anchors(), t.positives());
    Tensor x = near.sub(Cells.of(d, t.anchors(), t.negatives()));
    return List.of(Terms.of(weighed(x), t.anchors()));
  }

  /** d_ii − the least distance of either view of sample i from the other view of another one. */
  private static Tensor hardest(Tensor d) {
    int n = d.dim(0);
    int[] own = IntStream.range(0, n).toArray();
    double[] far = new double[n * n];
    for (int i : own) {
      far[i * n + i] = AnchorSets.BIG;
    }
    Tensor others = d.add(Tensor.of(d.shape(), far));
    return Cells.of(d, own, own).sub(others.amin(false, 0).min(others.amin(false, 1)));
  }

  /** CDF(x)·x. */
  private Tensor weighed(Tensor x) {
    Bins in = Bins.of(x, lowest, 2 * Math.abs(lowest) / bins, bins - 1);
    Tensor cdf = moved(in).reshape(1, bins).matmul(Running.triangle(bins)).reshape(bins, 1);
    return cdf.gatherRows(in.index()).reshape(x.shape()).mul(x);
  }

  /** H, moved by a batch in training. */
  private Tensor moved(Bins batch) {
    double[] before = history.histogram.tensor().toDoubles();
    boolean empty = Arrays.stream(before).sum() == 0;
    Tensor old = Tensor.of(Shape.of(bins), before);
    if (!history.training() && !empty) {
      return old;
    }
    double share = empty ? 1 : momentum;
    Tensor sum = old.mul(1 - share).add(batch.histogram(bins).mul(share));
    // Σ is known: what each x adds to two nodes is 1 together
    Tensor next = sum.div((empty ? 0 : 1 - share) + share * batch.index().length);
    if (history.training()) {
      history.histogram.tensor().assign(next.toDoubles());
    }
    return next;
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.TRIPLETS);
  }

  @Override
  public Optional<Layer> layer() {
    return Optional.of(history);
  }
}

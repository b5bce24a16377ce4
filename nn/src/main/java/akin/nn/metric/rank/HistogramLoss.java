package akin.nn.metric.rank;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.tensor.Tensor;
import java.util.List;
import java.util.TreeSet;

/**
 * The probability that a random negative pair is more similar than a random positive pair, from
 * histograms of both. With cosines s ∈ [−1, 1] and R + 1 nodes t_r = −1 + rΔ, Δ = 2/R, every pair
 * is shared between the two nodes beside it,
 *
 * <p>h_r = (1/n) Σ [1 − |s − t_r|/Δ]₊, l = Σ_r h⁻_r Σ_{q≤r} h⁺_q.
 *
 * <p>∂l/∂s of a positive in [t_r, t_{r+1}): −h⁻_r/(Δn⁺); of a negative: h⁺_{r+1}/(Δn⁻). A batch has
 * one loss, which is no sample's own. Each unordered pair of a batch counts once. Anchors need a
 * positive and a negative; without any the loss is 0.
 *
 * <p>The nodes below and above a similarity are rounded to float32, as pytorch-metric-learning
 * makes them in whatever precision it computes: they are part of its formula as published, at most
 * 1e-7 from t_r, and its values are met to nine digits only so. Which bin a similarity lies in is
 * told without rounding.
 *
 * <p>Source: Ustinova and Lempitsky, "Learning deep embeddings with histogram loss", NIPS 2016.
 *
 * @param bins R; 100 is usual
 */
public record HistogramLoss(int bins) implements Loss {
  private static final Distance COSINE = DotProduct.cosine();

  /** R = 100. */
  public static HistogramLoss usual() {
    return new HistogramLoss(100);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = ofBothKinds(batch.pairs(), batch.size());
    if (pairs.anchors().length == 0) {
      return List.of();
    }
    Tensor s = COSINE.of(batch.anchors(), batch.items());
    Tensor positive = histogram(once(s, pairs.anchors(), pairs.positives(), batch.own()));
    Tensor negative = histogram(once(s, pairs.negativeAnchors(), pairs.negatives(), batch.own()));
    Tensor below = positive.reshape(1, bins + 1).matmul(Running.triangle(bins + 1));
    return List.of(Terms.ofBatch(negative.mul(below.reshape(bins + 1)).sum().reshape(1)));
  }

  /** The pairs of anchors that have a positive and a negative. */
  private static Pairs ofBothKinds(Pairs pairs, int anchors) {
    boolean[] near = new boolean[anchors];
    boolean[] far = new boolean[anchors];
    for (int a : pairs.anchors()) {
      near[a] = true;
    }
    for (int a : pairs.negativeAnchors()) {
      far[a] = true;
    }
    return pairs.only(k -> far[pairs.anchors()[k]], k -> near[pairs.negativeAnchors()[k]]);
  }

  /**
   * The similarities of pairs, each pair once; (i, j) and (j, i) are one where items are anchors.
   */
  private static Tensor once(Tensor s, int[] anchors, int[] items, boolean own) {
    int m = s.dim(1);
    TreeSet<Integer> cells = new TreeSet<>();
    for (int k = 0; k < anchors.length; k++) {
      int low = own ? Math.min(anchors[k], items[k]) : anchors[k];
      int high = own ? Math.max(anchors[k], items[k]) : items[k];
      cells.add(low * m + high);
    }
    int[] rows = cells.stream().mapToInt(c -> c / m).toArray();
    int[] columns = cells.stream().mapToInt(c -> c % m).toArray();
    return Cells.of(s, rows, columns);
  }

  /** [n] → [R + 1]; the sum is 1, to float32's rounding of the nodes. */
  private Tensor histogram(Tensor s) {
    double width = 2.0 / bins;
    int[] index = Bins.index(s, -1, width, bins - 1);
    Tensor upper = Bins.share(s, 1 / width, r -> r * (float) width - 1.0, index);
    Tensor lower = Bins.share(s, -1 / width, r -> (r + 1) * (float) width - 1, index);
    return new Bins(index, lower, upper).histogram(bins + 1).div(s.dim(0));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS).ofNoSample();
  }
}

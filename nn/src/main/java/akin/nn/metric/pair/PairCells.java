package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Pairs;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Pairs as cells of a matrix [N, M] of anchors against items, for sums over each anchor's pairs.
 */
final class PairCells {
  private final int items;
  private final double[] counts; // [N·M]: how often each cell is a pair
  private final double[] perAnchor; // [N]: pairs of each

  private PairCells(Batch batch, int[] anchors, int[] others, boolean once) {
    items = batch.items().dim(0);
    counts = new double[batch.size() * items];
    perAnchor = new double[batch.size()];
    for (int k = 0; k < anchors.length; k++) {
      int cell = anchors[k] * items + others[k];
      if (counts[cell] == 0 || !once) {
        counts[cell]++;
        perAnchor[anchors[k]]++;
      }
    }
  }

  /** A pair counts once, however often a miner chose it. */
  static PairCells once(Batch batch, int[] anchors, int[] others) {
    return new PairCells(batch, anchors, others, true);
  }

  /** Positives and negatives together; each counts once. */
  static PairCells once(Batch batch, Pairs pairs) {
    return new PairCells(
        batch,
        joined(pairs.anchors(), pairs.negativeAnchors()),
        joined(pairs.positives(), pairs.negatives()),
        true);
  }

  private static int[] joined(int[] a, int[] b) {
    return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
  }

  /** A pair counts as often as a miner chose it. */
  static PairCells counted(Batch batch, int[] anchors, int[] others) {
    return new PairCells(batch, anchors, others, false);
  }

  /** Whether the anchor has a pair. */
  boolean has(int anchor) {
    return perAnchor[anchor] > 0;
  }

  /** The anchors that have a pair. */
  int[] anchors() {
    return anchors(this::has);
  }

  /** The anchors that have a pair here and there. */
  int[] and(PairCells there) {
    return anchors(a -> has(a) && there.has(a));
  }

  /** The anchors that have a pair here or there. */
  int[] or(PairCells there) {
    return anchors(a -> has(a) || there.has(a));
  }

  private int[] anchors(IntPredicate wanted) {
    return IntStream.range(0, perAnchor.length).filter(wanted).toArray();
  }

  /** x at pairs, nothing elsewhere: what a largest element or a sum of exponentials is made of. */
  Tensor only(Tensor x) {
    double[] logs = new double[counts.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = counts[i] == 0 ? LogSumExp.NOTHING : Math.log(counts[i]);
    }
    return x.add(Tensor.of(Shape.of(perAnchor.length, items), logs));
  }

  /** ln Σ eˣ over each anchor's pairs, [N, M] → [N]; about nothing for anchors without any. */
  Tensor logSumExp(Tensor x) {
    return LogSumExp.of(only(x)).reshape(perAnchor.length);
  }

  /** As {@link #logSumExp}, but 0 for anchors without any pair. */
  Tensor logSumExpOrZero(Tensor x) {
    double[] kept = IntStream.range(0, perAnchor.length).mapToDouble(a -> has(a) ? 1 : 0).toArray();
    return logSumExp(x).mul(Tensor.of(Shape.of(perAnchor.length), kept));
  }

  /** The mean of x over each anchor's pairs, [N, M] → [N]; 0 for anchors without any. */
  Tensor mean(Tensor x) {
    double[] weights = new double[counts.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = counts[i] / Math.max(1, perAnchor[i / items]);
    }
    return x.mul(Tensor.of(Shape.of(perAnchor.length, items), weights)).sum(false, 1);
  }
}

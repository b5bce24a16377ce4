package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Losses of single pairs, the positive and the negative ones in a group each. */
final class PairTerms {
  private PairTerms() {}

  /** Of distances or similarities d [N, M]; a kind without pairs has no group. */
  static List<Terms> of(
      Batch batch, Tensor d, UnaryOperator<Tensor> positive, UnaryOperator<Tensor> negative) {
    Pairs pairs = batch.pairs();
    List<Terms> terms = new ArrayList<>();
    if (pairs.anchors().length > 0) {
      Tensor near = Cells.of(d, pairs.anchors(), pairs.positives());
      terms.add(Terms.of(positive.apply(near), pairs.anchors()));
    }
    if (pairs.negatives().length > 0) {
      Tensor far = Cells.of(d, pairs.negativeAnchors(), pairs.negatives());
      terms.add(Terms.of(negative.apply(far), pairs.negativeAnchors()));
    }
    return terms;
  }
}

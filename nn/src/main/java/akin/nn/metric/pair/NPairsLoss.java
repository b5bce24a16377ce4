package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The N-pairs loss: of each class the first positive pair (a_i, p_i) is taken,
 *
 * <p>l(i) = −ln( e^(s(a_i, p_i)) / Σ_j e^(s(a_i, p_j)) ),
 *
 * <p>the mean over classes. With q the softmax over j: ∂l/∂s(a_i, p_j) = q_j − [i = j]. With
 * distances, −d stands for s. Samples outside these pairs are skipped; a single class gives 0.
 *
 * <p>Source: Sohn, "Improved deep metric learning with multi-class N-pair loss objective", NIPS
 * 2016.
 */
public record NPairsLoss(Distance distance) implements Loss {
  /**
   * Cosines, as in the library of Musgrave et al.; the paper takes products of vectors as they are.
   */
  public static NPairsLoss usual() {
    return new NPairsLoss(DotProduct.cosine());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = batch.pairs();
    int[] first = firstOfClass(batch, pairs);
    if (first.length == 0) {
      return List.of();
    }
    int[] anchors = IntStream.of(first).map(k -> pairs.anchors()[k]).toArray();
    int[] positives = IntStream.of(first).map(k -> pairs.positives()[k]).toArray();
    Tensor d =
        distance.of(batch.anchors().gatherRows(anchors), batch.items().gatherRows(positives));
    Tensor s = distance.similarity() ? d : d.neg();
    int[] own = IntStream.range(0, first.length).toArray();
    Tensor all = LogSumExp.of(s).reshape(own.length);
    return List.of(Terms.of(all.sub(Cells.of(s, own, own)), anchors));
  }

  private static int[] firstOfClass(Batch batch, Pairs pairs) {
    if (batch.labels() == null) {
      throw UserError.of("the N-pairs loss cannot take a pair of each class")
          .rule("it needs labels; this batch is supervised by a relation")
          .mend("choose NT-Xent, which does with a relation");
    }
    Map<Integer, Integer> first = new TreeMap<>();
    for (int k = 0; k < pairs.anchors().length; k++) {
      first.putIfAbsent(batch.labels()[pairs.anchors()[k]], k);
    }
    return first.values().stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.LABELS, Needs.MadeOf.PAIRS);
  }
}

package akin.nn.metric.catalogue;

import akin.nn.metric.Loss;
import akin.nn.metric.rank.DynamicSoftMarginLoss;
import akin.nn.metric.rank.FastApLoss;
import akin.nn.metric.rank.HistogramLoss;
import akin.nn.metric.rank.PnpLoss;
import akin.nn.metric.rank.RankedListLoss;
import akin.nn.metric.rank.SmoothApLoss;
import akin.nn.metric.rank.SurrogatePrecisionLoss;
import akin.nn.metric.rank.VicRegLoss;
import java.util.List;

/** Losses of rankings, of histograms, and of the whole batch. */
final class RankLosses {
  private static final int FIRST = 5; // ranks that surrogate precision looks at

  static final List<Entry<Loss>> ALL =
      List.of(
          new Entry<>("fast-ap", "One minus AP over bins of distances.", s -> FastApLoss.usual()),
          new Entry<>("smooth-ap", "One minus AP with smooth ranks.", s -> SmoothApLoss.usual()),
          new Entry<>(
              "pnp", "Penalises negatives that rank before positives.", s -> PnpLoss.usual()),
          new Entry<>(
              "surrogate-precision",
              "One minus precision at 5 with smooth ranks.",
              s -> SurrogatePrecisionLoss.usual(FIRST)),
          new Entry<>(
              "ranked-list",
              "Pulls positives into a ball and pushes negatives out of a larger one.",
              s -> RankedListLoss.usual()),
          new Entry<>(
              "histogram",
              "The chance that a negative is nearer than a positive, by histograms.",
              s -> HistogramLoss.usual()),
          new Entry<>(
              "dynamic-soft-margin",
              "Weighs triplets by the share of triplets that are easier.",
              s -> DynamicSoftMarginLoss.usual()),
          new Entry<>(
              "vicreg",
              "Asks that two views be alike, and coordinates spread and unrelated.",
              s -> VicRegLoss.usual()));

  private RankLosses() {}
}

package akin.nn.metric.catalogue;

import static akin.nn.metric.catalogue.Option.choice;
import static akin.nn.metric.catalogue.Option.count;
import static akin.nn.metric.catalogue.Option.notNegative;
import static akin.nn.metric.catalogue.Option.positive;
import static akin.nn.metric.catalogue.Option.within;

import akin.nn.metric.Loss;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
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
  private static final String BINS = "bins";
  private static final String TEMPERATURE = "temperature";

  static final List<Entry<Loss>> ALL =
      List.of(
          new Entry<>(
              "fast-ap",
              "One minus AP over bins of distances.",
              List.of(count(BINS, 10)),
              (s, o) -> new FastApLoss(o.whole(BINS))),
          new Entry<>(
              "smooth-ap",
              "One minus AP with smooth ranks.",
              List.of(positive(TEMPERATURE, 0.01)),
              (s, o) -> new SmoothApLoss(o.number(TEMPERATURE), DotProduct.cosine())),
          new Entry<>(
              "pnp",
              "Penalises negatives that rank before positives.",
              List.of(
                  choice("variant", PnpLoss.Variant.O),
                  positive("b", 2),
                  positive("alpha", 1),
                  positive(TEMPERATURE, 0.01)),
              (s, o) -> pnp(o)),
          new Entry<>(
              "surrogate-precision",
              "One minus precision at 5 with smooth ranks.",
              List.of(count("k", 5), positive("step", 1), positive("order", 0.01)),
              (s, o) ->
                  new SurrogatePrecisionLoss(
                      o.whole("k"),
                      o.number("step"),
                      o.number("order"),
                      new LpDistance(2, 1, false))),
          new Entry<>(
              "ranked-list",
              "Pulls positives into a ball and pushes negatives out of a larger one.",
              List.of(
                  notNegative("margin", 0.4),
                  positive("radius", 1.2),
                  notNegative("positiveHeat", 0),
                  notNegative("negativeHeat", 10),
                  within("balance", 0.5, 0, 1)),
              (s, o) ->
                  new RankedListLoss(
                      o.number("margin"),
                      o.number("radius"),
                      o.number("positiveHeat"),
                      o.number("negativeHeat"),
                      o.number("balance"))),
          new Entry<>(
              "histogram",
              "The chance that a negative is nearer than a positive, by histograms.",
              List.of(count(BINS, 100)),
              (s, o) -> new HistogramLoss(o.whole(BINS))),
          new Entry<>(
              "dynamic-soft-margin",
              "Weighs triplets by the share of triplets that are easier.",
              List.of(
                  within("lowest", -2, -100, -0.01),
                  count(BINS, 10),
                  within("momentum", 0.01, 1e-6, 1)),
              (s, o) ->
                  new DynamicSoftMarginLoss(
                      o.number("lowest"), o.whole(BINS), o.number("momentum"))),
          new Entry<>(
              "vicreg",
              "Asks that two views be alike, and coordinates spread and unrelated.",
              List.of(
                  notNegative("invariance", 25),
                  notNegative("variance", 25),
                  notNegative("covariance", 1),
                  positive("eps", 1e-4)),
              (s, o) ->
                  new VicRegLoss(
                      o.number("invariance"),
                      o.number("variance"),
                      o.number("covariance"),
                      o.number("eps"))));

  private static Loss pnp(Options o) {
    PnpLoss.Variant variant = PnpLoss.Variant.values()[o.whole("variant")];
    if (variant != PnpLoss.Variant.IB) {
      o.refuseUnused("b", "variant: ib");
    }
    if (variant != PnpLoss.Variant.DQ) {
      o.refuseUnused("alpha", "variant: dq");
    }
    return new PnpLoss(variant, o.number("b"), o.number("alpha"), o.number(TEMPERATURE));
  }

  private RankLosses() {}
}

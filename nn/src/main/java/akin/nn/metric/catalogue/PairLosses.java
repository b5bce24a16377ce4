package akin.nn.metric.catalogue;

import static akin.nn.metric.catalogue.Option.flag;
import static akin.nn.metric.catalogue.Option.notNegative;
import static akin.nn.metric.catalogue.Option.positive;
import static akin.nn.metric.catalogue.Option.within;

import akin.nn.metric.Loss;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import akin.nn.metric.pair.AngularLoss;
import akin.nn.metric.pair.BatchHardSoftMarginLoss;
import akin.nn.metric.pair.CircleLoss;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.pair.GeneralizedLiftedStructureLoss;
import akin.nn.metric.pair.Hap2sLoss;
import akin.nn.metric.pair.IntraPairVarianceLoss;
import akin.nn.metric.pair.LiftedStructureLoss;
import akin.nn.metric.pair.MarginLoss;
import akin.nn.metric.pair.MultiSimilarityLoss;
import akin.nn.metric.pair.NPairsLoss;
import akin.nn.metric.pair.NTXentLoss;
import akin.nn.metric.pair.NcaLoss;
import akin.nn.metric.pair.Penalty;
import akin.nn.metric.pair.SupConLoss;
import akin.nn.metric.pair.ThresholdConsistentMarginLoss;
import akin.nn.metric.pair.TripletLoss;
import akin.nn.metric.pair.TupletMarginLoss;
import java.util.List;

/** Losses of pairs and triplets. */
final class PairLosses {
  private static final String MARGIN = "margin";
  private static final String POSITIVE = "positiveMargin";
  private static final String NEGATIVE = "negativeMargin";
  private static final String TEMPERATURE = "temperature";
  private static final String SCALE = "scale";
  private static final String BOUNDARY = "boundary";
  private static final String PENALTY = "boundaryWeight"; // of the boundary's mean in the loss
  private static final String SOFT = "soft";
  private static final String EPSILON = "epsilon";
  private static final List<Option> LEARNT =
      List.of(notNegative(MARGIN, 0.2), notNegative(BOUNDARY, 1.2), notNegative(PENALTY, 0));

  static final List<Entry<Loss>> ALL =
      List.of(
          new Entry<>(
              "contrastive",
              "Pulls positives within one margin and pushes negatives beyond another.",
              List.of(notNegative(POSITIVE, 0), notNegative(NEGATIVE, 1)),
              (s, o) ->
                  new ContrastiveLoss(
                      o.number(POSITIVE), o.number(NEGATIVE), LpDistance.euclidean())),
          new Entry<>(
              "snr-contrastive",
              "The contrastive loss of signal-to-noise ratios.",
              List.of(notNegative(POSITIVE, 0), notNegative(NEGATIVE, 1)),
              (s, o) ->
                  new ContrastiveLoss(
                      o.number(POSITIVE), o.number(NEGATIVE), new SnrDistance(true))),
          new Entry<>(
              "triplet-margin",
              "Asks that negatives be farther than positives by a margin.",
              List.of(notNegative(MARGIN, 0.05), flag("swap", false), flag("smooth", false)),
              (s, o) ->
                  new TripletLoss(
                      o.number(MARGIN), o.flag("swap"), o.flag("smooth"), LpDistance.euclidean())),
          new Entry<>(
              "margin",
              "Positives on one side of a boundary, negatives on the other, by a margin.",
              List.of(notNegative(MARGIN, 0.2), notNegative(BOUNDARY, 1.2)),
              (s, o) -> margin(o, 0, 0)),
          new Entry<>(
              "margin-learnt",
              "The margin loss with a boundary that is learnt.",
              LEARNT,
              (s, o) -> margin(o, 1, o.number(PENALTY))),
          new Entry<>(
              "margin-by-class",
              "The margin loss with a boundary that is learnt for each class.",
              LEARNT,
              (s, o) -> margin(o, s.classes(), o.number(PENALTY))),
          new Entry<>(
              "nt-xent",
              "Tells positives from negatives by a softmax of cosines; also called InfoNCE.",
              List.of(positive(TEMPERATURE, 0.07)),
              (s, o) -> new NTXentLoss(o.number(TEMPERATURE), DotProduct.cosine())),
          new Entry<>(
              "sup-con",
              "Tells an anchor's positives from all others by a softmax of cosines.",
              List.of(positive(TEMPERATURE, 0.1)),
              (s, o) -> new SupConLoss(o.number(TEMPERATURE), DotProduct.cosine())),
          new Entry<>(
              "multi-similarity",
              "Weighs pairs by how hard they are, and how hard beside the others.",
              List.of(positive("alpha", 2), positive("beta", 50), within("base", 0.5, -1, 1)),
              (s, o) ->
                  new MultiSimilarityLoss(
                      o.number("alpha"), o.number("beta"), o.number("base"), DotProduct.cosine())),
          new Entry<>(
              "circle",
              "Pulls and pushes each cosine the more, the farther it is from where it should be.",
              List.of(within(MARGIN, 0.4, -1, 1), positive("gamma", 80)),
              (s, o) -> new CircleLoss(o.number(MARGIN), o.number("gamma"))),
          new Entry<>(
              "lifted-structure",
              "Each positive pair against the negatives of both its samples.",
              List.of(notNegative(NEGATIVE, 1), notNegative(POSITIVE, 0)),
              (s, o) ->
                  new LiftedStructureLoss(
                      o.number(NEGATIVE), o.number(POSITIVE), LpDistance.euclidean())),
          new Entry<>(
              "generalized-lifted-structure",
              "Each anchor's positives together against its negatives together.",
              List.of(notNegative(NEGATIVE, 1), notNegative(POSITIVE, 0)),
              (s, o) ->
                  new GeneralizedLiftedStructureLoss(
                      o.number(NEGATIVE), o.number(POSITIVE), LpDistance.euclidean())),
          new Entry<>(
              "n-pairs",
              "One pair of each class, told from the other classes' by a softmax.",
              s -> NPairsLoss.usual()),
          new Entry<>(
              "angular",
              "Asks that negatives see anchor and positive under a narrow angle.",
              List.of(within("degrees", 40, 1, 89)),
              (s, o) -> new AngularLoss(o.number("degrees"))),
          new Entry<>(
              "nca",
              "How surely a random neighbour is a positive.",
              List.of(positive(SCALE, 1)),
              (s, o) -> new NcaLoss(o.number(SCALE), LpDistance.squared())),
          new Entry<>(
              "tuplet-margin",
              "Tells each positive from the anchor's negatives by angles with a margin.",
              List.of(within("degrees", 5.73, 0, 89), positive(SCALE, 64)),
              (s, o) -> new TupletMarginLoss(o.number("degrees"), o.number(SCALE))),
          new Entry<>(
              "intra-pair-variance",
              "Draws the worst pairs to the mean of their kind, beside another loss.",
              List.of(notNegative("positiveSlack", 0.01), notNegative("negativeSlack", 0.01)),
              (s, o) ->
                  new IntraPairVarianceLoss(
                      o.number("positiveSlack"), o.number("negativeSlack"), DotProduct.cosine())),
          new Entry<>(
              "threshold-consistent-margin",
              "Asks that one threshold serve all classes, beside another loss.",
              List.of(
                  notNegative("positiveWeight", 1),
                  notNegative("negativeWeight", 1),
                  within(POSITIVE, 0.9, -1, 1),
                  within(NEGATIVE, 0.5, -1, 1)),
              (s, o) ->
                  new ThresholdConsistentMarginLoss(
                      o.number("positiveWeight"),
                      o.number("negativeWeight"),
                      o.number(POSITIVE),
                      o.number(NEGATIVE))),
          new Entry<>(
              "batch-hard-soft-margin",
              "Each anchor's farthest positive against its nearest negative.",
              List.of(flag(SOFT, true), notNegative(MARGIN, 0)),
              (s, o) -> new BatchHardSoftMarginLoss(penalty(o), new LpDistance(2, 1, false))),
          new Entry<>(
              "hap2s",
              "Each anchor's positives against its negatives, hard ones weighing most.",
              List.of(
                  positive("alpha", 10),
                  notNegative(EPSILON, 1e-6),
                  flag(SOFT, true),
                  notNegative(MARGIN, 0)),
              (s, o) -> hap2s(o, Hap2sLoss.Weights.polynomial(o.number("alpha")))),
          new Entry<>(
              "hap2s-exponential",
              "HAP2S with weights that grow exponentially with the distance.",
              List.of(
                  positive("sigma", 0.5),
                  notNegative(EPSILON, 0),
                  flag(SOFT, true),
                  notNegative(MARGIN, 0)),
              (s, o) -> hap2s(o, Hap2sLoss.Weights.exponential(o.number("sigma")))));

  private static Loss margin(Options o, int learnt, double penalty) {
    return new MarginLoss(
        new MarginLoss.Options(
            o.number(MARGIN), o.number(BOUNDARY), learnt, penalty, LpDistance.euclidean()));
  }

  private static Loss hap2s(Options o, Hap2sLoss.Weights weights) {
    return new Hap2sLoss(weights, o.number(EPSILON), penalty(o), new LpDistance(2, 1, false));
  }

  /** Soft, or the hinge with a margin. */
  private static Penalty penalty(Options o) {
    if (o.flag(SOFT)) {
      o.refuseUnused(MARGIN, "soft: false");
      return Penalty.softMargin();
    }
    return Penalty.hinge(o.number(MARGIN));
  }

  private PairLosses() {}
}

package akin.nn.metric.catalogue;

import akin.nn.metric.Loss;
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
import akin.nn.metric.pair.SupConLoss;
import akin.nn.metric.pair.ThresholdConsistentMarginLoss;
import akin.nn.metric.pair.TripletLoss;
import akin.nn.metric.pair.TupletMarginLoss;
import java.util.List;

/** Losses of pairs and triplets. */
final class PairLosses {
  static final List<Entry<Loss>> ALL =
      List.of(
          new Entry<>(
              "contrastive",
              "Pulls positives within one margin and pushes negatives beyond another.",
              s -> ContrastiveLoss.usual()),
          new Entry<>(
              "snr-contrastive",
              "The contrastive loss of signal-to-noise ratios.",
              s -> ContrastiveLoss.signalToNoise()),
          new Entry<>(
              "triplet-margin",
              "Asks that negatives be farther than positives by a margin.",
              s -> TripletLoss.usual()),
          new Entry<>(
              "margin",
              "Positives on one side of a boundary, negatives on the other, by a margin.",
              s -> MarginLoss.usual()),
          new Entry<>(
              "margin-learnt",
              "The margin loss with a boundary that is learnt.",
              s -> new MarginLoss(MarginLoss.Options.usual().learning(1, 0))),
          new Entry<>(
              "margin-by-class",
              "The margin loss with a boundary that is learnt for each class.",
              s -> new MarginLoss(MarginLoss.Options.usual().learning(s.classes(), 0))),
          new Entry<>(
              "nt-xent",
              "Tells positives from negatives by a softmax of cosines; also called InfoNCE.",
              s -> NTXentLoss.usual()),
          new Entry<>(
              "sup-con",
              "Tells an anchor's positives from all others by a softmax of cosines.",
              s -> SupConLoss.usual()),
          new Entry<>(
              "multi-similarity",
              "Weighs pairs by how hard they are, and how hard beside the others.",
              s -> MultiSimilarityLoss.usual()),
          new Entry<>(
              "circle",
              "Pulls and pushes each cosine the more, the farther it is from where it should be.",
              s -> CircleLoss.usual()),
          new Entry<>(
              "lifted-structure",
              "Each positive pair against the negatives of both its samples.",
              s -> LiftedStructureLoss.usual()),
          new Entry<>(
              "generalized-lifted-structure",
              "Each anchor's positives together against its negatives together.",
              s -> GeneralizedLiftedStructureLoss.usual()),
          new Entry<>(
              "n-pairs",
              "One pair of each class, told from the other classes' by a softmax.",
              s -> NPairsLoss.usual()),
          new Entry<>(
              "angular",
              "Asks that negatives see anchor and positive under a narrow angle.",
              s -> AngularLoss.usual()),
          new Entry<>("nca", "How surely a random neighbour is a positive.", s -> NcaLoss.usual()),
          new Entry<>(
              "tuplet-margin",
              "Tells each positive from the anchor's negatives by angles with a margin.",
              s -> TupletMarginLoss.usual()),
          new Entry<>(
              "intra-pair-variance",
              "Draws the worst pairs to the mean of their kind, beside another loss.",
              s -> IntraPairVarianceLoss.usual()),
          new Entry<>(
              "threshold-consistent-margin",
              "Asks that one threshold serve all classes, beside another loss.",
              s -> ThresholdConsistentMarginLoss.usual()),
          new Entry<>(
              "batch-hard-soft-margin",
              "Each anchor's farthest positive against its nearest negative.",
              s -> BatchHardSoftMarginLoss.usual()),
          new Entry<>(
              "hap2s",
              "Each anchor's positives against its negatives, hard ones weighing most.",
              s -> Hap2sLoss.usual()),
          new Entry<>(
              "hap2s-exponential",
              "HAP2S with weights that grow exponentially with the distance.",
              s -> exponential()));

  private static Loss exponential() {
    Hap2sLoss usual = Hap2sLoss.usual();
    Hap2sLoss.Weights weights = Hap2sLoss.Weights.exponential(0.5); // the paper's σ
    return new Hap2sLoss(weights, 0, usual.penalty(), usual.distance());
  }

  private PairLosses() {}
}

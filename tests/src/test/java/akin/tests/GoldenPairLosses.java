package akin.tests;

import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import akin.nn.metric.pair.AngularLoss;
import akin.nn.metric.pair.CircleLoss;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.pair.GeneralizedLiftedStructureLoss;
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
import java.util.Map;
import java.util.function.Function;

/** Losses of pairs and triplets, by the library's names and defaults. */
final class GoldenPairLosses {
  private GoldenPairLosses() {}

  static void addTo(Map<String, Function<PythonCall, Loss>> table) {
    table.put(
        "ContrastiveLoss",
        call ->
            new ContrastiveLoss(
                call.real("pos_margin", 0), call.real("neg_margin", 1), euclidean(call)));
    table.put(
        "TripletMarginLoss",
        call ->
            new TripletLoss(
                call.real("margin", 0.05),
                call.flag("swap", false),
                call.flag("smooth_loss", false),
                euclidean(call)));
    matrices(table);
    margins(table);
  }

  /** Losses that sum exponentials over an anchor's pairs. */
  private static void matrices(Map<String, Function<PythonCall, Loss>> table) {
    table.put(
        "MultiSimilarityLoss",
        call ->
            new MultiSimilarityLoss(
                call.real("alpha", 2),
                call.real("beta", 50),
                call.real("base", 0.5),
                cosine(call)));
    table.put("CircleLoss", call -> new CircleLoss(call.real("m", 0.4), call.real("gamma", 80)));
    table.put("SupConLoss", call -> new SupConLoss(call.real("temperature", 0.1), cosine(call)));
    table.put("NTXentLoss", call -> new NTXentLoss(call.real("temperature", 0.07), cosine(call)));
    table.put(
        "TupletMarginLoss",
        call -> new TupletMarginLoss(call.real("margin", 5.73), call.real("scale", 64)));
    table.put(
        "LiftedStructureLoss",
        call ->
            new LiftedStructureLoss(
                call.real("neg_margin", 1), call.real("pos_margin", 0), euclidean(call)));
    table.put(
        "GeneralizedLiftedStructureLoss",
        call ->
            new GeneralizedLiftedStructureLoss(
                call.real("neg_margin", 1), call.real("pos_margin", 0), euclidean(call)));
    table.put("AngularLoss", call -> new AngularLoss(call.real("alpha", 40)));
    table.put("NPairsLoss", call -> new NPairsLoss(cosine(call)));
    table.put(
        "NCALoss",
        call ->
            new NcaLoss(
                call.real("softmax_scale", 1), GoldenMetric.distance(call, LpDistance.squared())));
  }

  /** Losses with hinges. */
  private static void margins(Map<String, Function<PythonCall, Loss>> table) {
    table.put(
        "MarginLoss",
        call -> { // the library keeps β in float32
          double beta = (float) call.real("beta", 1.2);
          return new MarginLoss(
              new MarginLoss.Options(call.real("margin", 0.2), beta, 0, 0, euclidean(call)));
        });
    table.put(
        "SignalToNoiseRatioContrastiveLoss",
        call ->
            new ContrastiveLoss(
                call.real("pos_margin", 0), call.real("neg_margin", 1), new SnrDistance(true)));
    table.put(
        "IntraPairVarianceLoss",
        call ->
            new IntraPairVarianceLoss(
                call.real("pos_eps", 0.01), call.real("neg_eps", 0.01), cosine(call)));
    table.put(
        "ThresholdConsistentMarginLoss",
        call ->
            new ThresholdConsistentMarginLoss(
                call.real("lambda_plus", 1),
                call.real("lambda_minus", 1),
                call.real("margin_plus", 0.9),
                call.real("margin_minus", 0.5)));
  }

  private static Distance cosine(PythonCall call) {
    return GoldenMetric.distance(call, DotProduct.cosine());
  }

  private static Distance euclidean(PythonCall call) {
    return GoldenMetric.distance(call, LpDistance.euclidean());
  }
}

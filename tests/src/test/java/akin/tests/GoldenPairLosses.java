package akin.tests;

import akin.nn.metric.Loss;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.pair.TripletLoss;
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
                call.real("pos_margin", 0),
                call.real("neg_margin", 1),
                GoldenMetric.distance(call, LpDistance.euclidean())));
    table.put(
        "TripletMarginLoss",
        call ->
            new TripletLoss(
                call.real("margin", 0.05),
                call.flag("swap", false),
                call.flag("smooth_loss", false),
                GoldenMetric.distance(call, LpDistance.euclidean())));
  }
}

package akin.tests;

import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.miner.AngularMiner;
import akin.nn.metric.miner.BatchEasyHardMiner;
import akin.nn.metric.miner.BatchEasyHardMiner.Pick;
import akin.nn.metric.miner.BatchEasyHardMiner.Range;
import akin.nn.metric.miner.BatchHardMiner;
import akin.nn.metric.miner.HdcMiner;
import akin.nn.metric.miner.MultiSimilarityMiner;
import akin.nn.metric.miner.PairMarginMiner;
import akin.nn.metric.miner.TripletMarginMiner;
import java.util.Arrays;
import java.util.Locale;

/** Akin's like of pytorch-metric-learning's miners. */
final class GoldenMiners {
  private GoldenMiners() {}

  static Miner miner(PythonCall call) {
    Distance distance = distance(call);
    switch (call.name()) {
      case "AngularMiner":
        return new AngularMiner(call.real("angle", 20), false);
      case "BatchHardMiner":
        return new BatchHardMiner(distance);
      case "BatchEasyHardMiner":
        return new BatchEasyHardMiner(
            pick(call.text("pos_strategy", "easy")),
            pick(call.text("neg_strategy", "semihard")),
            range(call, "allowed_pos_range"),
            range(call, "allowed_neg_range"),
            distance);
      case "HDCMiner":
        return new HdcMiner(call.real("filter_percentage", 0.5), distance);
      case "MultiSimilarityMiner":
        return new MultiSimilarityMiner(call.real("epsilon", 0.1), distance);
      case "PairMarginMiner":
        return new PairMarginMiner(
            call.real("pos_margin", 0.2), call.real("neg_margin", 0.8), distance);
      case "TripletMarginMiner":
        String kind = call.text("type_of_triplets", "all").replace("semi", "semi_");
        return new TripletMarginMiner(
            call.real("margin", 0.2),
            TripletMarginMiner.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
            distance);
      default:
        throw new IllegalArgumentException(call.toString());
    }
  }

  static Distance distance(PythonCall call) {
    if (call.name().equals("AngularMiner")) {
      return new LpDistance(2, 2, false);
    }
    boolean cosine = call.name().equals("MultiSimilarityMiner");
    return GoldenMetric.distance(call, cosine ? DotProduct.cosine() : LpDistance.euclidean());
  }

  private static Pick pick(String name) {
    return Pick.valueOf(name.replace("semi", "semi_").toUpperCase(Locale.ROOT));
  }

  private static Range range(PythonCall call, String argument) {
    if (!call.has(argument)) {
      return Range.ANY;
    }
    double[] bounds = numbers(call.text(argument, ""));
    return new Range(bounds[0], bounds[1]);
  }

  static double[] numbers(String text) {
    return Arrays.stream(text.replaceAll("[()]", "").split(","))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }
}

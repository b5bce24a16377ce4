package akin.tests;

import akin.nn.metric.CrossBatchMemory;
import akin.nn.metric.Loss;
import akin.nn.metric.SelfSupervisedLoss;
import akin.nn.metric.rank.DynamicSoftMarginLoss;
import akin.nn.metric.rank.FastApLoss;
import akin.nn.metric.rank.HistogramLoss;
import akin.nn.metric.rank.PnpLoss;
import akin.nn.metric.rank.RankedListLoss;
import akin.nn.metric.rank.VicRegLoss;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Losses of rankings and histograms, and losses around losses, by the library's defaults. */
final class GoldenRankLosses {
  private GoldenRankLosses() {}

  static void addTo(Map<String, Function<PythonCall, Loss>> table) {
    table.put("FastAPLoss", call -> new FastApLoss(call.whole("num_bins", 10)));
    table.put("HistogramLoss", call -> new HistogramLoss(call.whole("n_bins", 100)));
    table.put(
        "VICRegLoss",
        call ->
            new VicRegLoss(
                call.real("invariance_lambda", 25),
                call.real("variance_mu", 25),
                call.real("covariance_v", 1),
                call.real("eps", 1e-4)));
    table.put(
        "PNPLoss",
        call ->
            new PnpLoss(
                PnpLoss.Variant.valueOf(call.text("variant", "O").toUpperCase(Locale.ROOT)),
                call.real("b", 2),
                call.real("alpha", 1),
                call.real("anneal", 0.01)));
    table.put(
        "RankedListLoss",
        call ->
            new RankedListLoss(
                call.real("margin", Double.NaN),
                call.real("alpha", 1 + call.real("margin", Double.NaN) / 2),
                call.real("Tp", 0),
                call.real("Tn", Double.NaN),
                call.real("imbalance", 0.5)));
    table.put(
        "DynamicSoftMarginLoss",
        call ->
            new DynamicSoftMarginLoss(
                call.real("min_val", -2), call.whole("num_bins", 10), call.real("momentum", 0.01)));
    table.put(
        "CrossBatchMemory",
        call ->
            new CrossBatchMemory(
                GoldenMetric.loss(call.call("0")),
                call.whole("memory_size", 1024),
                call.whole("1", 0)));
    table.put(
        "SelfSupervisedLoss",
        call ->
            new SelfSupervisedLoss(
                GoldenMetric.loss(call.call("0")), call.flag("symmetric", true)));
  }
}

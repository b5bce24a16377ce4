package akin.tests;

import akin.nn.metric.Loss;
import akin.nn.metric.proxy.ArcFaceLoss;
import akin.nn.metric.proxy.CosFaceLoss;
import akin.nn.metric.proxy.InstanceLoss;
import akin.nn.metric.proxy.LargeMarginSoftmaxLoss;
import akin.nn.metric.proxy.ManifoldLoss;
import akin.nn.metric.proxy.NormalizedSoftmaxLoss;
import akin.nn.metric.proxy.P2SGradLoss;
import akin.nn.metric.proxy.ProxyAnchorLoss;
import akin.nn.metric.proxy.ProxyNcaLoss;
import akin.nn.metric.proxy.SoftTripleLoss;
import akin.nn.metric.proxy.SphereFaceLoss;
import akin.nn.metric.proxy.SubCenterArcFaceLoss;
import java.util.Map;
import java.util.function.Function;

/** Losses with class vectors, by the library's names and defaults. */
final class GoldenProxyLosses {
  private GoldenProxyLosses() {}

  /** A loss of so many classes and coordinates. */
  private interface Maker {
    Loss make(PythonCall call, int classes, int width);
  }

  static void addTo(Map<String, Function<PythonCall, Loss>> table) {
    put(
        table,
        "ProxyNCALoss",
        (call, c, d) -> new ProxyNcaLoss(c, d, real(call, "softmax_scale", 1)));
    put(
        table,
        "ProxyAnchorLoss",
        (call, c, d) ->
            new ProxyAnchorLoss(c, d, real(call, "margin", 0.1), real(call, "alpha", 32)));
    put(
        table,
        "SoftTripleLoss",
        (call, c, d) ->
            new SoftTripleLoss(
                c,
                d,
                call.whole("centers_per_class", 10),
                real(call, "la", 20),
                real(call, "gamma", 0.1),
                real(call, "margin", 0.01)));
    put(
        table,
        "NormalizedSoftmaxLoss",
        (call, c, d) -> new NormalizedSoftmaxLoss(c, d, real(call, "temperature", 0.05)));
    put(
        table,
        "LargeMarginSoftmaxLoss",
        (call, c, d) ->
            new LargeMarginSoftmaxLoss(c, d, call.whole("margin", 4), real(call, "scale", 1)));
    put(
        table,
        "SphereFaceLoss",
        (call, c, d) -> new SphereFaceLoss(c, d, call.whole("margin", 4), real(call, "scale", 1)));
    put(
        table,
        "CosFaceLoss",
        (call, c, d) -> new CosFaceLoss(c, d, real(call, "margin", 0.35), real(call, "scale", 64)));
    put(
        table,
        "ArcFaceLoss",
        (call, c, d) ->
            new ArcFaceLoss(
                c, d, ArcFaceLoss.Options.of(radians(call), real(call, "scale", 64), false)));
    put(
        table,
        "SubCenterArcFaceLoss",
        (call, c, d) ->
            new SubCenterArcFaceLoss(
                c, d, call.whole("sub_centers", 3), radians(call), real(call, "scale", 64)));
    table.put(
        "P2SGradLoss",
        call -> new P2SGradLoss(call.whole("num_classes", 0), call.whole("descriptors_dim", 0)));
    table.put("InstanceLoss", call -> new InstanceLoss(real(call, "gamma", 64)));
    table.put("ManifoldLoss", call -> ManifoldLoss.usual(call.whole("K", 50), call.whole("l", 0)));
  }

  private static void put(Map<String, Function<PythonCall, Loss>> table, String name, Maker maker) {
    table.put(
        name,
        call -> maker.make(call, call.whole("num_classes", 0), call.whole("embedding_size", 0)));
  }

  private static double real(PythonCall call, String argument, double usual) {
    return call.real(argument, usual);
  }

  private static double radians(PythonCall call) {
    return Math.toRadians(call.real("margin", 28.6));
  }
}

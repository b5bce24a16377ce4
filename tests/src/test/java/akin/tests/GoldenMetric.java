package akin.tests;

import akin.nn.io.Safetensors;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.MinedLoss;
import akin.nn.metric.Miner;
import akin.nn.metric.Reducer;
import akin.nn.metric.Regularizer;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import akin.nn.metric.reduce.LpRegularizer;
import akin.nn.metric.reduce.PerAnchorReducer;
import akin.nn.metric.reduce.ThresholdReducer;
import akin.nn.metric.reduce.ZeroMeanRegularizer;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Akin's like of what pytorch-metric-learning's constructors make. */
final class GoldenMetric {
  private GoldenMetric() {}

  /** Losses by the library's name. */
  static Map<String, Function<PythonCall, Loss>> losses() {
    Map<String, Function<PythonCall, Loss>> table = new LinkedHashMap<>();
    GoldenPairLosses.addTo(table);
    GoldenRankLosses.addTo(table);
    GoldenProxyLosses.addTo(table);
    return table;
  }

  /** The loss of a call, with its reducer and regulariser. */
  static Loss loss(PythonCall call) {
    Function<PythonCall, Loss> maker = losses().get(call.name());
    if (maker == null) {
      return null;
    }
    MinedLoss loss = MinedLoss.of(Miner.ALL, maker.apply(call));
    if (call.has("reducer")) {
      loss = loss.reducedBy(reducer(call.call("reducer")));
    }
    if (call.has("embedding_regularizer")) {
      Regularizer regularizer = regularizer(call.call("embedding_regularizer"));
      loss = loss.regularizedBy(regularizer, call.real("embedding_reg_weight", 1));
    }
    return loss;
  }

  /** A file of the golden values of metric learning. */
  static Path file(String name) {
    return GoldenCase.folder().resolve("metric").resolve(name);
  }

  /** The cases that {@code <name>.json} lists. */
  static Stream<JsonNode> cases(String name) throws IOException {
    JsonNode all = new ObjectMapper().readTree(file(name + ".json").toFile()).get("cases");
    return StreamSupport.stream(all.spliterator(), false);
  }

  static Tensor tensor(Safetensors file, String name) {
    var entry = file.tensors().get(name);
    long[] sizes = Arrays.stream(entry.shape()).asLongStream().toArray();
    return Tensor.of(Shape.of(sizes), entry.doubles());
  }

  static int[] ints(Safetensors file, String name) {
    return Arrays.stream(file.tensors().get(name).doubles()).mapToInt(v -> (int) v).toArray();
  }

  /** The distance of a call, or a usual one. */
  static Distance distance(PythonCall call, Distance usual) {
    return call.has("distance") ? distance(call.call("distance")) : usual;
  }

  static Distance distance(PythonCall call) {
    boolean normalize = call.flag("normalize_embeddings", true);
    switch (call.name()) {
      case "LpDistance":
        return new LpDistance(call.real("p", 2), call.real("power", 1), normalize);
      case "CosineSimilarity":
        return DotProduct.cosine();
      case "DotProductSimilarity":
        return new DotProduct(normalize);
      case "SNRDistance":
        return new SnrDistance(normalize);
      default:
        throw new IllegalArgumentException(call.toString());
    }
  }

  private static Reducer reducer(PythonCall call) {
    switch (call.name()) {
      case "MeanReducer":
        return Reducer.MEAN;
      case "SumReducer":
        return Reducer.SUM;
      case "PerAnchorReducer":
        return new PerAnchorReducer();
      case "ThresholdReducer":
        return new ThresholdReducer(
            call.real("low", Double.NEGATIVE_INFINITY),
            call.real("high", Double.POSITIVE_INFINITY));
      default:
        throw new IllegalArgumentException(call.toString());
    }
  }

  private static Regularizer regularizer(PythonCall call) {
    switch (call.name()) {
      case "LpRegularizer":
        return new LpRegularizer(call.real("p", 2), call.real("power", 1));
      case "ZeroMeanRegularizer":
        return new ZeroMeanRegularizer();
      default:
        throw new IllegalArgumentException(call.toString());
    }
  }
}

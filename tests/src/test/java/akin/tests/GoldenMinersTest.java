package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors;
import akin.nn.metric.Batch;
import akin.nn.metric.Pairs;
import akin.nn.metric.Triplets;
import akin.nn.metric.Tuples;
import akin.nn.metric.miner.DistanceWeightedMiner;
import akin.tensor.Scope;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.reference.ReferenceBackend;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every miner chooses the sets of pairs and triplets that pytorch-metric-learning's chooses; in
 * float32, too, since no distance lies within rounding of a decision.
 */
class GoldenMinersTest {
  private static final double FLOAT = 0x1p-24;

  @TestFactory
  Stream<DynamicTest> tuples() throws IOException {
    GoldenCase.assumePresent();
    return GoldenMetric.cases("miners")
        .filter(c -> c.has("tensors"))
        .map(c -> DynamicTest.dynamicTest(name(c), () -> compare(c)));
  }

  @TestFactory
  Stream<DynamicTest> probabilities() throws IOException {
    GoldenCase.assumePresent();
    return GoldenMetric.cases("miners")
        .filter(c -> c.has("weights"))
        .map(c -> DynamicTest.dynamicTest(name(c), () -> compareProbabilities(c)));
  }

  private static String name(JsonNode c) {
    return c.get("miner").asText() + " of " + c.get("data").asText();
  }

  private static Safetensors open() throws IOException {
    return Safetensors.open(GoldenMetric.file("miners.safetensors"));
  }

  private static PythonCall call(JsonNode c) {
    return PythonCall.parse(c.get("miner").asText());
  }

  private static Batch batch(JsonNode c, Safetensors file) {
    boolean ref = c.get("data").asText().endsWith("_ref");
    String data = "data/" + c.get("data").asText().replace("_ref", "") + "/";
    Tensor x = GoldenMetric.tensor(file, data + "embeddings");
    int[] labels = GoldenMetric.ints(file, data + "labels");
    return ref
        ? Batch.of(
            x,
            labels,
            GoldenMetric.tensor(file, data + "ref_embeddings"),
            GoldenMetric.ints(file, data + "ref_labels"))
        : Batch.of(x, labels);
  }

  private static void compare(JsonNode c) throws IOException {
    try (Safetensors file = open();
        Backend reference = new ReferenceBackend();
        Backend cpu = Backends.open("cpu", 1)) {
      for (Backend backend : List.of(reference, cpu)) {
        try (Scope scope = Scope.open(backend)) {
          Batch batch = batch(c, file);
          Tuples mined = GoldenMiners.miner(call(c)).mine(batch);
          if (backend == reference) {
            assertTrue(decided(call(c), batch, mined), "a distance within float32's rounding");
          }
          assertEquals(expected(c, file), texts(mined), backend.name());
        }
      }
    }
  }

  /** What the file holds, as texts "a p n", or "+ a p" and "- a n". */
  private static Set<String> expected(JsonNode c, Safetensors file) {
    String at = c.get("index").asInt() + "/" + c.get("data").asText() + "/";
    int[][] of = new int[c.get("tensors").size()][];
    for (int i = 0; i < of.length; i++) {
      of[i] = GoldenMetric.ints(file, at + c.get("tensors").get(i).asText());
    }
    return of.length == 4
        ? texts(new Pairs(of[0], of[1], of[2], of[3]))
        : texts(new Triplets(of[0], of[1], of[2]));
  }

  private static Set<String> texts(Tuples tuples) {
    return tuples instanceof Pairs ? texts((Pairs) tuples) : texts((Triplets) tuples);
  }

  private static Set<String> texts(Triplets t) {
    return IntStream.range(0, t.count())
        .mapToObj(k -> t.anchors()[k] + " " + t.positives()[k] + " " + t.negatives()[k])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> texts(Pairs p) {
    return Stream.concat(
            IntStream.range(0, p.anchors().length)
                .mapToObj(k -> "+ " + p.anchors()[k] + " " + p.positives()[k]),
            IntStream.range(0, p.negatives().length)
                .mapToObj(k -> "- " + p.negativeAnchors()[k] + " " + p.negatives()[k]))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Whether float32 must decide like float64. Let u = 2⁻²⁴ and D be the length of vectors. Rounding
   * the input and normalising it moves a vector by at most (D/2 + 5)u, so x − y by (D + 12)u;
   * squares, their sum and the root add at most (D + 4)u, as d ≤ 2. Cosines stay below that. Two
   * distances are compared, so gaps must be above 2(2D + 16)u.
   *
   * <p>Angular miners compare squared distances of vectors as they are, no longer than R: each is
   * off by at most (4D + 16)R²u, and 1 + 5·tan²α of them are added up.
   */
  private static boolean decided(PythonCall call, Batch batch, Tuples mined) {
    int width = batch.anchors().dim(1);
    double[] values = GoldenMiners.distance(call).of(batch.anchors(), batch.items()).toDoubles();
    MinerDecisions decisions = new MinerDecisions(values, batch.relation());
    if (call.name().equals("AngularMiner")) {
      double t = Math.pow(Math.tan(Math.toRadians(call.real("angle", 20))), 2);
      double r = batch.anchors().square().sum(false, 1).amax(false, 0).item();
      return decisions.angular(t) > (1 + 5 * t) * (4 * width + 16) * r * FLOAT;
    }
    return decisions.least(call, mined) > 2 * (2 * width + 16) * FLOAT;
  }

  private static void compareProbabilities(JsonNode c) throws IOException {
    PythonCall call = call(c);
    DistanceWeightedMiner miner =
        new DistanceWeightedMiner(call.real("cutoff", 0.5), call.real("nonzero_loss_cutoff", 1.4));
    try (Safetensors file = open();
        Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      double[] expected = file.tensors().get(c.get("weights").asText()).doubles();
      double[][] rows = miner.probabilities(batch(c, file));
      double[] values = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
      assertEquals(expected.length, values.length);
      for (int i = 0; i < values.length; i++) {
        assertEquals(expected[i], values[i], 1e-9, "item " + i);
      }
    }
  }
}

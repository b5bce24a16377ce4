package akin.retrieval.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metrics against scikit-learn's and pytorch-metric-learning's values. */
class GoldenMetricTest {
  private static final double TOLERANCE = 1e-12;

  /**
   * The reference takes reciprocal ranks and their mean in float32: one rounding for the quotient
   * and one for each level of a sum of 200 in pairs.
   */
  private static final double FLOAT_TOLERANCE = 9 * 0x1p-24;

  private final Path golden = Path.of(System.getProperty("akin.shared", ""), "golden", "metric");

  @BeforeEach
  void needsGoldenFiles() {
    Assumptions.assumeTrue(Files.isDirectory(golden), "no golden files: " + golden);
  }

  /**
   * scikit-learn makes one threshold of equal scores, while our order breaks ties by row. So
   * precision and recall agree at the end of every group of equal scores, and the average precision
   * where no scores are equal.
   */
  @Test
  void rankingsAgreeWithScikitLearn() throws IOException {
    int withTies = 0;
    try (Safetensors file = Safetensors.open(golden.resolve("rankings.safetensors"))) {
      for (JsonNode node : json("rankings.json").get("rankings")) {
        String prefix = node.get("index").asText() + "/";
        double[] score = file.tensor(prefix + "score").doubles();
        long[] relevant = file.tensor(prefix + "relevant").longs();
        double[] distances = Arrays.stream(score).map(s -> -s).toArray();
        int[] order = Ranking.order(distances);
        boolean[] inOrder = new boolean[order.length];
        for (int k = 0; k < order.length; k++) {
          inOrder[k] = relevant[order[k]] == 1;
        }
        RankedRelevance ranking = RankedRelevance.of(inOrder);
        PrecisionRecall curve = PrecisionRecall.Sums.of(List.of(ranking)).perRank();
        double[] precision = file.tensor(prefix + "precision").doubles();
        double[] recall = file.tensor(prefix + "recall").doubles();
        // Their thresholds rise, so their last point before (recall 0, precision 1) comes first.
        int at = precision.length - 2;
        for (int k = 1; k <= order.length; k++) {
          if (k == order.length || score[order[k]] != score[order[k - 1]]) {
            assertEquals(precision[at], curve.precision()[k - 1], TOLERANCE, prefix + k);
            assertEquals(recall[at], curve.recall()[k - 1], TOLERANCE, prefix + k);
            assertEquals(precision[at], ranking.precisionAt(k), TOLERANCE, prefix + k);
            assertEquals(recall[at], ranking.irRecallAt(k), TOLERANCE, prefix + k);
            at--;
          }
        }
        assertEquals(-1, at, "every threshold was met");
        double expected = node.get("average_precision").asDouble();
        if (node.get("tied_scores").asBoolean()) {
          withTies++;
        } else {
          assertEquals(expected, ranking.averagePrecision(), TOLERANCE, prefix);
        }
        ScoreCurve byScore = ScoreCurve.of(score, relevantOf(relevant));
        assertEquals(expected, byScore.averagePrecision(), TOLERANCE, prefix);
        assertEquals(node.get("roc_auc").asDouble(), byScore.rocArea(), TOLERANCE, prefix);
        // theirs rises and ends with the point (recall 0, precision 1)
        double[] thresholds = file.tensor(prefix + "thresholds").doubles();
        assertArrayEquals(thresholds, reversed(byScore.thresholds()), prefix);
        PrecisionRecall points = byScore.precisionRecall();
        double[] last = Arrays.copyOf(precision, precision.length - 1);
        assertArrayEquals(last, reversed(points.precision()), TOLERANCE, prefix);
        last = Arrays.copyOf(recall, recall.length - 1);
        assertArrayEquals(last, reversed(points.recall()), TOLERANCE, prefix);
      }
    }
    assertEquals(4, withTies);
  }

  private static boolean[] relevantOf(long[] flags) {
    boolean[] relevant = new boolean[flags.length];
    for (int i = 0; i < flags.length; i++) {
      relevant[i] = flags[i] == 1;
    }
    return relevant;
  }

  private static double[] reversed(double[] values) {
    double[] reversed = new double[values.length];
    Arrays.setAll(reversed, i -> values[values.length - 1 - i]);
    return reversed;
  }

  /** pytorch-metric-learning's names of the metrics that are defined as ours. */
  private static final Map<String, String> NAMES =
      Map.of(
          "precision_at_1", "P@1",
          "r_precision", "R-precision",
          "mean_average_precision_at_r", "MAP@R",
          "mean_average_precision", "mAP",
          "mean_reciprocal_rank", "MRR");

  @Test
  void accuraciesAgreeWithPytorchMetricLearning() throws IOException {
    int compared = 0;
    try (Safetensors file = Safetensors.open(golden.resolve("accuracy.safetensors"))) {
      for (JsonNode node : json("accuracy.json").get("cases")) {
        String data = node.get("data").asText();
        Arrangement arrangement = Arrangement.of(data, file);
        JsonNode options = node.get("options");
        JsonNode result = node.get("result");
        int k = options.path("k").asInt(0);
        if (options.path("k").asText().equals("max_bin_count")) {
          k = arrangement.largestRelevant();
        }
        for (Map.Entry<String, String> names : NAMES.entrySet()) {
          // Restricted to k neighbours, its average precisions and reciprocal ranks are those of a
          // ranking cut after k rows (divided by R, unlike AP@K); its R-precision is mMP@k.
          String name = names.getValue();
          if (k > 0 && name.equals("R-precision")) {
            name = "mMP@" + k;
          }
          Metric metric = Metric.named(name);
          double tolerance = name.equals("MRR") ? FLOAT_TOLERANCE : TOLERANCE;
          JsonNode expected = result.get(names.getKey());
          String what = data + " " + options + " " + name;
          if (options.path("return_per_class").asBoolean(false)) {
            double[] perClass =
                arrangement.byClass(metric).values().stream()
                    .mapToDouble(of -> of.mean(metric.name()))
                    .toArray();
            assertEquals(expected.size(), perClass.length, what);
            for (int c = 0; c < perClass.length; c++) {
              assertEquals(expected.get(c).asDouble(), perClass[c], tolerance, what);
            }
          } else if (options.path("avg_of_avgs").asBoolean(false)) {
            double mean = Scores.ofClasses(arrangement.byClass(metric).values()).mean(name);
            assertEquals(expected.asDouble(), mean, tolerance, what);
          } else {
            List<RankedRelevance> rankings = arrangement.rankings(k);
            double mean = QueryFigures.of(rankings, List.of(metric)).scores().mean(metric.name());
            assertEquals(expected.asDouble(), mean, tolerance, what);
          }
          compared++;
        }
        long[] nearest = file.tensor(data + "/nearest5").longs();
        assertArrayEquals(nearest, arrangement.nearest(5), data);
      }
    }
    assertTrue(compared >= 5 * 4 * 5, compared + " values compared");
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private JsonNode json(String name) throws IOException {
    return json(golden.resolve(name));
  }

  /** Queries and references with labels; query i is reference i if {@code self}. */
  private record Arrangement(
      double[] queries, long[] queryLabels, double[] references, long[] labels, boolean self) {
    private static final int DIMENSION = 8;

    static Arrangement of(String data, Safetensors file) {
      double[] all = file.tensor("embeddings").doubles();
      long[] labels = file.tensor("labels").longs();
      long[] queryLabels = file.tensor(data + "/query_labels").longs();
      double[] queries = Arrays.copyOf(all, queryLabels.length * DIMENSION);
      int split = queryLabels.length;
      return switch (data) {
        case "self", "ref_includes_query" ->
            new Arrangement(queries, queryLabels, all, labels, true);
        case "split" ->
            new Arrangement(
                queries,
                queryLabels,
                Arrays.copyOfRange(all, split * DIMENSION, all.length),
                Arrays.copyOfRange(labels, split, labels.length),
                false);
        case "split_missing" ->
            new Arrangement(
                queries,
                queryLabels,
                file.tensor("split_missing/reference").doubles(),
                file.tensor("split_missing/reference_labels").longs(),
                false);
        case "lone" -> {
          double[] query = file.tensor("lone/query").doubles();
          yield new Arrangement(query, queryLabels, query, queryLabels, true);
        }
        default -> throw new AssertionError(data);
      };
    }

    int[] order(int query) {
      double[] distances = new double[labels.length];
      for (int row = 0; row < labels.length; row++) {
        double sum = 0;
        for (int d = 0; d < DIMENSION; d++) {
          double x = queries[query * DIMENSION + d] - references[row * DIMENSION + d];
          sum += x * x;
        }
        distances[row] = Math.sqrt(sum);
      }
      return Arrays.stream(Ranking.order(distances)).filter(r -> !self || r != query).toArray();
    }

    /** Rankings of the whole gallery, or of its first k rows if k > 0. */
    List<RankedRelevance> rankings(int k) {
      List<RankedRelevance> rankings = new ArrayList<>();
      for (int q = 0; q < queryLabels.length; q++) {
        int[] order = order(q);
        boolean[] relevant = new boolean[order.length];
        int total = 0;
        for (int i = 0; i < order.length; i++) {
          relevant[i] = labels[order[i]] == queryLabels[q];
          total += relevant[i] ? 1 : 0;
        }
        int listed = k > 0 ? k : order.length;
        rankings.add(RankedRelevance.of(Arrays.copyOf(relevant, listed), total));
      }
      return rankings;
    }

    int largestRelevant() {
      return rankings(0).stream().mapToInt(RankedRelevance::relevant).max().orElseThrow();
    }

    SortedMap<Integer, Scores> byClass(Metric metric) {
      int[] classes = Arrays.stream(queryLabels).mapToInt(Math::toIntExact).toArray();
      return QueryFigures.of(rankings(0), List.of(metric)).byClass(classes);
    }

    long[] nearest(int k) {
      long[] nearest = new long[queryLabels.length * k];
      for (int q = 0; q < queryLabels.length; q++) {
        int[] order = order(q);
        for (int i = 0; i < k; i++) {
          nearest[q * k + i] = order[i];
        }
      }
      return nearest;
    }
  }
}

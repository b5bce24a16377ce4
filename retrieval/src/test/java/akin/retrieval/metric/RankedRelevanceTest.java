package akin.retrieval.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The laws that the metrics obey, and each definition on one ranking worked out by hand. */
class RankedRelevanceTest {
  /** One rounding for each of at most 30 quotients and sums of numbers up to 1. */
  private static final double ROUNDING = 30 * Math.ulp(1.0);

  private static final List<Metric> ALL =
      Metric.named(
          List.of(
              "P@1",
              "P@5",
              "Recall@1",
              "Recall@5",
              "IR-Recall@5",
              "AP@5",
              "nDCG@5",
              "mMP@5",
              "mAP",
              "AP-mean-P",
              "MAP@R",
              "R-precision",
              "MRR",
              "mINP"));

  @Test
  void everyDefinitionOnOneRanking() {
    // Relevant at ranks 2, 3 and 6 of 8; R = 3.
    RankedRelevance ranking = ranking("01100100");
    assertEquals(0, ranking.precisionAt(1));
    assertEquals(2 / 3.0, ranking.precisionAt(3));
    assertEquals(3 / 8.0, ranking.precisionAt(8));
    assertEquals(3 / 20.0, ranking.precisionAt(20), "K > N divides by K");
    assertEquals(0, ranking.recallAt(1));
    assertEquals(1, ranking.recallAt(2));
    assertEquals(2 / 3.0, ranking.irRecallAt(5));
    assertEquals(1, ranking.irRecallAt(100));
    assertEquals((1 / 2.0 + 2 / 3.0 + 3 / 6.0) / 3, ranking.averagePrecision(), ROUNDING);
    assertEquals((0 + 1 / 2.0 + 2 / 3.0) / 3, ranking.meanPrecisionUpToR(), ROUNDING);
    assertEquals((1 / 2.0 + 2 / 3.0) / 3, ranking.averagePrecisionUpToR(), ROUNDING);
    assertEquals((1 / 2.0) / 2, ranking.averagePrecisionAt(2), ROUNDING);
    assertEquals((1 / 2.0 + 2 / 3.0) / 3, ranking.averagePrecisionAt(5), ROUNDING);
    assertEquals(2 / 3.0, ranking.rPrecision());
    assertEquals(1 / 2.0, ranking.reciprocalRank());
    double log3 = Math.log(3) / Math.log(2);
    assertEquals((1 / log3 + 1 / 2.0) / (1 + 1 / log3 + 1 / 2.0), ranking.ndcgAt(5), ROUNDING);
    assertEquals((1 / log3) / (1 + 1 / log3), ranking.ndcgAt(2), ROUNDING);
    assertEquals(3 / 6.0, ranking.inverseNegativePenalty());
    assertEquals(2 / 3.0, ranking.modifiedPrecisionAt(5));
    assertEquals(1 / 2.0, ranking.modifiedPrecisionAt(2));
    assertEquals((0 + 2 + 3 + 6) / 4.0, ranking.averagePosition());
    assertEquals(3 / 2.0, ranking("1110").averagePosition(), "R/2 is best");
  }

  @Test
  void whatACutRankingDoesNotListIsNeverFound() {
    // Two of four relevant rows are listed, at ranks 1 and 3.
    RankedRelevance ranking = RankedRelevance.of(new boolean[] {true, false, true}, 4);
    assertEquals((1 + 2 / 3.0) / 4, ranking.averagePrecision(), ROUNDING);
    assertEquals(2 / 4.0, ranking.rPrecision());
    assertEquals((1 + 1 / 2.0 + 2 / 3.0 + 2 / 4.0) / 4, ranking.meanPrecisionUpToR(), ROUNDING);
    assertEquals(0, ranking.inverseNegativePenalty());
    assertEquals(Double.POSITIVE_INFINITY, ranking.averagePosition());
    RankedRelevance none = RankedRelevance.of(new boolean[2], 1);
    assertEquals(0, none.reciprocalRank());
    assertEquals(0, none.averagePrecision());
  }

  @Property(seed = "1")
  void allMetricsLieBetweenZeroAndOne(@ForAll("rankings") boolean[] relevant) {
    for (Metric metric : ALL) {
      double value = metric.of().applyAsDouble(RankedRelevance.of(relevant));
      assertTrue(value >= 0 && value <= 1 + ROUNDING, metric + " = " + value);
    }
  }

  @Property(seed = "1")
  void averagePrecisionIsOneExactlyIfAllRelevantRowsComeFirst(
      @ForAll("rankings") boolean[] relevant) {
    RankedRelevance ranking = RankedRelevance.of(relevant);
    boolean first = ranking.hitsUpTo(ranking.relevant()) == ranking.relevant();
    // The smallest possible loss is one hit of 30 moved by one rank: far above rounding.
    assertEquals(first, Math.abs(ranking.averagePrecision() - 1) <= ROUNDING);
    assertEquals(first, ranking.inverseNegativePenalty() == 1);
    assertEquals(first, ranking.rPrecision() == 1);
  }

  @Property(seed = "1")
  void sortedRankingsScoreOneInEveryMetricThatCanBeOne(
      @ForAll @IntRange(min = 5, max = 15) int hits, @ForAll @IntRange(max = 15) int others) {
    boolean[] relevant = new boolean[hits + others];
    Arrays.fill(relevant, 0, hits, true);
    for (Metric metric : ALL) {
      double best = metric.name().equals("IR-Recall@5") ? 5.0 / hits : 1;
      assertEquals(
          best, metric.of().applyAsDouble(RankedRelevance.of(relevant)), ROUNDING, metric.name());
    }
  }

  @Property(seed = "1")
  void theRestrictedAveragePrecisionIsBelowRPrecisionAndBelowTheWholeOne(
      @ForAll("rankings") boolean[] relevant) {
    RankedRelevance ranking = RankedRelevance.of(relevant);
    double restricted = ranking.averagePrecisionUpToR();
    assertTrue(restricted <= ranking.rPrecision() + ROUNDING);
    assertTrue(restricted <= ranking.averagePrecision() + ROUNDING);
    assertTrue(restricted <= ranking.meanPrecisionUpToR() + ROUNDING);
    assertTrue(ranking.rPrecision() <= 1);
  }

  @Property(seed = "1")
  void anIrrelevantRowAtTheEndChangesNothing(@ForAll("rankings") boolean[] relevant) {
    RankedRelevance longer = RankedRelevance.of(Arrays.copyOf(relevant, relevant.length + 1));
    for (Metric metric : ALL) {
      assertEquals(
          metric.of().applyAsDouble(RankedRelevance.of(relevant)),
          metric.of().applyAsDouble(longer),
          metric.name());
    }
  }

  @Property(seed = "1")
  void renamingTheGalleryWithoutTiesChangesNothing(
      @ForAll("rankings") boolean[] relevant, @ForAll long seed) {
    int n = relevant.length;
    int[] renamed = RandomStream.of(seed, "renaming").permutation(n);
    float[] distances = new float[n];
    boolean[] isRelevant = new boolean[n];
    for (int row = 0; row < n; row++) {
      distances[renamed[row]] = row * 0.5f;
      isRelevant[renamed[row]] = relevant[row];
    }
    boolean[] ranked = new boolean[n];
    int[] order = Ranking.order(distances);
    for (int k = 0; k < n; k++) {
      ranked[k] = isRelevant[order[k]];
    }
    assertArrayEquals(relevant, ranked);
  }

  @Property(seed = "1")
  void movingAHitForwardNeverLowersAMetric(
      @ForAll("rankings") boolean[] relevant, @ForAll @IntRange(max = 28) int at) {
    if (at + 1 >= relevant.length || relevant[at] || !relevant[at + 1]) {
      return;
    }
    boolean[] better = relevant.clone();
    better[at] = true;
    better[at + 1] = false;
    for (Metric metric : ALL) {
      double before = metric.of().applyAsDouble(RankedRelevance.of(relevant));
      double after = metric.of().applyAsDouble(RankedRelevance.of(better));
      assertTrue(after >= before - ROUNDING, metric + ": " + before + " → " + after);
    }
  }

  @Test
  void queriesWithoutARelevantRowAreLeftOutAndCounted() {
    List<RankedRelevance> rankings =
        List.of(ranking("10"), ranking("00"), ranking("01"), ranking(""));
    Scores scores = QueryFigures.of(rankings, Metric.named(List.of("mAP", "P@1"))).scores();
    assertEquals(Map.of("mAP", 0.75, "P@1", 0.5), scores.means());
    assertEquals(List.of("mAP", "P@1"), List.copyOf(scores.means().keySet()));
    assertEquals(2, scores.queries());
    assertEquals(2, scores.leftOut());
    assertEquals(0.75, scores.mean("mAP"));
    assertThrows(IllegalArgumentException.class, () -> scores.mean("MRR"));
    assertThrows(IllegalStateException.class, () -> ranking("00").precisionAt(1));
    assertThrows(IllegalStateException.class, () -> ranking("00").averagePrecision());
    assertEquals(Double.NaN, QueryFigures.of(List.of(), ALL).scores().mean("mAP"));
  }

  @Test
  void classesHaveMeansOfTheirOwn() {
    List<RankedRelevance> rankings =
        List.of(ranking("10"), ranking("00"), ranking("01"), ranking("1"), ranking("0"));
    int[] classes = {7, 7, 7, -1, 3};
    List<Metric> metrics = Metric.named(List.of("mAP"));
    var byClass = QueryFigures.of(rankings, metrics).byClass(classes);
    assertEquals(List.of(-1, 7), List.copyOf(byClass.keySet()), "nothing is left of class 3");
    assertEquals(0.75, byClass.get(7).mean("mAP"));
    assertEquals(1, byClass.get(7).leftOut());
    Scores mean = Scores.ofClasses(byClass.values());
    assertEquals((0.75 + 1) / 2, mean.mean("mAP"));
    assertEquals(3, mean.queries());
  }

  @Test
  void theCurveHoldsOnePointPerRankAndTheMeansOverQueries() {
    RankedRelevance a = ranking("0110");
    PrecisionRecall one = PrecisionRecall.Sums.of(List.of(a)).perRank();
    assertEquals(List.of(0.0, 0.5, 1.0, 1.0), boxed(one.recall()));
    assertEquals(List.of(0.0, 1 / 2.0, 2 / 3.0, 2 / 4.0), boxed(one.precision()));
    PrecisionRecall mean =
        PrecisionRecall.Sums.of(List.of(a, ranking("00"), ranking("1000"))).perRank();
    assertEquals(List.of(0.5, 0.75, 1.0, 1.0), boxed(mean.recall()));
    assertEquals((1 / 2.0 + 1 / 2.0) / 2, mean.precision()[1], ROUNDING);
    assertEquals((2 / 4.0 + 1 / 4.0) / 2, mean.precision()[3], ROUNDING);
  }

  @Test
  void theElevenPointsHoldTheBestPrecisionFromEachRecallOn() {
    // Hits at 2, 3, 6 and 7 of R = 4: precisions 1/2, 2/3, 3/6, 4/7.
    PrecisionRecall curve = PrecisionRecall.Sums.of(List.of(ranking("01100110"))).elevenPoints();
    double[] expected = new double[11];
    Arrays.fill(expected, 0, 6, 2 / 3.0);
    Arrays.fill(expected, 6, 11, 4 / 7.0);
    assertEquals(boxed(expected), boxed(curve.precision()));
    assertEquals(0.3, curve.recall()[3]);
    // With R = 10, the third hit reaches recall 0.3 exactly.
    double[] ten =
        PrecisionRecall.Sums.of(List.of(ranking("1110000000000001111111")))
            .elevenPoints()
            .precision();
    assertEquals(1, ten[3]);
    assertEquals(10 / 22.0, ten[4]);
  }

  @Property(seed = "1")
  void theElevenPointsNeverRise(@ForAll("rankings") boolean[] relevant) {
    double[] precision =
        PrecisionRecall.Sums.of(List.of(RankedRelevance.of(relevant))).elevenPoints().precision();
    for (int r = 1; r <= 10; r++) {
      assertTrue(precision[r] <= precision[r - 1]);
    }
  }

  @Test
  void metricsAreKnownByTheirNames() {
    for (Metric metric : ALL) {
      assertEquals(metric.name(), Metric.named(metric.name()).name());
    }
    UserError error = assertThrows(UserError.class, () -> Metric.named("R-precison"));
    assertTrue(error.getMessage().endsWith("did you mean R-precision?"), error.getMessage());
    for (String wrong : List.of("P@0", "P@", "P@-1", "P@9999999999", "p@1", "", "AP", "P@1 ")) {
      assertThrows(UserError.class, () -> Metric.named(wrong), wrong);
    }
  }

  @Provide
  Arbitrary<boolean[]> rankings() {
    return Arbitraries.of(true, false)
        .array(Boolean[].class)
        .ofMinSize(1)
        .ofMaxSize(30)
        .map(
            boxed -> {
              boolean[] plain = new boolean[boxed.length];
              for (int i = 0; i < boxed.length; i++) {
                plain[i] = boxed[i];
              }
              return plain;
            })
        .filter(plain -> RankedRelevance.of(plain).relevant() > 0);
  }

  private static RankedRelevance ranking(String relevance) {
    boolean[] relevant = new boolean[relevance.length()];
    for (int i = 0; i < relevant.length; i++) {
      relevant[i] = relevance.charAt(i) == '1';
    }
    return RankedRelevance.of(relevant);
  }

  private static List<Double> boxed(double[] values) {
    List<Double> list = new ArrayList<>();
    for (double value : values) {
      list.add(value);
    }
    return list;
  }
}

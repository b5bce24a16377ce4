package akin.nn.metric.miner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Pairs;
import akin.nn.metric.Relation;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.miner.BatchEasyHardMiner.Pick;
import akin.nn.metric.miner.BatchEasyHardMiner.Range;
import akin.nn.metric.miner.HardestKMiner.Ranks;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules, ties, and what comes of nothing, by hand. */
class MinersTest {
  /** Distances on a line, as they are. */
  private static final Distance LINE = LpDistance.plain();

  private Backend backend;
  private Scope scope;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
    scope = Scope.open(backend);
  }

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  static Stream<Miner> miners() {
    return Stream.of(
        TripletMarginMiner.usual(),
        BatchHardMiner.usual(),
        HardestKMiner.usual(),
        BatchEasyHardMiner.usual(),
        BatchEasyHardMiner.of(Pick.ALL, Pick.HARD),
        MultiSimilarityMiner.usual(),
        PairMarginMiner.usual(),
        DistanceWeightedMiner.usual(),
        UniformHistogramMiner.usual(),
        AngularMiner.usual(),
        HardClusterMiner.usual(),
        HdcMiner.usual());
  }

  private static Batch line(int[] labels, double... points) {
    return Batch.of(Tensor.of(Shape.of(points.length, 1), points), labels);
  }

  private static Batch random(int n, int width, int classes) {
    RandomStream stream = RandomStream.of(3, "points");
    double[] values = IntStream.range(0, n * width).mapToDouble(stream::gaussian).toArray();
    int[] labels = IntStream.range(0, n).map(i -> i % classes).toArray();
    return Batch.of(Tensor.of(Shape.of(n, width), values), labels);
  }

  private static void assertTriplets(Triplets mined, String... expected) {
    assertArrayEquals(
        expected,
        IntStream.range(0, mined.count())
            .mapToObj(
                k -> mined.anchors()[k] + " " + mined.positives()[k] + " " + mined.negatives()[k])
            .toArray());
  }

  private static void assertPairs(Pairs mined, String... expected) {
    assertArrayEquals(
        expected,
        Stream.concat(
                IntStream.range(0, mined.anchors().length)
                    .mapToObj(k -> mined.anchors()[k] + "+" + mined.positives()[k]),
                IntStream.range(0, mined.negatives().length)
                    .mapToObj(k -> mined.negativeAnchors()[k] + "-" + mined.negatives()[k]))
            .toArray());
  }

  // ---- all of them ----

  @ParameterizedTest
  @MethodSource("miners")
  void oneSampleOrOneClassGivesNoTriplet(Miner miner) {
    for (int n : new int[] {1, 4}) {
      Batch batch = random(n, 3, 1);
      assertEquals(0, miner.mine(batch).triplets().count());
      assertEquals(0, miner.mine(batch).pairs().negatives().length);
    }
  }

  @ParameterizedTest
  @MethodSource("miners")
  void onlyDifferentClassesGiveNoTriplet(Miner miner) {
    Batch batch = random(5, 3, 5);
    assertEquals(0, miner.mine(batch).triplets().count());
    assertEquals(0, miner.mine(batch).pairs().anchors().length);
  }

  /** Equal vectors, zero vectors: all distances are equal, and answers are of the relation. */
  @ParameterizedTest
  @MethodSource("miners")
  void equalVectorsAreNoTrouble(Miner miner) {
    int[] labels = {0, 0, 1, 1, 2};
    for (double size : new double[] {0, 1}) {
      Batch batch = Batch.of(Tensor.full(Shape.of(5, 3), size), labels);
      Batch chosen = miner.chosen(batch);
      Pairs pairs = chosen.pairs();
      Relation relation = chosen.relation();
      for (int k = 0; k < pairs.anchors().length; k++) {
        assertTrue(relation.positive(pairs.anchors()[k], pairs.positives()[k]));
      }
      for (int k = 0; k < pairs.negatives().length; k++) {
        assertTrue(relation.negative(pairs.negativeAnchors()[k], pairs.negatives()[k]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("miners")
  void nothingIsRecordedAndNothingStays(Miner miner) {
    Batch still = random(6, 3, 2);
    Tensor x = Tensor.of(Shape.of(6, 3), still.anchors().toDoubles()).requireGradient(true);
    try (Tape tape = Tape.open()) {
      miner.mine(Batch.of(x, still.labels()));
      assertEquals(0, tape.length());
    }
  }

  // ---- clusters ----

  /** Clusters 0, 1, 5 and 6, 8, 9 and 20, 20.5, 24 on a line: centres 2, 23/3 and 21.5. */
  @Test
  void clustersAreRepresentedByTheirCentres() {
    Batch batch = line(new int[] {7, 7, 7, 1, 1, 1, 4, 4, 4}, 0, 1, 5, 6, 8, 9, 20, 20.5, 24);
    Batch chosen = new HardClusterMiner(LINE).chosen(batch);
    double[] centres = chosen.anchors().toDoubles();
    assertArrayEquals(new double[] {2, 2, 2}, Arrays.copyOf(centres, 3), 1e-15);
    assertEquals(23 / 3.0, centres[3], 1e-15);
    assertArrayEquals(centres, Arrays.copyOfRange(chosen.items().toDoubles(), 9, 18));
    assertTriplets(
        chosen.triplets(),
        "0 2 12",
        "1 2 12",
        "2 2 12",
        "3 3 9",
        "4 3 9",
        "5 3 9",
        "6 8 12",
        "7 8 12",
        "8 8 12");
    assertEquals(batch.labels(), chosen.labels());
    Triplets t = chosen.triplets();
    for (int k = 0; k < t.count(); k++) {
      assertTrue(chosen.relation().positive(t.anchors()[k], t.positives()[k]));
      assertTrue(chosen.relation().negative(t.anchors()[k], t.negatives()[k]));
      assertEquals(chosen.labels()[t.anchors()[k]], chosen.itemLabels()[t.positives()[k]]);
    }
  }

  /** A single sample is no cluster, but others keep away from it; neither is a lone class. */
  @Test
  void clustersOfOneHaveNoTriplet() {
    HardClusterMiner miner = new HardClusterMiner(LINE);
    assertTriplets(miner.mine(line(new int[] {0, 0, 7}, 0, 1, 3)), "0 0 5", "1 0 5");
    assertTriplets(miner.mine(line(new int[] {0, 0}, 0, 1)));
    assertTriplets(miner.mine(line(new int[] {0, 1, 2}, 0, 1, 5)));
  }

  /** Against a memory, an anchor counts in its mean, but the farthest sample is the memory's. */
  @Test
  void clustersReachIntoOtherItems() {
    Tensor anchors = Tensor.of(Shape.of(2, 1), 0, 10);
    Tensor items = Tensor.of(Shape.of(3, 1), 2, 4, 12);
    Batch bank = Batch.of(anchors, new int[] {0, 1}, items, new int[] {0, 0, 1});
    Batch chosen = new HardClusterMiner(LINE).chosen(bank);
    assertArrayEquals(new double[] {2, 11}, chosen.anchors().toDoubles());
    assertTriplets(chosen.triplets(), "0 1 4", "1 2 3");
  }

  // ---- one by one ----

  @Test
  void kindsOfTripletsMeetAtTheirBounds() {
    // anchor 0 at 0, positive at 1; negatives at 0.5, 1, 1.25, 1.5
    boolean[][] positive = new boolean[1][5];
    positive[0][0] = true;
    Batch batch =
        Batch.of(
            Tensor.zeros(Shape.of(1, 1)),
            Tensor.of(Shape.of(5, 1), 1, 0.5, 1, 1.25, 1.5),
            Relation.of(positive));
    String[][] expected = {{"1", "2", "3"}, {"1", "2"}, {"3"}, {"4"}};
    for (TripletMarginMiner.Kind kind : TripletMarginMiner.Kind.values()) {
      assertTriplets(
          new TripletMarginMiner(0.25, kind, LINE).mine(batch),
          Arrays.stream(expected[kind.ordinal()]).map(n -> "0 0 " + n).toArray(String[]::new));
    }
  }

  @Test
  void ofEquallyFarOnesTheFirstIsTheHardest() {
    // seen from 0: positives at −1 and 1, negatives at 2 and −2
    Batch batch = line(new int[] {0, 0, 0, 1, 1}, 0, -1, 1, 2, -2);
    Triplets mined = new BatchHardMiner(LINE).mine(batch);
    assertTriplets(
        mined.only(k -> mined.anchors()[k] == 0), "0 1 3"); // 2 and 4 are as far as 1 and 3
    Triplets two = new HardestKMiner(new Ranks(2, 3), Ranks.hardest(2), LINE).mine(batch);
    assertTriplets(two.only(k -> two.anchors()[k] == 0), "0 2 3", "0 2 4");
  }

  @Test
  void anchorsWithoutPositiveOrNegativeHaveNoHardestTriplet() {
    assertTriplets(
        new BatchHardMiner(LINE).mine(line(new int[] {0, 0, 7}, 0, 1, 3)), "0 1 2", "1 0 2");
    assertTriplets(new BatchHardMiner(LINE).mine(line(new int[] {4}, 0)));
  }

  @Test
  void similaritiesTurnTheOrderOver() {
    Batch batch = line(new int[] {0, 0, 0, 1, 1}, 1, 2, 3, 4, 5);
    Triplets mined = new BatchHardMiner(DotProduct.plain()).mine(batch);
    assertTriplets(mined.only(k -> mined.anchors()[k] == 0), "0 1 4"); // least and largest product
  }

  @Test
  void semiHardOnesLieBeyondTheOther() {
    int[] labels = {0, 0, 0, 1, 1, 1};
    Batch batch = line(labels, 0, 1, 3, 0.5, 2, 4);
    Pairs easySemi =
        new BatchEasyHardMiner(Pick.EASY, Pick.SEMI_HARD, Range.ANY, Range.ANY, LINE).mine(batch);
    assertPairs(easySemi.only(k -> easySemi.anchors()[k] == 0, k -> false), "0+1");
    assertPairs(easySemi.only(k -> false, k -> easySemi.negativeAnchors()[k] == 0), "0-4");
    Pairs semiHard =
        new BatchEasyHardMiner(Pick.SEMI_HARD, Pick.EASY, Range.ANY, Range.ANY, LINE).mine(batch);
    assertPairs(semiHard.only(k -> semiHard.anchors()[k] == 0, k -> false), "0+2");
    assertPairs(
        new BatchEasyHardMiner(Pick.SEMI_HARD, Pick.HARD, Range.ANY, Range.ANY, LINE)
            .mine(line(new int[] {0, 0, 1}, 0, 1, 0.5))); // no positive is nearer
  }

  @Test
  void equallyFarIsNotBeyond() {
    Batch batch = line(new int[] {0, 0, 0, 1, 1}, 0, 0.5, 1, -1, 2);
    Pairs beyond =
        new BatchEasyHardMiner(Pick.HARD, Pick.SEMI_HARD, Range.ANY, Range.ANY, LINE).mine(batch);
    assertPairs(beyond.only(k -> false, k -> beyond.negativeAnchors()[k] == 0), "0-4");
    Pairs before =
        new BatchEasyHardMiner(Pick.SEMI_HARD, Pick.HARD, Range.ANY, Range.ANY, LINE).mine(batch);
    assertPairs(before.only(k -> before.anchors()[k] == 0, k -> false), "0+1");
  }

  @Test
  void whoLiesOutsideTheRangeIsNotPicked() {
    Batch batch = line(new int[] {0, 0, 0, 1, 1}, 0, 1, 3, 2, 6);
    Pairs mined =
        new BatchEasyHardMiner(Pick.HARD, Pick.HARD, new Range(0, 2), new Range(5, 6), LINE)
            .mine(batch);
    assertPairs(mined.only(k -> mined.anchors()[k] == 0, k -> false), "0+1");
    assertPairs(mined.only(k -> false, k -> mined.negativeAnchors()[k] == 0), "0-4");
    Pairs apart =
        new BatchEasyHardMiner(Pick.HARD, Pick.ALL, new Range(9, 9), new Range(9, 9), LINE)
            .mine(batch);
    assertEquals(0, apart.anchors().length, "nobody is so far");
    assertEquals(12, apart.negatives().length, "all are taken as they are");
  }

  @Test
  void semiHardOnesNeedAnother() {
    for (Pick[] picks :
        new Pick[][] {
          {Pick.SEMI_HARD, Pick.SEMI_HARD}, {Pick.ALL, Pick.SEMI_HARD}, {Pick.SEMI_HARD, Pick.ALL}
        }) {
      assertThrows(UserError.class, () -> BatchEasyHardMiner.of(picks[0], picks[1]));
    }
  }

  @Test
  void pairsOnTheWrongSideOfTheirMargins() {
    Batch batch = line(new int[] {0, 0, 1}, 0, 1, 3);
    assertPairs(new PairMarginMiner(0.9, 2.1, LINE).mine(batch), "0+1", "1+0", "1-2", "2-1");
    assertPairs(new PairMarginMiner(1, 2, LINE).mine(batch));
  }

  @Test
  void theHardestShareIsRoundedUpAndCanStandBehindAnother() {
    Batch batch = line(new int[] {0, 0, 0, 1}, 0, 1, 3, 7);
    assertPairs(new HdcMiner(0.2, LINE).mine(batch), "0+2", "2+0", "2-3", "3-2");
    assertPairs(
        new HdcMiner(0.5, LINE).mine(batch.with(new HdcMiner(0.2, LINE).mine(batch))),
        "0+2",
        "2-3"); // of equally far ones the first
    assertThrows(UserError.class, () -> new HdcMiner(0, LINE));
    assertThrows(UserError.class, () -> new HdcMiner(1.1, LINE));
  }

  @Test
  void anglesAreSeenFromTheNegative() {
    // a = (−1, 0), p = (1, 0): n = (0, y) sees half of it under arctan(1/y)
    double at30 = 1 / Math.tan(Math.toRadians(30));
    Tensor x = Tensor.of(Shape.of(4, 2), -1, 0, 1, 0, 0, at30 - 0.01, 0, at30 + 0.01);
    Triplets mined = new AngularMiner(30, false).mine(Batch.of(x, 0, 0, 1, 2));
    assertTriplets(mined, "0 1 2", "1 0 2");
    Tensor items = Tensor.of(Shape.of(3, 2), 1, 0, 0, at30 - 0.01, 0, at30 + 0.01);
    Batch bank = Batch.of(x.slice(0, 0, 1), new int[] {0}, items, new int[] {0, 1, 2});
    assertTriplets(new AngularMiner(30, false).mine(bank), "0 0 1");
    assertThrows(UserError.class, () -> new AngularMiner(90, false));
  }

  @Test
  void anglesAgainstAMemoryByTheirDefinition() {
    RandomStream stream = RandomStream.of(8, "memory");
    double[] x = IntStream.range(0, 3 * 2).mapToDouble(stream.child("x")::gaussian).toArray();
    double[] y = IntStream.range(0, 6 * 2).mapToDouble(stream.child("y")::gaussian).toArray();
    Batch batch =
        Batch.of(
            Tensor.of(Shape.of(3, 2), x),
            new int[] {0, 1, 2},
            Tensor.of(Shape.of(6, 2), y),
            new int[] {2, 1, 0, 0, 1, 2});
    Triplets all = batch.triplets();
    Triplets expected =
        all.only(
            t -> {
              int a = 2 * all.anchors()[t];
              int p = 2 * all.positives()[t];
              int n = 2 * all.negatives()[t];
              double pair = Math.hypot(x[a] - y[p], x[a + 1] - y[p + 1]);
              double median =
                  Math.hypot(y[n] - (x[a] + y[p]) / 2, y[n + 1] - (x[a + 1] + y[p + 1]) / 2);
              return Math.atan(pair / (2 * median)) > Math.toRadians(30);
            });
    assertTrue(expected.count() > 0 && expected.count() < all.count());
    Triplets mined = new AngularMiner(30, false).mine(batch);
    assertArrayEquals(expected.anchors(), mined.anchors());
    assertArrayEquals(expected.positives(), mined.positives());
    assertArrayEquals(expected.negatives(), mined.negatives());
  }

  // ---- those that draw ----

  @Test
  void theSameNoiseDrawsTheSame() {
    Batch batch = random(24, 4, 4);
    RandomStream noise = RandomStream.of(9, "miner");
    for (Miner miner : new Miner[] {DistanceWeightedMiner.usual(), UniformHistogramMiner.usual()}) {
      Pairs first = miner.mine(batch.with(noise.child(0))).pairs();
      Pairs again = miner.mine(batch.with(noise.child(0))).pairs();
      Pairs other = miner.mine(batch.with(noise.child(1))).pairs();
      assertArrayEquals(first.negatives(), again.negatives());
      assertArrayEquals(first.positives(), again.positives());
      assertFalse(Arrays.equals(first.negatives(), other.negatives()));
    }
  }

  /** So often as the probabilities say, within five standard deviations. */
  @Test
  void negativesAreDrawnByTheirProbabilities() {
    DistanceWeightedMiner miner = new DistanceWeightedMiner(0.3, 1.6);
    Batch batch = random(9, 3, 3);
    double[][] probabilities = miner.probabilities(batch);
    int draws = 4000;
    int[] seen = new int[9];
    for (int i = 0; i < draws; i++) {
      Triplets mined = miner.mine(batch.with(RandomStream.of(i, "draw")));
      assertEquals(9 * 2, mined.count(), "one for each positive pair");
      seen[mined.negatives()[0]]++;
    }
    for (int n = 0; n < 9; n++) {
      double p = probabilities[0][n];
      assertEquals(draws * p, seen[n], 5 * Math.sqrt(draws * p * (1 - p)), "item " + n);
    }
  }

  @Test
  void whereAllNegativesAreTooFarTheyAreDrawnAlike() {
    Tensor x = Tensor.of(Shape.of(4, 2), 1, 0, 1, 0.1, -1, 0, -1, 0.1);
    Batch batch = Batch.of(x, 0, 0, 1, 1);
    DistanceWeightedMiner miner = DistanceWeightedMiner.usual();
    assertArrayEquals(new double[4], miner.probabilities(batch)[0]);
    long third =
        IntStream.range(0, 1000)
            .map(i -> miner.mine(batch.with(RandomStream.of(i, "draw"))).negatives()[0])
            .filter(n -> n == 2)
            .count();
    assertEquals(500, third, 5 * Math.sqrt(250));
    long alike =
        IntStream.range(0, 1000)
            .mapToObj(i -> miner.mine(batch.with(RandomStream.of(i, "draw"))).negatives())
            .filter(negatives -> negatives[0] == negatives[1])
            .count();
    assertEquals(500, alike, 5 * Math.sqrt(250), "each anchor draws by itself");
    assertThrows(UserError.class, () -> new DistanceWeightedMiner(1.5, 1.4));
  }

  @Test
  void everyBinThatHasPairsGivesAsMany() {
    Batch batch = random(16, 3, 4);
    int bins = 7;
    Pairs mined = new UniformHistogramMiner(bins, 3, 5, LINE).mine(batch);
    Pairs all = Pairs.all(batch.relation());
    assertArrayEquals(
        filled(batch, all.anchors(), all.positives(), bins, 3),
        histogram(batch, mined.anchors(), mined.positives(), all.anchors(), all.positives(), bins));
    assertArrayEquals(
        filled(batch, all.negativeAnchors(), all.negatives(), bins, 5),
        histogram(
            batch,
            mined.negativeAnchors(),
            mined.negatives(),
            all.negativeAnchors(),
            all.negatives(),
            bins));
    assertThrows(UserError.class, () -> new UniformHistogramMiner(0, 1, 1, LINE));
  }

  @Test
  void pairsOfABinAreDrawnOneByOne() {
    Pairs mined = new UniformHistogramMiner(1, 40, 40, LINE).mine(random(16, 3, 4));
    assertTrue(IntStream.of(mined.anchors()).distinct().count() > 8, "of 16 anchors");
    assertTrue(IntStream.of(mined.negatives()).distinct().count() > 8, "of 16 items");
  }

  private static int[] filled(Batch batch, int[] anchors, int[] items, int bins, int each) {
    int[] counts = histogram(batch, anchors, items, anchors, items, bins);
    return IntStream.of(counts).map(count -> count > 0 ? each : 0).toArray();
  }

  /** How many pairs lie in each bin between the least and the largest distance of all pairs. */
  private static int[] histogram(
      Batch batch, int[] anchors, int[] items, int[] allAnchors, int[] allItems, int bins) {
    double[] all = distances(batch, allAnchors, allItems);
    double least = Arrays.stream(all).min().orElseThrow();
    double most = Arrays.stream(all).max().orElseThrow();
    int[] counts = new int[bins];
    for (double d : distances(batch, anchors, items)) {
      counts[(int) Math.min(bins - 1, Math.floor((d - least) / ((most - least) / bins)))]++;
    }
    return counts;
  }

  private static double[] distances(Batch batch, int[] anchors, int[] items) {
    double[] d = LINE.of(batch.anchors(), batch.items()).toDoubles();
    return IntStream.range(0, anchors.length)
        .mapToDouble(k -> d[anchors[k] * batch.items().dim(0) + items[k]])
        .toArray();
  }
}

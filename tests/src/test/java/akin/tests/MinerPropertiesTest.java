package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Pairs;
import akin.nn.metric.Relation;
import akin.nn.metric.Triplets;
import akin.nn.metric.Tuples;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.miner.AngularMiner;
import akin.nn.metric.miner.BatchEasyHardMiner;
import akin.nn.metric.miner.BatchEasyHardMiner.Pick;
import akin.nn.metric.miner.BatchEasyHardMiner.Range;
import akin.nn.metric.miner.BatchHardMiner;
import akin.nn.metric.miner.DistanceWeightedMiner;
import akin.nn.metric.miner.HardestKMiner;
import akin.nn.metric.miner.HardestKMiner.Ranks;
import akin.nn.metric.miner.HdcMiner;
import akin.nn.metric.miner.MultiSimilarityMiner;
import akin.nn.metric.miner.PairMarginMiner;
import akin.nn.metric.miner.TripletMarginMiner;
import akin.nn.metric.miner.TripletMarginMiner.Kind;
import akin.nn.metric.miner.UniformHistogramMiner;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What holds of miners for any batch, any supervision and any distance. */
class MinerPropertiesTest {
  private static final List<Distance> DISTANCES =
      List.of(
          LpDistance.euclidean(),
          new LpDistance(2, 2, false),
          new LpDistance(1, 1, false),
          DotProduct.cosine(),
          DotProduct.plain());

  /** Miners that draw nothing. */
  private static List<Miner> steady(Distance d) {
    List<Miner> miners = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      miners.add(new TripletMarginMiner(0.2, kind, d));
    }
    for (Pick positive : Pick.values()) {
      for (Pick negative : List.of(Pick.EASY, Pick.HARD)) {
        miners.add(new BatchEasyHardMiner(positive, negative, Range.ANY, new Range(-1, 1.5), d));
      }
    }
    miners.add(new BatchEasyHardMiner(Pick.EASY, Pick.SEMI_HARD, Range.ANY, Range.ANY, d));
    miners.add(new BatchHardMiner(d));
    miners.add(new HardestKMiner(Ranks.hardest(2), new Ranks(2, 4), d));
    miners.add(new MultiSimilarityMiner(0.1, d));
    miners.add(new PairMarginMiner(0.5, 0.9, d));
    miners.add(new HdcMiner(0.3, d));
    miners.add(new AngularMiner(25, false));
    miners.add(new AngularMiner(25, true));
    return miners;
  }

  private static List<Miner> all(Distance d) {
    List<Miner> miners = new ArrayList<>(steady(d));
    miners.add(DistanceWeightedMiner.usual());
    miners.add(new UniformHistogramMiner(5, 2, 3, d));
    return miners;
  }

  private static Tensor points(RandomStream stream, int n, int width) {
    return Tensor.of(
        Shape.of(n, width), IntStream.range(0, n * width).mapToDouble(stream::gaussian).toArray());
  }

  /** Of 1 to 10 samples, by labels, by a relation with neither-cells, or against a memory. */
  private static Batch batch(long seed) {
    RandomStream stream = RandomStream.of(seed, "batch");
    int n = 1 + stream.below(0, 10);
    int m = 1 + stream.below(1, 12);
    int classes = 1 + stream.below(2, 4);
    Tensor x = points(stream.child("anchors"), n, 4);
    Tensor y = points(stream.child("items"), m, 4);
    IntUnaryOperator label = i -> stream.child("labels").below(i, classes);
    int[] labels = IntStream.range(0, n).map(label).toArray();
    int[] itemLabels = IntStream.range(n, n + m).map(label).toArray();
    switch (stream.below(3, 4)) {
      case 0:
        return Batch.of(x, labels);
      case 1:
        return Batch.of(x, labels, y, itemLabels);
      case 2:
        return Batch.of(x, x, attributes(stream, n));
      default:
        return Batch.of(x, y, Relation.ofLabels(labels, itemLabels).without(a -> a % m));
    }
  }

  private static Relation attributes(RandomStream stream, int n) {
    boolean[][] of = new boolean[n][5];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < 5; k++) {
        of[i][k] = stream.child("attributes").below(i * 5 + k, 2) == 1;
      }
    }
    return Relation.ofAttributes(of, 0.6, 0.3);
  }

  private static TreeSet<String> texts(Tuples tuples) {
    TreeSet<String> texts = new TreeSet<>();
    if (tuples instanceof Triplets) {
      Triplets t = (Triplets) tuples;
      for (int k = 0; k < t.count(); k++) {
        texts.add(t.anchors()[k] + " " + t.positives()[k] + " " + t.negatives()[k]);
      }
    } else {
      Pairs p = (Pairs) tuples;
      for (int k = 0; k < p.anchors().length; k++) {
        texts.add("+ " + p.anchors()[k] + " " + p.positives()[k]);
      }
      for (int k = 0; k < p.negatives().length; k++) {
        texts.add("- " + p.negativeAnchors()[k] + " " + p.negatives()[k]);
      }
    }
    return texts;
  }

  @Property(tries = 60, seed = "20240601")
  void onlyPairsOfTheRelationAreChosen(@ForAll @LongRange(min = 0) long seed) {
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Batch batch = batch(seed);
      for (Distance distance : DISTANCES) {
        for (Miner miner : all(distance)) {
          Pairs pairs = miner.mine(batch).pairs();
          assertEquals(pairs.anchors().length, pairs.positives().length);
          assertEquals(pairs.negativeAnchors().length, pairs.negatives().length);
          for (int k = 0; k < pairs.anchors().length; k++) {
            assertTrue(
                batch.relation().positive(pairs.anchors()[k], pairs.positives()[k]),
                () -> "" + miner);
          }
          for (int k = 0; k < pairs.negatives().length; k++) {
            assertTrue(
                batch.relation().negative(pairs.negativeAnchors()[k], pairs.negatives()[k]),
                () -> "" + miner);
          }
        }
      }
    }
  }

  @Property(tries = 60, seed = "20240601")
  void kindsOfTripletsMakeUpAll(@ForAll @LongRange(min = 0) long seed) {
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Batch batch = batch(seed);
      for (Distance distance : DISTANCES) {
        TreeSet<String> hard = kind(Kind.HARD, distance, batch);
        TreeSet<String> semiHard = kind(Kind.SEMI_HARD, distance, batch);
        TreeSet<String> easy = kind(Kind.EASY, distance, batch);
        TreeSet<String> within = new TreeSet<>(hard);
        within.addAll(semiHard);
        assertEquals(within, kind(Kind.ALL, distance, batch));
        TreeSet<String> every = new TreeSet<>(within);
        every.addAll(easy);
        assertEquals(texts(Triplets.all(batch.relation())), every);
        assertEquals(every.size(), hard.size() + semiHard.size() + easy.size(), "no two kinds");
      }
    }
  }

  private static TreeSet<String> kind(Kind kind, Distance distance, Batch batch) {
    return texts(new TripletMarginMiner(0.3, kind, distance).mine(batch));
  }

  @Property(tries = 60, seed = "20240601")
  void noTripletIsHarderThanTheHardest(@ForAll @LongRange(min = 0) long seed) {
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Batch batch = batch(seed);
      Relation relation = batch.relation();
      for (Distance distance : DISTANCES) {
        Triplets mined = new BatchHardMiner(distance).mine(batch);
        double[] d = distance.of(batch.anchors(), batch.items()).toDoubles();
        int m = relation.items();
        int at = 0;
        for (int a = 0; a < relation.anchors(); a++) {
          int from = a * m;
          if (relation.positives(a).length > 0 && relation.negatives(a).length > 0) {
            assertEquals(a, mined.anchors()[at]);
            double p = d[from + mined.positives()[at]];
            double n = d[from + mined.negatives()[at++]];
            for (int i : relation.positives(a)) {
              assertTrue(!distance.farther(d[from + i], p));
            }
            for (int i : relation.negatives(a)) {
              assertTrue(!distance.farther(n, d[from + i]));
            }
          }
        }
        assertEquals(at, mined.count());
        Ranks first = Ranks.hardest(1);
        assertEquals(texts(mined), texts(new HardestKMiner(first, first, distance).mine(batch)));
        Ranks every = Ranks.hardest(m);
        assertEquals(
            texts(Triplets.all(relation)),
            texts(new HardestKMiner(every, every, distance).mine(batch)));
      }
    }
  }

  /** Against a memory, so that no pair is as far as its mirror image; points have no ties. */
  @Property(tries = 40, seed = "20240601")
  void anotherOrderOfTheBatchGivesTheSame(
      @ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 10) int n) {
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      RandomStream stream = RandomStream.of(seed, "order");
      int m = n + 3;
      Tensor x = points(stream.child("anchors"), n, 4);
      Tensor y = points(stream.child("items"), m, 4);
      int[] labels = IntStream.range(0, n).map(i -> stream.below(i, 3)).toArray();
      int[] itemLabels = IntStream.range(0, m).map(i -> stream.below(n + i, 3)).toArray();
      int[] rows = stream.child("rows").permutation(n);
      int[] columns = stream.child("columns").permutation(m);
      Batch batch = Batch.of(x, labels, y, itemLabels);
      Batch moved =
          Batch.of(
              x.gatherRows(rows),
              IntStream.of(rows).map(i -> labels[i]).toArray(),
              y.gatherRows(columns),
              IntStream.of(columns).map(i -> itemLabels[i]).toArray());
      for (Distance distance : DISTANCES) {
        for (Miner miner : steady(distance)) {
          assertEquals(
              texts(miner.mine(batch)),
              texts(back(miner.mine(moved), rows, columns)),
              () -> "" + miner);
        }
      }
    }
  }

  private static Tuples back(Tuples tuples, int[] rows, int[] columns) {
    if (tuples instanceof Triplets) {
      Triplets t = (Triplets) tuples;
      return new Triplets(
          of(rows, t.anchors()), of(columns, t.positives()), of(columns, t.negatives()));
    }
    Pairs p = (Pairs) tuples;
    return new Pairs(
        of(rows, p.anchors()),
        of(columns, p.positives()),
        of(rows, p.negativeAnchors()),
        of(columns, p.negatives()));
  }

  private static int[] of(int[] order, int... places) {
    return IntStream.of(places).map(i -> order[i]).toArray();
  }

  @Property(tries = 40, seed = "20240601")
  void supervisionsThatSayTheSameGiveTheSame(
      @ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 10) int n) {
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      RandomStream stream = RandomStream.of(seed, "supervision");
      Tensor x = points(stream.child("points"), n, 4);
      int[] labels = IntStream.range(0, n).map(i -> stream.below(i, 4)).toArray();
      boolean[][] attributes = new boolean[n][4];
      boolean[][] relation = new boolean[n][n];
      for (int i = 0; i < n; i++) {
        attributes[i][labels[i]] = true;
        for (int j = 0; j < n; j++) {
          relation[i][j] = labels[i] == labels[j];
        }
      }
      for (Miner miner : all(LpDistance.euclidean())) {
        TreeSet<String> byLabels = texts(miner.mine(Batch.of(x, labels)));
        assertEquals(
            byLabels, texts(miner.mine(Batch.of(x, x, Relation.ofAttributes(attributes, 1, 0)))));
        assertEquals(
            byLabels, texts(miner.mine(Batch.of(x, x, Relation.of(relation).without(i -> i)))));
      }
    }
  }

  @Test
  void threadsDoNotMatter() {
    RandomStream stream = RandomStream.of(1, "threads");
    int n = 65;
    int[] labels = IntStream.range(0, n).map(i -> i % 13).toArray();
    List<String> answers = new ArrayList<>();
    for (int threads : new int[] {1, 2, 3}) {
      try (Backend cpu = Backends.open("cpu", threads);
          Scope scope = Scope.open(cpu)) {
        Batch batch = Batch.of(points(stream, n, 33), labels);
        StringBuilder answer = new StringBuilder();
        for (Distance distance : DISTANCES) {
          for (Miner miner : all(distance)) {
            Pairs p = miner.mine(batch).pairs();
            answer.append(Arrays.toString(p.positives())).append(Arrays.toString(p.negatives()));
          }
        }
        answers.add(answer.toString());
      }
    }
    assertEquals(answers.get(0), answers.get(1));
    assertEquals(answers.get(0), answers.get(2));
  }
}

package akin.nn.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.nn.StateDict;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.pair.TripletLoss;
import akin.nn.metric.rank.DynamicSoftMarginLoss;
import akin.nn.metric.rank.FastApLoss;
import akin.nn.metric.rank.HistogramLoss;
import akin.nn.metric.rank.PnpLoss;
import akin.nn.metric.rank.RankedListLoss;
import akin.nn.metric.rank.SmoothApLoss;
import akin.nn.metric.rank.SurrogatePrecisionLoss;
import akin.nn.metric.rank.VicRegLoss;
import akin.nn.metric.reduce.LpRegularizer;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses of rankings and histograms, and losses around losses: definitions and odd batches. */
class RankLossTest {
  private static final int WIDTH = 3;

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

  private static Tensor points(int rows, String name) {
    RandomStream stream = RandomStream.of(7, name);
    double[] values = IntStream.range(0, rows * WIDTH).mapToDouble(stream::gaussian).toArray();
    return Tensor.of(Shape.of(rows, WIDTH), values);
  }

  private static Tensor points(int rows) {
    return points(rows, "points");
  }

  // ---- batches that give nothing, or too much ----

  /** Losses of labels, made anew for each test: some remember. */
  static Stream<Supplier<Loss>> losses() {
    Stream<Supplier<Loss>> own =
        Stream.of(
            SmoothApLoss::usual,
            () -> SmoothApLoss.ofDistances(0.5),
            FastApLoss::usual,
            HistogramLoss::usual,
            RankedListLoss::usual,
            () -> new RankedListLoss(0.4, 1.2, 50, 50, 0.5),
            () -> SurrogatePrecisionLoss.usual(2),
            DynamicSoftMarginLoss::usual,
            () -> new DynamicSoftMarginLoss(-0.1, 5, 0.5),
            () -> new CrossBatchMemory(ContrastiveLoss.usual(), 8, WIDTH));
    Stream<Supplier<Loss>> pnp =
        Arrays.stream(PnpLoss.Variant.values()).map(v -> () -> new PnpLoss(v, 2, 1, 0.01));
    return Stream.concat(own, pnp);
  }

  /** The value and the gradient of one batch, which both must be finite. */
  private static LossValue finite(Supplier<Loss> maker, Backend backend, double[] x, int[] labels) {
    Loss loss = maker.get();
    loss.layer().ifPresent(layer -> layer.initialise(backend, 1));
    try (Tape tape = Tape.open(backend)) {
      Tensor points = Tensor.of(Shape.of(labels.length, WIDTH), x).requireGradient(true);
      LossValue value = loss.of(points, labels);
      String what = loss + " on " + backend.name() + " of " + Arrays.toString(labels);
      assertTrue(Double.isFinite(value.value().item()), what);
      double[] g = tape.backward(value.value()).of(points).toDoubles();
      assertTrue(Arrays.stream(g).allMatch(Double::isFinite), what + ": " + Arrays.toString(g));
      assertEquals(labels.length, value.used() + value.skipped(), what);
      if (value.used() == 0) {
        assertEquals(0, value.value().item(), what);
        assertArrayEquals(new double[g.length], g, what);
      }
      return value;
    } finally {
      loss.layer().ifPresent(Layer::close);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void oddBatchesStayFinite(Supplier<Loss> loss) {
    try (Backend cpu = Backends.open("cpu", 1)) {
      for (Backend each : List.of(backend, cpu)) {
        for (int[] labels :
            List.of(
                new int[] {3},
                new int[] {1, 1, 1, 1, 1},
                new int[] {1, 2, 3, 4, 5},
                new int[] {0, 0, -1, Integer.MAX_VALUE, 7})) {
          int n = labels.length * WIDTH;
          double[] some = points(labels.length).toDoubles();
          double[] oneIsZero = some.clone();
          Arrays.fill(oneIsZero, 0, WIDTH, 0);
          double[] equal = IntStream.range(0, n).mapToDouble(i -> some[i % WIDTH]).toArray();
          double[] huge = Arrays.stream(some).map(v -> 1e6 * v).toArray();
          for (double[] x : List.of(some, oneIsZero, new double[n], equal, huge)) {
            finite(loss, each, x, labels);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void oneSampleGivesNothing(Supplier<Loss> loss) {
    LossValue value = finite(loss, backend, new double[] {1, 2, 3}, new int[] {4});
    assertEquals(0, value.used());
    assertEquals(1, value.skipped());
  }

  @Test
  void anchorsWithoutPositivesAreSkipped() {
    int[] labels = {4, 1, 1, 2, 2};
    double[] x = points(5).toDoubles();
    losses()
        .forEach(
            loss -> {
              LossValue value = finite(loss, backend, x, labels);
              boolean all = // negatives count, too; or losses are no sample's own
                  Stream.of(RankedListLoss.class, CrossBatchMemory.class, HistogramLoss.class)
                      .anyMatch(type -> type.isInstance(loss.get()));
              assertEquals(all ? 0 : 1, value.skipped(), loss.get().toString());
            });
  }

  /** A perfect arrangement costs a ranking loss nothing. */
  @Test
  void rightOrdersCostNothing() {
    Tensor x = Tensor.of(Shape.of(4, 2), 1, 0, 1, 0.01, -1, 0, -1, 0.01);
    int[] labels = {0, 0, 1, 1};
    for (Loss loss :
        List.of(
            SmoothApLoss.usual(),
            PnpLoss.usual(),
            RankedListLoss.usual(),
            FastApLoss.usual(),
            HistogramLoss.usual())) {
      assertEquals(0, loss.of(x, labels).value().item(), 1e-12, loss.toString());
    }
  }

  // ---- definitions ----

  @Test
  void surrogatePrecisionByItsDefinition() {
    int[] labels = {0, 1, 0, 1, 0, 2};
    int k = 1;
    Tensor x = points(labels.length);
    double[] d = SurrogatePrecisionLoss.usual(k).distance().of(x, x).toDoubles();
    int n = labels.length;
    double sum = 0;
    for (int a = 0; a < 5; a++) {
      double found = 0;
      int relevant = 0;
      for (int j = 0; j < n; j++) {
        double rank = 0;
        for (int i = 0; i < n; i++) {
          rank += 1 / (1 + Math.exp(-(d[a * n + j] - d[a * n + i]) / 0.01));
        }
        boolean same = labels[j] == labels[a];
        relevant += same ? 1 : 0;
        found += same ? 1 / (1 + Math.exp(-(k + 1 - rank))) : 0;
      }
      sum += 1 - found / Math.min(relevant, k + 1);
    }
    LossValue value = SurrogatePrecisionLoss.usual(k).of(x, labels);
    assertEquals(sum / 5, value.value().item(), 1e-12);
    assertEquals(1, value.skipped());
  }

  /** As temperatures fall it becomes 1 − (hits among k and itself)/min(R, k + 1). */
  @Test
  void surrogatePrecisionBecomesPrecision() {
    Tensor x = Tensor.of(Shape.of(4, 1), 0, 1, 3, 7);
    SurrogatePrecisionLoss usual = SurrogatePrecisionLoss.usual(1);
    SurrogatePrecisionLoss sharp = new SurrogatePrecisionLoss(1, 1e-3, 1e-4, usual.distance());
    // nobody's nearest is its positive: each finds itself only, one of two
    assertEquals(0.5, sharp.of(x, new int[] {0, 1, 0, 1}).value().item(), 1e-9);
    // only anchor 2 misses its positive: one half of one of four
    assertEquals(0.125, sharp.of(x, new int[] {0, 0, 1, 1}).value().item(), 1e-9);
  }

  @Test
  void aHalvedShareOfEqualDensities() {
    // positives and negatives all have cosine 0: everything lies on one node
    Tensor x = Tensor.of(Shape.of(3, 3), 1, 0, 0, 0, 1, 0, 0, 0, 1);
    assertEquals(1, new HistogramLoss(4).of(x, new int[] {0, 0, 1}).value().item(), 1e-15);
  }

  // ---- two views ----

  @Test
  void vicRegNeedsTwoViews() {
    Tensor x = points(3);
    assertThrows(UserError.class, () -> VicRegLoss.usual().of(x, new int[] {0, 0, 1}));
    Loss wrapped = new SelfSupervisedLoss(TripletLoss.usual(), true);
    UserError e = assertThrows(UserError.class, () -> wrapped.of(x, new int[] {0, 0, 1}));
    assertTrue(e.getMessage().contains("ofViews"), e.getMessage());
  }

  @Test
  void viewsThatAreOddStayFinite() {
    try (Backend cpu = Backends.open("cpu", 1)) {
      for (Backend each : List.of(backend, cpu)) {
        for (int n : new int[] {1, 2, 5}) {
          for (Supplier<Loss> maker :
              List.<Supplier<Loss>>of(
                  VicRegLoss::usual,
                  DynamicSoftMarginLoss::usual,
                  () -> new SelfSupervisedLoss(TripletLoss.usual(), true),
                  () -> new SelfSupervisedLoss(TripletLoss.usual(), false))) {
            for (double size : new double[] {0, 1, 1e6}) {
              Loss loss = maker.get();
              loss.layer().ifPresent(layer -> layer.initialise(each, 1));
              try (Tape tape = Tape.open(each)) {
                Tensor x = Tensor.full(Shape.of(n, WIDTH), size).requireGradient(true);
                Tensor y = Tensor.full(Shape.of(n, WIDTH), -size).requireGradient(true);
                Tensor value = loss.of(Batch.of(x, y, Relation.ofViews(n))).value();
                String what = loss + " of " + n + " × " + size + " on " + each.name();
                assertTrue(Double.isFinite(value.item()), what);
                for (double g : tape.backward(value).of(x).toDoubles()) {
                  assertTrue(Double.isFinite(g), what);
                }
              }
              loss.layer().ifPresent(Layer::close);
            }
          }
        }
      }
    }
  }

  /** Both views in one batch: the loss of 2N rows with each sample's number as label. */
  @Test
  void selfSupervisionIsTheLossOfBothViews() {
    Tensor x = points(4);
    Tensor y = points(4, "other");
    int[] twice = {0, 1, 2, 3, 0, 1, 2, 3};
    double together = TripletLoss.usual().of(Tensor.concat(0, x, y), twice).value().item();
    Batch views = Batch.of(x, y, Relation.ofViews(4));
    Loss symmetric = new SelfSupervisedLoss(TripletLoss.usual(), true);
    assertEquals(together, symmetric.of(views).value().item());
    assertEquals(8, symmetric.of(views).used(), "rows of both views");
    assertEquals(8, MinedLoss.of(Miner.ALL, symmetric).of(views).used(), "as without a miner");
  }

  // ---- memory ----

  private static CrossBatchMemory memory(Loss loss, int size, Backend backend) {
    CrossBatchMemory memory = new CrossBatchMemory(loss, size, WIDTH);
    memory.layer().orElseThrow().initialise(backend, 1);
    return memory;
  }

  /** After each batch the loss is that against the last entries, itself left out. */
  @Test
  void aMemoryHoldsTheLastEntries() {
    CrossBatchMemory memory = memory(ContrastiveLoss.usual(), 7, backend);
    double[] rows = new double[0];
    int[] classes = new int[0];
    for (int step = 0; step < 4; step++) {
      int n = 3;
      int[] labels = {step % 2, -1, 100_000_000 + step % 2};
      Tensor x = points(n, "batch " + step);
      rows = join(rows, x.toDoubles());
      classes = IntStream.concat(IntStream.of(classes), IntStream.of(labels)).toArray();
      int kept = Math.min(7, classes.length);
      double[] last = Arrays.copyOfRange(rows, rows.length - kept * WIDTH, rows.length);
      int[] lastClasses = Arrays.copyOfRange(classes, classes.length - kept, classes.length);
      Tensor items = Tensor.of(Shape.of(kept, WIDTH), last);
      Relation relation = Relation.ofLabels(labels, lastClasses).without(i -> kept - n + i);
      Batch expected = new Batch(x, items, false, relation, labels, lastClasses, null, null);
      double value = memory.of(x, labels).value().item();
      assertEquals(ContrastiveLoss.usual().of(expected).value().item(), value, 1e-12, "" + step);
    }
    memory.layer().orElseThrow().close();
  }

  private static double[] join(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Memory entries, the batch's own among them, carry no gradient: only anchors move. */
  @Test
  void onlyAnchorsHaveAGradient() {
    int[] labels = {0, 0, 1};
    CrossBatchMemory memory = memory(ContrastiveLoss.usual(), 8, backend);
    double[] values = points(3).toDoubles();
    double[][] gradients = new double[2][];
    for (int way = 0; way < 2; way++) {
      try (Tape tape = Tape.open(backend)) {
        Tensor x = Tensor.of(Shape.of(3, WIDTH), values).requireGradient(true);
        Tensor still = Tensor.of(Shape.of(3, WIDTH), values);
        Relation relation = Relation.ofLabels(labels, labels).without(i -> i);
        Batch frozen = new Batch(x, still, false, relation, labels, labels, null, null);
        LossValue value = way == 0 ? memory.of(x, labels) : ContrastiveLoss.usual().of(frozen);
        gradients[way] = tape.backward(value.value()).of(x).toDoubles();
      }
    }
    assertArrayEquals(gradients[1], gradients[0], 1e-15);
    assertTrue(Arrays.stream(gradients[0]).anyMatch(g -> g != 0));
    memory.layer().orElseThrow().close();
  }

  @Test
  void aMemoryIsSavedWithTheWeights() {
    int[] labels = {0, 1, 0};
    Tensor first = points(3, "first");
    Tensor second = points(3, "second");
    CrossBatchMemory memory = memory(TripletLoss.usual(), 5, backend);
    CrossBatchMemory resumed = memory(TripletLoss.usual(), 5, backend);
    memory.of(first, labels);
    StateDict.of(memory.layer().orElseThrow()).into(resumed.layer().orElseThrow(), "a test");
    assertEquals(
        memory.of(second, labels).value().item(), resumed.of(second, labels).value().item());
    memory.layer().orElseThrow().close();
    resumed.layer().orElseThrow().close();
  }

  @Test
  void inEvaluationTheMemoryRests() {
    int[] labels = {0, 1, 0};
    CrossBatchMemory memory = memory(TripletLoss.usual(), 5, backend);
    memory.of(points(3, "first"), labels);
    Layer layer = memory.layer().orElseThrow();
    layer.eval();
    Tensor x = points(3, "second");
    assertEquals(
        TripletLoss.usual().of(x, labels).value().item(), memory.of(x, labels).value().item());
    assertEquals(3, StateDict.of(layer).values().get("seen").whole());
    layer.close();
  }

  /** The miner sees the memory, and the regulariser inside is kept. */
  @Test
  void aMinerInsideSeesTheMemory() {
    int[] seen = new int[1];
    Miner counting =
        batch -> {
          seen[0] = batch.items().dim(0);
          return batch.pairs();
        };
    TripletLoss smooth = new TripletLoss(0.1, false, true, DotProduct.cosine());
    Loss mined = MinedLoss.of(counting, smooth).regularizedBy(new LpRegularizer(2, 1), 1);
    CrossBatchMemory memory = memory(mined, 9, backend);
    int[] labels = {0, 1, 0};
    memory.of(points(3), labels);
    Tensor x = points(3, "second");
    double with = memory.of(x, labels).value().item();
    assertEquals(6, seen[0]);
    CrossBatchMemory plain = memory(MinedLoss.of(counting, smooth), 9, backend);
    plain.of(points(3), labels);
    double norm = new LpRegularizer(2, 1).of(x).item();
    assertEquals(plain.of(x, labels).value().item() + norm, with, 1e-12);
    memory.layer().orElseThrow().close();
    plain.layer().orElseThrow().close();
  }

  @Test
  void whatAMemoryCannotHoldIsRefused() {
    CrossBatchMemory memory = memory(ContrastiveLoss.usual(), 2, backend);
    assertThrows(UserError.class, () -> memory.of(points(3), new int[] {0, 0, 1}));
    Tensor x = points(2);
    assertThrows(UserError.class, () -> memory.of(Batch.of(x, x, Relation.ofViews(2))));
    Loss outside = MinedLoss.of(Batch::pairs, memory);
    UserError e = assertThrows(UserError.class, () -> outside.of(x, new int[] {0, 1}));
    assertTrue(e.getMessage().contains("mined inside"), e.getMessage());
    memory.layer().orElseThrow().close();
  }

  // ---- a running histogram ----

  @Test
  void inEvaluationTheHistogramRests() {
    DynamicSoftMarginLoss loss = DynamicSoftMarginLoss.usual();
    Layer layer = loss.layer().orElseThrow();
    layer.initialise(backend, 1);
    int[] labels = {0, 0, 1};
    loss.of(points(3), labels);
    double[] before = StateDict.of(layer).values().get("histogram").doubles();
    assertEquals(1, Arrays.stream(before).sum(), 1e-12);
    layer.eval();
    loss.of(points(3, "second"), labels);
    assertArrayEquals(before, StateDict.of(layer).values().get("histogram").doubles());
    layer.train();
    loss.of(points(3, "second"), labels);
    double[] after = StateDict.of(layer).values().get("histogram").doubles();
    assertTrue(!Arrays.equals(before, after));
    layer.close();
  }
}

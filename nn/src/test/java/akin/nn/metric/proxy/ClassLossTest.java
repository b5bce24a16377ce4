package akin.nn.metric.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.LossValue;
import akin.nn.metric.Relation;
import akin.nn.metric.Triplets;
import akin.nn.metric.reduce.CenterInvariantRegularizer;
import akin.nn.metric.reduce.RegularFaceRegularizer;
import akin.nn.metric.reduce.SparseCentersRegularizer;
import akin.nn.optim.Adam;
import akin.nn.optim.Optimizer;
import akin.tensor.Gradients;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all losses with class vectors have in common; their gradients are checked elsewhere. */
class ClassLossTest {
  private static final int WIDTH = 4;
  private static final int CLASSES = 5;

  /** Every loss with its usual options, for a number of classes. */
  static final Map<String, IntFunction<ClassLoss>> LOSSES = new LinkedHashMap<>();

  static {
    LOSSES.put("normalised softmax", c -> NormalizedSoftmaxLoss.usual(c, WIDTH));
    LOSSES.put("CosFace", c -> CosFaceLoss.usual(c, WIDTH));
    LOSSES.put("large margin", c -> LargeMarginSoftmaxLoss.usual(c, WIDTH));
    LOSSES.put("SphereFace", c -> SphereFaceLoss.usual(c, WIDTH));
    LOSSES.put("ArcFace", c -> ArcFaceLoss.usual(c, WIDTH));
    LOSSES.put(
        "easy ArcFace", c -> new ArcFaceLoss(c, WIDTH, ArcFaceLoss.Options.of(0.5, 64, true)));
    LOSSES.put("sub-center", c -> SubCenterArcFaceLoss.usual(c, WIDTH));
    LOSSES.put("DynM", c -> DynMArcFaceLoss.usual(IntStream.range(0, c).toArray(), WIDTH));
    LOSSES.put("Li-ArcFace", c -> LiArcFaceLoss.usual(c, WIDTH));
    LOSSES.put("CurricularFace", c -> CurricularFaceLoss.usual(c, WIDTH));
    LOSSES.put("AdaFace", c -> AdaFaceLoss.usual(c, WIDTH));
    LOSSES.put("AdaFace MDFE", c -> new AdaFaceLoss(c, WIDTH, AdaFaceLoss.Options.mdfe()));
    LOSSES.put("Proxy-NCA", c -> ProxyNcaLoss.usual(c, WIDTH));
    LOSSES.put("SoftTriple", c -> SoftTripleLoss.usual(c, WIDTH));
    LOSSES.put("center", c -> CenterLoss.usual(c, WIDTH));
    LOSSES.put("manifold", c -> ManifoldLoss.usual(c, WIDTH));
    LOSSES.put("Proxy-Anchor", c -> ProxyAnchorLoss.usual(c, WIDTH));
    LOSSES.put("P2SGrad", c -> P2SGradLoss.usual(c, WIDTH));
    LOSSES.put("AdaCos", c -> AdaCosLoss.usual(c, WIDTH));
  }

  static Stream<String> names() {
    return LOSSES.keySet().stream();
  }

  /** All but the losses that one class leaves undefined or above 0. */
  static Stream<String> zeroForOneClass() {
    return names().filter(n -> !List.of("AdaCos", "P2SGrad", "Proxy-Anchor", "center").contains(n));
  }

  /** A value with its gradients. */
  private record Result(LossValue loss, double value, double[] x, double[] w) {
    static Result of(Backend backend, ClassLoss loss, double[] values, int... labels) {
      try (Tape tape = Tape.open(backend)) {
        Tensor x = Tensor.of(Shape.of(labels.length, WIDTH), values).requireGradient(true);
        LossValue value = loss.of(Batch.of(x, labels));
        Gradients gradients = tape.backward(value.value());
        return new Result(
            value,
            value.value().item(),
            gradients.of(x).toDoubles(),
            gradients.of(loss.vectors().tensor()).toDoubles());
      }
    }
  }

  private static double[] points(int rows) {
    RandomStream stream = RandomStream.of(5, "points");
    return IntStream.range(0, rows * WIDTH).mapToDouble(stream::gaussian).toArray();
  }

  // ---- batches that give little, or too much ----

  @ParameterizedTest
  @MethodSource("names")
  void degenerateBatchesStayFinite(String name) {
    int[][] batches = {{2}, {1, 1, 1}, {0, 1, 2, 3, 4}, {0, 0, 3, 3}};
    try (Backend reference = new ReferenceBackend();
        Backend cpu = Backends.open("cpu", 1)) {
      for (Backend backend : List.of(reference, cpu)) {
        for (int[] labels : batches) {
          double[] equal = new double[labels.length * WIDTH];
          for (double size : new double[] {0, 1e-6, 1, 1e6}) {
            Arrays.fill(equal, size);
            check(backend, name, equal, labels);
          }
          check(backend, name, points(labels.length), labels);
        }
      }
    }
  }

  private static void check(Backend backend, String name, double[] x, int... labels) {
    try (ClassLoss loss = LOSSES.get(name).apply(CLASSES)) {
      loss.initialise(backend, 7);
      Result result = Result.of(backend, loss, x, labels);
      String where = backend.name() + " " + Arrays.toString(labels) + Arrays.toString(x);
      assertTrue(Double.isFinite(result.value), where);
      DoubleStream both = DoubleStream.concat(Arrays.stream(result.x), Arrays.stream(result.w));
      assertTrue(both.allMatch(Double::isFinite), where);
      assertEquals(labels.length, result.loss.used());
      assertEquals(0, result.loss.skipped());
    }
  }

  @ParameterizedTest
  @MethodSource("zeroForOneClass")
  void aSingleClassLeavesNothingToTell(String name) {
    try (Backend backend = new ReferenceBackend();
        ClassLoss loss = LOSSES.get(name).apply(1)) {
      loss.initialise(backend, 7);
      Result result = Result.of(backend, loss, points(3), 0, 0, 0);
      assertEquals(0, result.value);
      assertArrayEquals(new double[3 * WIDTH], result.x, 1e-12);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void twoClassesAreEnoughForAllButAdaCos(String name) {
    try (Backend backend = new ReferenceBackend()) {
      if (name.equals("AdaCos")) {
        String message =
            assertThrows(UserError.class, () -> LOSSES.get(name).apply(2)).getMessage();
        assertTrue(message.contains("at least 3 classes"), message);
        return;
      }
      try (ClassLoss loss = LOSSES.get(name).apply(2)) {
        loss.initialise(backend, 7);
        Result result = Result.of(backend, loss, points(4), 0, 1, 1, 0);
        assertTrue(Double.isFinite(result.value) && result.value >= 0, "" + result.value);
        assertTrue(Arrays.stream(result.w).anyMatch(g -> g != 0));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void labelsThatAreNoClassAreNamed(String name) {
    try (Backend backend = new ReferenceBackend();
        ClassLoss loss = LOSSES.get(name).apply(CLASSES);
        Scope scope = Scope.open(backend)) {
      loss.initialise(backend, 7);
      Tensor x = Tensor.of(Shape.of(2, WIDTH), points(2));
      for (int label : new int[] {-1, CLASSES, Integer.MAX_VALUE}) {
        String message =
            assertThrows(UserError.class, () -> loss.of(x, new int[] {0, label})).getMessage();
        assertTrue(message.contains(label + " in row 1"), message);
      }
      Batch unlabelled = Batch.of(x, x, Relation.ofViews(2));
      assertThrows(UserError.class, () -> loss.of(unlabelled));
      Tensor wide = Tensor.zeros(Shape.of(2, WIDTH + 1));
      assertThrows(ShapeException.class, () -> loss.of(wide, new int[] {0, 1}));
      assertThrows(ShapeException.class, () -> loss.apply(wide));
      assertThrows(UserError.class, () -> LOSSES.get(name).apply(0));
    }
  }

  // ---- what the batch's order and mined tuples do ----

  @ParameterizedTest
  @MethodSource("names")
  void theOrderOfSamplesPlaysNoPart(String name) {
    int[] labels = {4, 0, 1, 0, 2, 4};
    int[] order = {3, 5, 0, 2, 1, 4};
    double[] x = points(labels.length);
    double[] moved = rows(x, order);
    int[] movedLabels = Arrays.stream(order).map(i -> labels[i]).toArray();
    try (Backend backend = new ReferenceBackend();
        ClassLoss one = LOSSES.get(name).apply(CLASSES);
        ClassLoss other = LOSSES.get(name).apply(CLASSES)) {
      one.initialise(backend, 7);
      other.initialise(backend, 7);
      Result before = Result.of(backend, one, x, labels);
      Result after = Result.of(backend, other, moved, movedLabels);
      assertEquals(before.value, after.value, 1e-12 * Math.max(1, before.value));
      assertArrayEquals(rows(before.x, order), after.x, 1e-11);
      assertArrayEquals(before.w, after.w, 1e-11);
    }
  }

  private static double[] rows(double[] x, int... order) {
    return Arrays.stream(order)
        .mapToObj(i -> Arrays.copyOfRange(x, i * WIDTH, (i + 1) * WIDTH))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("names")
  void samplesThatNoTupleNamesHaveNoGradient(String name) {
    try (Backend backend = new ReferenceBackend();
        ClassLoss loss = LOSSES.get(name).apply(CLASSES)) {
      loss.initialise(backend, 7);
      try (Tape tape = Tape.open(backend)) {
        Tensor x = Tensor.of(Shape.of(4, WIDTH), points(4)).requireGradient(true);
        Triplets mined = new Triplets(new int[] {0}, new int[] {1}, new int[] {3});
        Tensor value = loss.of(Batch.of(x, 0, 0, 1, 2).with(mined)).value();
        double[] g = tape.backward(value).of(x).toDoubles();
        if (!name.equals("manifold")) { // there, neighbours pass on what they are given
          assertArrayEquals(new double[WIDTH], Arrays.copyOfRange(g, 2 * WIDTH, 3 * WIDTH));
        }
        assertTrue(Arrays.stream(g).anyMatch(v -> v != 0));
      }
    }
  }

  /** Σ w e^… with w = 1 and ½; class 2, whose sample no tuple names, is not in the batch. */
  @Test
  void proxyAnchorWeighsSamplesByTheirTuples() {
    double[] angles = {0.2, 0.9, 2};
    double[] proxies = {0, 1.5, 3};
    int[] labels = {0, 0, 2};
    double[] w = {1, 0.5, 0};
    double near = 0; // of class 0, the only one
    double far = 0; // of classes 1 and 2
    for (int i = 0; i < 3; i++) {
      near += labels[i] == 0 ? w[i] * Math.exp(-2 * (Math.cos(angles[i]) - 0.1)) : 0;
    }
    for (int c = 0; c < 3; c++) {
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        boolean other = labels[i] != c;
        sum += other ? w[i] * Math.exp(2 * (Math.cos(angles[i] - proxies[c]) + 0.1)) : 0;
      }
      far += Math.log(1 + sum) / 3;
    }
    try (Backend backend = new ReferenceBackend();
        ProxyAnchorLoss loss = new ProxyAnchorLoss(3, 2, 0.1, 2);
        Scope scope = Scope.open(backend)) {
      loss.initialise(backend, 7);
      loss.vectors().tensor().assign(directions(proxies));
      Tensor x = Tensor.of(Shape.of(3, 2), directions(angles));
      Triplets mined = new Triplets(new int[] {0}, new int[] {1}, new int[] {0});
      double value = loss.of(Batch.of(x, labels).with(mined)).value().item();
      assertEquals(Math.log(1 + near) + far, value, 1e-12);
    }
  }

  private static double[] directions(double... angles) {
    return Arrays.stream(angles).flatMap(a -> DoubleStream.of(Math.cos(a), Math.sin(a))).toArray();
  }

  @Test
  void instanceLossHasNoOtherItems() {
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Tensor x = Tensor.of(Shape.of(2, WIDTH), points(2));
      Tensor y = Tensor.of(Shape.of(3, WIDTH), points(3));
      Batch memory = Batch.of(x, new int[] {0, 1}, y, new int[] {0, 1, 2});
      UserError e = assertThrows(UserError.class, () -> InstanceLoss.usual().of(memory));
      assertTrue(e.getMessage().contains("other items"), e.getMessage());
      assertTrue(InstanceLoss.usual().needs().refusalOfMemory().isPresent());
    }
  }

  // ---- evaluation ----

  /**
   * A step leaves class vectors longer or shorter than 1; evaluation gives cosines all the same.
   */
  @Test
  void p2sGradEvaluatesCosines() {
    try (Backend backend = new ReferenceBackend();
        P2SGradLoss loss = new P2SGradLoss(3, 2);
        Scope scope = Scope.open(backend)) {
      loss.initialise(backend, 7);
      loss.vectors().tensor().assign(2, 0, 0.5, 0, 3, 0.5); // columns along 0°, 90° and 45°
      loss.eval();
      double[] logits = loss.forward(Tensor.of(Shape.of(1, 2), 5, 0)).toDoubles();
      assertArrayEquals(new double[] {1, 0, Math.sqrt(0.5)}, logits, 1e-15);
    }
  }

  // ---- learning ----

  /** A linear layer learns together with the loss to tell five clusters apart. */
  @ParameterizedTest
  @MethodSource("names")
  void classesAreLearnt(String name) {
    int each = 4;
    int[] labels = IntStream.range(0, CLASSES * each).map(i -> i % CLASSES).toArray();
    RandomStream stream = RandomStream.of(3, "clusters");
    double[] x = new double[labels.length * CLASSES];
    Arrays.setAll(x, i -> (i % CLASSES == labels[i / CLASSES] ? 1 : 0) + 0.2 * stream.gaussian(i));
    try (Backend backend = new ReferenceBackend();
        Layer net = new Linear(CLASSES, WIDTH);
        ClassLoss loss = LOSSES.get(name).apply(CLASSES)) {
      net.initialise(backend, 7);
      loss.initialise(backend, 7);
      double first = Double.NaN;
      double last = Double.NaN;
      try (Optimizer ofNet = new Optimizer(net, Adam.of(0.02));
          Optimizer ofLoss = new Optimizer(loss, Adam.of(0.02))) {
        for (int step = 0; step < 400; step++) {
          try (Tape tape = Tape.open(backend)) {
            Tensor input = Tensor.of(Shape.of(labels.length, CLASSES), x);
            Tensor value = loss.of(net.apply(input), labels).value();
            last = value.item();
            first = step == 0 ? last : first;
            Gradients gradients = tape.backward(value);
            ofNet.step(gradients);
            ofLoss.step(gradients);
          }
        }
      }
      loss.eval();
      try (Scope scope = Scope.open(backend)) {
        Tensor input = Tensor.of(Shape.of(labels.length, CLASSES), x);
        double[] logits = loss.apply(net.apply(input)).toDoubles();
        long right =
            IntStream.range(0, labels.length)
                .filter(i -> largest(logits, i * CLASSES) == labels[i])
                .count();
        assertTrue(last < first / 2, first + " → " + last);
        if (!name.equals("manifold")) { // it goes by the walk's similarity, its logits by cosines
          assertEquals(labels.length, right);
        }
      }
    }
  }

  private static int largest(double[] logits, int from) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      best = logits[from + c] > logits[from + best] ? c : best;
    }
    return best;
  }

  // ---- logits and regularisers ----

  @ParameterizedTest
  @MethodSource("names")
  void asALayerItGivesOneLogitForEachClass(String name) {
    try (Backend backend = new ReferenceBackend();
        ClassLoss loss = LOSSES.get(name).apply(CLASSES);
        Scope scope = Scope.open(backend)) {
      loss.initialise(backend, 7);
      loss.eval();
      Tensor logits = loss.apply(loss.classVectors().slice(0, 0, 3));
      assertEquals(Shape.of(3, CLASSES), logits.shape());
      double[] values = logits.toDoubles();
      boolean cosines = loss.each() == 1 && !List.of("large margin", "center").contains(name);
      for (int i = 0; i < 3 && cosines; i++) { // a class vector is of its class
        double[] row = Arrays.copyOfRange(values, i * CLASSES, (i + 1) * CLASSES);
        assertEquals(Arrays.stream(row).max().orElseThrow(), row[i], name);
      }
    }
  }

  @Test
  void logitsOfArcFaceAreCosinesWithoutMargin() {
    try (Backend backend = new ReferenceBackend();
        ClassLoss loss = new ArcFaceLoss(2, 2, ArcFaceLoss.Options.of(0.5, 10, false));
        Scope scope = Scope.open(backend)) {
      loss.initialise(backend, 1);
      loss.vectors().tensor().assign(3, 0, 0, 0.1); // columns (3, 0) and (0, 0.1)
      double[] logits = loss.apply(Tensor.of(Shape.of(1, 2), 1, 1)).toDoubles();
      assertArrayEquals(new double[] {10 * Math.sqrt(0.5), 10 * Math.sqrt(0.5)}, logits, 1e-13);
    }
  }

  @Test
  void classVectorsAreRegularizedAsRows() {
    try (Backend backend = new ReferenceBackend();
        ClassLoss loss = CosFaceLoss.usual(2, 2);
        Scope scope = Scope.open(backend)) {
      loss.initialise(backend, 1);
      loss.vectors().tensor().assign(3, 0, 4, 1); // columns (3, 4) and (0, 1)
      Tensor x = Tensor.of(Shape.of(1, 2), 1, 1);
      double alone = loss.of(x, new int[] {1}).value().item();
      // squared lengths 25 and 1, their mean 13: both deviate by 12
      Loss more = loss.regularizedBy(new CenterInvariantRegularizer(), 0.5);
      assertEquals(alone + 0.5 * 144 / 4, more.of(x, new int[] {1}).value().item(), 1e-12);
      Loss apart = loss.regularizedBy(new RegularFaceRegularizer(), 1);
      assertEquals(alone + 0.8, apart.of(x, new int[] {1}).value().item(), 1e-12);
      assertEquals(loss, more.layer().orElseThrow());
      assertEquals(loss.needs(), more.needs());
    }
  }

  @Test
  void sparseCentersLooksAtPairsWithinClasses() {
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Tensor centers = Tensor.of(Shape.of(4, 2), 2, 0, 0, 3, 1, 1, 5, 5);
      double value = new SparseCentersRegularizer(2).of(centers).item();
      assertEquals(Math.sqrt(2) / 2 / 2, value, 1e-15, "(√2 + 0)/2 of two pairs, halved");
      assertThrows(UserError.class, () -> new SparseCentersRegularizer(1));
      assertThrows(UserError.class, () -> new SparseCentersRegularizer(3).of(centers));
    }
  }
}

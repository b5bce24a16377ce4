package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.LossValue;
import akin.nn.metric.MinedLoss;
import akin.nn.metric.Miner;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Regularizer;
import akin.nn.metric.Relation;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.nn.metric.catalogue.Setup;
import akin.nn.metric.miner.HardestKMiner;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.proxy.SoftTripleLoss;
import akin.nn.metric.proxy.SubCenterArcFaceLoss;
import akin.nn.metric.rank.SurrogatePrecisionLoss;
import akin.tensor.Gradients;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Batches that nobody wishes for give every loss a finite value and finite gradients, in float64
 * and in float32, or end in one message.
 */
class BadInputsTest {
  private static final int WIDTH = 5;

  /** Vectors of a batch. */
  private enum Points implements IntToDoubleFunction {
    RANDOM,
    /** Every other vector is 0. */
    SOME_ZERO,
    ZERO,
    EQUAL,
    /** Opposite in turn. */
    OPPOSITE,
    /** Shorter than what a vector is divided by at least. */
    TINY,
    /** Fourth powers are near the largest number of float32. */
    LARGE;

    @Override
    public double applyAsDouble(int at) {
      int row = at / WIDTH;
      double random = RandomStream.of(9, "bad").gaussian(at);
      return switch (this) {
        case RANDOM -> random;
        case SOME_ZERO -> row % 2 == 0 ? 0 : random;
        case ZERO -> 0;
        case EQUAL -> RandomStream.of(9, "bad").gaussian(at % WIDTH);
        case OPPOSITE -> RandomStream.of(9, "bad").gaussian(at % WIDTH) * (row % 2 == 0 ? 1 : -1);
        case TINY -> 1e-25 * random;
        case LARGE -> 1e9 * random;
      };
    }
  }

  /**
   * A batch.
   *
   * @param counts of the classes that losses are made for
   * @param labels in the batch
   */
  private record Bad(String name, Points points, int[] counts, int... labels) {
    boolean classes() {
      return IntStream.of(labels).allMatch(y -> y >= 0 && y < counts.length);
    }

    Tensor tensor(int from) {
      int n = labels.length;
      double[] all = IntStream.range(from, from + n * WIDTH).mapToDouble(points).toArray();
      return Tensor.of(Shape.of(n, WIDTH), all);
    }

    Batch batch(Needs needs, Tensor x, Tensor view) {
      return needs.supervision() == Needs.Supervision.VIEWS
          ? Batch.of(x, view, Relation.ofViews(labels.length))
          : Batch.of(x, labels);
    }
  }

  private static final int[] FOUR = {3, 3, 3, 3};

  private static final List<Bad> BATCHES =
      List.of(
          new Bad("one class", Points.RANDOM, new int[] {7}, 0, 0, 0, 0, 0, 0, 0),
          new Bad("two classes", Points.RANDOM, new int[] {4, 2}, 0, 1, 0, 1, 0, 0),
          new Bad("equal classes", Points.RANDOM, FOUR, 0, 1, 2, 3, 0, 1, 2, 3),
          new Bad("no positives", Points.RANDOM, FOUR, 3, 1, 2, 0),
          new Bad("classes without samples", Points.RANDOM, new int[] {0, 5, 0}, 1, 1, 1),
          new Bad("strange labels", Points.RANDOM, FOUR, -5, 2_000_000_000, -5, 2_000_000_000),
          new Bad("one sample", Points.RANDOM, FOUR, 2),
          new Bad("one zero", Points.ZERO, FOUR, 2),
          new Bad("some zeros", Points.SOME_ZERO, FOUR, 0, 0, 1, 1, 2, 3, 0, 1),
          new Bad("zeros", Points.ZERO, FOUR, 0, 0, 1, 1, 2, 3, 0, 1),
          new Bad("equal", Points.EQUAL, FOUR, 0, 0, 1, 1, 2, 3, 0, 1),
          new Bad("opposite", Points.OPPOSITE, FOUR, 0, 0, 1, 1, 2, 3, 0, 1),
          new Bad("tiny", Points.TINY, FOUR, 0, 0, 1, 1, 2, 3, 0, 1),
          new Bad("large", Points.LARGE, FOUR, 0, 0, 1, 1, 2, 3, 0, 1));

  @TestFactory
  Stream<DynamicTest> everyLossBearsThem() {
    return Catalogue.losses().stream()
        .flatMap(
            loss ->
                BATCHES.stream()
                    .map(
                        bad ->
                            DynamicTest.dynamicTest(
                                loss.name() + ", " + bad.name(), () -> withParts(loss, bad))));
  }

  private static void withParts(Entry<Loss> entry, Bad bad) {
    Setup setup = new Setup(WIDTH, bad.counts());
    Needs needs = Catalogue.needs(entry);
    Supplier<Loss> loss = () -> entry.usual(setup);
    boolean adacos = entry.name().equals("adacos") && bad.counts().length < 3;
    boolean labels = needs.supervision() == Needs.Supervision.CLASSES && !bad.classes();
    for (Entry<Miner> miner : Catalogue.miners()) {
      if (needs.refusal(needs.supervision(), !miner.name().equals("all")).isEmpty()) {
        Supplier<Loss> mined = () -> MinedLoss.of(miner.usual(setup), loss.get());
        // without tuples, margin-by-class asks for no label
        boolean choosy = !miner.name().equals("all") && entry.name().equals("margin-by-class");
        bears(entry.name() + ", " + miner.name(), mined, bad, adacos || labels, choosy);
      }
    }
    for (Entry<Reducer> reducer : Catalogue.reducers()) {
      Reducer usual = reducer.usual(setup);
      if (needs.refusal(usual).isEmpty()) {
        Supplier<Loss> reduced = () -> MinedLoss.of(Miner.ALL, loss.get()).reducedBy(usual);
        boolean weights = usual.weighsClasses() && !bad.classes();
        bears(
            entry.name() + ", " + reducer.name(),
            reduced,
            bad,
            adacos || labels || weights,
            weights);
      }
    }
  }

  /** Numbers of centres and neighbours beside the usual ones. */
  @TestFactory
  Stream<DynamicTest> anyNumberOfCentresAndNeighbours() {
    List<Supplier<Loss>> losses =
        List.of(
            () -> new SubCenterArcFaceLoss(4, WIDTH, 1, 0.5, 64),
            () -> new SubCenterArcFaceLoss(4, WIDTH, 20, 0.5, 64),
            () -> new SoftTripleLoss(4, WIDTH, 1, 20, 0.1, 0.01),
            () -> new SoftTripleLoss(4, WIDTH, 20, 20, 0.1, 0.01),
            () -> SurrogatePrecisionLoss.usual(1),
            () -> SurrogatePrecisionLoss.usual(1000),
            () ->
                MinedLoss.of(
                    new HardestKMiner(
                        HardestKMiner.Ranks.hardest(1000),
                        HardestKMiner.Ranks.hardest(1000),
                        HardestKMiner.usual().distance()),
                    ContrastiveLoss.usual()));
    return BATCHES.stream()
        .filter(bad -> bad.classes() && bad.counts().length == 4)
        .map(
            bad ->
                DynamicTest.dynamicTest(
                    bad.name(),
                    () -> losses.forEach(l -> bears(l.toString(), l, bad, false, false))));
  }

  @TestFactory
  Stream<DynamicTest> everyDistanceBearsThem() {
    return Catalogue.distances().stream()
        .flatMap(
            distance ->
                BATCHES.stream()
                    .map(
                        bad ->
                            DynamicTest.dynamicTest(
                                distance.name() + ", " + bad.name(),
                                () -> withDistance(distance, bad))));
  }

  private static void withDistance(Entry<Distance> entry, Bad bad) {
    Distance distance = entry.usual(Setup.of(WIDTH, 1));
    boolean similar = distance.similarity();
    Supplier<Loss> loss = () -> new ContrastiveLoss(similar ? 1 : 0, similar ? 0 : 1, distance);
    bears(entry.name(), loss, bad, false, false);
  }

  @TestFactory
  Stream<DynamicTest> everyRegularizerBearsThem() {
    return Catalogue.regularizers().stream()
        .flatMap(
            regularizer ->
                BATCHES.stream()
                    .map(
                        bad ->
                            DynamicTest.dynamicTest(
                                regularizer.name() + ", " + bad.name(),
                                () -> withRegularizer(regularizer, bad))));
  }

  private static void withRegularizer(Entry<Regularizer> entry, Bad bad) {
    boolean refused = entry.name().equals("sparse-centers"); // not ten centres of each class
    Supplier<Loss> loss =
        () ->
            MinedLoss.of(Miner.ALL, ContrastiveLoss.usual())
                .regularizedBy(entry.usual(Setup.of(WIDTH, 1)), 1);
    bears(entry.name(), loss, bad, refused, false);
  }

  /** Finite, or refused in one message where it may be, and where it must unless {@code either}. */
  private static void bears(
      String what, Supplier<Loss> maker, Bad bad, boolean refused, boolean either) {
    for (String backend : List.of("reference", "cpu")) {
      String where = what + ", " + bad.name() + " on " + backend;
      try {
        run(maker.get(), bad, backend, where);
        assertTrue(!refused || either, where + " should be refused");
      } catch (UserError e) {
        assertTrue(refused, where + ": " + e.getMessage());
        assertFalse(e.getMessage().isBlank());
      }
    }
  }

  private static void run(Loss loss, Bad bad, String name, String where) {
    try (Backend backend = Backends.open(name, 1)) {
      loss.layer().ifPresent(layer -> layer.initialise(backend, 1));
      try (Tape tape = Tape.open(backend)) {
        Tensor x = bad.tensor(0).requireGradient(true);
        Tensor view = bad.tensor(WIDTH).requireGradient(true);
        LossValue value = loss.of(bad.batch(loss.needs(), x, view));
        double number = value.value().item();
        assertTrue(Double.isFinite(number), where + ": " + number);
        assertEquals(bad.labels().length, value.used() + value.skipped(), where);
        Gradients gradients = tape.backward(value.value());
        finite(gradients, x, where + ", anchors");
        finite(gradients, view, where + ", views");
        for (Parameter p : loss.layer().map(Layer::parameters).orElse(List.of())) {
          finite(gradients, p.tensor(), where + ", " + p.name());
        }
      } finally {
        loss.layer().ifPresent(Layer::close);
      }
    }
  }

  private static void finite(Gradients gradients, Tensor leaf, String where) {
    if (gradients.has(leaf)) {
      double[] all = gradients.of(leaf).toDoubles();
      assertTrue(
          Arrays.stream(all).allMatch(Double::isFinite), where + ": " + Arrays.toString(all));
    }
  }
}

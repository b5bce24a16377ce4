package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import akin.nn.metric.Needs.Supervision;
import akin.nn.metric.Reducer;
import akin.nn.metric.Regularizer;
import akin.nn.metric.Relation;
import akin.nn.metric.SumOfLosses;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.nn.metric.catalogue.Setup;
import akin.nn.metric.miner.BatchHardMiner;
import akin.tensor.Gradients;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.reference.ReferenceBackend;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every part has its name, and what is said to go together does, and nothing else. */
class CatalogueTest {
  private static final int WIDTH = 6;
  private static final int ROWS = 12;
  private static final int[] CLASSES = {0, 1, 2, 0, 1, 2, 0, 1, 0, 1, 0, 3};
  private static final Setup SETUP = new Setup(WIDTH, 5, 4, 2, 1);

  private static final List<JavaClass> PARTS =
      new ClassFileImporter()
              .withImportOption(new ImportOption.DoNotIncludeTests())
              .importPackages("akin.nn.metric")
              .stream()
              .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
              .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
              .toList();

  private static List<Entry<?>> everything() {
    return Stream.of(
            Catalogue.losses(),
            Catalogue.wrappers(),
            Catalogue.miners(),
            Catalogue.distances(),
            Catalogue.reducers(),
            Catalogue.regularizers())
        .<Entry<?>>flatMap(List::stream)
        .toList();
  }

  // ---- names ----

  @Test
  void everyPartHasAName() {
    Set<String> named =
        everything().stream()
            .map(entry -> entry.usual(SETUP))
            .map(part -> part instanceof UnaryOperator ? wrapped((UnaryOperator<?>) part) : part)
            .map(part -> part.getClass().getName())
            .collect(Collectors.toSet());
    named.add(MinedLoss.class.getName()); // made of a loss and a miner
    named.add(SumOfLosses.class.getName()); // made of losses
    Set<String> without =
        PARTS.stream()
            .filter(
                c ->
                    Stream.of(
                            Loss.class,
                            Miner.class,
                            Distance.class,
                            Reducer.class,
                            Regularizer.class)
                        .anyMatch(c::isAssignableTo))
            .map(JavaClass::getName)
            .filter(name -> !named.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), without);
  }

  @SuppressWarnings("unchecked")
  private static Object wrapped(UnaryOperator<?> wrapper) {
    Loss any = Catalogue.losses().get(0).usual(SETUP);
    return ((UnaryOperator<Loss>) wrapper).apply(any);
  }

  @Test
  void namesAreToldApartAndExplained() {
    for (List<? extends Entry<?>> list :
        List.of(
            Catalogue.losses(),
            Catalogue.wrappers(),
            Catalogue.miners(),
            Catalogue.distances(),
            Catalogue.reducers(),
            Catalogue.regularizers())) {
      assertEquals(list.size(), list.stream().map(Entry::name).distinct().count());
      for (Entry<?> entry : list) {
        assertTrue(entry.name().matches("[a-z0-9]+(-[a-z0-9]+)*"), entry.name());
        assertTrue(entry.about().matches("\\S.*[^.]\\."), entry.about());
      }
    }
  }

  @Test
  void aNameIsFoundOrTheNamesAreTold() {
    assertEquals("cosine", Catalogue.find(Catalogue.distances(), "cosine").name());
    UserError e =
        assertThrows(UserError.class, () -> Catalogue.find(Catalogue.distances(), "cosin"));
    assertTrue(e.getMessage().contains("euclidean, "), e.getMessage());
  }

  // ---- what goes with what ----

  /** A batch of which no more is known than this. */
  private static Batch batch(Supervision given, Tensor x, Tensor view) {
    switch (given) {
      case VIEWS:
        return Batch.of(x, view, Relation.ofViews(ROWS));
      case RELATION:
        return Batch.of(x, x, Relation.ofLabels(CLASSES));
      case LABELS:
        return Batch.of(x, IntStream.of(CLASSES).map(c -> 1000 * c - 7).toArray());
      default:
        return Batch.of(x, CLASSES);
    }
  }

  private static Tensor points(String name) {
    RandomStream stream = RandomStream.of(4, name);
    return Tensor.of(
        Shape.of(ROWS, WIDTH),
        IntStream.range(0, ROWS * WIDTH).mapToDouble(stream::gaussian).toArray());
  }

  @TestFactory
  Stream<DynamicTest> whatIsSaidToGoTogetherDoes() {
    return Catalogue.losses().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> withMiners(entry)));
  }

  private static void withMiners(Entry<Loss> entry) {
    Needs needs = entry.usual(SETUP).needs();
    int fine = 0;
    for (Supervision given : Supervision.values()) {
      for (Entry<Miner> miner : Catalogue.miners()) {
        boolean mined = !miner.name().equals("all");
        Loss loss = MinedLoss.of(miner.usual(SETUP), entry.usual(SETUP));
        String what = entry.name() + " with " + miner.name() + " by " + given;
        if (needs.refusal(given, mined).isEmpty()) {
          runs(loss, given, what, new ReferenceBackend(), !mined);
          fine++;
        } else {
          sentence(needs.refusal(given, mined).orElseThrow());
          if (needs.refusal(given, false).isPresent()) {
            assertThrows(UserError.class, () -> value(loss, given), what);
          }
        }
      }
      if (needs.refusal(given, false).isEmpty()) {
        runs(entry.usual(SETUP), given, entry.name() + " on cpu", Backends.open("cpu", 1), true);
      }
    }
    assertTrue(fine > 0, "nothing goes with " + entry.name());
  }

  private static void sentence(String reason) {
    assertTrue(reason.matches("It [^.]+\\."), reason);
  }

  private static void value(Loss loss, Supervision given) {
    runs(loss, given, "refused", new ReferenceBackend(), true);
  }

  /**
   * A finite loss and finite gradients; if it teaches, samples are used and not all gradients are 0
   * (a miner of easy tuples leaves nothing to learn).
   */
  private static void runs(
      Loss loss, Supervision given, String what, Backend opened, boolean teaches) {
    try (Backend backend = opened) {
      loss.layer().ifPresent(layer -> layer.initialise(backend, 1));
      try (Tape tape = Tape.open(backend)) {
        Tensor x = points("anchors").requireGradient(true);
        Tensor view = points("views").requireGradient(true);
        LossValue value = loss.of(batch(given, x, view));
        assertTrue(Double.isFinite(value.value().item()), what + ": " + value.value().item());
        assertTrue(value.used() > 0 || !teaches, what + " uses nothing");
        Gradients gradients = tape.backward(value.value());
        finite(gradients, x, what);
        finite(gradients, view, what);
        for (Parameter p : loss.layer().map(Layer::parameters).orElse(List.of())) {
          finite(gradients, p.tensor(), what + ", " + p.name());
        }
        assertTrue(
            !teaches
                || gradients.has(x)
                    && Arrays.stream(gradients.of(x).toDoubles()).anyMatch(g -> g != 0),
            what + " teaches nothing");
      } finally {
        loss.layer().ifPresent(Layer::close);
      }
    }
  }

  /** Whole-batch losses do not look at mined tuples, so refusing miners takes nothing away. */
  @Test
  void minedTuplesMeanNothingToLossesOfTheWholeBatch() {
    for (Entry<Loss> entry : Catalogue.losses()) {
      Loss loss = entry.usual(SETUP);
      if (loss.needs().refusal(loss.needs().supervision(), true).isPresent()) {
        Supervision given =
            loss.needs().supervision() == Supervision.VIEWS
                ? Supervision.VIEWS
                : Supervision.CLASSES;
        try (Backend backend = new ReferenceBackend();
            Tape tape = Tape.open(backend)) {
          loss.layer().ifPresent(layer -> layer.initialise(backend, 1));
          Batch batch = batch(given, points("anchors"), points("views"));
          Batch mined = batch.with(BatchHardMiner.usual().mine(batch));
          assertEquals(loss.of(batch).value().item(), loss.of(mined).value().item(), entry.name());
          loss.layer().ifPresent(Layer::close);
        }
      }
    }
  }

  /** Whoever says so is the mean of its parts; whoever does not is not, or keeps a figure. */
  @Test
  void lossesOfSingleSamplesAreMeansOfTheirShards() {
    int single = 0;
    for (Entry<Loss> entry : Catalogue.losses()) {
      Loss loss = entry.usual(SETUP);
      if (loss.ofSingleSamples()) {
        single++;
        try (Backend backend = new ReferenceBackend();
            Scope scope = Scope.open(backend)) {
          loss.layer().ifPresent(layer -> layer.initialise(backend, 1));
          Tensor x = points("anchors");
          int cut = 5;
          double first = value(loss, x, 0, cut);
          double second = value(loss, x, cut, ROWS);
          double mean = (cut * first + (ROWS - cut) * second) / ROWS;
          assertEquals(value(loss, x, 0, ROWS), mean, 1e-12 * Math.abs(mean), entry.name());
          loss.layer().ifPresent(Layer::close);
        }
      }
    }
    assertTrue(single > 8, "margin softmax losses are");
  }

  private static double value(Loss loss, Tensor x, int from, int to) {
    int[] labels = Arrays.copyOfRange(CLASSES, from, to);
    return loss.of(Batch.of(x.slice(0, from, to), labels)).value().item();
  }

  @Test
  void regularizersOfClassVectorsAreFinite() {
    for (Entry<Regularizer> entry : Catalogue.regularizers()) {
      try (Backend backend = new ReferenceBackend();
          Tape tape = Tape.open(backend)) {
        Tensor vectors = Tensor.concat(0, points("a"), points("b")).slice(0, 0, 20).detach();
        vectors.requireGradient(true); // two classes of ten
        Tensor value = entry.usual(SETUP).of(vectors);
        assertTrue(Double.isFinite(value.item()), entry.name());
        finite(tape.backward(value), vectors, entry.name());
      }
    }
  }

  /** Every reducer makes a finite number of every loss that it is said to go with, and no other. */
  @Test
  void reducersGoWithAllLosses() {
    for (Entry<Loss> entry : Catalogue.losses()) {
      Loss loss = entry.usual(SETUP);
      Supervision given =
          loss.needs().supervision() == Supervision.VIEWS ? Supervision.VIEWS : Supervision.CLASSES;
      try (Backend backend = new ReferenceBackend();
          Tape tape = Tape.open(backend)) {
        loss.layer().ifPresent(layer -> layer.initialise(backend, 1));
        Batch batch = batch(given, points("anchors"), points("views"));
        for (Entry<Reducer> entered : Catalogue.reducers()) {
          Reducer reducer = entered.usual(SETUP);
          Optional<String> refusal = loss.needs().refusal(reducer);
          if (refusal.isEmpty()) {
            double value = loss.reduced(batch, reducer).value().item();
            assertTrue(Double.isFinite(value), entry.name() + " by " + entered.name());
          } else {
            sentence(refusal.orElseThrow());
            assertThrows(UserError.class, () -> loss.reduced(batch, reducer), entry.name());
          }
        }
        loss.layer().ifPresent(Layer::close);
      }
    }
  }

  private static void finite(Gradients gradients, Tensor leaf, String what) {
    if (gradients.has(leaf)) {
      assertTrue(
          Arrays.stream(gradients.of(leaf).toDoubles()).allMatch(Double::isFinite),
          what + ": a gradient is not finite");
    }
  }

  @TestFactory
  Stream<DynamicTest> memoriesAndViewsGoWithTheLossesSaidTo() {
    return Catalogue.losses().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> wrapped(entry)));
  }

  private static void wrapped(Entry<Loss> entry) {
    Needs needs = entry.usual(SETUP).needs();
    UnaryOperator<Loss> memory =
        Catalogue.find(Catalogue.wrappers(), "cross-batch-memory").usual(SETUP);
    UnaryOperator<Loss> views =
        Catalogue.find(Catalogue.wrappers(), "self-supervised").usual(SETUP);
    for (Entry<Miner> miner : Catalogue.miners()) {
      boolean mined = !miner.name().equals("all");
      if (!mined || needs.refusal(Supervision.CLASSES, true).isEmpty()) {
        String what = entry.name() + " with " + miner.name();
        if (needs.refusalOfMemory().isEmpty()) {
          Loss inside = MinedLoss.of(miner.usual(SETUP), entry.usual(SETUP));
          Backend backend = new ReferenceBackend();
          Loss loss = memory.apply(inside);
          runs(loss, loss.needs().supervision(), "memory, " + what, backend, !mined);
        }
        if (needs.refusalOfViews().isEmpty()) {
          Loss inside = MinedLoss.of(miner.usual(SETUP), entry.usual(SETUP));
          Backend backend = new ReferenceBackend();
          runs(views.apply(inside), Supervision.VIEWS, "views, " + what, backend, !mined);
        }
      }
    }
    needs.refusalOfMemory().ifPresent(CatalogueTest::sentence);
    needs.refusalOfViews().ifPresent(CatalogueTest::sentence);
  }
}

package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs.Supervision;
import akin.nn.metric.Relation;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.nn.metric.catalogue.Option;
import akin.nn.metric.catalogue.Setup;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Options of losses: their published values are the losses' own, and each of them matters. */
class CatalogueOptionsTest {
  private static final int WIDTH = 6;
  private static final int ROWS = 16;
  private static final int[] CLASSES = {0, 1, 2, 0, 1, 2, 0, 1, 0, 1, 0, 3, 3, 2, 1, 0};
  private static final Setup SETUP = new Setup(WIDTH, 6, 5, 3, 2);
  private static final Set<String> OF_ANOTHER_KIND = Set.of("snr-contrastive", "hap2s-exponential");
  private static final int NEIGHBOURS = 5; // of surrogate precision, whose usual() asks for them

  /** What else must be set so that an option is looked at. */
  private static final Map<String, Map<String, Object>> WITH =
      Map.of(
          "batch-hard-soft-margin margin", Map.of("soft", false),
          "hap2s margin", Map.of("soft", false),
          "hap2s-exponential margin", Map.of("soft", false),
          "pnp b", Map.of("variant", "ib"),
          "pnp alpha", Map.of("variant", "dq"));

  // ---- published values ----

  @TestFactory
  Stream<DynamicTest> publishedValuesAreTheLosssOwn() {
    return Catalogue.losses().stream()
        .filter(entry -> !OF_ANOTHER_KIND.contains(entry.name()))
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> published(entry)));
  }

  private static void published(Entry<Loss> entry) throws ReflectiveOperationException {
    Loss made = entry.usual(SETUP);
    Method usual =
        Arrays.stream(made.getClass().getMethods())
            .filter(m -> m.getName().equals("usual"))
            .findAny()
            .orElseThrow();
    Object[] given =
        Arrays.stream(usual.getParameterTypes()).map(t -> (Object) SETUP.counts()).toArray();
    for (int i = 0, numbers = 0; i < given.length; i++) {
      if (usual.getParameterTypes()[i] == int.class) {
        boolean classes = given.length == 2 && numbers++ == 0 && i == 0;
        given[i] = given.length == 1 ? NEIGHBOURS : classes ? SETUP.counts().length : WIDTH;
      }
    }
    Loss own = (Loss) usual.invoke(null, given);
    assertEquals(values(own), values(made));
  }

  // ---- every option ----

  @TestFactory
  Stream<DynamicTest> everyOptionMatters() {
    return Catalogue.losses().stream()
        .flatMap(
            entry ->
                entry.options().stream()
                    .map(
                        option ->
                            DynamicTest.dynamicTest(
                                entry.name() + " " + option.name(), () -> matters(entry, option))));
  }

  private static void matters(Entry<Loss> entry, Option option) {
    Map<String, Object> base = WITH.getOrDefault(entry.name() + " " + option.name(), Map.of());
    List<Double> before = values(entry.with(SETUP, base));
    boolean moved =
        Stream.of(
                option.choices().isEmpty()
                    ? numbers(option).<Object>mapToObj(d -> d)
                    : option.choices().stream().<Object>map(c -> c))
            .flatMap(each -> each)
            .anyMatch(
                value -> {
                  Map<String, Object> given = new HashMap<>(base);
                  given.put(option.name(), value);
                  List<Double> after = values(entry.with(SETUP, given));
                  assertTrue(after.stream().allMatch(Double::isFinite), given + " → " + after);
                  return !after.equals(before);
                });
    assertTrue(moved, "no other value changes the loss");
  }

  private static DoubleStream numbers(Option option) {
    double usual = option.usual();
    return DoubleStream.of(usual / 2, usual * 1.5, usual + 0.3, usual + 1, usual + 3)
        .filter(x -> x >= option.least() && x <= option.most() && x != usual)
        .filter(x -> !option.whole() || x == Math.rint(x));
  }

  /** The loss of two batches, one after the other: some losses remember. */
  private static List<Double> values(Loss loss) {
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Optional<Layer> layer = loss.layer();
      layer.ifPresent(l -> l.initialise(backend, 1));
      List<Double> values =
          IntStream.range(0, 2).mapToObj(i -> loss.of(batch(loss, i)).value().item()).toList();
      layer.ifPresent(Layer::close);
      return values;
    }
  }

  private static Batch batch(Loss loss, int which) {
    Tensor x = points("anchors " + which);
    return loss.needs().supervision() == Supervision.VIEWS
        ? Batch.of(x, points("views " + which), Relation.ofViews(ROWS))
        : Batch.of(x, CLASSES);
  }

  private static Tensor points(String name) {
    RandomStream stream = RandomStream.of(4, name);
    return Tensor.of(
        Shape.of(ROWS, WIDTH),
        IntStream.range(0, ROWS * WIDTH).mapToDouble(stream::gaussian).toArray());
  }

  // ---- mistakes ----

  @Test
  void anUnknownOptionIsToldWithTheNearest() {
    UserError e = refused("arcface", Map.of("marginn", 0.2));
    assertTrue(e.getMessage().contains("arcface has no option marginn"), e.getMessage());
    assertTrue(e.getMessage().contains("did you mean margin"), e.getMessage());
    assertTrue(e.getMessage().contains("margin, scale, centers, easy, start"), e.getMessage());
    assertTrue(refused("p2s-grad", Map.of("margin", 1)).getMessage().contains("no options"));
  }

  @Test
  void valuesOutOfBoundsAreRefusedWithTheBounds() {
    for (Object bad : List.of(-0.1, 4, "wide", true, Double.NaN)) {
      UserError e = refused("arcface", Map.of("margin", bad));
      assertTrue(e.getMessage().contains("option margin cannot be " + bad), e.getMessage());
      assertTrue(e.getMessage().contains("a number from 0 to 3.14"), e.getMessage());
    }
    assertTrue(refused("arcface", Map.of("scale", 0)).getMessage().contains("a number above 0"));
    for (Object bad : List.of(0, 1.5, "three")) {
      UserError e = refused("sub-center-arcface", Map.of("centers", bad));
      assertTrue(e.getMessage().contains("a whole number of at least 1"), e.getMessage());
    }
    assertTrue(refused("triplet-margin", Map.of("swap", 1)).getMessage().contains("false or true"));
    assertTrue(refused("pnp", Map.of("variant", "ii")).getMessage().contains("did you mean"));
  }

  /** What would be told and do nothing. */
  @TestFactory
  Stream<DynamicTest> anOptionThatDoesNothingBesideAnotherIsRefused() {
    return WITH.keySet().stream()
        .map(key -> DynamicTest.dynamicTest(key, () -> refusedAlone(key.split(" "))));
  }

  private static void refusedAlone(String... lossAndOption) {
    UserError e = refused(lossAndOption[0], Map.of(lossAndOption[1], 0.3));
    String told = "option " + lossAndOption[1] + " does nothing here";
    assertTrue(e.getMessage().contains(told), e.getMessage());
  }

  private static UserError refused(String loss, Map<String, Object> options) {
    Entry<Loss> entry = Catalogue.find(Catalogue.losses(), loss);
    return assertThrows(UserError.class, () -> entry.with(SETUP, options));
  }

  @Test
  void whatIsWrittenMakesTheSameAgain() {
    for (Entry<Loss> entry : Catalogue.losses()) {
      Map<String, Object> written = entry.values(Map.of()).written();
      assertEquals(entry.options().size(), written.size());
      assertEquals(written, entry.values(written).written());
    }
    Entry<Loss> arcface = Catalogue.find(Catalogue.losses(), "arcface");
    Map<String, Object> some = arcface.values(Map.of("margin", 0, "easy", "True")).written();
    assertEquals(
        Map.of("margin", 0.0, "scale", 64.0, "centers", 1L, "easy", true, "start", "normal"), some);
    assertNotEquals(some, arcface.values(Map.of()).written());
  }
}

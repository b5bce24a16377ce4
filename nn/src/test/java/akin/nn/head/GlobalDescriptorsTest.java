package akin.nn.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Parameter;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Descriptors and their combinations by their definitions. */
class GlobalDescriptorsTest {
  private static final int CHANNELS = 6;

  private Backend backend;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor maps() {
    RandomStream stream = RandomStream.of(3, "maps");
    double[] x = IntStream.range(0, 4 * CHANNELS * 6).mapToDouble(stream::uniform).toArray();
    return Tensor.of(Shape.of(4, CHANNELS, 2, 3), x);
  }

  private static GlobalDescriptors.Options options(String combination, boolean learnedP) {
    List<Descriptor> descriptors = Descriptor.parse(combination);
    return new GlobalDescriptors.Options(descriptors, 12, 3, learnedP);
  }

  @Test
  void everyCombinationGivesVectorsOfLengthOne() {
    for (String combination : List.of("S", "M", "G", "SM", "MS", "SG", "GM", "SMG", "GSM")) {
      GlobalDescriptors head = new GlobalDescriptors(CHANNELS, options(combination, false));
      head.initialise(backend, 1);
      try (Scope scope = Scope.open(backend)) {
        double[] y = head.apply(maps()).toDoubles();
        assertEquals(4 * 12, y.length, combination);
        for (int row = 0; row < 4; row++) {
          double square = Arrays.stream(y, row * 12, (row + 1) * 12).map(v -> v * v).sum();
          assertEquals(1, square, 1e-12, combination);
        }
      }
      head.close();
    }
  }

  @Test
  void everyBranchWeighsTheSame() {
    GlobalDescriptors head = new GlobalDescriptors(CHANNELS, options("SMG", false));
    head.initialise(backend, 1);
    try (Scope scope = Scope.open(backend)) {
      double[] y = head.apply(maps()).toDoubles();
      for (int branch = 0; branch < 3; branch++) {
        double square = Arrays.stream(y, branch * 4, branch * 4 + 4).map(v -> v * v).sum();
        assertEquals(1.0 / 3, square, 1e-12);
      }
    }
    head.close();
  }

  @Test
  void theGeneralisedMeanLiesBetweenMeanAndMaximum() {
    try (Scope scope = Scope.open(backend)) {
      double[] mean = maps().mean(false, 2, 3).toDoubles();
      double[] top = maps().amax(false, 2, 3).toDoubles();
      assertArrayEquals(mean, GemPool.of(maps(), 1).toDoubles(), 1e-12);
      double[] gem = GemPool.of(maps(), 3).toDoubles();
      double[] high = GemPool.of(maps(), 500).toDoubles();
      for (int i = 0; i < gem.length; i++) {
        assertTrue(mean[i] <= gem[i] && gem[i] <= top[i]);
        // (1/n)^(1/p)·max ≤ y ≤ max
        assertTrue(top[i] * Math.pow(6, -1.0 / 500) <= high[i] + 1e-12 && high[i] <= top[i]);
      }
    }
  }

  @Test
  void deadAndHugePlanesStayFinite() {
    try (Tape tape = Tape.open(backend)) {
      double[] planes = new double[24];
      Arrays.fill(planes, 12, 24, 1e30);
      Tensor x = Tensor.of(Shape.of(2, 2, 2, 3), planes).requireGradient(true);
      Tensor y = GemPool.of(x, 3);
      assertArrayEquals(new double[] {1e-6, 1e-6, 1e30, 1e30}, y.toDoubles(), 1e18);
      double[] gradient = tape.backward(y.sum()).of(x).toDoubles();
      assertTrue(Arrays.stream(gradient).allMatch(Double::isFinite));
      assertTrue(Arrays.stream(gradient, 0, 12).allMatch(g -> g == 0), "below ε nothing moves");
    }
  }

  @Test
  void theExponentAndEveryBranchLearn() {
    GlobalDescriptors head = new GlobalDescriptors(CHANNELS, options("SMG", true));
    head.initialise(backend, 1);
    try (Tape tape = Tape.open(backend)) {
      Tensor weights = Tensor.of(Shape.of(12), IntStream.range(0, 12).asDoubleStream().toArray());
      var gradients = tape.backward(head.apply(maps()).mul(weights).sum());
      for (Parameter p : head.parameters()) {
        double[] g = gradients.of(p.tensor()).toDoubles();
        assertTrue(Arrays.stream(g).anyMatch(v -> v != 0), p.name());
      }
      assertTrue(
          head.parameters().stream().anyMatch(p -> p.name().equals("global_descriptors.2.p")));
    }
    head.close();
  }

  @Test
  void theFirstBranchIsGivenRawAndAsPartOfTheEmbedding() {
    GlobalDescriptors head = new GlobalDescriptors(CHANNELS, options("MSG", false));
    head.initialise(backend, 1);
    try (Scope scope = Scope.open(backend)) {
      GlobalDescriptors.Parts parts = head.parts(maps());
      double[] top = maps().amax(false, 2, 3).toDoubles();
      assertArrayEquals(top, parts.descriptor().toDoubles(), 0);
      assertEquals(head.branchWidth(), parts.branch().dim(1));
      double[] first = parts.embedding().slice(1, 0, 4).mul(Math.sqrt(3)).toDoubles();
      assertArrayEquals(first, parts.branch().toDoubles(), 1e-12);
    }
    head.close();
  }

  @Test
  void otherLettersAndRepeatedOnesAreRefused() {
    for (String wrong : List.of("", "X", "SS", "SMX")) {
      UserError error = assertThrows(UserError.class, () -> Descriptor.parse(wrong));
      assertTrue(error.getMessage().contains("SPoC"), error.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new GlobalDescriptors.Options(Descriptor.parse("SMG"), 10, 3, false));
  }
}

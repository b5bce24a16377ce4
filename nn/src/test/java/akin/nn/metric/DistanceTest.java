package akin.nn.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of the distances by their definitions, and where there is no direction. */
class DistanceTest {
  private static final int WIDTH = 5;

  static Stream<LpDistance> norms() {
    List<LpDistance> all = new ArrayList<>();
    for (double p : new double[] {1, 1.5, 2, 3}) {
      for (double power : new double[] {1, 1.5, 2}) {
        all.add(new LpDistance(p, power, false));
        all.add(new LpDistance(p, power, true));
      }
    }
    return all.stream();
  }

  static Stream<Distance> distances() {
    return Stream.concat(
        norms(),
        Stream.of(
            DotProduct.cosine(),
            DotProduct.plain(),
            new SnrDistance(true),
            new SnrDistance(false)));
  }

  private static double[] points(String name, int rows) {
    RandomStream stream = RandomStream.of(5, name);
    return IntStream.range(0, rows * WIDTH).mapToDouble(stream::gaussian).toArray();
  }

  private static double norm(double p, double... x) {
    return Math.pow(Arrays.stream(x).map(v -> Math.pow(Math.abs(v), p)).sum(), 1 / p);
  }

  @ParameterizedTest
  @MethodSource("norms")
  void distancesByTheirDefinition(LpDistance distance) {
    double[] a = points("a", 3);
    double[] b = points("b", 4);
    try (Backend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Tensor x = Tensor.of(Shape.of(3, WIDTH), a);
      double[] d = distance.of(x, Tensor.of(Shape.of(4, WIDTH), b)).toDoubles();
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++) {
          double[] u = unit(distance, a, i);
          double[] v = unit(distance, b, j);
          double[] difference = IntStream.range(0, WIDTH).mapToDouble(k -> u[k] - v[k]).toArray();
          double expected = Math.pow(norm(distance.p(), difference), distance.power());
          assertEquals(expected, d[i * 4 + j], 1e-13 * Math.max(1, expected));
        }
      }
    }
  }

  private static double[] unit(LpDistance distance, double[] x, int row) {
    double[] vector = Arrays.copyOfRange(x, row * WIDTH, (row + 1) * WIDTH);
    double length = distance.normalize() ? norm(distance.p(), vector) : 1;
    return Arrays.stream(vector).map(v -> v / length).toArray();
  }

  @ParameterizedTest
  @MethodSource("norms")
  void equalVectorsAreNoDistanceApartAndHaveNoGradient(LpDistance distance) {
    for (String name : List.of("reference", "cpu")) {
      try (Backend backend = Backends.open(name, 1);
          Tape tape = Tape.open(backend)) {
        Tensor x = Tensor.of(Shape.of(1, WIDTH), points("a", 1)).requireGradient(true);
        Tensor y = Tensor.of(Shape.of(1, WIDTH), points("a", 1)).requireGradient(true);
        Tensor d = distance.of(x, y);
        assertEquals(0, d.sum().item());
        var gradients = tape.backward(d.sum());
        assertEquals(0, gradients.of(x).abs().sum().item());
        assertEquals(0, gradients.of(y).abs().sum().item());
      }
    }
  }

  /** Zero vectors have no direction, and huge ones no small powers: still, all is finite. */
  @ParameterizedTest
  @MethodSource("distances")
  void zeroAndHugeVectorsStayFinite(Distance distance) {
    for (String name : List.of("reference", "cpu")) {
      for (double size : new double[] {0, 1e-20, 1e9}) {
        try (Backend backend = Backends.open(name, 1);
            Tape tape = Tape.open(backend)) {
          Tensor x = Tensor.of(Shape.of(2, WIDTH), points("a", 2)).mul(size).detach();
          x.requireGradient(true);
          Tensor d = distance.of(x, x);
          for (double value : d.toDoubles()) {
            assertTrue(Double.isFinite(value), name + ", size " + size);
          }
          for (double g : tape.backward(d.sum()).of(x).toDoubles()) {
            assertTrue(Double.isFinite(g), name + ", gradient at size " + size);
          }
        }
      }
    }
  }
}

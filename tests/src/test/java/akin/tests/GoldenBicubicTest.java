package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.Resampling;
import akin.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Bicubic interpolation without antialias equals torch's, with and without aligned corners. */
class GoldenBicubicTest {
  private static final double ROUNDING = 1e-14; // 16 products of numbers of order 1, twice

  @TestFactory
  Stream<DynamicTest> planes() {
    return cases().stream()
        .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
  }

  @Test
  void bothKindsAreThere() {
    assertEquals(8, cases().stream().filter(c -> aligned(c)).count());
    assertEquals(8, cases().stream().filter(c -> !aligned(c)).count());
  }

  private static List<GoldenCase> cases() {
    GoldenCase.assumePresent();
    List<GoldenCase> cases = new ArrayList<>(GoldenCase.read("images", "interpolate"));
    cases.removeIf(
        c ->
            !c.attrs().get("mode").asText().equals("bicubic")
                || c.attrs().get("antialias").asBoolean());
    return cases;
  }

  private static boolean aligned(GoldenCase golden) {
    return golden.attrs().get("align_corners").asBoolean();
  }

  /** Rows, then columns: x [N,C,H,W]. */
  private static void check(GoldenCase golden) {
    GoldenCase.Values x = golden.tensors().get("x");
    GoldenCase.Values y = golden.tensors().get("y");
    Shape from = x.shape();
    Shape to = y.shape();
    int planes = from.dim(0) * from.dim(1);
    Resampling bicubic = aligned(golden) ? Resampling.CUBIC_CORNERS : Resampling.CUBIC;
    double[] rows = bicubic.resize(x.values(), planes, from.dim(2), from.dim(3), to.dim(2));
    double[] both = bicubic.resize(rows, planes * to.dim(2), from.dim(3), 1, to.dim(3));
    assertArrayEquals(y.values(), both, ROUNDING);
  }
}

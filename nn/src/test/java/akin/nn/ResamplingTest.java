package akin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Laws of cubic convolution; PyTorch's values are compared elsewhere. */
class ResamplingTest {
  private static final double ROUNDING = 8 * Math.ulp(1.0); // four products of numbers up to 1

  @Property(seed = "5", tries = 200)
  void theSameSizeIsTheIdentity(
      @ForAll boolean aligned, @ForAll @IntRange(min = 1, max = 9) int n) {
    double[] x = wave(2 * n * 3);
    assertArrayEquals(x, kind(aligned).resize(x, 2, n, 3, n));
  }

  @Property(seed = "5", tries = 200)
  void constantsStay(
      @ForAll boolean aligned,
      @ForAll @IntRange(min = 1, max = 9) int from,
      @ForAll @IntRange(min = 1, max = 20) int to) {
    double[] x = new double[from];
    Arrays.fill(x, 0.7);
    double[] expected = new double[to];
    Arrays.fill(expected, 0.7);
    assertArrayEquals(expected, kind(aligned).resize(x, 1, from, 1, to), ROUNDING);
  }

  @Property(seed = "5", tries = 200)
  void aMirroredInputGivesAMirroredOutput(
      @ForAll boolean aligned,
      @ForAll @IntRange(min = 1, max = 9) int from,
      @ForAll @IntRange(min = 2, max = 20) int to) {
    double[] x = wave(from);
    double[] back = new double[from];
    Arrays.setAll(back, i -> x[from - 1 - i]);
    double[] y = kind(aligned).resize(x, 1, from, 1, to);
    double[] mirrored = kind(aligned).resize(back, 1, from, 1, to);
    for (int j = 0; j < to; j++) {
      assertEquals(y[j], mirrored[to - 1 - j], 100 * ROUNDING); // positions are rounded, too
    }
  }

  /** With corners aligned, (k·(n − 1) + 1) outputs hit every input. */
  @Property(seed = "5", tries = 200)
  void inputsStayWhereOutputsHitThem(
      @ForAll @IntRange(min = 2, max = 9) int n, @ForAll @IntRange(min = 1, max = 5) int k) {
    double[] x = wave(n);
    double[] y = Resampling.CUBIC_CORNERS.resize(x, 1, n, 1, k * (n - 1) + 1);
    for (int i = 0; i < n; i++) {
      assertEquals(x[i], y[i * k], 100 * ROUNDING);
    }
  }

  /** By hand: half way, the weights are −3/32, 19/32, 19/32, −3/32. */
  @Test
  void halfWayBetweenInputs() {
    double[] y = Resampling.CUBIC_CORNERS.resize(new double[] {1, 2, 4, 8}, 1, 4, 1, 7);
    assertEquals((-3 * 1 + 19 * 2 + 19 * 4 - 3 * 8) / 32.0, y[3], ROUNDING * 8);
  }

  private static Resampling kind(boolean aligned) {
    return aligned ? Resampling.CUBIC_CORNERS : Resampling.CUBIC;
  }

  private static double[] wave(int count) {
    double[] x = new double[count];
    Arrays.setAll(x, i -> Math.sin(1.3 * i + 0.2));
    return x;
  }
}

package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Resampling;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Positions on another grid are those that each library makes of them. */
class GoldenResamplingTest {
  /** The libraries' float32: places of up to 127 are off by 8e-6, where values have slopes of 3. */
  private static final double ROUNDING = 5e-5;

  private static final Pattern GRID =
      Pattern.compile(
          "(timm|timm_sam|dinov2_offset0\\.1|bicubic\\.antialias([01])\\.size)"
              + "\\.grid(\\d+)_to_(\\d+)x(\\d+)");

  private static Map<String, GoldenCase.Values> all() {
    GoldenVit.assumePresent();
    return GoldenVit.values(GoldenVit.folder().resolve("resample.safetensors"));
  }

  @TestFactory
  Stream<DynamicTest> grids() {
    Map<String, GoldenCase.Values> all = all();
    return all.keySet().stream()
        .filter(key -> GRID.matcher(key).matches())
        .map(key -> DynamicTest.dynamicTest(key, () -> check(key, all)));
  }

  @Test
  void gridsOfEveryKindAreThere() {
    assertTrue(all().keySet().stream().filter(key -> GRID.matcher(key).matches()).count() > 30);
  }

  private static void check(String key, Map<String, GoldenCase.Values> all) {
    Matcher matcher = GRID.matcher(key);
    assertTrue(matcher.matches());
    int from = Integer.parseInt(matcher.group(3));
    int rows = Integer.parseInt(matcher.group(4));
    int columns = Integer.parseInt(matcher.group(5));
    boolean map = matcher.group(1).equals("timm_sam");
    GoldenCase.Values x =
        all.get("grid" + from + (map ? ".pos_embed_nhwc" : ".pos_embed_with_class"));
    int width = x.shape().dim(-1);
    double[] grid =
        Arrays.copyOfRange(x.values(), map ? 0 : width, x.values().length); // without the class row
    Resampling kind =
        key.startsWith("dinov2")
            ? Resampling.CUBIC_SHIFTED
            : "0".equals(matcher.group(2)) ? Resampling.CUBIC : Resampling.CUBIC_ANTIALIAS;
    double[] y = kind.resize(grid, from, from, width, rows, columns);
    double[] expected = all.get(key).values();
    int skipped = expected.length - y.length; // the class row
    assertEquals(matcher.group(1).equals("timm") ? width : 0, skipped);
    for (int i = 0; i < y.length; i++) {
      assertEquals(expected[skipped + i], y[i], ROUNDING, key + " element " + i);
    }
  }

  /** Rows of a resized table by the distance of query and key. */
  @Test
  void relativePositions() {
    Map<String, GoldenCase.Values> all = all();
    int checked = 0;
    for (String key : all.keySet()) {
      Matcher matcher = Pattern.compile("rel_pos\\.(table_\\d+x|7_to_)(\\d+)").matcher(key);
      if (matcher.matches()) {
        int side = Integer.parseInt(matcher.group(2));
        int from = key.contains("table") ? 127 : 7;
        double[] table = all.get("rel_pos." + from + "x4").values();
        double[] resized = Resampling.LINEAR.resize(table, 1, from, 4, 2 * side - 1);
        double[] expected = all.get(key).values();
        for (int i = 0; i < expected.length; i++) {
          int row = i / 4 / side - i / 4 % side + side - 1;
          assertEquals(expected[i], resized[row * 4 + i % 4], ROUNDING, key + " element " + i);
        }
        checked++;
      }
    }
    assertEquals(6, checked);
  }
}

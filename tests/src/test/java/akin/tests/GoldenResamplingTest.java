package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Resampling;
import akin.nn.Rotary;
import akin.nn.io.Safetensors;
import akin.retrieval.data.Image;
import akin.retrieval.data.ResizeFilter;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions on another grid, turned queries and resized pictures are those of the libraries. */
class GoldenResamplingTest {
  /** The libraries' float32: places of up to 127 are off by 8e-6, where values have slopes of 3. */
  private static final double ROUNDING = 5e-5;

  /** Of angles up to 6, and of sines themselves, in float32. */
  private static final double SINES = 1e-6;

  /** The libraries' float32 on a scale of 0 to 255. */
  private static final double OF_PICTURES = 5e-3;

  private static final Pattern GRID =
      Pattern.compile(
          "(timm|timm_sam|dinov2_offset0\\.1|bilinear\\.antialias0\\.size|bicubic\\.antialias([01])\\.size)"
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
            : key.startsWith("bilinear")
                ? Resampling.LINEAR
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

  /** What turns queries and keys; a vector (1, 0, 1, 0, …) shows the table. */
  @Test
  void turns() {
    Map<String, GoldenCase.Values> all = all();
    Pattern table = Pattern.compile("rotary\\.grid(\\d+)x(\\d+)_ref(\\d+)x\\3_headdim(\\d+)\\.cos");
    int checked = 0;
    for (String key : all.keySet()) {
      Matcher matcher = table.matcher(key);
      if (matcher.matches()) {
        int rows = Integer.parseInt(matcher.group(1));
        int columns = Integer.parseInt(matcher.group(2));
        int width = Integer.parseInt(matcher.group(4));
        double[] cos = all.get(key).values();
        double[] sin = all.get(key.replace(".cos", ".sin")).values();
        double[] turned;
        try (Backend backend = Backends.open("reference", 1);
            Scope scope = Scope.open(backend)) {
          double[] ones = new double[cos.length];
          Arrays.setAll(ones, i -> 1 - i % 2);
          int reference = Integer.parseInt(matcher.group(3));
          Tensor x = Tensor.of(Shape.of((long) rows * columns, width), ones);
          turned = new Rotary(rows, columns, 0, reference, width).turn(x).toDoubles();
        }
        for (int i = 0; i < turned.length; i++) {
          assertEquals(i % 2 == 0 ? cos[i] : sin[i], turned[i], SINES, key + " element " + i);
        }
        checked++;
      }
    }
    assertEquals(4, checked);
  }

  /** Pictures of floats, as MDFE's inference squashes them: nothing is rounded or cut off. */
  @Test
  void picturesOfFloats() {
    Map<String, GoldenCase.Values> all = all();
    double[] picture = bytes("image.u8_50x70"); // [3, 50, 70]
    for (int side : new int[] {28, 56, 77}) {
      double[] expected = all.get("image.f32_to_" + side).values();
      double[] tall = Resampling.CUBIC_ANTIALIAS.resize(picture, 3, 50, 70, side);
      double[] y = Resampling.CUBIC_ANTIALIAS.resize(tall, 3 * side, 70, 1, side);
      assertEquals(expected.length, y.length);
      for (int i = 0; i < y.length; i++) {
        assertEquals(expected[i], y[i], OF_PICTURES, side + " element " + i);
      }
    }
  }

  /**
   * Pictures of bytes, as Akin prepares them: with Pillow's arithmetic, which rounds and cuts off
   * between the passes as well. Where its first pass cuts nothing off, it is off by half a step,
   * which reaches the result through weights whose sizes sum to less than 2; then both round.
   */
  @ParameterizedTest
  @ValueSource(ints = {28, 56, 77})
  void picturesOfBytes(int side) {
    GoldenVit.assumePresent();
    double[] planes = bytes("image.u8_50x70");
    byte[] pixels = new byte[planes.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) planes[i % 3 * 50 * 70 + i / 3];
    }
    Image small = new Image(70, 50, 3, pixels).resize(side, side, ResizeFilter.BICUBIC);
    double[] narrow = Resampling.CUBIC_ANTIALIAS.resize(planes, 3 * 50, 70, 1, side);
    double[] expected = bytes("image.u8_to_" + side); // [3, side, side]
    int compared = 0;
    for (int i = 0; i < expected.length; i++) {
      int channel = i / side / side;
      int y = i / side % side;
      int x = i % side;
      double scale = 50.0 / side;
      int reach = (int) Math.ceil(2 * Math.max(scale, 1)) + 1;
      int center = (int) ((y + 0.5) * scale);
      boolean cut =
          IntStream.range(Math.max(0, center - reach), Math.min(50, center + reach + 1))
              .mapToDouble(row -> narrow[(channel * 50 + row) * side + x])
              .anyMatch(value -> value < 0 || value > 255);
      if (!cut) {
        assertEquals(expected[i], small.at(x, y, channel), 1, side + " element " + i);
        compared++;
      }
    }
    assertTrue(compared > expected.length / 4, compared + " of " + expected.length);
  }

  /** An array of bytes as numbers from 0 to 255. */
  private static double[] bytes(String key) {
    try (Safetensors file = Safetensors.open(GoldenVit.folder().resolve("resample.safetensors"))) {
      byte[] bytes = file.tensor(key).bytes();
      double[] values = new double[bytes.length];
      Arrays.setAll(values, i -> bytes[i] & 0xff);
      return values;
    }
  }
}

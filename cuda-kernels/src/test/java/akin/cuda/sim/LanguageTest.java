package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.cuda.device.Grid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What NVIDIA's compiler makes of {@code language.cu} runs as the source says. */
class LanguageTest {
  private static final int COUNT = 300;

  private final Card card = new Card(Card.language());

  @Test
  void curvesAreAsGoodAsNvidiaDocuments() {
    float[] x = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      // small and large, and past 105615, where sinf reduces its argument by a table
      x[i] = (float) ((i % 2 == 0 ? 1 : -1) * Math.pow(1.09, i - 120));
    }
    DoubleUnaryOperator[] f = {
      Math::sin,
      Math::cos,
      Math::tan,
      Math::exp,
      Math::log,
      Math::sqrt,
      Math::tanh,
      v -> Math.pow(Math.abs(v), 1.7f),
      Math::atan,
      v -> Math.log1p(Math.abs(v)),
      Math::cbrt,
      v -> 1 / Math.sqrt(Math.abs(v))
    };
    // CUDA C++ Programming Guide 11.8, appendix H.1: maximum errors in units of the last place
    int[] units = {2, 2, 4, 2, 1, 0, 2, 4, 2, 1, 1, 2};
    long y = card.room(Float.BYTES * f.length * COUNT);
    card.run("curves", Grid.of(3, 128), card.put(x), y, COUNT);
    float[] found = card.floats(y, f.length * COUNT);
    for (int k = 0; k < f.length; k++) {
      for (int i = 0; i < COUNT; i++) {
        double exact = f[k].applyAsDouble(x[i]);
        double bound = (units[k] + 0.5) * Math.ulp((float) exact);
        assertClose((float) exact, exact, found[k * COUNT + i], bound, k + " " + x[i]);
      }
    }
  }

  @Test
  void curvesOfFloat64AreAsGoodAsNvidiaDocuments() {
    double[] x = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      x[i] = (i % 2 == 0 ? 1 : -1) * Math.pow(1.2, i - 100);
    }
    DoubleUnaryOperator[] f = {
      Math::sin, Math::cos, Math::exp, Math::log, Math::sqrt, v -> Math.pow(Math.abs(v), 1.7)
    };
    // the same appendix, table of double precision; one more unit for Java's own
    int[] units = {3, 3, 2, 2, 0, 3};
    long y = card.room(Double.BYTES * f.length * COUNT);
    card.run("curves64", Grid.of(3, 128), card.put(x), y, COUNT);
    double[] found = card.doubles(y, f.length * COUNT);
    for (int k = 0; k < f.length; k++) {
      for (int i = 0; i < COUNT; i++) {
        double exact = f[k].applyAsDouble(x[i]);
        double bound = (units[k] + 0.5) * Math.ulp(exact);
        assertClose(exact, exact, found[k * COUNT + i], bound, k + " " + x[i]);
      }
    }
  }

  private static void assertClose(
      double rounded, double exact, double found, double bound, String what) {
    if (Double.isFinite(rounded)) {
      assertEquals(exact, found, bound, what);
    } else {
      assertEquals(rounded, found, what);
    }
  }

  @Test
  void wholeNumbersAreJavas() {
    int[] x = new int[2 * COUNT];
    for (int i = 0; i < x.length; i++) {
      x[i] = (int) (0x9E3779B97F4A7C15L * (i + 1) >>> 32) >> i % 31;
      x[i] = x[i] == 0 ? 1 : x[i];
    }
    long y = card.room(Integer.BYTES * 12 * COUNT);
    card.run("wholes", Grid.of(2, 256), card.put(x), y, COUNT);
    int[] found = card.ints(y, 12 * COUNT);
    for (int i = 0; i < COUNT; i++) {
      int a = x[i];
      int b = x[COUNT + i];
      int[] expected = {
        a / b,
        a % b,
        Integer.divideUnsigned(a, b),
        (int) ((long) a * b >> 32),
        (int) ((a & 0xffffffffL) * (b & 0xffffffffL) >>> 32),
        Integer.bitCount(a) + 100 * Integer.numberOfLeadingZeros(b),
        Integer.reverse(a) ^ Integer.numberOfTrailingZeros(b) + 1,
        (int) (((long) b << 32 | a & 0xffffffffL) << (a & 31) >>> 32),
        b >>> 16 & 0xff | (b & 0xff) << 8 | (a & 0xff00) << 8 | (b & 0xff00) << 16,
        a / 7 + b % 10,
        Math.abs(a) + Math.min(a, b) - Math.max(a, b),
        (a >> 3) + (b >>> 5) + (a << 7)
      };
      for (int k = 0; k < expected.length; k++) {
        assertEquals(expected[k], found[k * COUNT + i], k + " of " + a + " " + b);
      }
    }
  }

  @Test
  void wholeNumbersOf64BitsAreJavas() {
    long[] x = new long[2 * COUNT];
    for (int i = 0; i < x.length; i++) {
      x[i] = 0x9E3779B97F4A7C15L * (i + 1) >> i % 63;
      x[i] = x[i] == 0 ? 1 : x[i];
    }
    long y = card.room(Long.BYTES * 8 * COUNT);
    card.run("wholes64", Grid.of(2, 256), card.put(x), y, COUNT);
    long[] found = card.longs(y, 8 * COUNT);
    for (int i = 0; i < COUNT; i++) {
      long a = x[i];
      long b = x[COUNT + i];
      long[] expected = {
        a / b,
        a % b,
        Long.divideUnsigned(a, b),
        Math.multiplyHigh(a, b),
        Math.multiplyHigh(a, b) + (a < 0 ? b : 0) + (b < 0 ? a : 0),
        Long.bitCount(a) + 100 * Long.numberOfLeadingZeros(b),
        a * b + (a >> 3) - (b >>> 5),
        (long) (float) a + (long) (double) b
      };
      for (int k = 0; k < expected.length; k++) {
        assertEquals(expected[k], found[k * COUNT + i], k + " of " + a + " " + b);
      }
    }
  }

  @Test
  void lanesGoTheirOwnWaysAndMeetAgain() {
    int[] x = IntStream.range(0, COUNT).map(i -> i * 7 % 103).toArray();
    long y = card.room(Integer.BYTES * COUNT);
    card.run("ways", Grid.of(3, 128), card.put(x), y, COUNT);
    int[] expected = Arrays.stream(x).map(v -> way(v, x)).toArray();
    assertArrayEquals(expected, card.ints(y, COUNT));
  }

  private static int way(int v, int[] x) {
    int sum = 0;
    for (int k = 0; k < v; k++) {
      if (k % 3 == 1) {
        continue;
      }
      if (k * k > v) {
        break;
      }
      for (int j = k; j < v && sum < 1000; j += 1 + (v & 3)) {
        if (((j ^ v) & 7) == 5) {
          sum += 3;
          if (sum == 77) {
            return -1;
          }
        } else {
          sum += j & 1;
        }
      }
    }
    return switch (v % 6) {
      case 0 -> sum + x[0];
      case 1 -> sum * 3;
      case 2 -> sum - x[1];
      case 3 -> sum ^ 0x55;
      case 4 -> -sum;
      default -> sum + 9;
    };
  }

  @Test
  void functionsCallThemselves() {
    long y = card.room(Integer.BYTES * 40);
    card.run("calls", Grid.of(1, 40), y);
    int[] fibonacci = {0, 1, 1, 2, 3, 5, 8, 13, 21};
    assertArrayEquals(
        IntStream.range(0, 40).map(i -> fibonacci[i % 9]).toArray(), card.ints(y, 40));
  }

  @Test
  void structuresComeByValueAndLocalMemoryByIndex() {
    ByteBuffer table = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    int[] at = {1, 5, 2, 5};
    IntStream.of(at).forEach(table::putInt);
    IntStream.range(0, 8).forEach(k -> table.putFloat(k + 0.5f));
    long y = card.room(Float.BYTES * 64);
    card.run("indexed", Grid.of(1, 64), table.array(), y, 7);
    float[] expected = new float[64];
    for (int t = 0; t < 64; t++) {
      float[] local = new float[8];
      for (int k = 0; k < 8; k++) {
        local[k] = 2 * (k + 0.5f);
      }
      for (int k = 0; k < 7; k++) {
        local[at[(k + t) & 3]] += k;
      }
      expected[t] = local[t & 7];
    }
    assertArrayEquals(expected, card.floats(y, 64));
  }

  @Test
  void lanesTellEachOther() {
    int[] x = IntStream.range(0, 32).map(i -> i * 5 % 37).toArray();
    long y = card.room(Integer.BYTES * 288);
    card.run("exchange", Grid.of(1, 32), card.put(x), y);
    int[] found = card.ints(y, 288);
    int ballot = 0;
    for (int i = 0; i < 32; i++) {
      ballot |= x[i] > 3 ? 1 << i : 0;
    }
    for (int i = 0; i < 32; i++) {
      assertEquals(x[i ^ 5], found[i], "xor " + i);
      assertEquals(x[i < 3 ? i : i - 3], found[32 + i], "up " + i);
      assertEquals(x[i % 8 + 3 > 7 ? i : i + 3], found[64 + i], "down " + i);
      assertEquals(x[i / 16 * 16 + 2], found[96 + i], "index " + i);
      assertEquals(ballot, found[128 + i]);
      assertEquals(3, found[160 + i]);
      int lane = i;
      int alike =
          IntStream.range(0, 32).filter(j -> (x[j] & 3) == (x[lane] & 3)).map(j -> 1 << j).sum();
      assertEquals(alike, found[192 + i], "match " + i);
      assertEquals(-1 + 1, found[224 + i]);
      assertEquals(-1, found[256 + i]);
    }
  }

  @Test
  void blocksAddThroughSharedMemory() {
    float[] x = new float[1000];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 17;
    }
    long y = card.room(Float.BYTES * 4);
    card.run("sums", Grid.of(4, 64).shared(64 * Float.BYTES), card.put(x), y, 1000);
    float total = 0;
    for (float sum : card.floats(y, 4)) {
      total += sum;
    }
    float expected = 0;
    for (float v : x) {
      expected += v;
    }
    assertEquals(expected, total);
  }

  @Test
  void atomicsCountAndBarriersCount() {
    int[] x = IntStream.range(0, 1000).map(i -> i * i % 101).toArray();
    long y = card.put(new int[12]);
    card.run("histogram", Grid.of(3, 64), card.put(x), y, 1000);
    int[] expected = new int[12];
    for (int v : x) {
      expected[v & 7]++;
      expected[8] = Math.max(expected[8], v);
    }
    Arrays.fill(expected, 9, 12, 32);
    assertArrayEquals(expected, card.ints(y, 12));
  }

  @Test
  void vectorsAreTransposed() {
    float[] x = new float[1024];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    long y = card.room(Float.BYTES * 1024);
    card.run("transpose", new Grid(1, 1, 32, 8, 0), card.put(x), y);
    float[] found = card.floats(y, 1024);
    for (int i = 0; i < 1024; i++) {
      assertEquals(x[i % 32 * 32 + i / 32], found[i]);
    }
  }
}

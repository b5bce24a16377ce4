package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.Distance;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.Reduction;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Unary;
import akin.tensor.backend.Vectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Places beyond 2³¹ bytes of a tensor, and beyond 2³¹ numbers of a gallery, are found: nowhere does
 * a product of sizes run over.
 */
class LargeTensorTest {
  private static final long NEEDED = 12L << 30;

  private static final List<String> OPTIONS =
      List.of(
          "--add-modules",
          "jdk.incubator.vector",
          "-XX:+UseParallelGC",
          "-Xmn128m", // the rest is for arrays that go to the old generation at once
          "-Xmx8g");

  @BeforeEach
  void memory() throws Exception {
    Path file = Path.of("/proc/meminfo");
    assumeTrue(Files.isReadable(file), "skipped: nothing tells how much memory is free");
    try (Stream<String> lines = Files.lines(file)) {
      String free = lines.filter(l -> l.startsWith("MemAvailable:")).findFirst().orElse("0");
      long bytes = Long.parseLong(free.replaceAll("\\D", "")) << 10;
      assumeTrue(bytes >= NEEDED, "skipped: it needs 12 GiB of free memory; " + free);
    }
  }

  @Test
  void tensorsOfThreeGigabytes() throws Exception {
    assertEquals(List.of("all tried"), ChildJvm.lines(OPTIONS, Tensors.class));
  }

  @Test
  void aGalleryOfMoreNumbersThanAnArrayHolds() throws Exception {
    assertEquals(List.of("all tried"), ChildJvm.lines(OPTIONS, Gallery.class));
  }

  /** Prints what is wrong. */
  static final class Tensors {
    /** 3 GB of float32: 64 pictures [3,2048,2048]. */
    private static final int N = 3 << 28;

    private static final int WIDTH = 2048;

    /** At the ends, and on both sides of byte 2³¹. */
    private static final int[] SPOTS = {0, (1 << 29) - 1, 1 << 29, N - 1};

    private final Backend backend;
    private final Buffer x;
    private final Buffer y;

    private Tensors(Backend backend) {
      this.backend = backend;
      x = backend.allocate(N);
      y = backend.allocate(N);
    }

    public static void main(String[] args) {
      try (Backend backend = Backends.open("cpu", 2)) {
        Tensors all = new Tensors(backend);
        all.elements();
        all.sums();
        all.rows();
        all.products();
        all.pictures();
        backend.release(all.x);
        backend.release(all.y);
        System.out.println("all tried");
      }
    }

    /** x is 1 but for the spots, where it is 2, 3, 4, 5. */
    private void draw() {
      backend.fill(x, 1);
      for (int i = 0; i < SPOTS.length; i++) {
        put(x, SPOTS[i], i + 2);
      }
    }

    private void put(Buffer to, long at, double... values) {
      Buffer small = in(values);
      backend.copy2d(small, 0, values.length, to, at, values.length, 1, values.length);
      backend.release(small);
    }

    private Buffer in(double... values) {
      Buffer small = backend.allocate(values.length);
      backend.upload(values, small);
      return small;
    }

    private double[] get(Buffer from, long at, int n) {
      Buffer small = backend.allocate(n);
      backend.copy2d(from, at, n, small, 0, n, 1, n);
      double[] values = new double[n];
      backend.download(small, values);
      backend.release(small);
      return values;
    }

    private void check(String what, double[] actual, double... expected) {
      if (!Arrays.equals(expected, actual)) {
        System.out.println(
            what + " is " + Arrays.toString(actual) + ", not " + Arrays.toString(expected));
      }
    }

    private double[] spots(Buffer from) {
      return Arrays.stream(SPOTS).mapToDouble(at -> get(from, at, 1)[0]).toArray();
    }

    private void elements() {
      draw();
      backend.unary(Unary.SQUARE, 0, 0, x, y);
      check("the square", spots(y), 4, 9, 16, 25);
      backend.affine(2, x, 1, y);
      check("2x + 1", spots(y), 5, 7, 9, 11);
      double[] numbers = new double[WIDTH];
      numbers[0] = 10;
      numbers[WIDTH - 1] = 20;
      Buffer row = in(numbers);
      Broadcast s = Broadcast.of(Shape.of(N / WIDTH, WIDTH), Shape.of(WIDTH));
      backend.binary(Binary.ADD, x, row, y, s);
      check("x + a row", spots(y), 12, 23, 14, 25);
      backend.release(row);
      backend.unary(Unary.EXP, 0, 0, x, y);
      check("neighbours of the last", get(y, N - 3, 2), (float) Math.E, (float) Math.E);
    }

    private void sums() {
      Buffer one = backend.allocate(1);
      draw();
      backend.reduce(Reduction.SUM, x, one, 1, N, 1);
      check("the sum", get(one, 0, 1), (float) (N + 10L));
      backend.reduce(Reduction.MAX, x, one, 1, N, 1);
      check("the largest", get(one, 0, 1), 5);
      backend.release(one);
      Buffer columns = backend.allocate(4096);
      backend.reduce(Reduction.SUM, x, columns, 1, N / 4096, 4096);
      check("sums of columns", get(columns, 4094, 2), N / 4096, N / 4096 + 2 + 4);
      backend.release(columns);
      Buffer sums = backend.allocate(N / WIDTH);
      backend.reduce(Reduction.SUM, x, sums, N / WIDTH, WIDTH, 1);
      check("the last rows' sums", get(sums, N / WIDTH - 2, 2), WIDTH, WIDTH + 4);
      backend.release(sums);
    }

    private void rows() {
      draw();
      int rows = N / WIDTH;
      int[] last = {rows - 1, 0, rows - 2};
      Buffer few = backend.allocate(3L * WIDTH);
      backend.gatherRows(x, last, few, WIDTH);
      check("the last row", get(few, WIDTH - 2, 3), 1, 5, 2);
      backend.scatterAddRows(few, last, y, rows, WIDTH);
      check("a row put back", get(y, N - 2, 2), 1, 5);
      check("a row without a summand", get(y, N - 3L * WIDTH, 2), 0, 0);
      backend.release(few);
      Buffer ends = backend.allocate(2L * rows);
      backend.copy2d(x, WIDTH - 2, WIDTH, ends, 0, 2, rows, 2);
      check("the last columns", get(ends, 2L * rows - 4, 4), 1, 1, 1, 5);
      backend.copy2d(ends, 0, 2, y, 0, WIDTH, rows, 2);
      check("columns put back", get(y, N - WIDTH, 2), 1, 5);
      backend.release(ends);
      backend.permute(x, y, new long[] {rows, WIDTH}, new int[] {1, 0});
      check("turned", get(y, N - 2, 2), 1, 5);
      check("turned, the middle", get(y, (WIDTH - 1L) * rows + (1 << 18) - 1, 1), 3);
      backend.softmax(false, x, y, rows, WIDTH, 1);
      double e = Math.exp(4);
      double share = get(y, N - 1, 1)[0] * (e + WIDTH - 1) / e;
      check("softmax", new double[] {Math.rint(share * 1e5)}, 1e5);
      int[] index = new int[rows];
      backend.topK(x, rows, WIDTH, 1, true, index);
      check("the largest's places", new double[] {index[rows - 1], index[0]}, WIDTH - 1, 0);
    }

    /** Huge by thin. */
    private void products() {
      draw();
      int m = N / 4;
      Buffer swap = in(0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0);
      backend.matmul(x, false, swap, false, y, 1, m, 4, 4);
      check("x·b", get(y, N - 4, 4), 5, 1, 1, 1);
      backend.matmul(x, true, swap, false, y, 1, m, 4, 4);
      check("xᵀ·b", get(y, N - 4, 4), 5, 1, 1, 1); // x read as [4,m]: its last is that of row 3
      backend.matmul(swap, false, x, false, y, 1, 4, 4, m);
      check("b·x", new double[] {get(y, m - 1, 1)[0], get(y, N - 1, 1)[0]}, 5, 1);
      backend.release(swap);
    }

    private void pictures() {
      draw();
      Shape shape = Shape.of(64, 3, 2048, 2048);
      Buffer turn = in(0, 0, 1, 0, 1, 0, 1, 0, 0); // channels backwards
      ConvShape point = ConvShape.of(shape, Shape.of(3, 3, 1, 1), Window.plain(), 1);
      backend.conv2d(point, x, turn, null, null, Activation.IDENTITY, y);
      int plane = 2048 * 2048;
      check("the last of a plane", get(y, N - 1L - 2 * plane, 1), 5);
      backend.release(turn);
      double[] around = new double[27];
      around[4] = around[13] = around[22] = 1;
      Buffer kernel = in(around);
      ConvShape depth = ConvShape.of(shape, Shape.of(3, 1, 3, 3), Window.of(1, 1), 3);
      backend.conv2d(depth, x, kernel, null, null, Activation.IDENTITY, y);
      check("the last, each channel by itself", spots(y), 2, 3, 4, 5);
      backend.release(kernel);
      Buffer gamma = in(1, 1, 1);
      Buffer zeros = in(0, 0, 0);
      Buffer mean = in(0, 0, 0);
      Buffer invStd = in(0, 0, 0);
      Backend.Norm norm = new Backend.Norm(64, 3, plane, 0, 0, false, 1, Activation.IDENTITY);
      backend.batchNorm(x, gamma, zeros, zeros, gamma, y, mean, invStd, norm);
      check("normalised", spots(y), 2, 3, 4, 5);
      List.of(gamma, zeros, mean, invStd).forEach(backend::release);
      Buffer half = backend.allocate(N / 4);
      backend.pool2d(
          PoolShape.sliding(PoolShape.Kind.MAX, shape, 2, 2, Window.of(2, 0), false, false, 0),
          x,
          half);
      check("the last window", get(half, N / 4 - 2, 2), 1, 5);
      backend.release(half);
    }
  }

  /** Prints what is wrong. */
  static final class Gallery {
    private static final int ROWS = 2_200_003;
    private static final int WIDTH = 1024;
    private static final int KINDS = 61;
    private static final int[] WANTED = {7, 1 << 21, (1 << 21) - 1, ROWS - 1};

    /** Rows of a few kinds, but for those that are wanted. */
    private record Made(float[] table) implements Vectors {
      @Override
      public int count() {
        return ROWS;
      }

      @Override
      public int width() {
        return WIDTH;
      }

      @Override
      public void read(int first, int n, float[] to, int at) {
        for (int i = 0; i < n; i++) {
          System.arraycopy(table, (first + i) % KINDS * WIDTH, to, at + i * WIDTH, WIDTH);
          for (int w : WANTED) {
            if (w == first + i) {
              to[at + i * WIDTH + w % WIDTH] += 64;
            }
          }
        }
      }
    }

    public static void main(String[] args) {
      float[] table = new float[KINDS * WIDTH];
      for (int i = 0; i < table.length; i++) {
        table[i] = i * 37 % 101 / 50f - 1;
      }
      Made made = new Made(table);
      float[] queries = new float[WANTED.length * WIDTH];
      for (int q = 0; q < WANTED.length; q++) {
        made.read(WANTED[q], 1, queries, q * WIDTH);
      }
      try (Backend backend = Backends.open("cpu", 2)) {
        for (SearchForm form : SearchForm.values()) {
          try (Searcher searcher = backend.searcher(made, Distance.EUCLIDEAN, form)) {
            int[] rows = new int[WANTED.length];
            searcher.topK(queries, rows.length, 1, null, rows, new float[rows.length]);
            if (!Arrays.equals(rows, WANTED)) {
              System.out.println(form + ": " + Arrays.toString(rows));
            }
          }
        }
        System.out.println("all tried");
      }
    }
  }
}

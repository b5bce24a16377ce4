package akin.tensor.cpu;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Times products of matrices. A program, no test. After {@code mvn test-compile}:
 *
 * <pre>java --add-modules jdk.incubator.vector -XX:PerMethodTrapLimit=100000 -XX:+UseParallelGC
 *   -cp tensor/target/classes:tensor/target/test-classes
 *   akin.tensor.cpu.ProductBench 1 512x512x512 64x300x300 1x2048x1000t</pre>
 *
 * <p>Arguments: threads, and products as rows x terms x columns; a t behind them says that the
 * right operand is stored transposed, an a that the left one is, p and l that the right or the left
 * one is packed ahead; 12*197x64x197 is a batch of twelve. Prints GFLOP/s and the GB/s of both
 * operands and the result, each moved once: the median of runs in turn; of one thread by its own
 * time on a processor.
 */
final class ProductBench {
  private static final int WARM = 60;
  private static final int ROUNDS = 40;
  private static final long SLICE = 10_000_000; // ns

  private final Gemm gemm;

  private final LongSupplier clock;

  private ProductBench(Gemm gemm, int threads) {
    this.gemm = gemm;
    ThreadMXBean own = ManagementFactory.getThreadMXBean();
    clock = threads == 1 ? own::getCurrentThreadCpuTime : System::nanoTime;
  }

  /** Prints a line a product. */
  public static void main(String[] args) {
    try (Workers workers = new Workers(Integer.parseInt(args[0]))) {
      Gemm gemm = new Gemm(workers, new Scratch(workers.threads()));
      ProductBench bench = new ProductBench(gemm, workers.threads());
      String[] names = Arrays.copyOfRange(args, 1, args.length);
      double[][] nanos = new double[names.length][ROUNDS];
      Product[] products = new Product[names.length];
      for (int i = 0; i < names.length; i++) {
        products[i] = bench.product(names[i]);
      }
      for (int round = -WARM; round < ROUNDS; round++) {
        for (int i = 0; i < names.length; i++) {
          double time = bench.time(products[i].run);
          if (round >= 0) {
            nanos[i][round] = time;
          }
        }
      }
      for (int i = 0; i < names.length; i++) {
        Arrays.sort(nanos[i]);
        double median = nanos[i][ROUNDS / 2];
        System.out.printf(
            Locale.ROOT,
            "%-20s %8.1f GFLOP/s  (%.1f … %.1f)  %6.1f GB/s%n",
            names[i],
            products[i].flops / median,
            products[i].flops / nanos[i][ROUNDS * 9 / 10],
            products[i].flops / nanos[i][ROUNDS / 10],
            products[i].bytes / median);
      }
    }
  }

  private record Product(Runnable run, double flops, double bytes) {}

  private Product product(String name) {
    String[] parts = name.split("\\*");
    int batch = parts.length == 1 ? 1 : Integer.parseInt(parts[0]);
    String[] numbers = parts[parts.length - 1].split("x");
    String flags = numbers[2].replaceAll("\\d", "");
    int m = Integer.parseInt(numbers[0]);
    int k = Integer.parseInt(numbers[1]);
    int n = Integer.parseInt(numbers[2].replaceAll("\\D", ""));
    boolean transA = flags.contains("a");
    boolean transB = flags.contains("t");
    float[] a = Case.uniform("a", batch * m * k, -1, 1);
    float[] b = Case.uniform("b", batch * k * n, -1, 1);
    float[] y = new float[batch * m * n];
    Gemm.Sizes sizes = new Gemm.Sizes(m, k, n);
    double flops = 2.0 * batch * m * k * n;
    double bytes = 4.0 * (a.length + b.length + y.length);
    if (flags.contains("p") || flags.contains("l")) {
      Gemm.Kind kind = Gemm.Kind.PRODUCT;
      Operand right = new Matrix(b, 0, transB ? k : n, transB);
      Operand left = new Matrix(a, 0, transA ? m : k, transA);
      if (flags.contains("p")) {
        right = gemm.packCols(kind, right, k, n, new float[(int) Gemm.packedCols(kind, k, n)]);
      }
      if (flags.contains("l")) {
        left = gemm.packRows(kind, left, m, k, new float[(int) Gemm.packedRows(kind, m, k)]);
      }
      Gemm.Call call = new Gemm.Call(kind, left, right, y, 0, m, k, n);
      return new Product(() -> gemm.run(call), flops, bytes);
    }
    return new Product(() -> gemm.matmul(a, transA, b, transB, y, batch, sizes), flops, bytes);
  }

  /** Nanoseconds of one call, from as many as a slice takes. */
  private double time(Runnable call) {
    long start = System.nanoTime();
    long own = clock.getAsLong();
    int calls = 0;
    do {
      call.run();
      calls++;
    } while (System.nanoTime() - start < SLICE);
    return (double) (clock.getAsLong() - own) / calls;
  }
}

package akin.tensor.cpu;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Times every distinct convolution of a network at 224×224: forward, gradient of the input,
 * gradient of the weight. A program, no test. Bytes are those of both operands and the result, each
 * once.
 *
 * <p>Arguments: the network (mobilenet, resnet50, resnext50), pictures in a batch, threads, and
 * optionally a part of the names of layers wanted. After {@code mvn test-compile}:
 *
 * <pre>java --add-modules jdk.incubator.vector -XX:PerMethodTrapLimit=100000 -XX:+UseParallelGC
 *   -cp tensor/target/classes:tensor/target/test-classes
 *   akin.tensor.cpu.ConvolutionBench mobilenet 8 1</pre>
 */
final class ConvolutionBench {
  private static final long WARM = 2_000_000_000L; // ns for all layers, in each round
  private static final int ROUNDS = 3;
  private static final long MEASURE = 200_000_000L;
  private static final String[] WAYS = {"forward", "dx", "dw"};

  private final CpuBackend cpu;
  private final LongSupplier clock;
  private final double[] total = new double[WAYS.length];

  private ConvolutionBench(CpuBackend cpu, int threads) {
    this.cpu = cpu;
    ThreadMXBean own = ManagementFactory.getThreadMXBean();
    clock = threads == 1 ? own::getCurrentThreadCpuTime : System::nanoTime;
  }

  /**
   * Prints a line a layer and the sums over the network.
   *
   * @param args see the class
   */
  public static void main(String[] args) {
    Map<ConvShape, Integer> layers = new Network(Integer.parseInt(args[1])).layers(args[0]);
    String wanted = args.length > 3 ? args[3] : "";
    try (CpuBackend cpu = new CpuBackend(Integer.parseInt(args[2]))) {
      ConvolutionBench bench = new ConvolutionBench(cpu, Integer.parseInt(args[2]));
      System.out.println(args[0] + ", batch " + args[1] + ", " + cpu.name());
      System.out.printf("%-34s %3s", "layer", "n");
      for (String way : WAYS) {
        System.out.printf(" |%9s ms GFLOP/s   GB/s", way);
      }
      System.out.println();
      layers.keySet().removeIf(s -> !name(s).contains(wanted));
      for (int i = 0;
          i < ROUNDS;
          i++) { // the compiler shall see every layer before the first counts
        layers.keySet().forEach(s -> bench.times(s, WARM / layers.size()));
      }
      layers.forEach(bench::layer);
      System.out.printf(Locale.ROOT, "%-38s", "all layers, each as often as it occurs");
      for (double ms : bench.total) {
        System.out.printf(Locale.ROOT, " |%9.2f ms                ", ms);
      }
      System.out.println();
    }
  }

  private static String name(ConvShape s) {
    String groups = s.groups() == 1 ? "" : s.groups() == s.c() ? " dw" : " g" + s.groups();
    return String.format(
        "%d×%d%s %d→%d, %d×%d/%d",
        s.kh(), s.kw(), groups, s.c(), s.o(), s.h(), s.w(), s.window().strideH());
  }

  /**
   * Times the three directions of a layer: milliseconds, the least, since machines are shared; of
   * one thread its own time on a processor.
   */
  private double[] times(ConvShape s, long nanos) {
    List<Buffer> buffers = new ArrayList<>();
    for (Shape shape : List.of(s.input(), s.kernel(), s.output(), s.output())) {
      Buffer b = cpu.allocate(shape.count());
      cpu.upload(Case.uniform("bench", (int) shape.count(), -1, 1), b);
      buffers.add(b);
    }
    Buffer x = buffers.get(0);
    Buffer w = buffers.get(1);
    Buffer y = buffers.get(2);
    Buffer dy = buffers.get(3);
    double[] times = {
      time(() -> cpu.conv2d(s, x, w, null, null, Activation.RELU6, y), nanos),
      time(() -> cpu.conv2dGradInput(s, dy, w, x), nanos),
      time(() -> cpu.conv2dGradWeight(s, x, dy, w), nanos)
    };
    buffers.forEach(cpu::release);
    return times;
  }

  private void layer(ConvShape s, int count) {
    double[] times = times(s, MEASURE);
    double flops = 2.0 * s.output().count() * s.channelsPerGroup() * s.kh() * s.kw();
    double bytes = 4.0 * (s.input().count() + s.kernel().count() + s.output().count());
    System.out.printf(Locale.ROOT, "%-34s %3d", name(s), count);
    for (int i = 0; i < times.length; i++) {
      double ms = times[i];
      total[i] += ms * count;
      System.out.printf(
          Locale.ROOT, " |%9.3f    %7.1f %6.1f", ms, flops / ms / 1e6, bytes / ms / 1e6);
    }
    System.out.println();
  }

  private double time(Runnable call, long nanos) {
    long least = Long.MAX_VALUE;
    long start = System.nanoTime();
    for (int i = 0; i < 3 || System.nanoTime() - start < nanos; i++) {
      long before = clock.getAsLong();
      call.run();
      least = Math.min(least, clock.getAsLong() - before);
    }
    return least / 1e6;
  }

  /** Follows a picture through a network and notes the convolutions it meets. */
  private static final class Network {
    private final Map<ConvShape, Integer> layers = new LinkedHashMap<>();
    private final int batch;
    private int channels = 3;
    private int size = 224;

    Network(int batch) {
      this.batch = batch;
    }

    Map<ConvShape, Integer> layers(String name) {
      switch (name) {
        case "mobilenet":
          mobileNetV2();
          break;
        case "resnet50":
          resNet50(1, 1);
          break;
        case "resnext50":
          resNet50(32, 2);
          break;
        default:
          throw new IllegalArgumentException("mobilenet, resnet50 or resnext50, not " + name);
      }
      return layers;
    }

    private void conv(int out, int kernel, int stride, int groups) {
      ConvShape s =
          ConvShape.of(
              Shape.of(batch, channels, size, size),
              Shape.of(out, channels / groups, kernel, kernel),
              Window.of(stride, kernel / 2),
              groups);
      layers.merge(s, 1, Integer::sum);
      channels = out;
      size = s.outH();
    }

    /** Sandler and others, 2018, table 2. */
    private void mobileNetV2() {
      conv(32, 3, 2, 1);
      int[][] stages = {
        {1, 16, 1, 1},
        {6, 24, 2, 2},
        {6, 32, 3, 2},
        {6, 64, 4, 2},
        {6, 96, 3, 1},
        {6, 160, 3, 2},
        {6, 320, 1, 1}
      };
      for (int[] s : stages) {
        for (int i = 0; i < s[2]; i++) {
          int wide = channels * s[0];
          if (s[0] > 1) {
            conv(wide, 1, 1, 1);
          }
          conv(wide, 3, i == 0 ? s[3] : 1, wide);
          conv(s[1], 1, 1, 1);
        }
      }
      conv(1280, 1, 1, 1);
    }

    /** He and others, 2015, table 1; with groups and a wider middle ResNeXt. */
    private void resNet50(int groups, int wider) {
      conv(64, 7, 2, 1);
      size /= 2; // maximum pool
      int[] blocks = {3, 4, 6, 3};
      for (int stage = 0; stage < blocks.length; stage++) {
        int width = (64 << stage) * wider;
        for (int i = 0; i < blocks[stage]; i++) {
          int stride = i == 0 && stage > 0 ? 2 : 1;
          int in = channels;
          int from = size;
          if (i == 0) {
            conv(256 << stage, 1, stride, 1);
            channels = in;
            size = from;
          }
          conv(width, 1, 1, 1);
          conv(width, 3, stride, groups);
          conv(256 << stage, 1, 1, 1);
        }
      }
    }
  }
}

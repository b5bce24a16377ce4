package akin.app;

import akin.tensor.RandomStream;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Noise;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A short benchmark of a device: what its memory gives, a matrix product, a convolution, a search.
 * Each grows until one call takes long enough to be timed, so that it suits a slow device and a
 * fast one.
 */
final class DeviceSpeeds {
  private static final double LONG_ENOUGH = 0.003;
  private static final double TIMED_SECONDS = 0.3;
  private static final int CHANNELS = 64;
  private static final int PICTURE = 28;
  private static final int WIDTH = 128;
  private static final int NEIGHBOURS = 10;

  private final Backend device;
  private final RandomStream stream;
  private final List<Buffer> buffers = new ArrayList<>();
  private final Consumer<Speed> each;

  private DeviceSpeeds(Backend device, long seed, Consumer<Speed> each) {
    this.device = device;
    this.each = each;
    stream = RandomStream.of(seed, "doctor");
  }

  /**
   * One measurement.
   *
   * @param task what was done, with its size
   * @param seconds of one call
   * @param figure how much a second: billions of operations, or of bytes
   * @param unit GFLOP/s or GB/s
   * @param ofMemory for what reads memory: the figure as a share of the copy's; NaN otherwise
   */
  record Speed(String task, double seconds, double figure, String unit, double ofMemory) {}

  /**
   * Measures the device; takes a few seconds.
   *
   * @param each is told each measurement at once: a later one may fail
   */
  static void measure(Backend device, long seed, Consumer<Speed> each) {
    DeviceSpeeds speeds = new DeviceSpeeds(device, seed, each);
    try {
      double memory = speeds.copies();
      speeds.products();
      speeds.convolutions();
      speeds.searches(1, memory);
      speeds.searches(CHANNELS, memory);
    } finally {
      speeds.free();
    }
  }

  /** y = x: the bytes that memory gives and takes a second. */
  private double copies() {
    double rate = 0;
    for (int n = 1 << 14; n <= 1 << 26; n <<= 2) {
      Buffer x = drawn(n);
      Buffer y = buffer(n);
      double seconds = seconds(() -> device.affine(1, x, 0, y));
      free();
      if (seconds >= LONG_ENOUGH || n == 1 << 26) {
        rate = 8.0 * n / seconds / 1e9;
        add("copy of %,d numbers".formatted(n), seconds, rate, "GB/s", Double.NaN);
        break;
      }
    }
    return rate;
  }

  private void products() {
    for (int n = 32; n <= 4096; n <<= 1) {
      int size = n;
      Buffer a = drawn(n * n);
      Buffer b = drawn(n * n);
      Buffer y = buffer(n * n);
      double seconds = seconds(() -> device.matmul(a, false, b, false, y, 1, size, size, size));
      free();
      if (seconds >= LONG_ENOUGH || n == 4096) {
        double rate = 2.0 * n * n * n / seconds / 1e9;
        add("matrix product %d×%d".formatted(n, n), seconds, rate, "GFLOP/s", Double.NaN);
        break;
      }
    }
  }

  private void convolutions() {
    for (int pictures = 1; pictures <= 256; pictures <<= 1) {
      ConvShape shape =
          new ConvShape(
              pictures, CHANNELS, PICTURE, PICTURE, CHANNELS, 3, 3, ConvShape.Window.of(1, 1), 1);
      int numbers = pictures * CHANNELS * PICTURE * PICTURE;
      Buffer x = drawn(numbers);
      Buffer w = drawn(CHANNELS * CHANNELS * 9);
      Buffer y = buffer(numbers);
      double seconds =
          seconds(() -> device.conv2d(shape, x, w, null, null, Activation.IDENTITY, y));
      free();
      if (seconds >= LONG_ENOUGH || pictures == 256) {
        double rate = 2.0 * numbers * CHANNELS * 9 / seconds / 1e9;
        String task = "convolution 3×3, %d channels, %d pictures of %d×%d";
        add(
            task.formatted(CHANNELS, pictures, PICTURE, PICTURE),
            seconds,
            rate,
            "GFLOP/s",
            Double.NaN);
        break;
      }
    }
  }

  /** The gallery's bytes once a call: what a search must read at least. */
  private void searches(int queries, double memory) {
    float[] asked = numbers(queries * WIDTH);
    int[] rows = new int[queries * NEIGHBOURS];
    float[] far = new float[queries * NEIGHBOURS];
    for (int n = 1 << 10; n <= 1 << 18; n <<= 2) {
      Vectors gallery = Vectors.of(numbers(n * WIDTH), n, WIDTH);
      double seconds;
      try (Searcher searcher = device.searcher(gallery, Distance.EUCLIDEAN, SearchForm.FLOAT32)) {
        seconds = seconds(() -> searcher.topK(asked, queries, NEIGHBOURS, null, rows, far));
      }
      if (seconds >= LONG_ENOUGH || n == 1 << 18) {
        double rate = 4.0 * n * WIDTH / seconds / 1e9;
        String task = "%d nearest of %,d × %d, queries at once: %d";
        add(task.formatted(NEIGHBOURS, n, WIDTH, queries), seconds, rate, "GB/s", rate / memory);
        break;
      }
    }
  }

  private void add(String task, double seconds, double figure, String unit, double ofMemory) {
    each.accept(new Speed(task, seconds, figure, unit, ofMemory));
  }

  /** Seconds of one call, after a first one that is not counted. */
  private double seconds(Runnable call) {
    call.run();
    device.synchronize();
    long start = System.nanoTime();
    int calls = 0;
    double seconds;
    do {
      call.run();
      device.synchronize();
      calls++;
      seconds = (System.nanoTime() - start) / 1e9;
    } while (seconds < TIMED_SECONDS && seconds / calls >= LONG_ENOUGH || seconds < LONG_ENOUGH);
    return seconds / calls;
  }

  private float[] numbers(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) stream.uniform(i);
    }
    return x;
  }

  private Buffer buffer(int n) {
    Buffer y = device.allocate(n);
    buffers.add(y);
    return y;
  }

  private Buffer drawn(int n) {
    Buffer x = buffer(n);
    device.random(Noise.UNIFORM, stream, -1, 1, x);
    return x;
  }

  private void free() {
    buffers.forEach(device::release);
    buffers.clear();
  }

  /** One line for people. */
  static String text(Speed speed) {
    String share =
        Double.isNaN(speed.ofMemory)
            ? ""
            : String.format(Locale.ROOT, ", %.2f of the copy's", speed.ofMemory);
    return String.format(
        Locale.ROOT,
        "%-56s %10.3f ms  %10.2f %s%s",
        speed.task,
        1e3 * speed.seconds,
        speed.figure,
        speed.unit,
        share);
  }
}

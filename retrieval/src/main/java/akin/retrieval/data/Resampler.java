package akin.retrieval.data;

/**
 * Resizes with Pillow's arithmetic, so that pictures prepared here equal those a model was trained
 * on in Python: columns first, then rows, an 8-bit picture between the two passes, weights rounded
 * to 22 binary places, and no pass over a side that keeps its length. When shrinking, the filter is
 * widened by the scale (antialiasing). Source: Pillow, {@code src/libImaging/Resample.c} and {@code
 * Geometry.c}.
 */
final class Resampler {
  /** 32 bits less 8 of the sample and 2 for overshoot of the sum. */
  private static final int PLACES = 22;

  private Resampler() {}

  static Image resize(Image image, int width, int height, ResizeFilter filter) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("cannot resize to " + width + "x" + height);
    }
    if (width == image.width() && height == image.height()) {
      return image;
    }
    if (filter == ResizeFilter.NEAREST) {
      return nearest(image, width, height);
    }
    Image narrow = width == image.width() ? image : columns(image, width, filter);
    return height == image.height() ? narrow : rows(narrow, height, filter);
  }

  /**
   * The weights of one side: wanted pixel i is the sum over k of {@code weight[i * taps + k]} times
   * source pixel {@code first[i] + k}, for k below {@code length[i]}.
   */
  private record Taps(int taps, int[] first, int[] length, int[] weight) {
    static Taps of(int from, int to, ResizeFilter filter) {
      double scale = (double) from / to;
      double widening = Math.max(scale, 1);
      double support = filter.support * widening;
      int taps = (int) Math.ceil(support) * 2 + 1;
      int[] first = new int[to];
      int[] length = new int[to];
      int[] weight = new int[to * taps];
      double[] exact = new double[taps];
      double shrink = 1.0 / widening;
      for (int i = 0; i < to; i++) {
        double center = (i + 0.5) * scale;
        int begin = Math.max(0, (int) (center - support + 0.5));
        int count = Math.min(from, (int) (center + support + 0.5)) - begin;
        double sum = 0;
        for (int k = 0; k < count; k++) {
          exact[k] = filter.weight((k + begin - center + 0.5) * shrink);
          sum += exact[k];
        }
        for (int k = 0; k < count; k++) {
          double share = sum == 0 ? exact[k] : exact[k] / sum;
          weight[i * taps + k] = (int) (share * (1 << PLACES) + (share < 0 ? -0.5 : 0.5));
        }
        first[i] = begin;
        length[i] = count;
      }
      return new Taps(taps, first, length, weight);
    }
  }

  private static Image columns(Image image, int width, ResizeFilter filter) {
    Taps taps = Taps.of(image.width(), width, filter);
    int channels = image.channels();
    byte[] in = image.bytes();
    byte[] out = new byte[width * image.height() * channels];
    int to = 0;
    for (int y = 0; y < image.height(); y++) {
      int row = y * image.width();
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          int from = (row + taps.first[x]) * channels + c;
          out[to++] = weigh(in, from, channels, taps, x);
        }
      }
    }
    return new Image(width, image.height(), channels, out);
  }

  private static Image rows(Image image, int height, ResizeFilter filter) {
    Taps taps = Taps.of(image.height(), height, filter);
    int stride = image.width() * image.channels();
    byte[] in = image.bytes();
    byte[] out = new byte[stride * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < stride; x++) {
        out[y * stride + x] = weigh(in, taps.first[y] * stride + x, stride, taps, y);
      }
    }
    return new Image(image.width(), height, image.channels(), out);
  }

  private static byte weigh(byte[] in, int from, int stride, Taps taps, int i) {
    int sum = 1 << (PLACES - 1);
    int weight = i * taps.taps;
    int at = from;
    for (int k = 0; k < taps.length[i]; k++) {
      sum += (in[at] & 0xff) * taps.weight[weight + k];
      at += stride;
    }
    return (byte) Math.max(0, Math.min(255, sum >> PLACES));
  }

  private static Image nearest(Image image, int width, int height) {
    int[] column = centers(image.width(), width);
    int[] row = centers(image.height(), height);
    int channels = image.channels();
    byte[] out = new byte[width * height * channels];
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = (row[y] * image.width() + column[x]) * channels;
        for (int c = 0; c < channels; c++) {
          out[to++] = image.bytes()[from + c];
        }
      }
    }
    return new Image(width, height, channels, out);
  }

  /** Pillow adds the scale up pixel by pixel; a product would round differently now and then. */
  private static int[] centers(int from, int to) {
    double scale = (double) from / to;
    double center = scale * 0.5;
    int[] source = new int[to];
    for (int i = 0; i < to; i++) {
      source[i] = Math.min(from - 1, (int) center);
      center += scale;
    }
    return source;
  }
}

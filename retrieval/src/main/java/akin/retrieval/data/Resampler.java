package akin.retrieval.data;

import akin.tensor.UserError;
import java.util.Arrays;

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

  private static final int HALF = 1 << (PLACES - 1);

  private Resampler() {}

  /**
   * @throws UserError if the picture is so long and thin that the result, or what lies between the
   *     two passes, would have more pixels than a picture may have
   */
  static Image resize(Image image, long wantedWidth, long wantedHeight, ResizeFilter filter) {
    if (wantedWidth < 1 || wantedHeight < 1) {
      throw new IllegalArgumentException("cannot resize to " + wantedWidth + "x" + wantedHeight);
    }
    long tallest = Math.max(wantedHeight, image.height());
    if (wantedWidth > ImageDecoder.MOST_PIXELS / tallest) {
      throw UserError.of(
              "a picture of %d x %d pixels is too long and thin to be resized to %d x %d"
                  .formatted(image.width(), image.height(), wantedWidth, wantedHeight))
          .rule("at most " + ImageDecoder.MOST_PIXELS + " pixels on the way")
          .mend("cut it to a usual shape, or take it out of the data set's lists");
    }
    int width = (int) wantedWidth;
    int height = (int) wantedHeight;
    if (width == image.width() && height == image.height()) {
      return image;
    }
    if (filter == ResizeFilter.NEAREST) {
      return nearest(image, width, height);
    }
    int[] narrow =
        width == image.width()
            ? samples(image)
            : columns(image, Taps.of(image.width(), width, filter));
    int stride = width * image.channels();
    byte[] out =
        height == image.height()
            ? bytes(narrow)
            : rows(narrow, stride, Taps.of(image.height(), height, filter));
    return new Image(width, height, image.channels(), out);
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

  /**
   * The first pass. Its samples are rounded to 8 bits but kept as ints, for the compiler turns the
   * second pass into vector instructions over ints alone (JDK 17).
   */
  private static int[] columns(Image image, Taps taps) {
    int width = taps.first.length;
    int channels = image.channels();
    int stride = image.width() * channels;
    int[] out = new int[width * image.height() * channels];
    for (int y = 0; y < image.height(); y++) {
      int row = y * stride;
      int to = y * width * channels;
      if (channels == 3) {
        colours(image.bytes(), row, taps, out, to);
      } else {
        greys(image.bytes(), row, taps, out, to);
      }
    }
    return out;
  }

  private static void colours(byte[] in, int row, Taps taps, int[] out, int start) {
    int to = start;
    for (int x = 0; x < taps.first.length; x++) {
      int at = row + 3 * taps.first[x];
      int begin = x * taps.taps;
      int end = begin + taps.length[x];
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      for (int k = begin; k < end; k++) {
        int weight = taps.weight[k];
        red += (in[at] & 0xff) * weight;
        green += (in[at + 1] & 0xff) * weight;
        blue += (in[at + 2] & 0xff) * weight;
        at += 3;
      }
      out[to] = eightBits(red);
      out[to + 1] = eightBits(green);
      out[to + 2] = eightBits(blue);
      to += 3;
    }
  }

  private static void greys(byte[] in, int row, Taps taps, int[] out, int start) {
    for (int x = 0; x < taps.first.length; x++) {
      int at = row + taps.first[x];
      int begin = x * taps.taps;
      int sum = HALF;
      for (int k = 0; k < taps.length[x]; k++) {
        sum += (in[at + k] & 0xff) * taps.weight[begin + k];
      }
      out[start + x] = eightBits(sum);
    }
  }

  /** The second pass: whole rows at a time, so that neighbours are summed side by side. */
  private static byte[] rows(int[] in, int stride, Taps taps) {
    int height = taps.first.length;
    byte[] out = new byte[stride * height];
    int[] sum = new int[stride];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sum, HALF);
      for (int k = 0; k < taps.length[y]; k++) {
        add(in, (taps.first[y] + k) * stride, taps.weight[y * taps.taps + k], sum);
      }
      for (int x = 0; x < stride; x++) {
        out[y * stride + x] = (byte) eightBits(sum[x]);
      }
    }
    return out;
  }

  private static void add(int[] in, int from, int weight, int[] sum) {
    for (int x = 0; x < sum.length; x++) {
      sum[x] += in[from + x] * weight;
    }
  }

  private static int eightBits(int sum) {
    return Math.max(0, Math.min(255, sum >> PLACES));
  }

  private static int[] samples(Image image) {
    int[] out = new int[image.bytes().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = image.bytes()[i] & 0xff;
    }
    return out;
  }

  private static byte[] bytes(int[] samples) {
    byte[] out = new byte[samples.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) samples[i];
    }
    return out;
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

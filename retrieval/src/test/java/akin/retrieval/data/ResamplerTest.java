package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The quick resampler beside the textbook's: one sample at a time, the formula in every place. */
class ResamplerTest {
  private static final int[] SIDES = {1, 3, 7, 8, 13, 64, 207};

  @Test
  void equalsTheTextbookToTheBit() {
    Random random = new Random(7);
    for (int from : SIDES) {
      for (int to : SIDES) {
        for (int channels : new int[] {1, 3}) {
          byte[] samples = new byte[from * (from + 2) * channels];
          random.nextBytes(samples);
          Image image = new Image(from, from + 2, channels, samples);
          for (ResizeFilter filter : ResizeFilter.values()) {
            if (filter != ResizeFilter.NEAREST) {
              Image wide = across(image, to, filter);
              Image wanted = turned(across(turned(wide), to + 1, filter));
              String what = image + " to " + to + "x" + (to + 1) + " " + filter.label();
              assertEquals(wanted, image.resize(to, to + 1, filter), what);
            }
          }
        }
      }
    }
  }

  /** Rows and columns exchanged. */
  private static Image turned(Image image) {
    byte[] out = new byte[image.bytes().length];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        for (int c = 0; c < image.channels(); c++) {
          out[(x * image.height() + y) * image.channels() + c] = (byte) image.at(x, y, c);
        }
      }
    }
    return new Image(image.height(), image.width(), image.channels(), out);
  }

  /** out(x) = round(Σ in(i) · w((i − c + ½) / s) / Σ w), c = (x + ½) · scale, s = max(scale, 1). */
  private static Image across(Image image, int width, ResizeFilter filter) {
    double scale = (double) image.width() / width;
    double widening = Math.max(scale, 1);
    byte[] out = new byte[width * image.height() * image.channels()];
    for (int x = 0; x < width; x++) {
      double center = (x + 0.5) * scale;
      double reach = filter.support * widening;
      int begin = Math.max(0, (int) (center - reach + 0.5));
      int end = Math.min(image.width(), (int) (center + reach + 0.5));
      double total = 0;
      for (int i = begin; i < end; i++) {
        total += filter.weight((i - center + 0.5) * (1 / widening));
      }
      for (int y = 0; y < image.height(); y++) {
        for (int c = 0; c < image.channels(); c++) {
          long sum = 1 << 21;
          for (int i = begin; i < end; i++) {
            double weight = filter.weight((i - center + 0.5) * (1 / widening));
            sum += image.at(i, y, c) * Math.round(weight / total * (1 << 22));
          }
          long sample = Math.max(0, Math.min(255, sum >> 22));
          out[(y * width + x) * image.channels() + c] = (byte) sample;
        }
      }
    }
    return width == image.width() ? image : new Image(width, image.height(), image.channels(), out);
  }
}

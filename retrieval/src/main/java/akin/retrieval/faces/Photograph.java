package akin.retrieval.faces;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;

/** What a camera adds to the drawing: light from one side, a cast of colour, softness and noise. */
final class Photograph {
  private Photograph() {}

  /**
   * Photographs a drawing.
   *
   * @param blurry whether the camera is out of focus: a Gaussian of 2 to 2.6 hundredths of the
   *     picture's width, else at most 0.6
   */
  static Image of(Image drawing, boolean blurry, RandomStream stream) {
    Draws draws = new Draws(stream);
    int width = drawing.width();
    int height = drawing.height();
    double turn = draws.between(0, 2 * Math.PI);
    double slope = draws.between(0, 0.42);
    double gain = draws.between(0.84, 1.10);
    double warmth = draws.between(-0.06, 0.06);
    double softness = (blurry ? draws.between(2.0, 2.6) : draws.between(0, 0.6)) * width / 100;
    double noise = draws.between(1, 8);
    float[] light = new float[drawing.bytes().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double along =
            Math.cos(turn) * ((double) x / width - 0.5)
                + Math.sin(turn) * ((double) y / height - 0.5);
        double level = gain * (1 + slope * along);
        int at = (y * width + x) * 3;
        light[at] = (float) (drawing.at(x, y, 0) * level * (1 + warmth));
        light[at + 1] = (float) (drawing.at(x, y, 1) * level);
        light[at + 2] = (float) (drawing.at(x, y, 2) * level * (1 - warmth));
      }
    }
    // A narrower Gaussian weighs its neighbours with less than e⁻⁸.
    if (softness > 0.25) {
      light = blur(light, width, height, 3, softness);
      light = blur(light, height, width, 3 * width, softness);
    }
    RandomStream grain = stream.child("grain");
    byte[] bytes = new byte[light.length];
    for (int i = 0; i < bytes.length; i++) {
      double sample = light[i] + noise * bell(grain.bits(i)) + 0.5;
      bytes[i] = (byte) Math.max(0, Math.min(255, (int) Math.floor(sample)));
    }
    return new Image(width, height, 3, bytes);
  }

  /** The sum of four uniform numbers, scaled to deviation 1: near enough to normal for grain. */
  private static double bell(long bits) {
    long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
    return (sum - 2 * 65535) / (65536 * Math.sqrt(4.0 / 12));
  }

  /**
   * Blurs along one axis, with the rim repeated.
   *
   * @param length samples along the axis
   * @param lines how many lines run along it, per colour
   * @param stride distance between neighbours on the axis: 3 along rows, 3 · width along columns
   */
  private static float[] blur(float[] in, int length, int lines, int stride, double sigma) {
    int reach = (int) Math.ceil(3 * sigma);
    float[] weight = new float[2 * reach + 1];
    double sum = 0;
    for (int k = -reach; k <= reach; k++) {
      sum += Math.exp(-0.5 * k * k / (sigma * sigma));
    }
    for (int k = -reach; k <= reach; k++) {
      weight[k + reach] = (float) (Math.exp(-0.5 * k * k / (sigma * sigma)) / sum);
    }
    int lineStride = stride == 3 ? 3 * length : 3;
    float[] out = new float[in.length];
    for (int line = 0; line < lines; line++) {
      for (int c = 0; c < 3; c++) {
        int start = line * lineStride + c;
        for (int i = 0; i < length; i++) {
          float total = 0;
          for (int k = -reach; k <= reach; k++) {
            int at = Math.max(0, Math.min(length - 1, i + k));
            total += weight[k + reach] * in[start + at * stride];
          }
          out[start + i * stride] = total;
        }
      }
    }
    return out;
  }
}

package akin.retrieval.data.augment;

import akin.retrieval.data.Image;

/**
 * An affine map of a picture onto itself: the pixel at (x, y) from the middle shows what was at
 * (a·x + b·y + u, c·x + d·y + v), interpolated between the four nearest pixels. Beyond its border a
 * picture goes on as its border pixels.
 */
record Warp(double a, double b, double c, double d, double u, double v) {
  Image of(Image picture) {
    int w = picture.width();
    int h = picture.height();
    int channels = picture.channels();
    byte[] in = picture.bytes();
    byte[] out = new byte[in.length];
    double middleX = (w - 1) / 2.0;
    double middleY = (h - 1) / 2.0;
    for (int row = 0, to = 0; row < h; row++) {
      for (int column = 0; column < w; column++) {
        double x = column - middleX;
        double y = row - middleY;
        double fromX = Math.min(Math.max(a * x + b * y + u + middleX, 0), w - 1);
        double fromY = Math.min(Math.max(c * x + d * y + v + middleY, 0), h - 1);
        int left = (int) fromX;
        int top = (int) fromY;
        double right = fromX - left;
        double bottom = fromY - top;
        int upper = (top * w + left) * channels;
        int step = left < w - 1 ? channels : 0;
        int lower = top < h - 1 ? upper + w * channels : upper;
        for (int k = 0; k < channels; k++) {
          double above = between(in[upper + k], in[upper + step + k], right);
          double below = between(in[lower + k], in[lower + step + k], right);
          out[to++] = (byte) Math.round(above + bottom * (below - above));
        }
      }
    }
    return new Image(w, h, channels, out);
  }

  private static double between(byte first, byte second, double share) {
    int from = first & 0xff;
    return from + share * ((second & 0xff) - from);
  }
}

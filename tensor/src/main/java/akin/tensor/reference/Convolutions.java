package akin.tensor.reference;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * Convolution and its two gradients: the same visit to every product x·w that enters an output y,
 * read in three directions.
 */
final class Convolutions {
  private Convolutions() {}

  static void forward(
      ConvShape s,
      double[] x,
      double[] w,
      double[] bias,
      double[] residual,
      Activation act,
      double[] y) {
    Arrays.fill(y, 0);
    forEachTap(s, (ix, iw, iy) -> y[iy] += x[ix] * w[iw]);
    int plane = s.outH() * s.outW();
    for (int i = 0; i < y.length; i++) {
      double sum = y[i];
      sum += bias == null ? 0 : bias[i / plane % s.o()];
      sum += residual == null ? 0 : residual[i];
      y[i] =
          switch (act) {
            case IDENTITY -> sum;
            case RELU -> Math.max(sum, 0);
            case RELU6 -> Math.min(Math.max(sum, 0), 6);
          };
    }
  }

  static void gradInput(ConvShape s, double[] dy, double[] w, double[] dx) {
    Arrays.fill(dx, 0);
    forEachTap(s, (ix, iw, iy) -> dx[ix] += dy[iy] * w[iw]);
  }

  static void gradWeight(ConvShape s, double[] x, double[] dy, double[] dw) {
    Arrays.fill(dw, 0);
    forEachTap(s, (ix, iw, iy) -> dw[iw] += dy[iy] * x[ix]);
  }

  /** One product: input element ix times weight iw enters output element iy. */
  private interface Tap {
    void at(int ix, int iw, int iy);
  }

  private static void forEachTap(ConvShape s, Tap tap) {
    for (int n = 0; n < s.n(); n++) {
      for (int o = 0; o < s.o(); o++) {
        for (int i = 0; i < s.outH(); i++) {
          for (int j = 0; j < s.outW(); j++) {
            int iy = ((n * s.o() + o) * s.outH() + i) * s.outW() + j;
            forEachTapOf(s, n, o, i, j, iy, tap);
          }
        }
      }
    }
  }

  /** The taps of output (n,o,i,j); those in the padding are zero and are left out. */
  private static void forEachTapOf(ConvShape s, int n, int o, int i, int j, int iy, Tap tap) {
    int channels = s.channelsPerGroup();
    int firstChannel = o / (s.o() / s.groups()) * channels; // of this output's group
    for (int c = 0; c < channels; c++) {
      for (int kh = 0; kh < s.kh(); kh++) {
        for (int kw = 0; kw < s.kw(); kw++) {
          int row = i * s.window().strideH() - s.window().top() + kh * s.window().dilationH();
          int col = j * s.window().strideW() - s.window().left() + kw * s.window().dilationW();
          if (row >= 0 && row < s.h() && col >= 0 && col < s.w()) {
            int ix = ((n * s.c() + firstChannel + c) * s.h() + row) * s.w() + col;
            int iw = ((o * channels + c) * s.kh() + kh) * s.kw() + kw;
            tap.at(ix, iw, iy);
          }
        }
      }
    }
  }
}

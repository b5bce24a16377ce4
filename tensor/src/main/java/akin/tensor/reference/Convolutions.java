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
    int plane = s.outH() * s.outW();
    int count = s.n() * s.o() * plane;
    Arrays.fill(y, 0, count, 0);
    forEachRun(
        s,
        (ix, iw, iy, step, n) -> {
          for (int j = 0; j < n; j++) {
            y[iy + j] += x[ix + j * step] * w[iw];
          }
        });
    for (int i = 0; i < count; i++) {
      double sum = y[i];
      sum += bias == null ? 0 : bias[i / plane % s.o()];
      sum += residual == null ? 0 : residual[i];
      y[i] = act.value(sum);
    }
  }

  static void gradInput(ConvShape s, double[] dy, double[] w, double[] dx) {
    Arrays.fill(dx, 0);
    forEachRun(
        s,
        (ix, iw, iy, step, n) -> {
          for (int j = 0; j < n; j++) {
            dx[ix + j * step] += dy[iy + j] * w[iw];
          }
        });
  }

  static void gradWeight(ConvShape s, double[] x, double[] dy, double[] dw) {
    Arrays.fill(dw, 0);
    forEachRun(
        s,
        (ix, iw, iy, step, n) -> {
          for (int j = 0; j < n; j++) {
            dw[iw] += dy[iy + j] * x[ix + j * step];
          }
        });
  }

  /**
   * Products along a row: input elements ix, ix + step, … times weight iw enter output elements iy,
   * iy + 1, …, n of them.
   */
  private interface Run {
    void at(int ix, int iw, int iy, int step, int n);
  }

  private static void forEachRun(ConvShape s, Run run) {
    int channels = s.channelsPerGroup();
    for (int n = 0; n < s.n(); n++) {
      for (int o = 0; o < s.o(); o++) {
        int first = o / (s.o() / s.groups()) * channels; // channel of this output's group
        for (int c = 0; c < channels; c++) {
          for (int kh = 0; kh < s.kh(); kh++) {
            for (int kw = 0; kw < s.kw(); kw++) {
              int iw = ((o * channels + c) * s.kh() + kh) * s.kw() + kw;
              forEachRunOf(s, n * s.c() + first + c, n * s.o() + o, kh, kw, iw, run);
            }
          }
        }
      }
    }
  }

  /** The rows of an output plane that weight (kh, kw) enters; what it sees of padding is zero. */
  private static void forEachRunOf(
      ConvShape s, int planeIn, int planeOut, int kh, int kw, int iw, Run run) {
    int step = s.window().strideW();
    int shift = kw * s.window().dilationW() - s.window().left(); // column of output column 0
    int from = Math.max(0, Math.floorDiv(step - 1 - shift, step));
    int to = Math.min(s.outW(), Math.floorDiv(s.w() - 1 - shift, step) + 1);
    for (int i = 0; i < s.outH(); i++) {
      int row = i * s.window().strideH() - s.window().top() + kh * s.window().dilationH();
      if (row >= 0 && row < s.h() && from < to) {
        int ix = (planeIn * s.h() + row) * s.w() + from * step + shift;
        run.at(ix, iw, (planeOut * s.outH() + i) * s.outW() + from, step, to - from);
      }
    }
  }
}

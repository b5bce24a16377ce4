package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/** Convolutions as products with the matrix of all windows of a picture. */
final class Convolutions {
  private final Workers workers;
  private final Scratch scratch;
  private final Gemm gemm;

  Convolutions(Workers workers, Scratch scratch, Gemm gemm) {
    this.workers = workers;
    this.scratch = scratch;
    this.gemm = gemm;
  }

  /** y = act(x ∗ w + bias + residual). */
  void forward(
      ConvShape s,
      float[] x,
      float[] w,
      float[] bias,
      float[] residual,
      Activation act,
      float[] y) {
    int out = s.outH() * s.outW();
    int depth = s.channelsPerGroup() * s.kh() * s.kw();
    int filters = s.o() / s.groups();
    float[] windows = scratch.take(0, Scratch.Use.STAGE, depth * out);
    for (int n = 0; n < s.n(); n++) {
      for (int g = 0; g < s.groups(); g++) {
        unfold(s, x, n, g, windows);
        gemm.run(
            new Gemm.Call(
                Gemm.Kind.PRODUCT,
                new Matrix(w, g * filters * depth, depth, false),
                new Matrix(windows, 0, out, false),
                y,
                (n * s.o() + g * filters) * out,
                filters,
                depth,
                out));
      }
    }
    workers.range(
        s.n() * s.o(),
        Math.max(1, Elements.GRAIN / out),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            float b = bias == null ? 0 : bias[plane % s.o()];
            finish(y, plane * out, out, b, residual, act);
          }
        });
  }

  private static void finish(
      float[] y, int at, int n, float bias, float[] residual, Activation act) {
    for (int i = at; i < at + n; i++) {
      float v = y[i] + bias + (residual == null ? 0 : residual[i]);
      v = act == Activation.IDENTITY ? v : Math.max(v, 0);
      y[i] = act == Activation.RELU6 ? Math.min(v, 6) : v;
    }
  }

  void gradInput(ConvShape s, float[] dy, float[] w, float[] dx) {
    int out = s.outH() * s.outW();
    int depth = s.channelsPerGroup() * s.kh() * s.kw();
    int filters = s.o() / s.groups();
    float[] windows = scratch.take(0, Scratch.Use.STAGE, depth * out);
    Arrays.fill(dx, 0);
    for (int n = 0; n < s.n(); n++) {
      for (int g = 0; g < s.groups(); g++) {
        gemm.run(
            new Gemm.Call(
                Gemm.Kind.PRODUCT,
                new Matrix(w, g * filters * depth, depth, true),
                new Matrix(dy, (n * s.o() + g * filters) * out, out, false),
                windows,
                0,
                depth,
                filters,
                out));
        fold(s, windows, n, g, dx);
      }
    }
  }

  void gradWeight(ConvShape s, float[] x, float[] dy, float[] dw) {
    int out = s.outH() * s.outW();
    int depth = s.channelsPerGroup() * s.kh() * s.kw();
    int filters = s.o() / s.groups();
    float[] windows = scratch.take(0, Scratch.Use.STAGE, depth * out);
    float[] part = scratch.take(0, Scratch.Use.PARTIAL, filters * depth);
    Arrays.fill(dw, 0);
    for (int n = 0; n < s.n(); n++) {
      for (int g = 0; g < s.groups(); g++) {
        unfold(s, x, n, g, windows);
        gemm.run(
            new Gemm.Call(
                Gemm.Kind.PRODUCT,
                new Matrix(dy, (n * s.o() + g * filters) * out, out, false),
                new Matrix(windows, 0, out, true),
                part,
                0,
                filters,
                out,
                depth));
        int to = g * filters * depth;
        for (int i = 0; i < filters * depth; i++) {
          dw[to + i] += part[i];
        }
      }
    }
  }

  /** windows [C/groups·KH·KW, OH·OW] of picture {@code n}, group {@code g}. */
  private static void unfold(ConvShape s, float[] x, int n, int g, float[] windows) {
    ConvShape.Window at = s.window();
    int to = 0;
    for (int c = 0; c < s.channelsPerGroup(); c++) {
      int plane = (n * s.c() + g * s.channelsPerGroup() + c) * s.h() * s.w();
      for (int ky = 0; ky < s.kh(); ky++) {
        for (int kx = 0; kx < s.kw(); kx++) {
          for (int i = 0; i < s.outH(); i++) {
            int row = i * at.strideH() - at.top() + ky * at.dilationH();
            for (int j = 0; j < s.outW(); j++) {
              int col = j * at.strideW() - at.left() + kx * at.dilationW();
              boolean inside = row >= 0 && row < s.h() && col >= 0 && col < s.w();
              windows[to++] = inside ? x[plane + row * s.w() + col] : 0;
            }
          }
        }
      }
    }
  }

  /** Adds windows back to where {@link #unfold} took them. */
  private static void fold(ConvShape s, float[] windows, int n, int g, float[] dx) {
    ConvShape.Window at = s.window();
    int from = 0;
    for (int c = 0; c < s.channelsPerGroup(); c++) {
      int plane = (n * s.c() + g * s.channelsPerGroup() + c) * s.h() * s.w();
      for (int ky = 0; ky < s.kh(); ky++) {
        for (int kx = 0; kx < s.kw(); kx++) {
          for (int i = 0; i < s.outH(); i++) {
            int row = i * at.strideH() - at.top() + ky * at.dilationH();
            for (int j = 0; j < s.outW(); j++, from++) {
              int col = j * at.strideW() - at.left() + kx * at.dilationW();
              if (row >= 0 && row < s.h() && col >= 0 && col < s.w()) {
                dx[plane + row * s.w() + col] += windows[from];
              }
            }
          }
        }
      }
    }
  }
}

package akin.tensor.cpu;

import static akin.tensor.cpu.Case.abs;
import static akin.tensor.cpu.Case.normal;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.PoolShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cases of pools, normalisations and softmax. */
final class NetworkCases {
  private final List<Case> cases = new ArrayList<>();

  private NetworkCases() {}

  static List<Case> all() {
    NetworkCases all = new NetworkCases();
    all.pools();
    int[][] sizes = {
      {3, 1, 1},
      {2, 7, 1},
      {64, 13, 1},
      {207, 3, 1},
      {3, 8, 7},
      {2, 3, 64},
      {1, 2, 207},
      {2, 2, 3001}
    };
    for (int[] s : sizes) {
      for (Activation act : Activation.values()) {
        all.batchNorm(s[0], s[1], s[2], true, act);
        all.batchNorm(s[0], s[1], s[2], false, act);
      }
    }
    for (int[] s : new int[][] {{1, 1}, {3, 7}, {13, 64}, {64, 207}, {1, 3000}}) {
      all.layerNorm(s[0], s[1]);
    }
    for (int[] s :
        new int[][] {{1, 1, 1}, {3, 7, 1}, {7, 13, 8}, {1, 64, 207}, {13, 207, 1}, {2, 5, 300}}) {
      all.softmax(false, s[0], s[1], s[2]);
      all.softmax(true, s[0], s[1], s[2]);
    }
    return all.cases;
  }

  private void pools() {
    ConvShape.Window by2 = ConvShape.Window.of(2, 0);
    for (PoolShape.Kind kind : PoolShape.Kind.values()) {
      boolean max = kind == PoolShape.Kind.MAX;
      ConvShape.Window odd = new ConvShape.Window(2, 1, 1, 0, 0, 1, 1, max ? 2 : 1);
      for (int[] hw : new int[][] {{2, 2}, {8, 7}, {13, 64}, {5, 207}, {26, 26}}) {
        Shape x = Shape.of(2, 3, hw[0], hw[1]);
        pool(PoolShape.sliding(kind, x, 2, 2, by2, false, true, 0));
        pool(PoolShape.sliding(kind, x, 2, 2, by2, true, true, 0));
        pool(PoolShape.sliding(kind, x, 2, 2, odd, true, false, 0));
        pool(PoolShape.adaptive(kind, x, 2, 2));
        pool(PoolShape.adaptive(kind, x, 3, 5));
        pool(PoolShape.adaptive(kind, x, 1, 1));
      }
      Shape x = Shape.of(2, 3, 13, 17);
      pool(PoolShape.sliding(kind, x, 3, 3, ConvShape.Window.of(2, 1), false, true, 0));
      pool(PoolShape.sliding(kind, x, 3, 3, ConvShape.Window.of(2, 1), true, false, 0));
      pool(PoolShape.sliding(kind, x, 3, 2, ConvShape.Window.of(1, 1), true, true, 5));
      if (max) {
        pool(PoolShape.sliding(kind, x, 3, 3, ConvShape.Window.of(2, 1).dilated(2), true, true, 0));
      }
    }
  }

  private void pool(PoolShape s) {
    String name = "pool " + s;
    float[] x = normal(name, s.planes() * s.h() * s.w());
    for (int i = 0; i < x.length; i += 3) {
      x[i] = Math.round(x[i]); // ties
    }
    if (x.length > 20) {
      x[11] = Float.NaN;
      x[17] = Float.NEGATIVE_INFINITY;
    }
    float[] dy = normal(name + "dy", s.planes() * s.outH() * s.outW());
    boolean max = s.kind() == PoolShape.Kind.MAX;
    int cells = max ? 1 : (s.h() + 1) * (s.w() + 1); // of a window, at most
    cases.add(
        new Case(
            name,
            lab -> pool(lab, s, x, null),
            max ? null : lab -> pool(lab, s, abs(x), null),
            max ? 0 : cells + 2));
    int overlaps = s.adaptive() ? 4 : s.kh() * s.kw();
    cases.add(
        new Case(
            name + " gradient",
            lab -> pool(lab, s, x, dy),
            lab -> pool(lab, s, x, abs(dy)),
            overlaps + 1));
  }

  private static double[][] pool(Case.Lab lab, PoolShape s, float[] x, float[] dy) {
    Buffer in = lab.in(x);
    Buffer y = lab.out((long) s.planes() * s.outH() * s.outW());
    lab.backend.pool2d(s, in, y);
    if (dy == null) {
      return lab.get(y);
    }
    Buffer dx = lab.out(x.length);
    lab.backend.pool2dGrad(s, in, y, lab.in(dy), dx);
    return lab.get(dx);
  }

  private void batchNorm(int outer, int c, int inner, boolean training, Activation act) {
    String name =
        "batchNorm " + outer + "×" + c + "×" + inner + (training ? " training " : " ") + act;
    int n = outer * c * inner;
    float[] x = normal(name + "x", n);
    for (int i = 0; i < n; i++) {
      x[i] += i / inner % c; // means far from 0
    }
    float[] dy = normal(name + "dy", n);
    float[] gamma = normal(name + "gamma", c);
    float[] beta = normal(name + "beta", c);
    float[] mean = normal(name + "mean", c);
    float[] var = Case.uniform(name + "var", c, 0.5, 2);
    Backend.Norm s = new Backend.Norm(outer, c, inner, 1e-5, 0.1, training, 1, act);
    Case.Run run =
        lab -> {
          Buffer[] out = {lab.out(n), lab.out(c), lab.out(c), lab.out(n), lab.out(c), lab.out(c)};
          Buffer bx = lab.in(x);
          Buffer bg = lab.in(gamma);
          Buffer rm = lab.in(mean);
          Buffer rv = lab.in(var);
          Buffer bb = lab.in(beta);
          lab.backend.batchNorm(bx, bg, bb, rm, rv, out[0], out[1], out[2], s);
          lab.backend.batchNormGrad(
              bx, bg, bb, out[1], out[2], lab.in(dy), out[3], out[4], out[5], s);
          return lab.get(out[0], out[1], out[2], out[3], out[4], out[5], rm, rv);
        };
    cases.add(
        new Case(
            name,
            run,
            lab -> {
              double[][] y = run.on(lab);
              double[] termsY = new double[n];
              double[] termsX = new double[n];
              double[] sumX = new double[c];
              double[] sumDy = new double[c];
              double[] sumDyX = new double[c];
              double m = (double) outer * inner;
              for (int i = 0; i < n; i++) {
                int k = i / inner % c;
                sumX[k] += Math.abs(x[i]) / m;
                sumDy[k] += Math.abs(dy[i]);
                sumDyX[k] += Math.abs(dy[i]) * (Math.abs(x[i]) + Math.abs(y[1][k])) * y[2][k];
              }
              for (int i = 0; i < n; i++) {
                int k = i / inner % c;
                double hat = (Math.abs(x[i]) + Math.abs(y[1][k])) * y[2][k];
                termsY[i] = Math.abs(gamma[k]) * hat + Math.abs(beta[k]);
                termsX[i] =
                    Math.abs(gamma[k])
                        * y[2][k]
                        * (Math.abs(dy[i]) + sumDy[k] / m + hat * sumDyX[k] / m);
              }
              double[] termsR = y[2].clone();
              double[] termsVar = new double[c];
              for (int k = 0; k < c; k++) {
                double spread = 1 + sumX[k] * sumX[k] * y[2][k] * y[2][k];
                termsR[k] *= spread;
                termsVar[k] = Math.abs(y[7][k]) + spread;
              }
              return new double[][] {termsY, sumX, termsR, termsX, sumDyX, sumDy, sumX, termsVar};
            },
            outer * inner + 16));
  }

  private void layerNorm(int rows, int width) {
    String name = "layerNorm " + rows + "×" + width;
    int n = rows * width;
    float[] x = normal(name + "x", n);
    float[] dy = normal(name + "dy", n);
    float[] gamma = normal(name + "gamma", width);
    float[] beta = normal(name + "beta", width);
    Case.Run run =
        lab -> {
          Buffer[] out = {
            lab.out(n), lab.out(rows), lab.out(rows), lab.out(n), lab.out(width), lab.out(width)
          };
          Buffer bx = lab.in(x);
          Buffer bg = lab.in(gamma);
          lab.backend.layerNorm(bx, bg, lab.in(beta), out[0], out[1], out[2], rows, width, 1e-5);
          lab.backend.layerNormGrad(
              bx, bg, out[1], out[2], lab.in(dy), out[3], out[4], out[5], rows, width);
          return lab.get(out);
        };
    cases.add(
        new Case(
            name,
            run,
            lab -> {
              double[][] y = run.on(lab);
              double[][] terms = new double[6][];
              for (int i = 0; i < 6; i++) {
                terms[i] = abs(y[i]);
              }
              Arrays.fill(terms[4], 0);
              Arrays.fill(terms[5], 0);
              for (int r = 0; r < rows; r++) {
                double g = 0;
                double gx = 0;
                double sum = 0;
                for (int i = 0; i < width; i++) {
                  int at = r * width + i;
                  double hat = (Math.abs(x[at]) + Math.abs(y[1][r])) * y[2][r];
                  terms[0][at] = Math.abs(gamma[i]) * hat + Math.abs(beta[i]);
                  terms[4][i] += Math.abs(dy[at]) * hat;
                  terms[5][i] += Math.abs(dy[at]);
                  g += Math.abs(dy[at] * gamma[i]) / width;
                  gx += Math.abs(dy[at] * gamma[i]) * hat / width;
                  sum += Math.abs(x[at]) / width;
                }
                terms[1][r] = sum;
                for (int i = 0; i < width; i++) {
                  int at = r * width + i;
                  double hat = (Math.abs(x[at]) + Math.abs(y[1][r])) * y[2][r];
                  terms[3][at] = y[2][r] * (Math.abs(dy[at] * gamma[i]) + g + hat * gx);
                }
              }
              return terms;
            },
            Math.max(rows, width) + 16));
  }

  private void softmax(boolean log, int outer, int axis, int inner) {
    String name = (log ? "logSoftmax " : "softmax ") + outer + "×" + axis + "×" + inner;
    int n = outer * axis * inner;
    float[] x = normal(name + "x", n);
    float[] dy = normal(name + "dy", n);
    Case.Run run =
        lab -> {
          Buffer y = lab.out(n);
          Buffer dx = lab.out(n);
          lab.backend.softmax(log, lab.in(x), y, outer, axis, inner);
          lab.backend.softmaxGrad(log, y, lab.in(dy), dx, outer, axis, inner);
          return lab.get(y, dx);
        };
    cases.add(
        new Case(
            name,
            run,
            lab -> {
              double[][] y = run.on(lab);
              double[] terms = new double[n];
              double[] slopes = new double[n];
              for (int i = 0; i < n; i++) {
                int base = i / (axis * inner) * axis * inner + i % inner;
                double sum = 0;
                double top = 0; // the largest |x|: x − max is rounded
                for (int j = 0; j < axis; j++) {
                  int at = base + j * inner;
                  sum += Math.abs(dy[at]) * (log ? 1 : y[0][at]);
                  top = Math.max(top, Math.abs(x[at]));
                }
                double p = log ? Math.exp(y[0][i]) : y[0][i];
                terms[i] = log ? Math.abs(y[0][i]) + 2 * top + 1 : p * (1 + 2 * top);
                slopes[i] =
                    log
                        ? Math.abs(dy[i]) + p * sum * (1 + terms[i])
                        : p * (1 + 2 * top) * (Math.abs(dy[i]) + sum);
              }
              return new double[][] {terms, slopes};
            },
            axis + 8));
  }
}

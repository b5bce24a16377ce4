package akin.tensor.cpu;

import static akin.tensor.cpu.Case.abs;
import static akin.tensor.cpu.Case.normal;
import static akin.tensor.cpu.Case.uniform;

import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Distance;
import java.util.ArrayList;
import java.util.List;

/** Cases of products, convolutions and distances over awkward sizes. */
final class AlgebraCases {
  private final List<Case> cases = new ArrayList<>();

  private AlgebraCases() {}

  static List<Case> all() {
    AlgebraCases all = new AlgebraCases();
    all.matmul();
    all.convolutions();
    all.distances();
    return all.cases;
  }

  private void matmul() {
    int[][] sizes = {
      {1, 1, 1, 1},
      {1, 3, 7, 8},
      {1, 8, 13, 64},
      {1, 64, 207, 3},
      {1, 1, 64, 207},
      {1, 207, 1, 1},
      {1, 13, 0, 5},
      {1, 0, 3, 5},
      {1, 65, 513, 97},
      {1, 61, 1025, 47},
      {3, 7, 8, 13},
      {5, 1, 13, 33},
      {2, 33, 3, 1}
    };
    for (int[] s : sizes) {
      for (int trans = 0; trans < 4; trans++) {
        matmul(s[0], s[1], s[2], s[3], (trans & 1) != 0, (trans & 2) != 0);
      }
    }
  }

  private void matmul(int batch, int m, int k, int n, boolean transA, boolean transB) {
    String name = "matmul " + batch + "×" + m + "×" + k + "×" + n + " " + transA + " " + transB;
    float[] a = normal(name + "a", batch * m * k);
    float[] b = normal(name + "b", batch * k * n);
    cases.add(
        new Case(
            name,
            lab -> matmul(lab, a, b, batch, m, k, n, transA, transB),
            lab -> matmul(lab, abs(a), abs(b), batch, m, k, n, transA, transB),
            k + 1));
  }

  private static double[][] matmul(
      Case.Lab lab,
      float[] a,
      float[] b,
      int batch,
      int m,
      int k,
      int n,
      boolean transA,
      boolean transB) {
    Buffer y = lab.out((long) batch * m * n);
    lab.backend.matmul(lab.in(a), transA, lab.in(b), transB, y, batch, m, k, n);
    return lab.get(y);
  }

  private void convolutions() {
    ConvShape.Window plain = ConvShape.Window.plain();
    ConvShape.Window same = ConvShape.Window.of(1, 1);
    ConvShape.Window half = ConvShape.Window.of(2, 1);
    ConvShape.Window odd = new ConvShape.Window(2, 3, 0, 2, 1, 3, 1, 2);
    conv(new ConvShape(1, 1, 1, 1, 1, 1, 1, plain, 1));
    conv(new ConvShape(2, 1, 8, 7, 13, 3, 3, plain, 1));
    conv(new ConvShape(3, 13, 5, 5, 64, 3, 3, plain, 1));
    conv(new ConvShape(2, 8, 13, 13, 7, 3, 3, same, 1));
    conv(new ConvShape(2, 3, 13, 9, 8, 5, 3, half, 1));
    conv(new ConvShape(1, 7, 13, 17, 8, 3, 4, odd, 1));
    conv(new ConvShape(2, 13, 7, 8, 33, 1, 1, plain, 1));
    conv(new ConvShape(2, 13, 7, 8, 13, 1, 1, ConvShape.Window.of(2, 0), 1));
    conv(new ConvShape(2, 6, 9, 9, 4, 3, 3, same, 2));
    conv(new ConvShape(2, 7, 9, 20, 7, 3, 3, same, 7));
    conv(new ConvShape(2, 7, 9, 20, 7, 3, 3, half, 7));
    conv(new ConvShape(1, 3, 11, 11, 6, 5, 5, ConvShape.Window.of(1, 2).dilated(2), 3));
    conv(new ConvShape(1, 3, 20, 20, 16, 7, 7, ConvShape.Window.of(2, 3), 1));
    conv(new ConvShape(3, 16, 6, 40, 24, 3, 3, same, 1));
    conv(new ConvShape(1, 2, 3, 3, 2, 2, 2, ConvShape.Window.of(3, 0), 1)); // rows never reached
    conv(new ConvShape(1, 17, 7, 7, 25, 1, 1, plain, 1)); // one tap: a last tile that overlaps
    conv(new ConvShape(5, 33, 7, 7, 14, 1, 1, plain, 1)); // pictures joined, cut by chunks
    conv(new ConvShape(2, 10, 14, 14, 6, 1, 1, plain, 2));
    conv(new ConvShape(1, 5, 23, 47, 13, 1, 1, plain, 1));
    for (int size : new int[] {2, 7, 14, 29}) { // depthwise: narrower and wider than vectors
      conv(new ConvShape(2, 3, size, size + 1, 3, 3, 3, same, 3));
      conv(new ConvShape(2, 3, size, size, 3, 3, 3, half, 3));
      conv(new ConvShape(1, 2, size, size, 2, 5, 5, ConvShape.Window.of(1, 2), 2));
      conv(new ConvShape(1, 2, size + 6, size + 7, 4, 7, 7, ConvShape.Window.of(2, 3), 2));
    }
    conv(new ConvShape(1, 2, 70, 61, 2, 3, 3, half, 2)); // several bands
    conv(new ConvShape(1, 2, 9, 12, 2, 3, 3, ConvShape.Window.of(1, 2).dilated(2), 2));
    conv(new ConvShape(1, 2, 10, 11, 2, 3, 3, ConvShape.Window.of(3, 1), 2));
    conv(new ConvShape(1, 2, 4, 70, 3, 1, 3, new ConvShape.Window(1, 1, 0, 0, 4, 0, 1, 3), 1));
  }

  private void conv(ConvShape s) {
    String name = "conv " + s;
    float[] x = normal(name + "x", (int) s.input().count());
    float[] w = normal(name + "w", (int) s.kernel().count());
    float[] dy = normal(name + "dy", (int) s.output().count());
    float[] bias = normal(name + "b", s.o());
    int terms = s.channelsPerGroup() * s.kh() * s.kw();
    for (Activation act : Activation.values()) {
      boolean with = act != Activation.IDENTITY;
      cases.add(
          new Case(
              name + " " + act,
              lab -> conv(lab, s, x, w, with ? bias : null, with ? dy : null, act),
              lab ->
                  conv(
                      lab,
                      s,
                      abs(x),
                      abs(w),
                      with ? abs(bias) : null,
                      with ? abs(dy) : null,
                      Activation.IDENTITY),
              terms + 3));
    }
    cases.add(
        new Case(
            name + " residual alone",
            lab -> conv(lab, s, x, w, null, dy, Activation.IDENTITY),
            lab -> conv(lab, s, abs(x), abs(w), null, abs(dy), Activation.IDENTITY),
            terms + 3));
    for (Activation act : Activation.values()) {
      cases.add(
          new Case(
              name + " bias " + act,
              lab -> conv(lab, s, x, w, bias, null, act),
              lab -> conv(lab, s, abs(x), abs(w), abs(bias), null, Activation.IDENTITY),
              terms + 2));
    }
    int reached = s.o() / s.groups() * s.kh() * s.kw();
    cases.add(
        new Case(
            name + " gradInput",
            lab -> gradInput(lab, s, dy, w),
            lab -> gradInput(lab, s, abs(dy), abs(w)),
            reached + 1));
    cases.add(
        new Case(
            name + " gradWeight",
            lab -> gradWeight(lab, s, x, dy),
            lab -> gradWeight(lab, s, abs(x), abs(dy)),
            s.n() * s.outH() * s.outW() + 1));
  }

  private static double[][] conv(
      Case.Lab lab,
      ConvShape s,
      float[] x,
      float[] w,
      float[] bias,
      float[] residual,
      Activation act) {
    Buffer y = lab.out(s.output().count());
    lab.backend.conv2d(
        s,
        lab.in(x),
        lab.in(w),
        bias == null ? null : lab.in(bias),
        residual == null ? null : lab.in(residual),
        act,
        y);
    return lab.get(y);
  }

  private static double[][] gradInput(Case.Lab lab, ConvShape s, float[] dy, float[] w) {
    Buffer dx = lab.out(s.input().count());
    lab.backend.conv2dGradInput(s, lab.in(dy), lab.in(w), dx);
    return lab.get(dx);
  }

  private static double[][] gradWeight(Case.Lab lab, ConvShape s, float[] x, float[] dy) {
    Buffer dw = lab.out(s.kernel().count());
    lab.backend.conv2dGradWeight(s, lab.in(x), lab.in(dy), dw);
    return lab.get(dw);
  }

  private void distances() {
    int[][] sizes = {{1, 1, 1}, {3, 7, 8}, {13, 8, 3}, {7, 64, 13}, {64, 1, 207}, {9, 37, 301}};
    for (int[] s : sizes) {
      for (Distance f : Distance.values()) {
        distances(f, s[0], s[1], s[2]);
      }
    }
  }

  private void distances(Distance f, int n, int m, int d) {
    String name = "distances " + f + " " + n + "×" + m + "×" + d;
    float[] a = normal(name + "a", n * d);
    float[] b = normal(name + "b", m * d);
    System.arraycopy(a, 0, b, 0, d); // one pair at distance 0
    if (n > 2) {
      java.util.Arrays.fill(a, d, 2 * d, 0); // one vector without a direction
    }
    float[] dy = uniform(name + "dy", n * m, -1, 1);
    // a difference is rounded once, and again when squared; terms of products have both signs
    double[] terms =
        switch (f) {
          case EUCLIDEAN, SQUARED, L1 -> null;
          case COSINE -> Check.constant(n * m, 2);
          case DOT -> absoluteProducts(a, b, n, m, d);
        };
    cases.add(
        new Case(
            name,
            lab -> {
              Buffer y = lab.out((long) n * m);
              lab.backend.distances(f, lab.in(a), lab.in(b), y, n, m, d);
              return lab.get(y);
            },
            terms == null ? null : lab -> new double[][] {terms},
            d + 4));
    for (boolean swapped : new boolean[] {false, true}) {
      cases.add(
          new Case(
              name + " gradient, swapped " + swapped,
              lab -> gradient(lab.backend, lab, f, a, b, dy, swapped, n, m, d),
              lab -> gradientTerms(lab, f, a, b, dy, n, m, d, swapped),
              m + d + 8));
    }
  }

  /** Σ|a·b| for each pair. */
  private static double[] absoluteProducts(float[] a, float[] b, int n, int m, int d) {
    double[] sums = new double[n * m];
    for (int i = 0; i < n * m * d; i++) {
      sums[i / d] += Math.abs((double) a[i / d / m * d + i % d] * b[i / d % m * d + i % d]);
    }
    return sums;
  }

  private static double[][] gradient(
      Backend backend,
      Case.Lab lab,
      Distance f,
      float[] a,
      float[] b,
      float[] dy,
      boolean swapped,
      int n,
      int m,
      int d) {
    Buffer bufferA = lab.in(a);
    Buffer bufferB = lab.in(b);
    Buffer y = lab.out((long) n * m);
    if (swapped) {
      backend.distances(f, bufferB, bufferA, y, m, n, d);
    } else {
      backend.distances(f, bufferA, bufferB, y, n, m, d);
    }
    Buffer da = lab.out((long) n * d);
    backend.distancesGrad(f, bufferA, bufferB, y, lab.in(dy), swapped, da, n, m, d);
    return lab.get(da);
  }

  /** Σ_j |dy|·|slope|; of a cosine with both parts of the slope, which may cancel. */
  private static double[][] gradientTerms(
      Case.Lab lab,
      Distance f,
      float[] a,
      float[] b,
      float[] dy,
      int n,
      int m,
      int d,
      boolean swapped) {
    double[] terms = new double[n * d];
    for (int i = 0; i < n; i++) {
      float[] row = java.util.Arrays.copyOfRange(a, i * d, i * d + d);
      double norm = Math.max(norm(row), 1e-8);
      for (int j = 0; j < m; j++) {
        float[] other = java.util.Arrays.copyOfRange(b, j * d, j * d + d);
        float g = Math.abs(dy[swapped ? j * n + i : i * m + j]);
        double normB = norm(other);
        double[] one =
            f == Distance.COSINE
                ? null
                : gradient(lab.backend, lab, f, row, other, new float[] {g}, false, 1, 1, d)[0];
        for (int t = 0; t < d; t++) {
          terms[i * d + t] +=
              f == Distance.COSINE
                  ? g * (Math.abs(other[t]) / normB + Math.abs(row[t]) / norm) / norm
                  : Math.abs(one[t]);
        }
      }
    }
    return new double[][] {terms};
  }

  private static double norm(float[] x) {
    double sum = 0;
    for (float v : x) {
      sum += (double) v * v;
    }
    return Math.sqrt(sum);
  }
}

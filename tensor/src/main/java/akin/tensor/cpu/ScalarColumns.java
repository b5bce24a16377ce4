package akin.tensor.cpu;

import java.util.Arrays;

/** Columns by plain loops. */
final class ScalarColumns implements Columns {
  @Override
  public void sums(float[] x, int at, int pitch, int rows, float[] y, int n) {
    Arrays.fill(y, 0, n, 0);
    for (int r = 0; r < rows; r++) {
      add(x, at + r * pitch, y, 0, n);
    }
  }

  static void add(float[] x, int at, float[] y, int c, int n) {
    for (; c < n; c++) {
      y[c] += x[at + c];
    }
  }

  @Override
  public void squares(float[] x, int at, int pitch, int rows, float[] about, float[] y, int n) {
    Arrays.fill(y, 0, n, 0);
    for (int r = 0; r < rows; r++) {
      addSquares(x, at + r * pitch, about, y, 0, n);
    }
  }

  static void addSquares(float[] x, int at, float[] about, float[] y, int c, int n) {
    for (; c < n; c++) {
      float d = x[at + c] - about[c];
      y[c] = Math.fma(d, d, y[c]);
    }
  }

  @Override
  public void products(
      float[] x, float[] g, int at, int pitch, int rows, float[] about, float[] y, int n) {
    Arrays.fill(y, 0, n, 0);
    for (int r = 0; r < rows; r++) {
      addProducts(x, g, at + r * pitch, about, y, 0, n);
    }
  }

  static void addProducts(float[] x, float[] g, int at, float[] about, float[] y, int c, int n) {
    for (; c < n; c++) {
      y[c] = Math.fma(g[at + c], x[at + c] - about[c], y[c]);
    }
  }

  @Override
  public void lines(float[] x, float[] y, int at, int pitch, int rows, Lines lines, int n) {
    for (int r = 0; r < rows; r++) {
      line(x, y, at + r * pitch, lines, 0, n);
    }
  }

  static void line(float[] x, float[] y, int at, Lines lines, int c, int n) {
    float low = lines.act().low();
    float high = lines.act().high();
    for (; c < n; c++) {
      float v = value(x, at, lines, c);
      y[at + c] = v <= low ? low : v > high ? high : v;
    }
  }

  private static float value(float[] x, int at, Lines lines, int c) {
    return Math.fma(x[at + c] - lines.about()[c], lines.scale()[c], lines.shift()[c]);
  }

  @Override
  public void through(
      float[] x, float[] g, float[] z, int at, int pitch, int rows, Lines lines, int n) {
    for (int r = 0; r < rows; r++) {
      through(x, g, z, at + r * pitch, lines, 0, n);
    }
  }

  static void through(float[] x, float[] g, float[] z, int at, Lines lines, int c, int n) {
    float low = lines.act().low();
    float high = lines.act().high();
    for (; c < n; c++) {
      float v = value(x, at, lines, c);
      z[at + c] = v <= low || v >= high ? 0 : g[at + c];
    }
  }

  @Override
  public void slopes(
      float[] x, float[] g, float[] z, int at, int pitch, int rows, Slopes s, int n) {
    for (int r = 0; r < rows; r++) {
      slope(x, g, z, at + r * pitch, s, 0, n);
    }
  }

  static void slope(float[] x, float[] g, float[] z, int at, Slopes s, int c, int n) {
    for (; c < n; c++) {
      float ofX = Math.fma(s.ofX()[c], x[at + c] - s.about()[c], s.constant()[c]);
      z[at + c] = Math.fma(s.ofG()[c], g[at + c], ofX);
    }
  }
}

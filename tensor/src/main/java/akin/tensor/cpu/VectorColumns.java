package akin.tensor.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Columns with the Vector API. Running sums stay in memory, where the first cache holds them, and
 * four rows are added at a time.
 */
final class VectorColumns implements Columns {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  @Override
  public void sums(float[] x, int at, int pitch, int rows, float[] y, int n) {
    Arrays.fill(y, 0, n, 0);
    int r = 0;
    for (; r <= rows - 4; r += 4) {
      addFour(x, at + r * pitch, pitch, y, n);
    }
    for (; r < rows; r++) {
      add(x, at + r * pitch, y, n);
    }
  }

  private static void addFour(float[] x, int at, int pitch, float[] y, int n) {
    int c = 0;
    for (; c <= n - L; c += L) {
      load(y, c)
          .add(load(x, at + c))
          .add(load(x, at + c + pitch))
          .add(load(x, at + c + 2 * pitch))
          .add(load(x, at + c + 3 * pitch))
          .intoArray(y, c);
    }
    for (int r = 0; r < 4 && c < n; r++) {
      ScalarColumns.add(x, at + r * pitch, y, c, n);
    }
  }

  private static void add(float[] x, int at, float[] y, int n) {
    int c = 0;
    for (; c <= n - L; c += L) {
      load(y, c).add(load(x, at + c)).intoArray(y, c);
    }
    ScalarColumns.add(x, at, y, c, n);
  }

  @Override
  public void squares(float[] x, int at, int pitch, int rows, float[] about, float[] y, int n) {
    Arrays.fill(y, 0, n, 0);
    for (int r = 0; r < rows; r++) {
      addSquares(x, at + r * pitch, about, y, n);
    }
  }

  private static void addSquares(float[] x, int at, float[] about, float[] y, int n) {
    int c = 0;
    for (; c <= n - L; c += L) {
      FloatVector d = load(x, at + c).sub(load(about, c));
      d.fma(d, load(y, c)).intoArray(y, c);
    }
    ScalarColumns.addSquares(x, at, about, y, c, n);
  }

  @Override
  public void products(
      float[] x, float[] g, int at, int pitch, int rows, float[] about, float[] y, int n) {
    Arrays.fill(y, 0, n, 0);
    for (int r = 0; r < rows; r++) {
      addProducts(x, g, at + r * pitch, about, y, n);
    }
  }

  private static void addProducts(float[] x, float[] g, int at, float[] about, float[] y, int n) {
    int c = 0;
    for (; c <= n - L; c += L) {
      FloatVector d = load(x, at + c).sub(load(about, c));
      load(g, at + c).fma(d, load(y, c)).intoArray(y, c);
    }
    ScalarColumns.addProducts(x, g, at, about, y, c, n);
  }

  @Override
  public void lines(float[] x, float[] y, int at, int pitch, int rows, Lines lines, int n) {
    for (int r = 0; r < rows; r++) {
      line(x, y, at + r * pitch, lines, n);
    }
  }

  private static void line(float[] x, float[] y, int at, Lines lines, int n) {
    FloatVector low = FloatVector.broadcast(S, lines.act().low());
    FloatVector high = FloatVector.broadcast(S, lines.act().high());
    int c = 0;
    for (; c <= n - L; c += L) {
      FloatVector v = value(x, at, lines, c);
      FloatVector u = v.blend(low, v.compare(VectorOperators.LE, low));
      u.blend(high, u.compare(VectorOperators.GT, high)).intoArray(y, at + c);
    }
    ScalarColumns.line(x, y, at, lines, c, n);
  }

  private static FloatVector value(float[] x, int at, Lines lines, int c) {
    FloatVector d = load(x, at + c).sub(load(lines.about(), c));
    return d.fma(load(lines.scale(), c), load(lines.shift(), c));
  }

  @Override
  public void through(
      float[] x, float[] g, float[] z, int at, int pitch, int rows, Lines lines, int n) {
    for (int r = 0; r < rows; r++) {
      through(x, g, z, at + r * pitch, lines, n);
    }
  }

  private static void through(float[] x, float[] g, float[] z, int at, Lines lines, int n) {
    FloatVector low = FloatVector.broadcast(S, lines.act().low());
    FloatVector high = FloatVector.broadcast(S, lines.act().high());
    FloatVector zero = FloatVector.zero(S);
    int c = 0;
    for (; c <= n - L; c += L) {
      FloatVector v = value(x, at, lines, c);
      VectorMask<Float> beyond =
          v.compare(VectorOperators.LE, low).or(v.compare(VectorOperators.GE, high));
      load(g, at + c).blend(zero, beyond).intoArray(z, at + c);
    }
    ScalarColumns.through(x, g, z, at, lines, c, n);
  }

  @Override
  public void slopes(
      float[] x, float[] g, float[] z, int at, int pitch, int rows, Slopes s, int n) {
    for (int r = 0; r < rows; r++) {
      slope(x, g, z, at + r * pitch, s, n);
    }
  }

  private static void slope(float[] x, float[] g, float[] z, int at, Slopes s, int n) {
    int c = 0;
    for (; c <= n - L; c += L) {
      FloatVector d = load(x, at + c).sub(load(s.about(), c));
      FloatVector ofX = d.fma(load(s.ofX(), c), load(s.constant(), c));
      load(g, at + c).fma(load(s.ofG(), c), ofX).intoArray(z, at + c);
    }
    ScalarColumns.slope(x, g, z, at, s, c, n);
  }
}

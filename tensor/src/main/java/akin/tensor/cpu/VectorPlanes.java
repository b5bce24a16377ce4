package akin.tensor.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Planes with the Vector API. One loop a method, whose last vector overlaps the one before where
 * sums are taken: a sum that goes from loop to loop would be allocated.
 */
final class VectorPlanes implements Planes {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);
  private static final int L = S.length();

  /** L times no bit, L times all bits: from the middle backwards a mask of upper lanes. */
  private static final int[] UPPER = new int[2 * L];

  static {
    Arrays.fill(UPPER, L, 2 * L, -1);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public void moments(float[] x, int at, int n, float about, float[] sums) {
    FloatVector less = all(about);
    FloatVector a = load(sums, 0);
    FloatVector b = load(sums, L);
    for (int j = 0; j < n; j += L) {
      int i = Math.min(j, n - L);
      FloatVector v = load(x, at + i).sub(less);
      if (i < j) { // what the vector before has counted
        IntVector part = IntVector.fromArray(I, UPPER, n - j);
        v = v.reinterpretAsInts().and(part).reinterpretAsFloats();
      }
      a = v.add(a);
      b = v.fma(v, b);
    }
    FloatVector nothing = all(-0f); // a method of what comes out of a loop may allocate it for good
    nothing.add(a).intoArray(sums, 0);
    nothing.add(b).intoArray(sums, L);
  }

  @Override
  public void value(float[] x, float[] y, int at, int n, Line line) {
    FloatVector mean = all(line.mean());
    FloatVector scale = all(line.scale());
    FloatVector shift = all(line.shift());
    FloatVector low = all(line.low());
    FloatVector high = all(line.high());
    int whole = n - n % L;
    for (int i = at; i < at + whole; i += L) {
      FloatVector v = load(x, i).sub(mean).fma(scale, shift);
      FloatVector u = v.blend(low, v.compare(VectorOperators.LE, low));
      u.blend(high, u.compare(VectorOperators.GT, high)).intoArray(y, i);
    }
    ScalarPlanes.values(x, y, at + whole, at + n, line);
  }

  @Override
  public void products(float[] x, float[] dy, int at, int n, Line line, float[] sums) {
    FloatVector mean = all(line.mean());
    FloatVector scale = all(line.scale());
    FloatVector shift = all(line.shift());
    FloatVector low = all(line.low());
    FloatVector high = all(line.high());
    FloatVector zero = all(0);
    FloatVector a = load(sums, 0);
    FloatVector b = load(sums, L);
    for (int j = 0; j < n; j += L) {
      int i = Math.min(j, n - L);
      FloatVector v = load(x, at + i).sub(mean);
      FloatVector u = v.fma(scale, shift);
      VectorMask<Float> beyond =
          u.compare(VectorOperators.LE, low).or(u.compare(VectorOperators.GE, high));
      FloatVector g = load(dy, at + i).blend(zero, beyond);
      if (i < j) { // what the vector before has counted
        IntVector part = IntVector.fromArray(I, UPPER, n - j);
        g = g.reinterpretAsInts().and(part).reinterpretAsFloats();
      }
      a = g.add(a);
      b = g.fma(v, b);
    }
    FloatVector nothing = all(-0f); // a method of what comes out of a loop may allocate it for good
    nothing.add(a).intoArray(sums, 0);
    nothing.add(b).intoArray(sums, L);
  }

  @Override
  public void gradient(float[] x, float[] dy, float[] dx, int at, int n, Line line, Slope slope) {
    FloatVector mean = all(line.mean());
    FloatVector scale = all(line.scale());
    FloatVector shift = all(line.shift());
    FloatVector low = all(line.low());
    FloatVector high = all(line.high());
    FloatVector zero = all(0);
    FloatVector ofDy = all(slope.ofDy());
    FloatVector ofX = all(slope.ofX());
    FloatVector constant = all(slope.constant());
    int whole = n - n % L;
    for (int i = at; i < at + whole; i += L) {
      FloatVector v = load(x, i).sub(mean);
      FloatVector u = v.fma(scale, shift);
      VectorMask<Float> beyond =
          u.compare(VectorOperators.LE, low).or(u.compare(VectorOperators.GE, high));
      FloatVector g = load(dy, i).blend(zero, beyond);
      g.fma(ofDy, v.fma(ofX, constant)).intoArray(dx, i);
    }
    ScalarPlanes.gradients(x, dy, dx, at + whole, at + n, line, slope);
  }
}

package akin.tensor.cpu;

import akin.tensor.backend.Binary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Lines of numbers with the Vector API; {@link ScalarBinaries} does the tail. */
final class VectorBinaries implements Binaries {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  @Override
  public void value(Binary f, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    ScalarBinaries.rest(f, a, ao, b, bo, y, yo, vectors(f, a, ao, b, bo, y, yo, n), n);
  }

  /** How many elements whole vectors did. */
  private static int vectors(
      Binary f, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    switch (f) {
      case ADD:
        return sum(a, ao, b, bo, y, yo, n);
      case SUB:
        return difference(a, ao, b, bo, y, yo, n);
      case MUL:
        return product(a, ao, b, bo, y, yo, n);
      case DIV:
        return quotient(a, ao, b, bo, y, yo, n);
      case MAX:
        return larger(a, ao, b, bo, y, yo, n);
      case MIN:
        return smaller(a, ao, b, bo, y, yo, n);
      case EQUAL:
        return equal(a, ao, b, bo, y, yo, n);
      case GREATER:
        return greater(a, ao, b, bo, y, yo, n);
      default:
        throw new AssertionError(f);
    }
  }

  private static int sum(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector p = load(a, ao + i);
      FloatVector q = load(b, bo + i);
      p.add(q).intoArray(y, yo + i);
    }
    return i;
  }

  private static int difference(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector p = load(a, ao + i);
      FloatVector q = load(b, bo + i);
      p.sub(q).intoArray(y, yo + i);
    }
    return i;
  }

  private static int product(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector p = load(a, ao + i);
      FloatVector q = load(b, bo + i);
      p.mul(q).intoArray(y, yo + i);
    }
    return i;
  }

  private static int quotient(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector p = load(a, ao + i);
      FloatVector q = load(b, bo + i);
      p.div(q).intoArray(y, yo + i);
    }
    return i;
  }

  private static int larger(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector p = load(a, ao + i);
      FloatVector q = load(b, bo + i);
      p.max(q).intoArray(y, yo + i);
    }
    return i;
  }

  private static int smaller(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector p = load(a, ao + i);
      FloatVector q = load(b, bo + i);
      p.min(q).intoArray(y, yo + i);
    }
    return i;
  }

  private static int equal(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector one = FloatVector.broadcast(S, 1);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector p = load(a, ao + i);
      FloatVector q = load(b, bo + i);
      zero.blend(one, p.compare(VectorOperators.EQ, q)).intoArray(y, yo + i);
    }
    return i;
  }

  private static int greater(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector one = FloatVector.broadcast(S, 1);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector p = load(a, ao + i);
      FloatVector q = load(b, bo + i);
      zero.blend(one, p.compare(VectorOperators.GT, q)).intoArray(y, yo + i);
    }
    return i;
  }
}

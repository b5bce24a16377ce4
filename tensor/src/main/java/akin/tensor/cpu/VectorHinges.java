package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Hinges with the Vector API, a vector of the own side against one number of the other. */
final class VectorHinges implements Hinges {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  @Override
  public void ofFar(
      float margin,
      float[] near,
      int nearAt,
      int p,
      float[] far,
      int farAt,
      int m,
      float[] sums,
      float[] counts) {
    int k = 0;
    for (; k <= m - L; k += L) {
      FloatVector own = FloatVector.fromArray(S, far, farAt + k);
      FloatVector sum = FloatVector.zero(S);
      FloatVector count = FloatVector.zero(S);
      for (int j = 0; j < p; j++) {
        FloatVector l = FloatVector.broadcast(S, near[nearAt + j]).sub(own).add(margin);
        sum = sum.add(l.max(0f));
        count = count.add(1f, l.compare(VectorOperators.GT, 0f));
      }
      sum.intoArray(sums, k);
      count.intoArray(counts, k);
    }
    ScalarHinges.ofFar(margin, near, nearAt, p, far, farAt, m, sums, counts, k);
  }

  @Override
  public void ofNear(
      float margin,
      float[] near,
      int nearAt,
      int p,
      float[] far,
      int farAt,
      int m,
      float[] counts) {
    int j = 0;
    for (; j <= p - L; j += L) {
      FloatVector own = FloatVector.fromArray(S, near, nearAt + j);
      FloatVector count = FloatVector.zero(S);
      for (int k = 0; k < m; k++) {
        FloatVector l = own.sub(FloatVector.broadcast(S, far[farAt + k])).add(margin);
        count = count.add(1f, l.compare(VectorOperators.GT, 0f));
      }
      count.intoArray(counts, j);
    }
    ScalarHinges.ofNear(margin, near, nearAt, p, far, farAt, m, counts, j);
  }
}

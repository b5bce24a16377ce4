package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Rows of layer normalisation with the Vector API. */
final class VectorLayerRows implements LayerRows {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  @Override
  public void normalise(
      float[] x, float[] y, int at, int n, float mean, float invStd, float[] gamma, float[] beta) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector r = FloatVector.broadcast(S, invStd);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector hat = load(x, at + i).sub(m).mul(r);
      hat.fma(load(gamma, i), load(beta, i)).intoArray(y, at + i);
    }
    ScalarLayerRows.normalise(x, y, at, i, n, mean, invStd, gamma, beta);
  }

  @Override
  public void add(
      float[] x,
      float[] dy,
      int at,
      int n,
      float mean,
      float invStd,
      float[] dGamma,
      float[] dBeta) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector r = FloatVector.broadcast(S, invStd);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector g = load(dy, at + i);
      FloatVector hat = load(x, at + i).sub(m).mul(r);
      g.fma(hat, load(dGamma, i)).intoArray(dGamma, i);
      load(dBeta, i).add(g).intoArray(dBeta, i);
    }
    ScalarLayerRows.add(x, dy, at, i, n, mean, invStd, dGamma, dBeta);
  }
}

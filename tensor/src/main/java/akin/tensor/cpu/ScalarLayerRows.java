package akin.tensor.cpu;

/** Rows of layer normalisation by plain loops. */
final class ScalarLayerRows implements LayerRows {
  @Override
  public void normalise(
      float[] x, float[] y, int at, int n, float mean, float invStd, float[] gamma, float[] beta) {
    normalise(x, y, at, 0, n, mean, invStd, gamma, beta);
  }

  static void normalise(
      float[] x,
      float[] y,
      int at,
      int from,
      int n,
      float mean,
      float invStd,
      float[] gamma,
      float[] beta) {
    for (int i = from; i < n; i++) {
      y[at + i] = Math.fma((x[at + i] - mean) * invStd, gamma[i], beta[i]);
    }
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
    add(x, dy, at, 0, n, mean, invStd, dGamma, dBeta);
  }

  static void add(
      float[] x,
      float[] dy,
      int at,
      int from,
      int n,
      float mean,
      float invStd,
      float[] dGamma,
      float[] dBeta) {
    for (int i = from; i < n; i++) {
      dGamma[i] = Math.fma(dy[at + i], (x[at + i] - mean) * invStd, dGamma[i]);
      dBeta[i] += dy[at + i];
    }
  }
}

package akin.tensor.cpu;

/** What layer normalisation does with n numbers of one row, with weights of each column. */
interface LayerRows {
  /** y[at + i] = (x[at + i] − mean)·invStd·γ[i] + β[i]. */
  void normalise(
      float[] x, float[] y, int at, int n, float mean, float invStd, float[] gamma, float[] beta);

  /** dγ[i] += dy[at + i]·(x[at + i] − mean)·invStd, dβ[i] += dy[at + i]. */
  void add(
      float[] x,
      float[] dy,
      int at,
      int n,
      float mean,
      float invStd,
      float[] dGamma,
      float[] dBeta);
}

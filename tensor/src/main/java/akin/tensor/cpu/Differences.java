package akin.tensor.cpu;

/**
 * Sums over the rows of b [m,d] for one row of a: what gradients of distances are made of. Each is
 * taken in order of j by itself for every t &lt; d, so that its bits depend on nothing else.
 */
interface Differences {
  /** y[t] = Σ_j w[j]·(a[t] − b[j,t]). */
  void weighted(float[] a, int ao, float[] b, int m, int d, float[] w, float[] y, int yo);

  /** y[t] = Σ_j w[j]·sign(a[t] − b[j,t]); NaN where a difference is. */
  void signs(float[] a, int ao, float[] b, int m, int d, float[] w, float[] y, int yo);

  /** y[t] = scale·a[t] + Σ_j w[j]·b[j,t]. */
  void rows(float[] a, int ao, float scale, float[] b, int m, int d, float[] w, float[] y, int yo);
}

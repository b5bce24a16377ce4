package akin.tensor.cpu;

/**
 * The maps of {@link Winograd} along one axis of a patch, whose cells are vectors of {@link #lanes}
 * neighbouring channels. For each j &lt; n the cells i of a line begin at x[xo + i·step + j·next],
 * and those of its image at y[yo + i·yStep + j·yNext]; a patch is mapped along one axis, then along
 * the other. No result depends on n.
 */
interface Patches {
  /** Channels of a cell. */
  int lanes();

  /** Bᵀ, six cells to six: pictures. */
  void picture(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext);

  /** G, three cells to six: kernels. */
  void kernel(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext);

  /** Aᵀ, six cells to four: results. */
  void result(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext);

  /** A, four cells to six: gradients of results. */
  void resultGradient(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext);

  /** Gᵀ, six cells to three: gradients of kernels. */
  void kernelGradient(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext);
}

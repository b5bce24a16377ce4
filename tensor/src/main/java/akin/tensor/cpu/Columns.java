package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/**
 * Work down the columns of n neighbouring numbers in rows that begin at {@code at}, {@code at +
 * pitch} …: sums over a few rows in float32, and functions whose coefficients differ from column to
 * column.
 */
interface Columns {
  /** y[c] = Σ over r &lt; rows of x[r,c]. */
  void sums(float[] x, int at, int pitch, int rows, float[] y, int n);

  /** y[c] = Σ (x[r,c] − about[c])². */
  void squares(float[] x, int at, int pitch, int rows, float[] about, float[] y, int n);

  /** y[c] = Σ g[r,c]·(x[r,c] − about[c]). */
  void products(float[] x, float[] g, int at, int pitch, int rows, float[] about, float[] y, int n);

  /** y[r,c] = act((x[r,c] − about[c])·scale[c] + shift[c]). */
  void lines(float[] x, float[] y, int at, int pitch, int rows, Lines lines, int n);

  /** z[r,c] = g[r,c]·act′((x[r,c] − about[c])·scale[c] + shift[c]); z may be g. */
  void through(float[] x, float[] g, float[] z, int at, int pitch, int rows, Lines lines, int n);

  /** Coefficients, one for each column, and the activation. */
  record Lines(float[] about, float[] scale, float[] shift, Activation act) {}

  /** z[r,c] = ofG[c]·g[r,c] + (ofX[c]·(x[r,c] − about[c]) + constant[c]). */
  void slopes(float[] x, float[] g, float[] z, int at, int pitch, int rows, Slopes s, int n);

  /** Coefficients, one for each column. */
  record Slopes(float[] about, float[] ofG, float[] ofX, float[] constant) {}
}

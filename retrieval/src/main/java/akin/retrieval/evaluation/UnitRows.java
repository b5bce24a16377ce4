package akin.retrieval.evaluation;

import akin.nn.Normalize;
import akin.tensor.backend.Vectors;

/**
 * Rows divided by their norms (in double, at least {@link Normalize#EPS}) when they are read: the
 * Euclidean distance orders them as the cosine does.
 *
 * @param source the rows as they are
 */
public record UnitRows(Vectors source) implements Vectors {
  @Override
  public int count() {
    return source.count();
  }

  @Override
  public int width() {
    return source.width();
  }

  @Override
  public void read(int first, int n, float[] to, int at) {
    source.read(first, n, to, at);
    for (int from = at; from < at + n * width(); from += width()) {
      double squares = 0;
      for (int i = from; i < from + width(); i++) {
        squares += (double) to[i] * to[i];
      }
      double norm = Math.max(Math.sqrt(squares), Normalize.EPS);
      for (int i = from; i < from + width(); i++) {
        to[i] = (float) (to[i] / norm);
      }
    }
  }
}

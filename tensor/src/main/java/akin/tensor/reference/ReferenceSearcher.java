package akin.tensor.reference;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Vectors;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Search by measuring every distance, rounding it to float, and sorting. */
final class ReferenceSearcher implements Searcher {
  private final double[] gallery; // [n,d]
  private final int n;
  private final int d;
  private final Distance f;

  ReferenceSearcher(Vectors gallery, Distance f) {
    n = gallery.count();
    d = gallery.width();
    float[] rows = new float[n * d];
    gallery.read(0, n, rows, 0);
    this.gallery = widen(rows, n * d);
    this.f = f;
  }

  @Override
  public void topK(
      float[] queries, int count, int k, Filter filter, int[] rows, float[] distances) {
    float[] to = new float[count * n];
    distances(queries, count, to);
    for (int q = 0; q < count; q++) {
      int first = q * n;
      int query = q;
      int[] nearest =
          IntStream.range(0, n)
              .filter(row -> filter == null || filter.accepts(query, row))
              .boxed()
              .sorted(Comparator.comparingDouble(row -> to[first + row])) // stable, NaN last
              .mapToInt(Integer::intValue)
              .limit(k)
              .toArray();
      for (int i = 0; i < k; i++) {
        boolean found = i < nearest.length;
        rows[q * k + i] = found ? nearest[i] : -1;
        distances[q * k + i] = found ? to[first + nearest[i]] : Float.NaN;
      }
    }
  }

  @Override
  public void distances(float[] queries, int count, float[] distances) {
    double[] wide = widen(queries, count * d);
    for (int q = 0; q < count; q++) {
      for (int row = 0; row < n; row++) {
        distances[q * n + row] = (float) Distances.between(f, wide, q * d, gallery, row * d, d);
      }
    }
  }

  private static double[] widen(float[] x, int length) {
    double[] wide = new double[length];
    for (int i = 0; i < length; i++) {
      wide[i] = x[i];
    }
    return wide;
  }

  @Override
  public void close() {
    // Nothing but heap is held.
  }
}

package akin.tensor.reference;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Searcher;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Search by measuring every distance and sorting. */
final class ReferenceSearcher implements Searcher {
  private final double[] gallery; // [n,d]
  private final int n;
  private final int d;
  private final Distance f;

  ReferenceSearcher(float[] gallery, int n, int d, Distance f) {
    this.gallery = widen(gallery, n * d);
    this.n = n;
    this.d = d;
    this.f = f;
  }

  @Override
  public void topK(
      float[] queries, int count, int k, Filter filter, int[] rows, float[] distances) {
    double[] wide = widen(queries, count * d);
    for (int q = 0; q < count; q++) {
      double[] to = new double[n];
      for (int row = 0; row < n; row++) {
        to[row] = Distances.between(f, wide, q * d, gallery, row * d, d);
      }
      int query = q;
      int[] nearest =
          IntStream.range(0, n)
              .filter(row -> filter == null || filter.accepts(query, row))
              .boxed()
              .sorted(Comparator.comparingDouble(row -> to[row])) // stable, NaN last
              .mapToInt(Integer::intValue)
              .limit(k)
              .toArray();
      for (int i = 0; i < k; i++) {
        boolean found = i < nearest.length;
        rows[q * k + i] = found ? nearest[i] : -1;
        distances[q * k + i] = found ? (float) to[nearest[i]] : Float.NaN;
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

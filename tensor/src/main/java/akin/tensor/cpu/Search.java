package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Searcher;

/**
 * Exact nearest neighbours. The gallery is kept as packed panels of rows, in segments of some
 * panels; a batch of queries is multiplied with one panel after the other, and each distance is
 * offered to its query's {@link Best}. A distance is summed in one order whatever else is in the
 * batch.
 */
final class Search implements Searcher {
  /** Floats of a segment: what one chunk of work reads. */
  private static final int SEGMENT = 1 << 18;

  /** Queries that are answered in one sweep over the gallery. */
  private static final int QUERIES = 256;

  private static final Tiles TILES = Simd.TILES;
  private static final int COLS = TILES.cols();

  private final Workers workers;
  private final Scratch scratch;
  private final Distance distance;
  private final int n;
  private final int d;
  private final int rowsPerSegment;
  private final double[] norms;
  private float[][] segments;

  Search(Workers workers, Scratch scratch, float[] gallery, int n, int d, Distance distance) {
    this.workers = workers;
    this.scratch = scratch;
    this.distance = distance;
    this.n = n;
    this.d = d;
    rowsPerSegment = Math.max(1, SEGMENT / COLS / Math.max(1, d)) * COLS;
    norms = distance == Distance.COSINE ? Distances.norms(gallery, n, d) : null;
    segments = new float[Math.floorDiv(n - 1, rowsPerSegment) + 1][];
    workers.run(
        segments.length,
        (segment, worker) -> {
          int first = segment * rowsPerSegment;
          int rows = Math.min(rowsPerSegment, n - first);
          int panels = (rows + COLS - 1) / COLS;
          Matrix matrix = new Matrix(gallery, first * d, d, true);
          segments[segment] = new float[panels * COLS * d];
          for (int p = 0; p < panels; p++) {
            int row = p * COLS;
            int cols = Math.min(COLS, rows - row);
            matrix.packCols(row, cols, COLS, 0, d, segments[segment], row * d);
          }
        });
  }

  @Override
  public void topK(
      float[] queries, int count, int k, Filter filter, int[] rows, float[] distances) {
    if (segments == null) {
      throw new IllegalStateException("this searcher was closed already");
    }
    for (int first = 0; first < count; first += QUERIES) {
      sweep(queries, first, Math.min(QUERIES, count - first), k, filter, rows, distances);
    }
  }

  private void sweep(
      float[] queries, int first, int count, int k, Filter filter, int[] rows, float[] distances) {
    Gemm.Kind kind = Distances.kind(distance);
    int tallest = kind.tallest();
    Matrix matrix = new Matrix(queries, first * d, d, false);
    float[] packed = new float[(count + tallest - 1) / tallest * tallest * d];
    for (int i = 0; i < count; i += tallest) {
      int height = Math.min(tallest, count - i);
      matrix.packRows(i, height, kind.height(height), 0, d, packed, i * d);
    }
    double[] queryNorms = new double[count];
    if (norms != null) {
      float[] own = java.util.Arrays.copyOfRange(queries, first * d, (first + count) * d);
      queryNorms = Distances.norms(own, count, d);
    }
    Best[][] best = new Best[workers.threads()][];
    double[] norm = queryNorms;
    workers.run(
        segments.length,
        (segment, worker) -> {
          if (best[worker] == null) {
            best[worker] = fresh(count, k);
          }
          float[] tile = scratch.take(worker, Scratch.Use.TILE, tallest * COLS);
          for (int row = 0; row < segments[segment].length / Math.max(1, d); row += COLS) {
            int base = segment * rowsPerSegment + row;
            for (int i = 0; i < count; i += tallest) {
              int height = Math.min(tallest, count - i);
              product(kind, packed, i, height, segments[segment], row, tile);
              for (int q = 0; q < height; q++) {
                finish(tile, q * COLS, base, norm[i + q]);
                offer(tile, q * COLS, base, first + i + q, filter, best[worker][i + q]);
              }
            }
          }
        });
    for (int q = 0; q < count; q++) {
      Best all = new Best(k);
      for (Best[] own : best) {
        if (own != null) {
          all.offerAll(own[q]);
        }
      }
      long[] order = all.sorted();
      for (int i = 0; i < k; i++) {
        boolean found = i < order.length;
        int at = (first + q) * k + i;
        rows[at] = found ? Best.number(order[i]) : -1;
        distances[at] = found ? Best.value(order[i]) : Float.NaN;
      }
    }
  }

  private static Best[] fresh(int count, int k) {
    Best[] best = new Best[count];
    for (int i = 0; i < count; i++) {
      best[i] = new Best(k);
    }
    return best;
  }

  /** The sums in blocks of terms, as {@link Gemm} does them. */
  private void product(
      Gemm.Kind kind, float[] queries, int i, int height, float[] segment, int row, float[] tile) {
    int h = kind.height(height);
    int ao = i * d;
    int bo = row * d;
    for (int k = 0; k < d; k += Gemm.K_BLOCK) {
      int kc = Math.min(Gemm.K_BLOCK, d - k);
      Gemm.kernel(
          kind, h, COLS, queries, ao + k * h, segment, bo + k * COLS, kc, tile, 0, COLS, k > 0);
    }
  }

  private void finish(float[] tile, int at, int base, double queryNorm) {
    if (distance == Distance.EUCLIDEAN) {
      Elements.root(tile, tile, at, at + COLS);
    } else if (distance == Distance.COSINE) {
      for (int c = 0; c < COLS && base + c < n; c++) {
        tile[at + c] = Distances.cosine(tile[at + c], queryNorm, norms[base + c]);
      }
    }
  }

  private void offer(float[] tile, int at, int base, int query, Filter filter, Best best) {
    int cols = Math.min(COLS, n - base);
    for (int c = 0; c < cols; c++) {
      long key = Best.key(tile[at + c], base + c);
      if (best.wants(key) && (filter == null || filter.accepts(query, base + c))) {
        best.offer(key);
      }
    }
  }

  @Override
  public void close() {
    segments = null;
  }
}

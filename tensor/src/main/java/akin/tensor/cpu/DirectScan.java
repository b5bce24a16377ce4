package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.Arrays;

/**
 * Measures every row of a gallery for every query, by the formula of {@link PairDistance}, with
 * tiles of many pairs at once.
 */
final class DirectScan {
  private static final int COLS = Simd.TILES.cols();

  /** Floats of a block of rows, the work of one chunk: with its panels it stays in the cache. */
  private static final int BLOCK = 1 << 16;

  private final Vectors gallery;
  private final Distance distance;
  private final Gemm.Kind kind;
  private final int n;
  private final int d;
  private final int blockRows;

  DirectScan(Vectors gallery, Distance distance) {
    this.gallery = gallery;
    this.distance = distance;
    kind = Distances.kind(distance);
    n = gallery.count();
    d = gallery.width();
    blockRows = Math.max(1, BLOCK / COLS / Math.max(1, d)) * COLS;
  }

  /** Receives the distances of some rows. */
  interface Sink {
    /** Takes far[at + r] as the distance from query i of the ask to row first + r, r &lt; rows. */
    void take(int worker, int i, float[] far, int at, int first, int rows);
  }

  /** The queries of an ask, ready to be measured. */
  record Queries(Ask ask, double[] norms, int group, float[] packed) {}

  /** Prepares queries, of which the norms are known. */
  Queries queries(Ask ask, double[] norms) {
    int group = ask.group(kind);
    return new Queries(ask, norms, group, ask.count() == 1 ? null : ask.packed(kind));
  }

  /** Offers each query's nearest rows to its {@code best}. */
  void answer(Ask ask, double[] norms, Best[] best, Workers workers, Scratch scratch) {
    Best[][] own = new Best[workers.threads()][];
    Sink offer =
        (worker, i, far, at, first, rows) -> {
          if (own[worker] == null) {
            own[worker] = ask.best();
          }
          offer(ask, i, own[worker][i], far, at, first, rows);
        };
    measure(ask, norms, offer, workers, scratch);
    for (Best[] mine : own) {
      for (int i = 0; mine != null && i < best.length; i++) {
        best[i].offerAll(mine[i]);
      }
    }
  }

  /** Offers the rows that were measured for query i. */
  static void offer(Ask ask, int i, Best best, float[] far, int at, int first, int rows) {
    for (int r = 0; r < rows; r++) {
      long key = Best.key(far[at + r], first + r);
      // The set of a filter's candidates need not be looked at: it accepts no others.
      if (best.wants(key) && ask.accepts(i, first + r)) {
        best.offer(key);
      }
    }
  }

  /** Measures all pairs. */
  void measure(Ask ask, double[] norms, Sink sink, Workers workers, Scratch scratch) {
    Queries queries = queries(ask, norms);
    workers.run(
        (int) (((long) n + blockRows - 1) / blockRows),
        (block, worker) -> {
          int first = block * blockRows;
          rows(queries, first, Math.min(blockRows, n - first), sink, worker, scratch);
        });
  }

  /** Measures some rows, but for panels that no query may find. */
  void rows(Queries queries, int first, int rows, Sink sink, int worker, Scratch scratch) {
    Ask ask = queries.ask;
    if (ask.excludes(first, rows)) {
      return;
    }
    float[] read = scratch.take(worker, Scratch.Use.STRIP, rows * d);
    gallery.read(first, rows, read, 0);
    if (ask.count() == 1) {
      // For one query it does not pay to pack rows; and plain loops are fast in a young JVM, too.
      float[] far = scratch.take(worker, Scratch.Use.TILE, rows);
      PairDistance.all(distance, ask.queries(), ask.at(0), queries.norms[0], read, rows, far, 0, d);
      sink.take(worker, 0, far, 0, first, rows);
      return;
    }
    float[] panel = scratch.take(worker, Scratch.Use.STRIP2, COLS * d);
    float[] tile = scratch.take(worker, Scratch.Use.TILE, kind.tallest() * COLS);
    double[] rowNorms = new double[COLS];
    Matrix matrix = new Matrix(read, 0, d, true);
    for (int r = 0; r < rows; r += COLS) {
      int cols = Math.min(COLS, rows - r);
      if (ask.excludes(first + r, cols)) {
        continue;
      }
      matrix.packCols(r, cols, COLS, 0, d, panel, 0);
      if (distance == Distance.COSINE) {
        int start = r;
        Arrays.setAll(rowNorms, c -> c < cols ? PairDistance.norm(read, (start + c) * d, d) : 0);
      }
      for (int i = 0; i < ask.count(); i += queries.group) {
        int height = Math.min(queries.group, ask.count() - i);
        Gemm.kernel(kind, height, COLS, queries.packed, i * d, panel, 0, d, tile, 0, COLS, false);
        for (int q = 0; q < height; q++) {
          finish(tile, q * COLS, queries.norms[i + q], rowNorms);
          sink.take(worker, i + q, tile, q * COLS, first + r, cols);
        }
      }
    }
  }

  private void finish(float[] tile, int at, double norm, double[] rowNorms) {
    if (distance == Distance.EUCLIDEAN) {
      Elements.root(tile, tile, at, at + COLS);
    } else if (distance == Distance.COSINE) {
      for (int c = 0; c < COLS; c++) {
        tile[at + c] = PairDistance.cosine(tile[at + c], norm, rowNorms[c]);
      }
    } else if (distance == Distance.DOT) {
      for (int c = 0; c < COLS; c++) {
        tile[at + c] = 0 - tile[at + c];
      }
    }
  }
}

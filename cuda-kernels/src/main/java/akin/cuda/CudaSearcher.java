package akin.cuda;

import akin.cuda.DevicePool.Scratch;
import akin.cuda.Distances.Lists;
import akin.cuda.Distances.Rows;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Searcher;
import java.util.Arrays;

/**
 * Exact search by measuring every row: for up to 32 answers the nearest are kept while rows are
 * measured, for more all distances are stored and sorted. A distance is the same number either way
 * and for any batch (distances.cu), and keys of distance and row have one order, so the answers are
 * the same, too.
 */
final class CudaSearcher implements Searcher {
  /** Most queries of a sweep over the gallery. */
  private static final int SWEEP = 1024;

  /** Warps of a launch that keeps lists: more than the largest card runs at once. */
  private static final int WARPS = 4096;

  /** Lists of a query, at least, if there are rows for so many. */
  private static final int LISTS = 64;

  /** Most answers that are fetched at once; a large card has room for more than the host. */
  private static final int FETCHED = 1 << 24;

  /** Most words of filters on the device. */
  private static final int FILTER_WORDS = 1 << 23;

  private final Launcher launcher;
  private final Distances distances;
  private final Distance f;
  private final GalleryRows gallery;
  private boolean closed;

  /** Takes the gallery over, and closes it when it is closed. */
  CudaSearcher(Launcher launcher, Distances distances, GalleryRows gallery) {
    this.launcher = launcher;
    this.distances = distances;
    this.gallery = gallery;
    f = gallery.distance();
  }

  @Override
  public void topK(
      float[] queries, int count, int k, Filter filter, int[] rows, float[] distances) {
    requireOpen();
    int kept = Math.min(k, gallery.count());
    Arrays.fill(rows, 0, count * k, -1);
    Arrays.fill(distances, 0, count * k, Float.NaN);
    if (kept == 0) {
      return;
    }
    int sweep = sweep(kept, filter != null);
    for (int first = 0; first < count; first += sweep) {
      int some = Math.min(sweep, count - first);
      int[] keys = new int[2 * some * kept];
      try (Asked asked = new Asked(queries, first, some);
          Bits bits = new Bits(filter, first, some);
          Runs answers = answers(asked.rows(), bits, kept)) {
        launcher.download(answers.keys().address(), keys);
      }
      for (int i = 0; i < some * kept; i++) {
        int at = (first + i / kept) * k + i % kept;
        rows[at] = keys[2 * i];
        distances[at] = distance(keys[2 * i + 1]);
      }
    }
  }

  /** The distance of which a key's upper half was made, as distances.cu says. */
  private static float distance(int bits) {
    return Float.intBitsToFloat(bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits);
  }

  @Override
  public void distances(float[] queries, int count, float[] to) {
    requireOpen();
    int n = gallery.count();
    int sweep = fitting(Float.BYTES * (long) gallery.pieceRows());
    for (int first = 0; first < count; first += sweep) {
      int start = first;
      int some = Math.min(sweep, count - first);
      try (Asked asked = new Asked(queries, first, some)) {
        gallery.each(
            piece -> {
              int m = piece.rows().count();
              try (Scratch y = launcher.pool.scratch(Float.BYTES * (long) some * m)) {
                distances.measure(f, asked.rows(), piece.rows(), gallery.width(), y.address());
                for (int q = 0; q < some; q++) {
                  long from = y.address() + Float.BYTES * (long) q * m;
                  launcher.download(from, to, (start + q) * n + piece.first(), m);
                }
              }
            });
      }
    }
  }

  /** One run of {@code kept} keys for each query. */
  private Runs answers(Rows asked, Bits bits, int kept) {
    int length = Math.min(kept, gallery.pieceRows());
    Runs found = Runs.of(launcher, asked.count(), gallery.pieces(), length);
    try {
      found.clear(); // the last piece may have fewer
      gallery.each(
          piece -> {
            int keep = Math.min(length, piece.rows().count());
            try (Runs runs = runs(asked, piece, bits, keep).merged(keep)) {
              runs.copyTo(found, piece.number());
            }
          });
    } catch (RuntimeException e) { // such as memory that is exhausted
      found.close();
      throw e;
    }
    return found.merged(kept);
  }

  /** Sorted runs that hold the {@code keep} nearest rows of a piece. */
  private Runs runs(Rows asked, GalleryRows.Piece piece, Bits bits, int keep) {
    int m = piece.rows().count();
    int d = gallery.width();
    if (keep > Distances.LIST) {
      try (Scratch y = launcher.pool.scratch(Float.BYTES * (long) asked.count() * m)) {
        distances.measure(f, asked, piece.rows(), d, y.address());
        return Runs.sorted(
            launcher,
            y.address(),
            asked.count(),
            m,
            bits.address(),
            bits.words,
            piece.first(),
            keep);
      }
    }
    int tiles = Distances.parts(asked.count(), Distances.TILE);
    int lists = Math.min(Distances.parts(m, Distances.WARP), Math.max(LISTS, WARPS / tiles));
    Runs runs = Runs.of(launcher, asked.count(), lists, keep);
    distances.nearest(
        f,
        asked,
        piece.rows(),
        d,
        bits.address(),
        bits.words,
        piece.first(),
        new Lists(lists, keep),
        runs.keys().address());
    return runs;
  }

  /** How many queries are answered at once, if each is told so many rows. */
  int sweep(int kept, boolean filtered) {
    long rows = gallery.pieceRows();
    long lists = Math.min(Distances.parts(gallery.pieceRows(), Distances.WARP), WARPS);
    long keys = kept <= Distances.LIST ? 2 * lists * kept : 2 * rows;
    long answers = 2L * gallery.pieces() * Math.min(kept, rows);
    int asked = fitting(Float.BYTES * rows + Long.BYTES * (keys + answers));
    int fitting = Math.max(1, Math.min(asked, FETCHED / kept));
    int words = Math.max(1, FilterBits.words(gallery.count()));
    return filtered ? Math.max(1, Math.min(fitting, FILTER_WORDS / words)) : fitting;
  }

  /** Queries for which half of the room is enough, if each takes so many bytes. */
  private int fitting(long bytes) {
    return (int) Math.max(1, Math.min(SWEEP, launcher.pool.room() / 2 / Math.max(1, bytes)));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this searcher was closed already");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gallery.close();
    }
  }

  /** Queries on the device, their scales after them. */
  private final class Asked implements AutoCloseable {
    private final Scratch place;
    private final Rows rows;

    Asked(float[] queries, int first, int count) {
      int d = gallery.width();
      place = launcher.pool.scratch(Float.BYTES * (long) count * (d + 1));
      rows = new Rows(place.address(), place.address() + Float.BYTES * (long) count * d, count);
      launcher.upload(queries, first * d, count * d, rows.address());
      if (f == Distance.COSINE) {
        distances.scale(rows.address(), rows.scales(), count, d);
      }
    }

    Rows rows() {
      return rows;
    }

    @Override
    public void close() {
      place.close();
    }
  }

  /** A filter on the device, if there is one. */
  private final class Bits implements AutoCloseable {
    private final Scratch place;
    private final int words;

    Bits(Filter filter, int first, int count) {
      words = FilterBits.words(gallery.count());
      place =
          filter == null
              ? launcher.pool.scratch(0)
              : launcher.upload(FilterBits.of(filter, first, count, gallery.count()));
    }

    long address() {
      return place.address();
    }

    @Override
    public void close() {
      place.close();
    }
  }
}

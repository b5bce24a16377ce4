package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Vectors;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Exact nearest neighbours. Two ways lead to the same answers, those of {@link PairDistance}: a
 * {@link DirectScan} measures every row; a {@link BoundedScan} measures only rows that their
 * products with the queries cannot rule out. These are products with a {@link Sketch} of the
 * gallery, a quarter of its memory, or with its {@link PlainRows}, which is half the work of
 * measuring. What both need takes longer to prepare than one scan, so a searcher does it when it is
 * asked for more than one query.
 */
final class Search implements Searcher {
  /** Queries that are answered in one sweep over the gallery. */
  private static final int QUERIES = 256;

  /** Answers that are gathered in one sweep. */
  private static final int ANSWERS = 1 << 22;

  /** Where more than this part of the gallery is wanted, there is little to rule out. */
  private static final int PART = 16;

  private final Workers workers;
  private final Scratch scratch;
  private final Vectors gallery;
  private final Distance distance;
  private final SearchForm form;
  private final DirectScan direct;
  private BoundedScan bounded;
  private long asked;
  private boolean closed;

  Search(Workers workers, Scratch scratch, Vectors gallery, Distance distance, SearchForm form) {
    this.workers = workers;
    this.scratch = scratch;
    this.gallery = gallery;
    this.distance = distance;
    this.form = form;
    direct = new DirectScan(gallery, distance);
  }

  @Override
  public void topK(
      float[] queries, int count, int k, Filter filter, int[] rows, float[] distances) {
    requireOpen();
    int n = gallery.count();
    int kept = Math.min(k, n);
    int sweep = Math.max(1, Math.min(QUERIES, ANSWERS / Math.max(1, kept)));
    asked += count;
    boolean pays = asked > 1 && kept <= n / PART;
    for (int first = 0; first < count; first += sweep) {
      int[] some = IntStream.range(first, Math.min(count, first + sweep)).toArray();
      IntPredicate provable = q -> pays && distance != Distance.L1 && covered(queries, q);
      int[] quick = IntStream.of(some).filter(provable).toArray();
      int[] slow = IntStream.of(some).filter(provable.negate()).toArray();
      answer(new Ask(queries, gallery.width(), quick, kept, filter), true, k, rows, distances);
      answer(new Ask(queries, gallery.width(), slow, kept, filter), false, k, rows, distances);
    }
  }

  private boolean covered(float[] queries, int q) {
    int d = gallery.width();
    return ProductBound.covers(PairDistance.norm(queries, q * d, d));
  }

  @Override
  public void distances(float[] queries, int count, float[] distances) {
    requireOpen();
    int n = gallery.count();
    for (int first = 0; first < count; first += QUERIES) {
      int[] some = IntStream.range(first, Math.min(count, first + QUERIES)).toArray();
      Ask ask = new Ask(queries, gallery.width(), some, 0, null);
      DirectScan.Sink put =
          (worker, i, far, at, row, rows) ->
              System.arraycopy(far, at, distances, some[i] * n + row, rows);
      direct.measure(ask, norms(ask), put, workers, scratch);
    }
  }

  private static double[] norms(Ask ask) {
    return IntStream.range(0, ask.count()).mapToDouble(ask::norm).toArray();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this searcher was closed already");
    }
  }

  private void answer(Ask ask, boolean provable, int k, int[] rows, float[] distances) {
    if (ask.count() == 0) {
      return;
    }
    double[] norms = norms(ask);
    Best[] best = ask.best();
    if (ask.k() == 0) {
      // There is nothing to look for.
    } else if (provable) {
      if (bounded == null) {
        bounded = new BoundedScan(gallery, distance, outline(), direct);
      }
      bounded.answer(ask, norms, best, workers, scratch);
    } else {
      direct.answer(ask, norms, best, workers, scratch);
    }
    for (int i = 0; i < best.length; i++) {
      long[] order = best[i].sorted();
      for (int place = 0; place < k; place++) {
        boolean found = place < order.length;
        int at = ask.numbers()[i] * k + place;
        rows[at] = found ? Best.number(order[place]) : -1;
        distances[at] = found ? Best.value(order[place]) : Float.NaN;
      }
    }
  }

  private Outline outline() {
    return form == SearchForm.INT8
        ? Sketch.of(gallery, distance, workers)
        : PlainRows.of(gallery, distance);
  }

  @Override
  public void close() {
    closed = true;
    bounded = null;
  }
}

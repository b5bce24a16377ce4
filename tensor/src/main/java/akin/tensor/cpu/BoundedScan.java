package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Answers queries by an {@link Outline} of the gallery: all of its rows are multiplied with all
 * queries, and those that {@link ProductBound} cannot rule out are measured by {@link
 * PairDistance}. What is ruled out is proved to be no answer, so the answers are those of measuring
 * every row.
 *
 * <p>Where little can be ruled out, as among rows that differ by less than their products are
 * rounded, segments are measured as a whole, which is faster than row by row.
 */
final class BoundedScan {
  private static final int ROWS = Codes.ROWS;
  private static final Codes CODES = Simd.CODES;

  /** Rows that are measured together. */
  private static final int PENDING = 8;

  /** Measuring one row by itself takes as long as so many with others. */
  private static final int ALONE = 32;

  private final Vectors gallery;
  private final Distance distance;
  private final Outline outline;
  private final DirectScan direct;
  private final int d;

  BoundedScan(Vectors gallery, Distance distance, Outline outline, DirectScan direct) {
    this.gallery = gallery;
    this.distance = distance;
    this.outline = outline;
    this.direct = direct;
    d = gallery.width();
  }

  /** What one thread knows while it works on an {@link Ask}. */
  private final class Worker {
    private final Ask ask;
    private final Outline.Products products;
    private final double[] norms;
    private final Best[] best;
    private final float[] level;
    private final float[] reach;
    private final int[] pending; // rows to be measured, up to PENDING of each query
    private final int[] waiting; // how many
    private final float[] rows = new float[PENDING * d];
    private final float[] far = new float[PENDING];
    private final float[] sums = new float[ROWS * Ask.TALLEST];
    private long passed; // pairs of queries and rows
    private long measured; // of them, one by one

    Worker(Ask ask, Outline.Products products, double[] norms) {
      this.ask = ask;
      this.products = products;
      this.norms = norms;
      best = ask.best();
      level = new float[ask.count()];
      Arrays.fill(level, Float.NEGATIVE_INFINITY);
      reach = new float[ask.count()];
      pending = new int[ask.count() * PENDING];
      waiting = new int[ask.count()];
    }

    /** Whether so much was measured that it would have been faster to measure all. */
    boolean inVain() {
      return ALONE * measured > passed + (long) ALONE * ask.k() * ask.count();
    }

    void segment(int segment) {
      int first = outline.segments().first(segment);
      int rows = outline.segments().height(segment);
      passed += (long) rows * ask.count();
      if (ask.excludes(first, rows)) {
        return;
      }
      products.open(segment);
      for (int r = 0; r < rows; r += ROWS) {
        int count = Math.min(ROWS, rows - r);
        if (!ask.excludes(first + r, count)) {
          products.panel(r);
          for (int i = 0; i < ask.count(); ) {
            int n = products.multiply(i, sums);
            select(i, n, first + r, count);
            i += n;
          }
        }
      }
    }

    /** Takes the rows that cannot be ruled out, for queries i … i + n − 1. */
    private void select(int i, int n, int first, int count) {
      ProductBound bound = outline.bound();
      int left = CODES.left(sums, 0, ROWS, n, bound, first, level, reach, i);
      for (; left != 0; left &= left - 1) {
        int q = Integer.numberOfTrailingZeros(left);
        select(
            i + q,
            bound.candidates(sums, q * ROWS, first, count, level[i + q], reach[i + q]),
            first);
      }
    }

    private void select(int i, long candidates, int first) {
      for (long bits = candidates & ask.allowed(i, first); bits != 0; bits &= bits - 1) {
        int row = first + Long.numberOfTrailingZeros(bits);
        if (ask.accepts(i, row)) {
          pending[i * PENDING + waiting[i]++] = row;
          if (waiting[i] == PENDING) {
            measure(i);
          }
        }
      }
    }

    /** Measures the rows that wait. */
    void measure(int i) {
      for (int p = 0; p < waiting[i]; p++) {
        gallery.read(pending[i * PENDING + p], 1, rows, p * d);
      }
      PairDistance.all(distance, ask.queries(), ask.at(i), norms[i], rows, waiting[i], far, 0, d);
      for (int p = 0; p < waiting[i]; p++) {
        best[i].offer(Best.key(far[p], pending[i * PENDING + p]));
      }
      measured += waiting[i];
      waiting[i] = 0;
      limit(i);
    }

    /** Looks for nothing that is farther than the worst of those kept. */
    private void limit(int i) {
      if (best[i].full()) {
        float worst = best[i].worst();
        level[i] = outline.bound().level(norms[i], worst);
        reach[i] = level[i] > Float.NEGATIVE_INFINITY ? outline.bound().reach(norms[i], worst) : 0;
      }
    }

    /** Measures all rows of a segment. */
    void all(int segment, DirectScan.Queries queries, int worker, Scratch scratch) {
      int first = outline.segments().first(segment);
      int rows = outline.segments().height(segment);
      passed += (long) rows * ask.count();
      DirectScan.Sink offer =
          (w, i, far, at, row, some) -> DirectScan.offer(ask, i, best[i], far, at, row, some);
      direct.rows(queries, first, rows, offer, worker, scratch);
      for (int i = 0; i < best.length; i++) {
        limit(i);
      }
    }
  }

  /** Offers each query's nearest rows to its {@code best}. */
  void answer(Ask ask, double[] norms, Best[] best, Workers workers, Scratch scratch) {
    Supplier<Outline.Products> products = outline.products(ask);
    DirectScan.Queries queries = direct.queries(ask, norms);
    Worker[] own = new Worker[workers.threads()];
    workers.run(
        outline.segments().count(),
        (segment, worker) -> {
          if (own[worker] == null) {
            own[worker] = new Worker(ask, products.get(), norms);
          }
          if (own[worker].inVain()) {
            own[worker].all(segment, queries, worker, scratch);
          } else {
            own[worker].segment(segment);
          }
        });
    for (Worker worker : own) {
      for (int i = 0; worker != null && i < best.length; i++) {
        worker.measure(i);
        best[i].offerAll(worker.best[i]);
      }
    }
  }
}

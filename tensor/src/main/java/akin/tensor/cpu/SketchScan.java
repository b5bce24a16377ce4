package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.Arrays;

/**
 * Answers queries from a {@link Sketch}: all codes are multiplied with all queries, and the rows
 * that {@link SketchBound} cannot rule out are measured by {@link PairDistance}. What is ruled out
 * is proved to be no answer, so the answers are those of measuring every row.
 */
final class SketchScan {
  private static final int ROWS = Codes.ROWS;
  private static final Codes CODES = Simd.CODES;
  private static final Tiles TILES = Simd.TILES;

  /** So few queries are multiplied with the codes themselves: decoding them first costs more. */
  private static final int FEW = 16;

  /** Rows that are measured together. */
  private static final int PENDING = 8;

  private final Vectors gallery;
  private final Distance distance;
  private final Sketch sketch;
  private final int d;

  SketchScan(Vectors gallery, Distance distance, Sketch sketch) {
    this.gallery = gallery;
    this.distance = distance;
    this.sketch = sketch;
    d = gallery.width();
  }

  /** What one thread knows while it works on an {@link Ask}. */
  private final class Worker {
    private final Ask ask;
    private final float[] packed;
    private final int group;
    private final double[] norms;
    private final Best[] best;
    private final float[] level;
    private final float[] reach;
    private final int[] pending; // rows to be measured, up to PENDING of each query
    private final int[] waiting; // how many
    private final float[] rows = new float[PENDING * d];
    private final float[] far = new float[PENDING];
    private final float[] sums = new float[ROWS * Math.max(Codes.FOUR, TILES.tallest())];
    private final float[] panel;

    Worker(Ask ask, float[] packed, double[] norms) {
      this.ask = ask;
      this.packed = packed;
      group = ask.group(Gemm.Kind.PRODUCT);
      this.norms = norms;
      best = ask.best();
      level = new float[ask.count()];
      Arrays.fill(level, Float.NEGATIVE_INFINITY);
      reach = new float[ask.count()];
      pending = new int[ask.count() * PENDING];
      waiting = new int[ask.count()];
      panel = new float[ask.count() <= FEW ? 0 : ROWS * d];
    }

    void segment(int segment) {
      byte[] codes = sketch.codes(segment);
      int first = sketch.firstRow(segment);
      int rows = sketch.firstRow(segment + 1) - first;
      for (int r = 0; r < rows; r += ROWS) {
        int count = Math.min(ROWS, rows - r);
        if (ask.excludes(first + r, count)) {
          continue;
        }
        if (ask.count() == 1) {
          CODES.products(packed, codes, r * d, d, sums);
          select(0, 1, first + r, count);
        } else if (ask.count() <= FEW) {
          for (int i = 0; i < ask.count(); i += Codes.FOUR) {
            CODES.fours(packed, i * d, codes, r * d, d, sums);
            select(i, Math.min(Codes.FOUR, ask.count() - i), first + r, count);
          }
        } else {
          CODES.decode(codes, r * d, ROWS * d, panel);
          panel(first + r, count);
        }
      }
    }

    /** Multiplies the rows in {@code panel} with all queries. */
    private void panel(int base, int rows) {
      for (int i = 0; i < ask.count(); i += group) {
        int height = Math.min(group, ask.count() - i);
        TILES.panel(height, ROWS, true, packed, i * d, panel, 0, ROWS, d, sums, 0, ROWS, false);
        select(i, height, base, rows);
      }
    }

    /** Takes the rows that cannot be ruled out, for queries i … i + n − 1. */
    private void select(int i, int n, int first, int count) {
      SketchBound bound = sketch.bound();
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
      waiting[i] = 0;
      if (best[i].full()) {
        float worst = best[i].worst();
        level[i] = sketch.bound().level(norms[i], worst);
        reach[i] = level[i] > Float.NEGATIVE_INFINITY ? sketch.bound().reach(norms[i], worst) : 0;
      }
    }
  }

  /** Offers each query's nearest rows to its {@code best}. */
  void answer(Ask ask, double[] norms, Best[] best, Workers workers) {
    boolean fours = ask.count() > 1 && ask.count() <= FEW;
    float[] packed = fours ? ask.packed(Codes.FOUR, true) : ask.packed(Gemm.Kind.PRODUCT);
    Worker[] own = new Worker[workers.threads()];
    workers.run(
        sketch.segments(),
        (segment, worker) -> {
          if (own[worker] == null) {
            own[worker] = new Worker(ask, packed, norms);
          }
          own[worker].segment(segment);
        });
    for (Worker worker : own) {
      for (int i = 0; worker != null && i < best.length; i++) {
        worker.measure(i);
        best[i].offerAll(worker.best[i]);
      }
    }
  }
}

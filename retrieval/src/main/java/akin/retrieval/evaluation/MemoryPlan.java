package akin.retrieval.evaluation;

import akin.retrieval.metric.HitRanks;
import akin.tensor.UserError;
import java.util.Locale;

/**
 * How an evaluation of any size is cut to fit a budget of memory: {@code chunk} queries at a time
 * against {@code tile} rows of the gallery at a time. Figures do not depend on it.
 *
 * @param work what is to be done
 * @param budget bytes that may be used
 * @param bytes that will be used, at most
 * @param chunk queries at a time
 * @param tile rows of the gallery at a time
 */
public record MemoryPlan(Work work, long budget, long bytes, int chunk, int tile) {
  /** Floats of a tile's distances that still lie in a shared cache. */
  private static final int DISTANCES = 1 << 22;

  private static final int FEWEST_ROWS = 1 << 11;
  private static final int MOST_ROWS = 1 << 14;
  private static final int FEWEST_QUERIES = 1 << 8;

  /** Floats of the gallery that keep a thread busy, several blocks of a scan. */
  private static final int READ = 1 << 17;

  /** What a thread of a backend needs for itself. */
  private static final long SCRATCH = 1 << 20;

  private static final double MIB = 1 << 20;

  /**
   * What is to be done.
   *
   * @param queries Q
   * @param gallery N
   * @param width D
   * @param relevant the most rows that are relevant to one query
   * @param nearest how many nearest rows of each query are wanted
   * @param kept bytes of each query that are kept until the end, such as its figures
   * @param whole bytes that are kept once, such as a curve over all ranks
   * @param threads that work
   */
  public record Work(
      int queries,
      int gallery,
      int width,
      int relevant,
      int nearest,
      long kept,
      long whole,
      int threads) {
    private long fixed() {
      return queries * kept + whole + threads * SCRATCH;
    }

    /** The query twice, its nearest rows, and what counts its hits. */
    private long state() {
      return 8L * width + 24L * nearest + HitRanks.bytes(relevant);
    }

    /** The reference backend, which copies, needs most: rows in float and in double. */
    private long row() {
      return 12L * width;
    }

    private long bytes(long chunk, long tile) {
      return fixed() + chunk * (state() + 4 * tile) + tile * row();
    }
  }

  /**
   * The plan that keeps the caches busy, or a smaller one that fits.
   *
   * @throws UserError if not even one query and one row at a time fit
   */
  public static MemoryPlan of(Work work, long budget) {
    long wanted = (long) work.threads * READ / work.width;
    int tile = (int) Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, wanted));
    tile = Math.max(1, Math.min(tile, work.gallery));
    int most = Math.max(FEWEST_QUERIES, DISTANCES / tile);
    while (true) {
      long left = budget - work.fixed() - tile * work.row();
      long chunk = Math.min(Math.min(most, work.queries), left / (work.state() + 4L * tile));
      if (chunk >= Math.min(work.queries, tile / 16) && chunk >= 1 || chunk >= 1 && tile == 1) {
        return new MemoryPlan(work, budget, work.bytes(chunk, tile), (int) chunk, tile);
      }
      if (tile == 1) {
        throw tooLittle(work, budget);
      }
      tile /= 2;
    }
  }

  private static UserError tooLittle(Work work, long budget) {
    long least = (work.bytes(1, 1) + (1 << 20) - 1) >> 20;
    return UserError.of("the evaluation does not fit into its memory")
        .at("--memory " + (budget >> 10) + "k")
        .rule(
            String.format(
                Locale.ROOT,
                "%d queries x %d rows x %d, up to %d relevant to one: at least %d MiB",
                work.queries,
                work.gallery,
                work.width,
                work.relevant,
                least))
        .mend("--memory " + least + "m or more, or fewer queries");
  }

  /** One line that says beforehand what will be done. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d queries x %d rows x %d: %.1f of %.0f MiB, %d queries at a time against %d rows",
        work.queries,
        work.gallery,
        work.width,
        bytes / MIB,
        budget / MIB,
        chunk,
        tile);
  }
}

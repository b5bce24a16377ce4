package akin.retrieval.evaluation;

import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.data.Parallel;
import akin.retrieval.data.SelectedRows;
import akin.retrieval.metric.HitRanks;
import akin.retrieval.metric.RankedRelevance;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Ranks a whole gallery for many queries, some queries against some rows at a time. First the
 * relevant rows of each query are measured and sorted; then all rows pass by, and each is counted
 * between the relevant ones. So neither the distances of all pairs nor the ranks of all rows are
 * ever held, and vectors may lie in a mapped file. The outcome does not depend on the plan or on
 * the number of threads.
 *
 * @param queries [Q, D]
 * @param gallery [N, D]
 * @param distance that ranks, equal distances by row, NaN last
 * @param judgement tells relevant rows
 * @param plan how many at a time
 */
public record ExactRanking(
    Vectors queries, Vectors gallery, Distance distance, Judgement judgement, MemoryPlan plan) {

  /**
   * Queries that are done, in order.
   *
   * @param first the number of the first
   * @param rankings where the relevant rows of each stand
   * @param nearest the nearest rows of each, as many as the plan says; −1 where there are fewer
   * @param distances of these; NaN where there are fewer
   */
  public record Chunk(
      int first, List<RankedRelevance> rankings, int[][] nearest, float[][] distances) {}

  /**
   * Distances of some queries and some rows.
   *
   * @param first the number of the first query
   * @param count how many queries
   * @param row the number of the first row
   * @param rows how many rows
   * @param distances [count, rows], and perhaps more behind; overwritten when the next tile comes
   */
  record Tile(int first, int count, int row, int rows, float[] distances) {
    /** Whether a row of the gallery is one of the tile's. */
    boolean holds(int galleryRow) {
      return galleryRow >= row && galleryRow < row + rows;
    }
  }

  /** Ranks for all queries, and hands them on in order, from the calling thread. */
  public void forEach(Session session, Consumer<Chunk> done) {
    passes(session, "ranking", pass -> done.accept(pass.run()));
  }

  /** Hands on the distances of all pairs, from the calling thread. */
  void forEachTile(Session session, Consumer<Tile> done) {
    passes(session, "measuring pairs", pass -> pass.tiles(done));
  }

  private void passes(Session session, String task, Consumer<Pass> done) {
    int n = queries.count();
    int d = queries.width();
    float[] asked = new float[plan.chunk() * d];
    float[] distances = new float[Math.multiplyExact(plan.chunk(), plan.tile())];
    try (Progress.Bar bar = session.progress().start(task, n)) {
      for (int first = 0; first < n; first += plan.chunk()) {
        int count = Math.min(plan.chunk(), n - first);
        asked = count == plan.chunk() ? asked : new float[count * d];
        queries.read(first, count, asked, 0);
        done.accept(new Pass(session, first, count, asked, distances));
        bar.advance(count);
      }
    }
  }

  /** The queries of one chunk. */
  private final class Pass {
    private final Session session;
    private final int first;
    private final int count;
    private final float[] asked;
    private final float[] tile;
    private final HitRanks[] ranks;
    private final int[][] leftOut;

    Pass(Session session, int first, int count, float[] asked, float[] tile) {
      this.session = session;
      this.first = first;
      this.count = count;
      this.asked = asked;
      this.tile = tile;
      ranks = new HitRanks[count];
      leftOut =
          IntStream.range(first, first + count).mapToObj(judgement::leftOut).toArray(int[][]::new);
    }

    Chunk run() {
      sortHits();
      NearestRows[] nearest = new NearestRows[count];
      Arrays.setAll(nearest, i -> new NearestRows(plan.work().nearest()));
      tiles(part -> count(part, nearest));
      List<RankedRelevance> rankings = new ArrayList<>();
      int k = plan.work().nearest();
      int[][] rows = new int[count][k];
      float[][] distances = new float[count][k];
      for (int i = 0; i < count; i++) {
        rankings.add(ranks[i].ranking(gallery.count() - leftOut[i].length));
        int found = nearest[i].take(rows[i], distances[i], 0);
        Arrays.fill(rows[i], found, k, -1);
        Arrays.fill(distances[i], found, k, Float.NaN);
      }
      return new Chunk(first, rankings, rows, distances);
    }

    /** Queries that share their relevant rows are measured together. */
    private void sortHits() {
      Map<int[], List<Integer>> groups = new IdentityHashMap<>();
      for (int i = 0; i < count; i++) {
        groups.computeIfAbsent(judgement.relevant(first + i), rows -> new ArrayList<>()).add(i);
      }
      groups.forEach((rows, group) -> sortHits(rows, group));
    }

    private void sortHits(int[] rows, List<Integer> group) {
      int d = gallery.width();
      float[] some = new float[group.size() * d];
      long[][] hits = new long[group.size()][];
      for (int g = 0; g < hits.length; g++) {
        System.arraycopy(asked, group.get(g) * d, some, g * d, d);
        hits[g] = new long[judgement.count(first + group.get(g))];
      }
      int[] found = new int[hits.length];
      int most = Math.max(1, tile.length / hits.length);
      for (int from = 0; from < rows.length; from += most) {
        int[] part = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + most));
        measure(new SelectedRows(gallery, part), some, hits.length);
        for (int g = 0; g < hits.length; g++) {
          for (int i = 0; i < part.length; i++) {
            if (Arrays.binarySearch(leftOut[group.get(g)], part[i]) < 0) {
              hits[g][found[g]++] = HitRanks.key(tile[g * part.length + i], part[i]);
            }
          }
        }
      }
      Parallel.forEach(
          hits.length, session.threads(), g -> ranks[group.get(g)] = new HitRanks(hits[g]));
    }

    void tiles(Consumer<Tile> done) {
      for (int row = 0; row < gallery.count(); row += plan.tile()) {
        int rows = Math.min(plan.tile(), gallery.count() - row);
        measure(new Part(gallery, row, rows), asked, count);
        done.accept(new Tile(first, count, row, rows, tile));
      }
    }

    private void count(Tile part, NearestRows[] nearest) {
      int row = part.row();
      int rows = part.rows();
      Parallel.forEach(
          count,
          session.threads(),
          i -> {
            int at = i * rows;
            ranks[i].count(row, tile, at, rows);
            nearest[i].offer(row, tile, at, rows, leftOut[i]);
            for (int left : leftOut[i]) {
              if (part.holds(left)) {
                ranks[i].discount(tile[at + left - row], left);
              }
            }
          });
    }

    private void measure(Vectors rows, float[] vectors, int n) {
      try (Searcher searcher = session.backend().searcher(rows, distance, SearchForm.FLOAT32)) {
        searcher.distances(vectors, n, tile);
      }
    }
  }

  /** Rows that follow each other. */
  private record Part(Vectors source, int from, int count) implements Vectors {
    @Override
    public int width() {
      return source.width();
    }

    @Override
    public void read(int first, int n, float[] to, int at) {
      source.read(from + first, n, to, at);
    }
  }
}

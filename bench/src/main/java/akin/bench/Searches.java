package akin.bench;

import akin.bench.Row.Cost;
import akin.bench.Row.Target;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Searcher;
import java.util.List;

/** The ten nearest of a million embeddings of 300 numbers: queries in a second. */
final class Searches {
  private static final int ROWS = 1_000_000;
  private static final int WIDTH = 300;
  private static final int NEAREST = 10;

  private Searches() {}

  static Row row(int queries, Target target, List<Peer> peers) {
    return new Row(
        "search 1Mx300 b" + queries,
        "queries/s",
        queries,
        new Cost(2.0 * queries * ROWS * WIDTH, 4.0 * ROWS * WIDTH),
        target,
        peers,
        1,
        (backend, threads) -> search(backend, queries));
  }

  private static Task search(Backend backend, int queries) {
    Searcher searcher =
        backend.searcher(Numbers.unitRows(ROWS, WIDTH, "gallery"), ROWS, WIDTH, Distance.EUCLIDEAN);
    float[] asked = Numbers.unitRows(queries, WIDTH, "queries");
    int[] rows = new int[queries * NEAREST];
    float[] distances = new float[queries * NEAREST];
    return new Task() {
      @Override
      public void run() {
        searcher.topK(asked, queries, NEAREST, null, rows, distances);
      }

      @Override
      public void close() {
        searcher.close();
      }
    };
  }
}

package akin.cuda.teach;

import akin.tensor.backend.Buffer;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Searcher;
import java.util.ArrayList;
import java.util.List;

/** Calls that measure distances between rows. */
final class SearchExamples {
  private SearchExamples() {}

  static List<Example> distances() {
    List<Example> all = new ArrayList<>();
    for (Distance f : Distance.values()) {
      for (int queries : new int[] {1, 33}) {
        all.add(measured(f, queries));
        all.add(found(f, queries, 10, 20));
      }
    }
    all.add(found(Distance.EUCLIDEAN, 3, 10, 1500));
    return all;
  }

  private static Example measured(Distance f, int queries) {
    return new Example(
        "distances(" + f + ", a [" + queries + ",64], b [N,64], y)",
        (b, on, n) -> {
          int rows = Math.max(1, n / 64);
          Buffer y = b.out((long) queries * rows);
          on.distances(f, b.drawn(queries * 64L), b.drawn(rows * 64L), y, queries, rows, 64);
        });
  }

  /**
   * @param least rows of the gallery
   */
  private static Example found(Distance f, int queries, int k, int least) {
    return new Example(
        "the %d nearest of a gallery [N,64], N ≥ %d, to %d queries (%s)"
            .formatted(k, least, queries, f),
        (b, on, n) -> {
          int rows = Math.max(least, n / 64);
          try (Searcher searcher = on.searcher(b.host(rows * 64), rows, 64, f)) {
            // Which row comes first of two that lie equally far may differ with the rounding.
            float[] distances = b.out(new float[queries * k]);
            searcher.topK(b.host(queries * 64), queries, k, null, new int[queries * k], distances);
          }
        });
  }

  static List<Example> search() {
    return List.of(found(Distance.EUCLIDEAN, 3, 1000, 1500));
  }

  static List<Example> triplets() {
    Example forward =
        new Example(
            "tripletHinge(near [N,8], far [N,64], y)",
            (b, on, n) -> {
              int anchors = Math.max(1, n / 64);
              Buffer near = b.drawn(anchors * 8L);
              Buffer far = b.drawn(anchors * 64L);
              on.tripletHinge(0.5, near, far, b.out(2L * anchors), anchors, 8, 64);
            });
    Example backward =
        new Example(
            "tripletHingeGrad(near [N,8], far [N,64], dy, dNear, dFar)",
            (b, on, n) -> {
              int anchors = Math.max(1, n / 64);
              Buffer near = b.drawn(anchors * 8L);
              Buffer far = b.drawn(anchors * 64L);
              Buffer dy = b.drawn(2L * anchors);
              Buffer dNear = b.out(anchors * 8L);
              on.tripletHingeGrad(0.5, near, far, dy, dNear, b.out(anchors * 64L), anchors, 8, 64);
            });
    return List.of(forward, backward);
  }

  static List<Example> distancesGrad() {
    List<Example> all = new ArrayList<>();
    for (Distance f : Distance.values()) {
      all.add(
          new Example(
              "distancesGrad(" + f + ", a [33,64], b [N,64], y, dy, da)",
              (b, on, n) -> {
                int rows = Math.max(1, n / 64);
                long pairs = 33L * rows;
                Buffer x = b.drawn(33 * 64);
                Buffer w = b.drawn(rows * 64L);
                Buffer y = b.empty(pairs);
                on.distances(f, x, w, y, 33, rows, 64);
                Buffer dy = b.drawn(pairs);
                on.distancesGrad(f, x, w, y, dy, false, b.out(33 * 64), 33, rows, 64);
              }));
    }
    return all;
  }
}

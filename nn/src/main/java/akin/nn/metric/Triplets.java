package akin.nn.metric;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Triplets of an anchor, a positive and a negative.
 *
 * @param anchors rows of the anchors
 * @param positives rows of the items
 * @param negatives rows of the items
 */
public record Triplets(int[] anchors, int[] positives, int[] negatives) implements Tuples {
  /** All triplets of a relation, by anchor, then positive. */
  public static Triplets all(Relation relation) {
    return each(relation.anchors(), relation::positives, relation::negatives);
  }

  /** For each of {@code size} anchors, each of its positives with each of its negatives. */
  public static Triplets each(
      int size, IntFunction<int[]> positives, IntFunction<int[]> negatives) {
    int[][] p = new int[size][];
    int[][] n = new int[size][];
    int count = 0;
    for (int a = 0; a < size; a++) {
      p[a] = positives.apply(a);
      n[a] = negatives.apply(a);
      count = Math.addExact(count, Math.multiplyExact(p[a].length, n[a].length));
    }
    Triplets all = new Triplets(new int[count], new int[count], new int[count]);
    int at = 0;
    for (int a = 0; a < size; a++) {
      for (int positive : p[a]) {
        for (int negative : n[a]) {
          all.anchors[at] = a;
          all.positives[at] = positive;
          all.negatives[at++] = negative;
        }
      }
    }
    return all;
  }

  /** How many. */
  public int count() {
    return anchors.length;
  }

  @Override
  public Pairs pairs() {
    return new Pairs(anchors, positives, anchors, negatives);
  }

  @Override
  public Triplets triplets() {
    return this;
  }

  @Override
  public Triplets first(int count) {
    return only(t -> anchors[t] < count);
  }

  @Override
  public List<int[]> rows(boolean items) {
    return items ? List.of(anchors, positives, negatives) : List.of(anchors);
  }

  /** Those whose number is wanted. */
  public Triplets only(IntPredicate wanted) {
    int[] kept = IntStream.range(0, count()).filter(wanted).toArray();
    return new Triplets(pick(anchors, kept), pick(positives, kept), pick(negatives, kept));
  }

  private static int[] pick(int[] from, int[] which) {
    return IntStream.of(which).map(i -> from[i]).toArray();
  }
}

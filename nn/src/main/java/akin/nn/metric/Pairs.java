package akin.nn.metric;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Pairs of an anchor and a positive, and pairs of an anchor and a negative.
 *
 * @param anchors of the positive pairs
 * @param positives of the positive pairs
 * @param negativeAnchors of the negative pairs
 * @param negatives of the negative pairs
 */
public record Pairs(int[] anchors, int[] positives, int[] negativeAnchors, int[] negatives)
    implements Tuples {
  /** All pairs of a relation, by anchor. */
  public static Pairs all(Relation relation) {
    int[][] positives = new int[relation.anchors()][];
    int[][] negatives = new int[relation.anchors()][];
    Arrays.setAll(positives, relation::positives);
    Arrays.setAll(negatives, relation::negatives);
    return new Pairs(
        repeated(positives), joined(positives), repeated(negatives), joined(negatives));
  }

  /** Those positive and those negative pairs whose number is wanted. */
  public Pairs only(IntPredicate positive, IntPredicate negative) {
    return picked(
        IntStream.range(0, anchors.length).filter(positive).toArray(),
        IntStream.range(0, negatives.length).filter(negative).toArray());
  }

  /** The positive and the negative pairs of these numbers, in this order. */
  public Pairs picked(int[] positive, int[] negative) {
    return new Pairs(
        pick(anchors, positive),
        pick(positives, positive),
        pick(negativeAnchors, negative),
        pick(negatives, negative));
  }

  private static int[] pick(int[] from, int[] which) {
    return IntStream.of(which).map(i -> from[i]).toArray();
  }

  private static int[] repeated(int[][] others) {
    return IntStream.range(0, others.length)
        .flatMap(a -> Arrays.stream(others[a]).map(i -> a))
        .toArray();
  }

  private static int[] joined(int[][] others) {
    return Arrays.stream(others).flatMapToInt(Arrays::stream).toArray();
  }

  @Override
  public Pairs pairs() {
    return this;
  }

  @Override
  public Triplets triplets() {
    int size = Math.max(size(anchors), size(negativeAnchors));
    int[][] p = grouped(size, anchors, positives);
    int[][] n = grouped(size, negativeAnchors, negatives);
    return Triplets.each(size, a -> p[a], a -> n[a]);
  }

  private static int size(int... anchors) {
    return IntStream.of(anchors).max().orElse(-1) + 1;
  }

  /** The items of each anchor, in their order. */
  private static int[][] grouped(int size, int[] anchors, int[] items) {
    int[] count = new int[size];
    for (int a : anchors) {
      count[a]++;
    }
    int[][] groups = new int[size][];
    Arrays.setAll(groups, a -> new int[count[a]]);
    for (int k = anchors.length - 1; k >= 0; k--) {
      groups[anchors[k]][--count[anchors[k]]] = items[k];
    }
    return groups;
  }

  @Override
  public Pairs first(int count) {
    return only(k -> anchors[k] < count, k -> negativeAnchors[k] < count);
  }

  @Override
  public List<int[]> rows(boolean items) {
    return items
        ? List.of(anchors, positives, negativeAnchors, negatives)
        : List.of(anchors, negativeAnchors);
  }
}

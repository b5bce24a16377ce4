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
    IntStream.Builder a = IntStream.builder();
    IntStream.Builder p = IntStream.builder();
    IntStream.Builder n = IntStream.builder();
    for (int i = 0; i < anchors.length; i++) {
      for (int j = 0; j < negatives.length; j++) {
        if (anchors[i] == negativeAnchors[j]) {
          a.add(anchors[i]);
          p.add(positives[i]);
          n.add(negatives[j]);
        }
      }
    }
    return new Triplets(a.build().toArray(), p.build().toArray(), n.build().toArray());
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

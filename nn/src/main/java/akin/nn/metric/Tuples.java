package akin.nn.metric;

import java.util.List;

/**
 * Which pairs or triplets of a batch a loss is made of: rows of anchors and of items. All of them
 * by a {@link Relation}, or those that a {@link Miner} chose.
 */
public sealed interface Tuples permits Pairs, Triplets {
  /** As pairs; triplets (a, p, n) become (a, p) and (a, n), as often as they stand there. */
  Pairs pairs();

  /** As triplets; pairs become every positive with every negative of the same anchor, by anchor. */
  Triplets triplets();

  /** Those whose anchor is one of the first {@code count}. */
  Tuples first(int count);

  /** The rows of the anchors, and those of the items too if asked for, as they stand there. */
  List<int[]> rows(boolean items);
}

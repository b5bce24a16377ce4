package akin.nn.metric;

import akin.tensor.RandomStream;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a loss and a miner look at: anchors, the items they are compared with, and who is whose
 * positive. Mostly the items are the anchors themselves; with a memory bank or a second view they
 * are others.
 *
 * @param anchors [N, D]
 * @param items [M, D]; the same tensor as {@code anchors} within one batch
 * @param own whether anchor i is item i, too: the items are the anchors, or begin with them
 * @param relation N × M
 * @param labels N classes of the anchors; null where only the relation is known
 * @param itemLabels M classes of the items; null likewise
 * @param mined the tuples to use; null for all
 * @param noise of miners that draw
 */
public record Batch(
    Tensor anchors,
    Tensor items,
    boolean own,
    Relation relation,
    int[] labels,
    int[] itemLabels,
    Tuples mined,
    RandomStream noise) {
  private static final RandomStream STILL = RandomStream.of(0, "batch");

  /** Checks that all sizes fit. */
  public Batch {
    Objects.requireNonNull(relation);
    int n = anchors.dim(0);
    int m = items.dim(0);
    boolean fits =
        anchors.shape().rank() == 2
            && items.shape().rank() == 2
            && anchors.dim(1) == items.dim(1)
            && n > 0
            && (!own || n <= m)
            && relation.anchors() == n
            && relation.items() == m
            && (labels == null || labels.length == n)
            && (itemLabels == null || itemLabels.length == m);
    ShapeException.check(
        fits,
        () ->
            ShapeException.of("a batch does not fit its supervision")
                .with("anchors", anchors.shape())
                .with("items", items.shape())
                .with("relation", relation.anchors() + " × " + relation.items())
                .needed("anchors [N, D], items [M, D], relation N × M, N ≥ 1"));
  }

  /** A batch by itself, supervised by labels. */
  public static Batch of(Tensor embeddings, int... labels) {
    LabelLoss.check("a batch", embeddings, labels);
    Relation relation = Relation.ofLabels(labels);
    return new Batch(embeddings, embeddings, true, relation, labels, labels, null, STILL);
  }

  /** A batch against other items, supervised by labels. */
  public static Batch of(Tensor anchors, int[] labels, Tensor items, int[] itemLabels) {
    Relation relation = Relation.ofLabels(labels, itemLabels);
    return new Batch(anchors, items, anchors == items, relation, labels, itemLabels, null, STILL);
  }

  /** A batch against items (or itself), supervised by a relation. */
  public static Batch of(Tensor anchors, Tensor items, Relation relation) {
    return new Batch(anchors, items, anchors == items, relation, null, null, null, STILL);
  }

  /** With tuples that a miner chose. */
  public Batch with(Tuples tuples) {
    return new Batch(anchors, items, own, relation, labels, itemLabels, tuples, noise);
  }

  /** With noise for miners that draw. */
  public Batch with(RandomStream stream) {
    return new Batch(anchors, items, own, relation, labels, itemLabels, mined, stream);
  }

  /**
   * The same, with only the first {@code count} samples as anchors (0 or more than there are: all),
   * and the tuples of these.
   */
  public Batch first(int count) {
    if (count == 0 || count >= size()) {
      return this;
    }
    return new Batch(
        anchors.slice(0, 0, count),
        items,
        own,
        relation.first(count),
        labels == null ? null : Arrays.copyOf(labels, count),
        itemLabels,
        mined == null ? null : mined.first(count),
        noise);
  }

  /** N. */
  public int size() {
    return anchors.dim(0);
  }

  /** Whether the items are the anchors, all of them and no others. */
  public boolean within() {
    return anchors == items;
  }

  /**
   * What a loss of single samples multiplies them with: how often each anchor stands in the mined
   * tuples, in any place, over the most that one does; as an anchor only if it is no item. 1 for
   * all where nothing was mined or the miner found nothing.
   *
   * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020.
   */
  public double[] weights() {
    double[] count = new double[size()];
    if (mined != null) {
      for (int[] rows : mined.rows(own)) {
        for (int row : rows) {
          if (row < count.length) {
            count[row]++;
          }
        }
      }
    }
    double most = Arrays.stream(count).max().orElse(0);
    Arrays.setAll(count, i -> most == 0 ? 1 : count[i] / most);
    return count;
  }

  /** The pairs to use. */
  public Pairs pairs() {
    return mined == null ? Pairs.all(relation) : mined.pairs();
  }

  /** The triplets to use. */
  public Triplets triplets() {
    return mined == null ? Triplets.all(relation) : mined.triplets();
  }
}

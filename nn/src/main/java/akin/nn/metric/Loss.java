package akin.nn.metric;

import akin.nn.Layer;
import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A loss of a batch, as the losses of its pairs, triplets or samples; a {@link Reducer} makes one
 * number of them. What it learns or remembers itself (proxies, a memory) is its {@link #layer}.
 *
 * <p>A batch gives anchors and items (mostly the anchors themselves), who is whose positive and
 * negative, labels where they are known, and the tuples that a miner chose, if one did; what a loss
 * must know of it, {@link #needs} says. An anchor is used if one of the terms is its own, all are
 * if a term is no anchor's own, and skipped otherwise, as one without positives or without
 * negatives where the loss asks for both. A batch of which no anchor is used gives no terms: its
 * loss is 0, and so is its gradient. {@link LossValue} counts both.
 */
public interface Loss extends LabelLoss {
  /**
   * The single losses, in groups that are reduced one by one and added up; none if there is nothing
   * to learn from.
   */
  List<Terms> terms(Batch batch);

  /** What it must know of a batch. */
  Needs needs();

  /** Whether it is the mean of single samples' losses, none of which another sample changes. */
  default boolean ofSingleSamples() {
    return false;
  }

  /** The reducer that the loss was published with. */
  default Reducer reducer() {
    return Reducer.MEAN;
  }

  /** What the loss learns or remembers; initialise and optimise it with the network. */
  default Optional<Layer> layer() {
    return Optional.empty();
  }

  /**
   * Whether its source feeds it embeddings of length 1, though it would take others: with those of
   * any length it is least where all are 0.
   */
  default boolean takesUnitVectors() {
    return false;
  }

  /** The loss of a batch, reduced as published. */
  default LossValue of(Batch batch) {
    return reduced(batch, reducer());
  }

  /** The loss of a batch, reduced in another way. */
  default LossValue reduced(Batch batch, Reducer reducer) {
    List<Terms> terms = terms(batch);
    boolean[] used = new boolean[batch.size()];
    Tensor sum = null;
    for (Terms group : terms) {
      if (group.anchors() == null) {
        Arrays.fill(used, true);
      } else {
        for (int anchor : group.anchors()) {
          used[anchor] = true;
        }
      }
      Tensor value = reducer.of(group, batch);
      sum = sum == null ? value : sum.add(value);
    }
    int count = 0;
    for (boolean each : used) {
      count += each ? 1 : 0;
    }
    int skipped = batch.size() - count;
    return sum == null
        ? LossValue.nothing(batch.anchors(), skipped)
        : new LossValue(sum, count, skipped);
  }

  @Override
  default LossValue of(Tensor embeddings, int[] labels) {
    return of(Batch.of(embeddings, labels));
  }
}

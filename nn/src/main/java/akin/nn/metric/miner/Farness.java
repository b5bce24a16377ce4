package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.tensor.Scope;
import akin.tensor.Tensor;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How far each item of a batch is from each anchor, on the host and without gradients: the
 * distance, or a similarity with its sign turned over, so that larger is farther in either case.
 */
final class Farness {
  private final double[] values; // [N, M]
  private final int items;

  private Farness(double[] values, int items) {
    this.values = values;
    this.items = items;
  }

  /** Of a batch. */
  static Farness of(Distance distance, Batch batch) {
    return of(distance, batch.anchors(), batch.items());
  }

  /** Of any vectors. */
  static Farness of(Distance distance, Tensor anchors, Tensor items) {
    try (Scope scope = Scope.open()) {
      Tensor x = anchors.detach();
      Tensor y = anchors == items ? x : items.detach();
      double[] values = distance.of(x, y).toDoubles();
      if (distance.similarity()) {
        for (int i = 0; i < values.length; i++) {
          values[i] = -values[i];
        }
      }
      return new Farness(values, items.dim(0));
    }
  }

  /** A number of the distance's own, such as a margin, as a farness. */
  static double of(Distance distance, double bound) {
    return distance.similarity() ? -bound : bound;
  }

  /** From anchor to item. */
  double of(int anchor, int item) {
    return values[anchor * items + item];
  }

  /** The farthest of some items, the first of equals; −1 of none. */
  int farthest(int anchor, int... among) {
    int best = -1;
    for (int item : among) {
      best = best < 0 || of(anchor, item) > of(anchor, best) ? item : best;
    }
    return best;
  }

  /** The nearest of some items, the first of equals; −1 of none. */
  int nearest(int anchor, int... among) {
    int best = -1;
    for (int item : among) {
      best = best < 0 || of(anchor, item) < of(anchor, best) ? item : best;
    }
    return best;
  }

  /** An item, or none of −1. */
  static int[] single(int item) {
    return item < 0 ? new int[0] : new int[] {item};
  }

  /** Items from the nearest to the farthest, equals in their order. */
  int[] ascending(int anchor, int... among) {
    return sorted(Comparator.comparingDouble(item -> of(anchor, item)), among);
  }

  /** Items from the farthest to the nearest, equals in their order. */
  int[] descending(int anchor, int... among) {
    return sorted(Comparator.comparingDouble(item -> -of(anchor, item)), among);
  }

  private static int[] sorted(Comparator<Integer> order, int... among) {
    return IntStream.of(among).boxed().sorted(order).mapToInt(i -> i).toArray();
  }
}

package akin.retrieval.sample;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/** Every picture once an epoch, in an order drawn for that epoch. */
public final class ShuffleSampler implements BatchSampler {
  private final int[] pictures;
  private final int batchSize;
  private final int steps;
  private final RandomStream stream;
  private volatile Order last;

  private record Order(long epoch, int[] pictures) {}

  /**
   * Makes the sampler of pictures 0 … n−1.
   *
   * @param dropLast whether a last batch of fewer than {@code batchSize} pictures is left out
   * @throws UserError if there is no picture, or no whole batch where the last is left out
   */
  public ShuffleSampler(int pictures, int batchSize, boolean dropLast, long seed) {
    this(IntStream.range(0, pictures).toArray(), batchSize, dropLast, seed);
  }

  /** The sampler of the pictures with these labels; a label below 0 means no class: left out. */
  public static ShuffleSampler ofLabelled(
      int[] labels, int batchSize, boolean dropLast, long seed) {
    int[] labelled = IntStream.range(0, labels.length).filter(i -> labels[i] >= 0).toArray();
    return new ShuffleSampler(labelled, batchSize, dropLast, seed);
  }

  private ShuffleSampler(int[] pictures, int batchSize, boolean dropLast, long seed) {
    int n = pictures.length;
    if (batchSize < 1 || n < 1 || dropLast && n < batchSize) {
      throw UserError.of("no batch can be made")
          .at("%d pictures, batches of %d".formatted(n, batchSize))
          .rule(
              dropLast
                  ? "at least one whole batch, since an incomplete one is left out"
                  : "at least one picture and a batch size of at least 1")
          .mend("give more pictures or a smaller batch size");
    }
    this.pictures = pictures;
    this.batchSize = batchSize;
    this.steps = dropLast ? n / batchSize : (n - 1) / batchSize + 1;
    this.stream = RandomStream.of(seed, "shuffle");
  }

  @Override
  public int stepsPerEpoch() {
    return steps;
  }

  @Override
  public int[] batch(long epoch, int step) {
    Objects.checkIndex(step, steps);
    Order order = last;
    if (order == null || order.epoch != epoch) {
      int[] places = stream.child(epoch).permutation(pictures.length);
      order = new Order(epoch, IntStream.of(places).map(i -> pictures[i]).toArray());
      last = order;
    }
    int from = step * batchSize;
    return Arrays.copyOfRange(order.pictures, from, Math.min(pictures.length, from + batchSize));
  }
}

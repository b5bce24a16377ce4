package akin.retrieval.sample;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.Objects;

/** Every picture once an epoch, in an order drawn for that epoch. */
public final class ShuffleSampler implements BatchSampler {
  private final int pictures;
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
    if (batchSize < 1 || pictures < 1 || dropLast && pictures < batchSize) {
      throw UserError.of("no batch can be made")
          .at("%d pictures, batches of %d".formatted(pictures, batchSize))
          .rule(
              dropLast
                  ? "at least one whole batch, since an incomplete one is left out"
                  : "at least one picture and a batch size of at least 1")
          .mend("give more pictures or a smaller batch size");
    }
    this.pictures = pictures;
    this.batchSize = batchSize;
    this.steps = dropLast ? pictures / batchSize : (pictures - 1) / batchSize + 1;
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
      order = new Order(epoch, stream.child(epoch).permutation(pictures));
      last = order;
    }
    int from = step * batchSize;
    return Arrays.copyOfRange(order.pictures, from, Math.min(pictures, from + batchSize));
  }
}

package akin.retrieval.sample;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.Objects;

/**
 * Batches of P classes × K pictures, drawn anew at every step: P different classes at random, K
 * different pictures of each at random. In a batch the pictures of a class stand together.
 *
 * <p>A class of fewer than K pictures gives each of them ⌊K/n⌋ or ⌈K/n⌉ times; a class of one
 * picture is never drawn, since its anchor would have no positive. An epoch is only a count of
 * steps: about as many pictures as there are, not each of them once.
 */
public final class RandomPkSampler implements BatchSampler {
  private final ClassTable table;
  private final int classesPerBatch;
  private final int picturesPerClass;
  private final int steps;
  private final RandomStream stream;

  /**
   * Makes the sampler of the pictures with these labels; a label below 0 means no class.
   *
   * @param p P, the classes of a batch, from 1
   * @param k K, the pictures of each, from 2
   * @throws UserError if fewer than P classes have at least two pictures
   */
  public RandomPkSampler(int[] labels, int p, int k, long seed) {
    table = ClassTable.of(labels, p, k);
    classesPerBatch = p;
    picturesPerClass = k;
    steps = Math.max(1, labels.length / (p * k));
    stream = RandomStream.of(seed, "random-pk");
  }

  @Override
  public int stepsPerEpoch() {
    return steps;
  }

  @Override
  public int[] batch(long epoch, int step) {
    Objects.checkIndex(step, steps);
    RandomStream draws = stream.child(epoch).child(step);
    int[] chosen =
        ClassTable.distinct(table.classes().size(), classesPerBatch, draws.child("classes"));
    return table.batch(chosen, picturesPerClass, draws);
  }
}

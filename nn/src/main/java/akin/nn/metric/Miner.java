package akin.nn.metric;

/**
 * Chooses the pairs or triplets that a loss is made of. It looks at distances as they are and lets
 * no gradient through. With a memory bank, the batch's items are the memory.
 */
@FunctionalInterface
public interface Miner {
  /** Every tuple. */
  Miner ALL = Batch::triplets;

  /** The tuples of a batch that are worth learning from; none is a right answer, too. */
  Tuples mine(Batch batch);

  /**
   * The batch with these tuples; a miner may put others, such as centres, in the samples' place.
   */
  default Batch chosen(Batch batch) {
    return batch.with(mine(batch));
  }
}

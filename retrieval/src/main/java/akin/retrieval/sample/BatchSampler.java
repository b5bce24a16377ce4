package akin.retrieval.sample;

/**
 * Which pictures make up a batch, as a function of (seed, epoch, step) alone: a training that
 * resumes at any step sees what an uninterrupted one would have seen. May be asked from several
 * threads.
 */
public interface BatchSampler {
  /** The number of batches of an epoch, at least 1. */
  int stepsPerEpoch();

  /**
   * The pictures of a batch, numbered as the sampler was told of them.
   *
   * @param epoch from 0
   * @param step from 0 to {@link #stepsPerEpoch} − 1
   */
  int[] batch(long epoch, int step);
}

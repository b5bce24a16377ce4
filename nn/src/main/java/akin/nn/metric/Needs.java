package akin.nn.metric;

/**
 * What a loss must be told, and what it makes of mined tuples.
 *
 * @param supervision the least that it must know
 * @param tuples what it is made of
 */
public record Needs(Supervision supervision, Shape tuples) {
  /** The least that a loss must know of a batch. */
  public enum Supervision {
    /** Nothing: two views of each sample stand beside each other. */
    VIEWS,
    /** Who is whose positive and negative, by labels, attributes or a relation. */
    RELATION,
    /** A label for each sample, any whole number. */
    LABELS,
    /** A class for each sample, from 0 to C − 1: the loss keeps something for each. */
    CLASSES
  }

  /** What a loss is made of. */
  public enum Shape {
    /** Pairs; triplets are taken apart. */
    PAIRS,
    /** Triplets; pairs are put together. */
    TRIPLETS,
    /** Samples; how often one stands in a mined tuple is its weight. */
    WEIGHTS,
    /** The whole batch: mined tuples mean nothing to it. */
    BATCH
  }
}

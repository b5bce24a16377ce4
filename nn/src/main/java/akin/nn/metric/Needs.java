package akin.nn.metric;

import akin.tensor.UserError;
import java.util.Optional;

/**
 * What a loss must be told, and what it makes of mined tuples.
 *
 * @param supervision the least that it must know
 * @param tuples what it is made of
 * @param single whether each value is a sample's own, not a class vector's or the whole batch's
 */
public record Needs(Supervision supervision, MadeOf tuples, boolean single) {
  /** Of values that are a sample's own, as nearly everywhere. */
  public Needs(Supervision supervision, MadeOf tuples) {
    this(supervision, tuples, true);
  }

  /** The same of values that are no sample's own. */
  public Needs ofNoSample() {
    return new Needs(supervision, tuples, false);
  }

  /** What two losses of one batch need: the stricter of each. */
  public Needs and(Needs other) {
    boolean views = supervision == Supervision.VIEWS || other.supervision == Supervision.VIEWS;
    Supervision most =
        supervision.compareTo(other.supervision) > 0 ? supervision : other.supervision;
    if (views && most.compareTo(Supervision.RELATION) > 0) {
      throw UserError.of("one loss compares two views, another needs labels")
          .rule("losses of one batch are given the same")
          .mend("take two views in place of labels, or none");
    }
    return new Needs(
        views ? Supervision.VIEWS : most,
        tuples.compareTo(other.tuples) > 0 ? tuples : other.tuples,
        single && other.single);
  }

  /** The least that a loss must know of a batch; after views, from the least to the most. */
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

  /** What a loss is made of, from what goes with most to what goes with least. */
  public enum MadeOf {
    /** Pairs; triplets are taken apart. */
    PAIRS,
    /** Triplets; pairs are put together. */
    TRIPLETS,
    /** Samples; how often one stands in a mined tuple is its weight. */
    WEIGHTS,
    /** The whole batch: mined tuples mean nothing to it. */
    BATCH,
    /** The whole batch by itself: neither mined tuples nor other items mean anything to it. */
    ITSELF
  }

  /**
   * Why the loss does not go with a supervision and a miner, in one sentence; nothing if it does.
   *
   * <p>Classes are labels, and labels and views are relations, so what asks for less goes with
   * more.
   *
   * @param given what is known of the batch
   * @param mined whether a miner chooses tuples
   */
  public Optional<String> refusal(Supervision given, boolean mined) {
    if (mined && (tuples == MadeOf.BATCH || tuples == MadeOf.ITSELF)) {
      return Optional.of("It looks at the whole batch, so mined tuples mean nothing to it.");
    }
    switch (supervision) {
      case VIEWS:
        return unless(
            given == Supervision.VIEWS,
            "It compares two views of each sample, and there is only one.");
      case LABELS:
        return unless(
            given == Supervision.LABELS || given == Supervision.CLASSES,
            "It needs a label for each sample; who is akin to whom does not tell.");
      case CLASSES:
        return unless(
            given == Supervision.CLASSES,
            "It keeps something for each class, so every sample needs a class from 0 to C − 1.");
      default:
        return Optional.empty();
    }
  }

  /** Why a memory of former batches adds nothing to it; nothing if it does. */
  public Optional<String> refusalOfMemory() {
    if (tuples == MadeOf.ITSELF) {
      return Optional.of("It looks at the batch by itself, and a memory holds other samples.");
    }
    return supervision == Supervision.VIEWS
        ? Optional.of("It compares two views of each sample, and a memory holds other samples.")
        : unless(
            !hasClassVectors(), "It compares samples with class vectors, not with each other.");
  }

  private boolean hasClassVectors() {
    return supervision == Supervision.CLASSES && tuples == MadeOf.WEIGHTS;
  }

  /** Whether a sample teaches without a positive beside it, so that shuffled batches do. */
  public boolean teachesAlone() {
    return supervision == Supervision.VIEWS || hasClassVectors();
  }

  /** Why a reducer makes nothing of its values; nothing if it does. */
  public Optional<String> refusal(Reducer reducer) {
    return unless(
        !reducer.weighsClasses() || single && supervision != Supervision.VIEWS,
        "It has no values of single samples, so their classes cannot weigh them.");
  }

  /** What is needed with another reducer. */
  public Needs reducedBy(Reducer reducer) {
    return reducer.weighsClasses() ? new Needs(Supervision.CLASSES, tuples, single) : this;
  }

  /** Why it cannot learn from two views of each sample in place of labels; nothing if it can. */
  public Optional<String> refusalOfViews() {
    return supervision == Supervision.VIEWS
        ? Optional.of("It takes two views of each sample already.")
        : unless(
            supervision != Supervision.CLASSES,
            "It keeps something for each class, and samples are no classes that come again.");
  }

  private static Optional<String> unless(boolean fine, String reason) {
    return fine ? Optional.empty() : Optional.of(reason);
  }
}

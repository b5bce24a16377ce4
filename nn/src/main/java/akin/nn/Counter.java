package akin.nn;

/** A whole number that a layer keeps in its state dict, such as {@code num_batches_tracked}. */
public final class Counter {
  private long value;

  Counter() {}

  /** The number. */
  public long value() {
    return value;
  }

  /** Sets the number. */
  public void set(long value) {
    this.value = value;
  }

  /** Counts one more. */
  public void increment() {
    value++;
  }
}

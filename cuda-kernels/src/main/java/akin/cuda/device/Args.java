package akin.cuda.device;

import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of a launch in order, each with its type: {@code Long} for pointers and {@code long
 * long}, {@code Integer} for {@code int}, {@code Float} and {@code Double} for those.
 */
public final class Args {
  private final List<Number> values = new ArrayList<>();

  private Args() {}

  /** No arguments yet. */
  public static Args of() {
    return new Args();
  }

  /** A pointer, or 0 for none. */
  public Args pointer(long address) {
    values.add(address);
    return this;
  }

  /** A {@code long long}. */
  public Args int64(long value) {
    values.add(value);
    return this;
  }

  /** An {@code int}. */
  public Args int32(int value) {
    values.add(value);
    return this;
  }

  /** A {@code float}. */
  public Args float32(double value) {
    values.add((float) value);
    return this;
  }

  /** A {@code double}. */
  public Args float64(double value) {
    values.add(value);
    return this;
  }

  /** All in order. */
  public List<Number> values() {
    return List.copyOf(values);
  }
}

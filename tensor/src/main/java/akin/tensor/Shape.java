package akin.tensor;

import java.util.Arrays;

/**
 * The sizes of a tensor's axes, outermost first; row-major. {@code []} is a scalar (one element).
 */
public final class Shape {
  private final long[] sizes;

  private Shape(long[] sizes) {
    this.sizes = sizes;
  }

  /**
   * @throws ShapeException if a size is negative or the product of all overflows
   */
  public static Shape of(long... sizes) {
    long count = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw ShapeException.of("shape: a size is negative")
            .with("shape", Arrays.toString(sizes))
            .needed("every size ≥ 0; " + size + " < 0");
      }
      if (size != 0 && count > Long.MAX_VALUE / size) {
        throw ShapeException.of("shape: too many elements")
            .with("shape", Arrays.toString(sizes))
            .needed("product of the sizes < 2^63");
      }
      count *= size;
    }
    return new Shape(sizes.clone());
  }

  /** Number of axes. */
  public int rank() {
    return sizes.length;
  }

  /** Size of {@code axis}; negative axes count from the end. */
  public long size(int axis) {
    return sizes[axis(axis)];
  }

  /** Size of {@code axis} as an int. */
  public int dim(int axis) {
    return Math.toIntExact(size(axis));
  }

  /** Number of elements. */
  public long count() {
    return product(0, sizes.length);
  }

  /** Product of the sizes of the axes {@code from} (inclusive) to {@code to} (exclusive). */
  public long product(int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product *= sizes[i];
    }
    return product;
  }

  /** {@code axis} counted from the front; negative ones count from the end. */
  public int axis(int axis) {
    int a = axis < 0 ? axis + sizes.length : axis;
    if (a < 0 || a >= sizes.length) {
      throw ShapeException.of("shape: no such axis")
          .with("shape", this)
          .needed(-sizes.length + " ≤ axis < " + sizes.length + "; axis = " + axis);
    }
    return a;
  }

  /** This shape with {@code axis} resized. */
  public Shape with(int axis, long size) {
    long[] other = sizes.clone();
    other[axis(axis)] = size;
    return of(other);
  }

  /** This shape without {@code axis}. */
  public Shape without(int axis) {
    int a = axis(axis);
    long[] other = new long[sizes.length - 1];
    System.arraycopy(sizes, 0, other, 0, a);
    System.arraycopy(sizes, a + 1, other, a, other.length - a);
    return new Shape(other);
  }

  /** This shape with a new axis of {@code size}, which becomes {@code axis} of the result. */
  public Shape inserting(int axis, long size) {
    long[] other = Arrays.copyOf(sizes, sizes.length + 1);
    int a = new Shape(other).axis(axis);
    System.arraycopy(sizes, a, other, a + 1, sizes.length - a);
    other[a] = size;
    return of(other);
  }

  /** The sizes, copied. */
  public long[] toArray() {
    return sizes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape && Arrays.equals(sizes, ((Shape) other).sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}

package akin.tensor.check;

import akin.tensor.RandomStream;
import akin.tensor.Shape;
import java.util.List;

/**
 * The random choices of one case, drawn one after the other from a {@link RandomStream}, and how
 * large the case may be. Sizes of axes follow {@link #size}, so that shrinking it leads to the
 * smallest shape that fails.
 */
public final class Draw {
  /** Sizes at which kernels go wrong: around vector widths, and odd beyond a block. */
  private static final int[] AWKWARD = {1, 3, 7, 8, 13, 64, 207, 702};

  private final RandomStream stream;
  private final int size;
  private final boolean awkward;
  private long budget;
  private long next;

  private Draw(RandomStream stream, int size, boolean awkward, long budget) {
    this.stream = stream;
    this.size = size;
    this.awkward = awkward;
    this.budget = budget;
  }

  /** Axes of 1 to {@code size}: for gradient checks. */
  static Draw small(RandomStream stream, int size) {
    return new Draw(stream, size, false, Long.MAX_VALUE);
  }

  /** Awkward axes whose product stays within {@code budget}: for comparing kernels. */
  static Draw awkward(RandomStream stream, long budget) {
    return new Draw(stream, AWKWARD[AWKWARD.length - 1], true, budget);
  }

  /** How large axes may be. */
  public int size() {
    return size;
  }

  /** The size of an axis: 1 to {@link #size}. */
  public int extent() {
    return extent(1, size);
  }

  /** The size of an axis: {@code least} to {@code most}, and not much above {@link #size}. */
  public int extent(int least, int most) {
    int top = Math.max(least, Math.min(most, size));
    if (!awkward) {
      return between(least, top);
    }
    int[] fitting =
        java.util.Arrays.stream(AWKWARD)
            .filter(n -> n >= least && n <= top && n <= budget)
            .toArray();
    int chosen = fitting.length == 0 ? least : fitting[below(fitting.length)];
    budget = Math.max(1, budget / chosen);
    return chosen;
  }

  /** A shape of {@code rank} axes of {@link #extent}. */
  public Shape shape(int rank) {
    long[] sizes = new long[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = extent();
    }
    return Shape.of(sizes);
  }

  /** 0 … n−1. */
  public int below(int n) {
    return stream.below(next++, n);
  }

  /** {@code low} … {@code high}, both possible. */
  public int between(int low, int high) {
    return low + below(high - low + 1);
  }

  /** True as often as false. */
  public boolean coin() {
    return below(2) == 1;
  }

  /** One of {@code options}. */
  public <T> T pick(List<T> options) {
    return options.get(below(options.size()));
  }

  /** Uniform in [low, high). */
  public double real(double low, double high) {
    return low + (high - low) * stream.uniform(next++);
  }

  /** {@code count} numbers uniform in [low, high). */
  public double[] reals(long count, double low, double high) {
    double[] values = new double[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = real(low, high);
    }
    return values;
  }

  /** An input of {@code shape}, uniform in [low, high). */
  public Input input(Shape shape, double low, double high) {
    return Input.of(shape, reals(shape.count(), low, high));
  }

  /** An input of {@code shape}, uniform in [−2, 2). */
  public Input input(Shape shape) {
    return input(shape, -2, 2);
  }

  /** A permutation of 0 … n−1. */
  public int[] permutation(int n) {
    return stream.child(next++).permutation(n);
  }

  /** A stream of its own, for operators that draw. */
  public RandomStream stream() {
    return stream.child(next++);
  }
}

package akin.tensor.cpu;

/**
 * The rows or columns of a matrix cut into panels as tiles read them: a panel is [k, width].
 *
 * @param size rows or columns
 * @param count panels
 * @param most width of the widest panel
 * @param step of widths: of 1, panels are as even as can be; of more, all are full but the last,
 *     which is filled up with zeros
 */
record Panels(int size, int count, int most, int step) {
  static Panels of(int size, int most, int step) {
    return new Panels(size, (size + most - 1) / most, most, step);
  }

  /** The first row or column of a panel, or of one behind the last. */
  int start(int p) {
    return step == 1 ? (int) ((long) size * p / Math.max(1, count)) : p * most;
  }

  /** How many rows or columns a panel has. */
  int length(int p) {
    return Math.min(size, start(p + 1)) - start(p);
  }

  /** Width of a panel, zeros included. */
  int width(int p) {
    return (length(p) + step - 1) / step * step;
  }

  /** Widths of panels {@code first} … {@code last} − 1 together. */
  int width(int first, int last) {
    return first == last ? 0 : start(last - 1) + width(last - 1) - start(first);
  }
}

package akin.tensor.cpu;

/**
 * The rows or columns of a matrix cut into panels as tiles read them: a panel is [k, width]. Either
 * panels are as even as can be, or all are full but the last, which is filled up with zeros.
 *
 * @param size rows or columns
 * @param count panels
 * @param least rows or columns of every panel but, where they are full, the last
 * @param wider how many of the first panels have one more
 * @param step what a width is a multiple of
 */
record Panels(int size, int count, int least, int wider, int step) {
  /** Panels as even as can be, at most {@code most} wide. */
  static Panels even(int size, int most) {
    int count = Math.max(1, (size + most - 1) / most);
    return new Panels(size, count, size / count, size % count, 1);
  }

  /** Full panels, the last of which is as wide as the least multiple of {@code step} that holds. */
  static Panels full(int size, int width, int step) {
    return new Panels(size, Math.max(1, (size + width - 1) / width), width, 0, step);
  }

  /** The first row or column of a panel, or of one behind the last. */
  int start(int p) {
    return p * least + Math.min(p, wider);
  }

  /** How many rows or columns a panel has. */
  int length(int p) {
    return Math.min(size, start(p + 1)) - start(p);
  }

  /** Width of a panel, zeros included. */
  int width(int p) {
    int n = length(p);
    return step == 1 ? n : (n + step - 1) / step * step;
  }

  /** Widths of panels {@code first} … {@code last} − 1 together. */
  int width(int first, int last) {
    return start(last - 1) + width(last - 1) - start(first);
  }
}

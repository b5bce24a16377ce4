package akin.tensor.cpu;

/**
 * The n rows of a gallery in segments, each the work of one chunk.
 *
 * @param n rows of the gallery
 * @param rows of a segment: of whole panels of {@link Codes#ROWS}; the last may have fewer
 */
record Segments(int n, int rows) {
  /** Of about {@code size} numbers, so many that they stay in a cache; at least a panel. */
  static Segments of(int n, int d, int size) {
    return new Segments(n, Math.max(1, size / Codes.ROWS / Math.max(1, d)) * Codes.ROWS);
  }

  int count() {
    return (int) (((long) n + rows - 1) / rows);
  }

  /** The first row of a segment; that of segment {@link #count} is n. */
  int first(int segment) {
    return (int) Math.min(n, (long) segment * rows);
  }

  /** Rows of a segment. */
  int height(int segment) {
    return first(segment + 1) - first(segment);
  }
}

package akin.tensor.cpu;

import java.util.function.Supplier;

/**
 * Rows that are those of a gallery, or near them, in panels of {@link Codes#ROWS}, and panels in
 * {@link Segments}. Their products with queries tell by a {@link ProductBound} which rows of the
 * gallery are no answers.
 */
interface Outline {
  /** The rows of so many whole panels that hold n rows. */
  static int padded(int n) {
    return Math.toIntExact(((long) n + Codes.ROWS - 1) / Codes.ROWS * Codes.ROWS);
  }

  Segments segments();

  /** What is known of the rows, but not before their segment was opened. */
  ProductBound bound();

  /** Gives each thread what multiplies the queries of an ask with rows. */
  Supplier<Products> products(Ask ask);

  /** Products of queries with rows, as one thread needs them. */
  interface Products {
    /** Goes to a segment. */
    void open(int segment);

    /** Goes to the panel that begins at row {@code first} of the segment. */
    void panel(int first);

    /**
     * sums[q·ROWS + r] = Σₖ x(i + q, k)·c(r, k), in any order, for some queries x from i on and the
     * rows c of the panel, those of whom nothing is known taken as 0.
     *
     * @return how many queries, at most {@link Ask#TALLEST}
     */
    int multiply(int i, float[] sums);
  }
}

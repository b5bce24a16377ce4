package akin.cuda;

import akin.tensor.UserError;

/**
 * Cuts work along its first axis where indices of 32 bits end: a descriptor of cuDNN takes tensors
 * below 2³¹ elements, and so do kernels that divide indices.
 *
 * @param most the most elements at once
 */
record Chunks(long most) {
  /** As far as 32 bits with a sign reach. */
  static final Chunks OF_32_BITS = new Chunks(Integer.MAX_VALUE);

  /** Does a chunk: {@code count} rows from row {@code first} on. */
  interface Visit {
    void at(long first, int count);
  }

  /**
   * Visits the chunks in order.
   *
   * @param row elements of a row, of the largest tensor concerned
   */
  void each(long rows, long row, Visit visit) {
    long most = rows(row);
    for (long first = 0; first < rows; first += most) {
      visit.at(first, (int) Math.min(most, rows - first));
    }
  }

  /** How many rows a chunk has. */
  long rows(long row) {
    if (row > most) {
      throw UserError.of("a tensor is too large for the cuda backend")
          .rule("its first axis can be cut, but a slice of " + row + " elements has over " + most)
          .mend("use smaller pictures or fewer channels");
    }
    return most / Math.max(1, row);
  }
}

package akin.retrieval.data;

import akin.tensor.backend.Vectors;

/**
 * Some rows of others, in any order; nothing is copied until it is read.
 *
 * @param source the others
 * @param rows which; not to be changed
 */
public record SelectedRows(Vectors source, int[] rows) implements Vectors {
  @Override
  public int count() {
    return rows.length;
  }

  @Override
  public int width() {
    return source.width();
  }

  @Override
  public void read(int first, int n, float[] to, int at) {
    for (int i = 0; i < n; ) {
      int run = 1; // rows that follow each other are read at once
      while (i + run < n && rows[first + i + run] == rows[first + i] + run) {
        run++;
      }
      source.read(rows[first + i], run, to, at + i * source.width());
      i += run;
    }
  }
}

package akin.tensor.cpu;

/**
 * Matrices of several pictures, joined along the axis that a product sums over.
 *
 * @param first the matrix of the first picture
 * @param terms how many terms of the sum a picture has
 * @param distance of pictures in the array
 */
record Pictures(Matrix first, int terms, int distance) implements Operand {
  @Override
  public boolean lines() {
    return first.lines();
  }

  @Override
  public void packLines(int i, int rows, int k, int kc, float[] to, int at) {
    for (int done = 0; done < kc; ) {
      int in = (k + done) % terms;
      int n = Math.min(terms - in, kc - done);
      of((k + done) / terms).packLines(i, rows, in, n, to, at + done);
      done += n;
    }
  }

  @Override
  public void packRows(int i, int rows, int h, int k, int kc, float[] to, int at) {
    for (int done = 0; done < kc; ) {
      int in = (k + done) % terms;
      int n = Math.min(terms - in, kc - done);
      of((k + done) / terms).packRows(i, rows, h, in, n, to, at + done * h);
      done += n;
    }
  }

  @Override
  public void packCols(int j, int cols, int w, int k, int kc, float[] to, int at) {
    for (int done = 0; done < kc; ) {
      int in = (k + done) % terms;
      int n = Math.min(terms - in, kc - done);
      of((k + done) / terms).packCols(j, cols, w, in, n, to, at + done * w);
      done += n;
    }
  }

  private Matrix of(int picture) {
    int start = first.start() + picture * distance;
    return new Matrix(first.data(), start, first.pitch(), first.transposed());
  }
}

package akin.tensor.backend;

/** Vectors of one length, such as a gallery, in memory or on disk. */
public interface Vectors {
  /** How many there are. */
  int count();

  /** D, the length of each. */
  int width();

  /**
   * Copies rows {@code first} … {@code first + n − 1} to {@code to}, row-major from {@code at} on;
   * called from several threads at once.
   */
  void read(int first, int n, float[] to, int at);

  /** Vectors in memory: rows [n,d], which are not copied and must not be changed. */
  static Vectors of(float[] rows, int n, int d) {
    if ((long) n * d > rows.length) {
      throw new IllegalArgumentException(rows.length + " numbers are not [" + n + "," + d + "]");
    }
    return new Vectors() {
      @Override
      public int count() {
        return n;
      }

      @Override
      public int width() {
        return d;
      }

      @Override
      public void read(int first, int count, float[] to, int at) {
        System.arraycopy(rows, first * d, to, at, count * d);
      }
    };
  }
}

package akin.cuda;

/** How many lanes of a warp share a row. */
final class Lanes {
  private static final int WARP = 32;

  private Lanes() {}

  /** The power of two next to {@code width}, at most a warp: so short rows share a warp. */
  static int of(long width) {
    return width <= 1 ? 1 : width >= WARP ? WARP : Integer.highestOneBit((int) width - 1) * 2;
  }
}

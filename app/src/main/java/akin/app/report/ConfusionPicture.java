package akin.app.report;

import akin.retrieval.data.Image;

/**
 * Draws how often each class is nearest to which: a square for each pair, the query's class down,
 * the nearest picture's across, the darker the more often; green where both are the same.
 */
public final class ConfusionPicture {
  /** More classes than this make squares that cannot be told apart. */
  public static final int MOST = 100;

  private static final int SIDE = 480;
  private static final int[] RIGHT = {0x1f, 0x9d, 0x61};
  private static final int[] WRONG = {0xd6, 0x45, 0x3d};
  private static final int WHITE = 255;

  private ConfusionPicture() {}

  /**
   * The picture.
   *
   * @param shares [C, C], of the queries of each row's class, from 0 to 1
   */
  public static Image draw(double[][] shares) {
    int n = shares.length;
    int cell = Math.max(1, SIDE / n);
    int side = n * cell;
    byte[] bytes = new byte[3 * side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int query = y / cell;
        int nearest = x / cell;
        int[] colour = query == nearest ? RIGHT : WRONG;
        // The root shows that a few are confused, too.
        double share = Math.sqrt(shares[query][nearest]);
        for (int c = 0; c < 3; c++) {
          bytes[3 * (y * side + x) + c] = (byte) Math.round(WHITE + share * (colour[c] - WHITE));
        }
      }
    }
    return new Image(side, side, 3, bytes);
  }
}

package akin.nn.metric;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which items are positives of which anchors, which are negatives, and which are neither. All
 * supervision comes down to it: labels, attribute vectors, or the N×M relation itself. Where the
 * items are the anchors themselves, nobody is positive or negative to itself.
 */
public final class Relation {
  private final byte[][] signs; // [N][M]: 1 positive, −1 negative, 0 neither

  private Relation(byte[][] signs) {
    this.signs = signs;
  }

  /** Equal labels are positives, different ones negatives, within one batch. */
  public static Relation ofLabels(int... labels) {
    Relation within = ofLabels(labels, labels);
    for (int a = 0; a < labels.length; a++) {
      within.signs[a][a] = 0;
    }
    return within;
  }

  /** Equal labels are positives, different ones negatives, from one batch to other items. */
  public static Relation ofLabels(int[] anchors, int[] items) {
    byte[][] signs = new byte[anchors.length][items.length];
    for (int a = 0; a < anchors.length; a++) {
      for (int i = 0; i < items.length; i++) {
        signs[a][i] = (byte) (anchors[a] == items[i] ? 1 : -1);
      }
    }
    return new Relation(signs);
  }

  /** Two views of n samples: item i is the only positive of anchor i, all others are negatives. */
  public static Relation ofViews(int n) {
    byte[][] signs = new byte[n][n];
    for (int a = 0; a < n; a++) {
      Arrays.fill(signs[a], (byte) -1);
      signs[a][a] = 1;
    }
    return new Relation(signs);
  }

  /** Whether these are two views of the same samples, as {@link #ofViews} says. */
  public boolean areViews() {
    return anchors() == items()
        && IntStream.range(0, anchors()).allMatch(a -> positive(a, a) && positives(a).length == 1);
  }

  /**
   * Attribute vectors that share enough are positives, those that share little are negatives. What
   * they share is |x ∧ y| / |x ∨ y| (Jaccard); two empty vectors share all.
   *
   * @param attributes one row a sample, within one batch
   * @param near positives share at least so much; 1 asks for equal vectors
   * @param far negatives share at most so much, less than {@code near}
   */
  public static Relation ofAttributes(boolean[][] attributes, double near, double far) {
    if (!(far < near)) {
      throw new IllegalArgumentException(
          "negatives share less than positives, not up to %s of from %s on".formatted(far, near));
    }
    int n = attributes.length;
    byte[][] signs = new byte[n][n];
    for (int a = 0; a < n; a++) {
      for (int i = 0; i < n; i++) {
        double share = a == i ? Double.NaN : share(attributes[a], attributes[i]);
        signs[a][i] = (byte) (share >= near ? 1 : share <= far ? -1 : 0);
      }
    }
    return new Relation(signs);
  }

  private static double share(boolean[] x, boolean[] y) {
    int both = 0;
    int any = 0;
    for (int k = 0; k < x.length; k++) {
      both += x[k] && y[k] ? 1 : 0;
      any += x[k] || y[k] ? 1 : 0;
    }
    return any == 0 ? 1 : (double) both / any;
  }

  /** Positives where {@code positive} says so, negatives elsewhere. */
  public static Relation of(boolean[][] positive) {
    byte[][] signs = new byte[positive.length][];
    for (int a = 0; a < signs.length; a++) {
      signs[a] = new byte[positive[a].length];
      for (int i = 0; i < signs[a].length; i++) {
        signs[a][i] = (byte) (positive[a][i] ? 1 : -1);
      }
    }
    return new Relation(signs);
  }

  /** Positives where {@code sign} of an anchor and an item is above 0, negatives where below. */
  public static Relation of(int anchors, int items, IntBinaryOperator sign) {
    byte[][] signs = new byte[anchors][items];
    for (int a = 0; a < anchors; a++) {
      for (int i = 0; i < items; i++) {
        signs[a][i] = (byte) Integer.signum(sign.applyAsInt(a, i));
      }
    }
    return new Relation(signs);
  }

  /** The same, but {@code item.applyAsInt(anchor)} is neither to an anchor: itself, mostly. */
  public Relation without(IntUnaryOperator item) {
    byte[][] kept = new byte[signs.length][];
    for (int a = 0; a < kept.length; a++) {
      kept[a] = signs[a].clone();
      kept[a][item.applyAsInt(a)] = 0;
    }
    return new Relation(kept);
  }

  /** The same for the first {@code count} anchors only. */
  public Relation first(int count) {
    return new Relation(Arrays.copyOf(signs, count));
  }

  /** N. */
  public int anchors() {
    return signs.length;
  }

  /** M. */
  public int items() {
    return signs.length == 0 ? 0 : signs[0].length;
  }

  /** Whether the item is a positive of the anchor. */
  public boolean positive(int anchor, int item) {
    return signs[anchor][item] > 0;
  }

  /** Whether the item is a negative of the anchor. */
  public boolean negative(int anchor, int item) {
    return signs[anchor][item] < 0;
  }

  /** The anchor's positives, in order. */
  public int[] positives(int anchor) {
    return where(signs[anchor], 1);
  }

  /** The anchor's negatives, in order. */
  public int[] negatives(int anchor) {
    return where(signs[anchor], -1);
  }

  /** In loops, since a batch's sets are made anew in every step. */
  private static int[] where(byte[] signs, int wanted) {
    int count = 0;
    for (byte sign : signs) {
      count += sign == wanted ? 1 : 0;
    }
    int[] where = new int[count];
    for (int i = 0, at = 0; at < count; i++) {
      if (signs[i] == wanted) {
        where[at++] = i;
      }
    }
    return where;
  }

  @Override
  public String toString() {
    return Arrays.deepToString(signs);
  }
}

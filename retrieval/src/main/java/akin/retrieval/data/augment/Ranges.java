package akin.retrieval.data.augment;

/** What the numbers of augmentations must obey; messages begin with the key to blame. */
final class Ranges {
  private Ranges() {}

  static void within(String key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          key + " must lie between " + low + " and " + high + "; it is " + value);
    }
  }
}

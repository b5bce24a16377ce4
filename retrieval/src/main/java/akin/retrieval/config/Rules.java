package akin.retrieval.config;

/** What the numbers of a recipe must obey; the loader adds file and line to the messages. */
final class Rules {
  private Rules() {}

  static void atLeast(String key, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(key + " must be at least " + least + "; it is " + value);
    }
  }

  static void positive(String key, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(key + " must be a number above 0; it is " + value);
    }
  }

  static void within(String key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          key + " must lie between " + low + " and " + high + "; it is " + value);
    }
  }
}

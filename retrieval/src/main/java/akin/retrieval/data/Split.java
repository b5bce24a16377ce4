package akin.retrieval.data;

import java.util.Locale;
import java.util.Optional;

/** The part of a data set that a picture belongs to, or that is asked for. */
public enum Split {
  /** Learned from. */
  TRAIN,
  /** Watched during training. */
  VALIDATION,
  /** Judged by, once. */
  TEST,
  /** Asked for: every picture. As a picture's own split: the data set says nothing. */
  ALL;

  /** The split of that name in files, folders and options: {@code val} is validation too. */
  public static Optional<Split> named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "train" -> Optional.of(TRAIN);
      case "val", "valid", "validation" -> Optional.of(VALIDATION);
      case "test" -> Optional.of(TEST);
      case "all" -> Optional.of(ALL);
      default -> Optional.empty();
    };
  }
}

package akin.tensor.backend;

/** What {@link Backend#reduce} makes of the elements along an axis. */
public enum Reduction {
  /** Σ x. */
  SUM,
  /** Σ x / n. */
  MEAN,
  /** The largest element; NaN if there is one. */
  MAX,
  /** The smallest element; NaN if there is one. */
  MIN
}

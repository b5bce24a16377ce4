package akin.tensor.backend;

/** A block of numbers in a backend's own precision and memory; only that backend looks inside. */
public interface Buffer {
  /** Number of elements. */
  long length();
}

package akin.tensor.backend;

import java.util.List;
import java.util.Optional;

/** Makes a backend; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
  /** The word after {@code --device}. */
  String name();

  /** Where {@code auto} prefers a higher number. */
  int preference();

  /** Why this backend cannot run here, with the mend; empty if it can. */
  Optional<String> refusal();

  /** What was looked for, where, and which version was found, a line each: for {@code doctor}. */
  default List<String> searched() {
    return List.of();
  }

  /** Opens the backend. */
  Backend open(Options options);

  /**
   * What every backend may be told.
   *
   * @param threads worker threads; 0 for all processors
   * @param ordinal number of the device, for {@code cuda:1}
   */
  record Options(int threads, int ordinal) {}
}

package akin.tensor.backend;

/** What a searcher keeps of its gallery. Answers are the same whatever it is. */
public enum SearchForm {
  /** Nothing but the gallery itself: every distance is measured. */
  FLOAT32,
  /**
   * A sketch beside the gallery, of a byte for each number: it rules out most rows by proof, and
   * the distances of the others are measured.
   */
  INT8
}

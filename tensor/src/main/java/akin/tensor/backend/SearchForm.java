package akin.tensor.backend;

/** What a searcher keeps of its gallery. Answers are the same whatever it is. */
public enum SearchForm {
  /**
   * Nothing but the gallery itself, and a few numbers for each row. Products of queries and rows
   * rule out most rows by proof, and the distances of the others are measured.
   */
  FLOAT32,
  /**
   * A sketch beside the gallery, of a byte for each number, whose products do the same: a quarter
   * of the memory is read.
   */
  INT8
}

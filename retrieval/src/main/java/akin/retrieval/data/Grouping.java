package akin.retrieval.data;

/** By what pictures are put together besides their class. */
public enum Grouping {
  /** A class of classes, such as "chair" for all chairs that are sold. */
  CATEGORY,
  /** Pictures taken one after the other: a query's own sequence is no answer to it. */
  SEQUENCE,
  /** Where pictures come from: the set, of those that were joined. */
  DOMAIN
}

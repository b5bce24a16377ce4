package akin.retrieval.search;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a query of a few attributes becomes a vector. */
public enum QueryForm {
  /** The query network was trained on queries of wanted and unwanted attributes: ask it. */
  @JsonProperty("trained")
  TRAINED,
  /** A(v̄), v̄ the mean of the vectors of the training pictures that satisfy the query. */
  @JsonProperty("mean-vector")
  MEAN_VECTOR,
  /** The normalised mean of A(v) over the training pictures whose vectors v satisfy the query. */
  @JsonProperty("mean")
  MEAN,
  /** The normalised sum of A(e_k) over wanted attributes minus that over unwanted ones. */
  @JsonProperty("difference")
  DIFFERENCE,
  /** A(v) with the wanted bits set and all others not: the plain multi-hot vector. */
  @JsonProperty("multi-hot")
  MULTI_HOT
}

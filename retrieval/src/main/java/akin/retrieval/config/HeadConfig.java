package akin.retrieval.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What makes embeddings of a backbone's features; their length is made 1 afterwards. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = HeadConfig.Linear.class, name = "linear"),
  @JsonSubTypes.Type(value = HeadConfig.Hidden.class, name = "hidden"),
  @JsonSubTypes.Type(value = HeadConfig.Pooling.class, name = "pooling")
})
public sealed interface HeadConfig {
  /**
   * Whether each column of the features is shifted and scaled by its mean and deviation over the
   * training pictures first.
   */
  Boolean standardize();

  /**
   * Dropout · Linear(F → D).
   *
   * @param dropout probability of losing a number in training
   */
  record Linear(Double dropout, Boolean standardize) implements HeadConfig {
    /** Fills in defaults. */
    public Linear {
      dropout = dropout == null ? 0.0 : dropout;
      standardize = standardize != null && standardize;
      Rules.within("dropout", dropout, 0, 0.999);
    }
  }

  /**
   * Dropout · Linear(F → width) · BatchNorm · ReLU · Dropout · Linear(width → D).
   *
   * @param width of the hidden layer
   * @param dropout probability of losing a number before each linear layer
   */
  record Hidden(Integer width, Double dropout, Boolean standardize) implements HeadConfig {
    /** Fills in defaults. */
    public Hidden {
      width = width == null ? 512 : width;
      dropout = dropout == null ? 0.2 : dropout;
      standardize = standardize != null && standardize;
      Rules.atLeast("width", width, 1);
      Rules.within("dropout", dropout, 0, 0.999);
    }
  }

  /** No weights: number i of D is the mean of features ⌊iF/D⌋ to ⌈(i+1)F/D⌉ − 1. */
  record Pooling(Boolean standardize) implements HeadConfig {
    /** Fills in defaults. */
    public Pooling {
      standardize = standardize != null && standardize;
    }
  }
}

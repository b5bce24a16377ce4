package akin.retrieval.config;

import akin.nn.head.Descriptor;
import akin.tensor.UserError;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What makes embeddings of a backbone's features or maps; their length is made 1 afterwards. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = HeadConfig.Linear.class, name = "linear"),
  @JsonSubTypes.Type(value = HeadConfig.Hidden.class, name = "hidden"),
  @JsonSubTypes.Type(value = HeadConfig.Pooling.class, name = "pooling"),
  @JsonSubTypes.Type(value = HeadConfig.Descriptors.class, name = "descriptors"),
  @JsonSubTypes.Type(value = HeadConfig.Flat.class, name = "flat")
})
public sealed interface HeadConfig {
  /**
   * Whether each column of the features is shifted and scaled by its mean and deviation over the
   * training pictures first.
   */
  Boolean standardize();

  /** Whether it reads the backbone's maps, not their means. */
  default boolean takesMaps() {
    return this instanceof Descriptors || this instanceof Flat;
  }

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

  /**
   * Combined global descriptors of the maps, a branch of equal width for each.
   *
   * @param combination letters of S (mean), M (maximum) and G (generalised mean), such as SMG
   * @param p exponent of the generalised mean, or its first value
   * @param learnt whether p learns
   */
  record Descriptors(String combination, Double p, Boolean learnt) implements HeadConfig {
    /** Fills in defaults. */
    public Descriptors {
      combination = combination == null ? "SMG" : combination;
      p = p == null ? 3.0 : p;
      learnt = learnt != null && learnt;
      Rules.positive("p", p);
      try {
        Descriptor.parse(combination);
      } catch (UserError e) {
        throw new IllegalArgumentException("combination: " + e.getMessage(), e);
      }
    }

    @Override
    @JsonIgnore
    public Boolean standardize() {
      return false;
    }
  }

  /** The maps through two 1×1 convolutions, flattened, and two linear layers. */
  record Flat() implements HeadConfig {
    @Override
    @JsonIgnore
    public Boolean standardize() {
      return false;
    }
  }
}

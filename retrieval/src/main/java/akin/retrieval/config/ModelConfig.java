package akin.retrieval.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The image network.
 *
 * @param backbone which
 * @param widths channels of the small network's stages, each half as large as the one before
 * @param embedding numbers of the embedding; the lab network's is fixed, 256
 * @param hidden width of the query network's hidden layer
 */
public record ModelConfig(
    @JsonProperty(required = true) Backbone backbone,
    List<Integer> widths,
    Integer embedding,
    Integer hidden) {

  private static final int LAB_EMBEDDING = 256;

  /** Fills in defaults. */
  public ModelConfig {
    if (backbone == null) {
      throw new IllegalArgumentException("backbone is required: lab, small or features");
    }
    boolean small = backbone == Backbone.SMALL;
    boolean lab = backbone == Backbone.LAB;
    if (!small && widths != null) {
      throw new IllegalArgumentException("widths belong to backbone: small");
    }
    if (lab && embedding != null && embedding != LAB_EMBEDDING) {
      throw new IllegalArgumentException("embedding is 256 with backbone: lab");
    }
    widths = widths == null && small ? List.of(24, 48, 96, 192) : widths;
    embedding = embedding == null ? (lab ? LAB_EMBEDDING : 300) : embedding;
    hidden = hidden == null ? 300 : hidden;
    Rules.atLeast("embedding", embedding, 1);
    Rules.atLeast("hidden", hidden, 1);
  }

  /** The image backbones. */
  public enum Backbone {
    /** Three convolutions for 28 × 28 grey pictures; the features before its last layer. */
    @JsonProperty("lab")
    LAB,
    /** A small residual network for pictures of about 64 × 64. */
    @JsonProperty("small")
    SMALL,
    /** None: a head is trained on features that were extracted before. */
    @JsonProperty("features")
    FEATURES
  }
}

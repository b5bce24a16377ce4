package akin.retrieval.config;

import akin.nn.head.AuxiliaryClassifier;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A classifier that is trained beside a loss of embeddings, and is no part of the model.
 *
 * @param weight of its loss; that of the embeddings' loss is 1
 * @param temperature T, that logits are divided by
 * @param smoothing of the labels
 * @param hidden width of a layer inside; 0 for none
 * @param reads what it tells the classes from
 */
public record AuxiliaryConfig(
    Double weight, Double temperature, Double smoothing, Integer hidden, Reads reads) {
  /** What of a picture an auxiliary classifier sees. */
  public enum Reads {
    /** The features, or the first global descriptor, before any head. */
    @JsonProperty("descriptor")
    DESCRIPTOR,
    /** The embedding, or its first branch where it has several. */
    @JsonProperty("embedding")
    EMBEDDING
  }

  /** Fills in defaults: those of combined global descriptors. */
  public AuxiliaryConfig {
    AuxiliaryClassifier.Options usual = AuxiliaryClassifier.Options.usual();
    weight = weight == null ? 1.0 : weight;
    temperature = temperature == null ? usual.temperature() : temperature;
    smoothing = smoothing == null ? usual.smoothing() : smoothing;
    hidden = hidden == null ? usual.hidden() : hidden;
    reads = reads == null ? Reads.DESCRIPTOR : reads;
    Rules.positive("weight", weight);
    Rules.positive("temperature", temperature);
    Rules.within("smoothing", smoothing, 0, 1);
    Rules.atLeast("hidden", hidden, 0);
  }

  /** The classifier, from so many numbers to so many classes. */
  public AuxiliaryClassifier create(int width, int classes) {
    AuxiliaryClassifier.Options options =
        new AuxiliaryClassifier.Options(hidden, temperature, smoothing);
    return new AuxiliaryClassifier(width, classes, options);
  }
}

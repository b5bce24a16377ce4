package akin.retrieval.model;

import akin.nn.Bundle;
import akin.nn.Dropout;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Sequential;
import akin.nn.Standardize;
import akin.nn.head.HiddenHead;
import akin.retrieval.config.HeadConfig;
import akin.tensor.Tensor;

/** What follows a backbone: features [N,F] → embedding [N,D], not yet of length 1 → logits. */
final class Heads {
  static final String STANDARDIZE = "standardize";

  private final Standardize standardize;
  private final Layer head;
  private final Linear classifier;

  /**
   * Places the parts into a network.
   *
   * @param classes 0 for no classifier
   */
  Heads(Bundle network, HeadConfig config, int features, int embedding, int classes) {
    standardize = config.standardize() ? new Standardize(features) : null;
    head = head(config, features, embedding);
    classifier = classes == 0 ? null : new Linear(embedding, classes);
    if (standardize != null) {
      network.with(STANDARDIZE, standardize);
    }
    network.with("head", head);
    if (classifier != null) {
      network.with("classifier", classifier);
    }
  }

  private static Layer head(HeadConfig config, int features, int embedding) {
    if (config instanceof HeadConfig.Hidden hidden) {
      return HiddenHead.unscaled(
          features, new HiddenHead.Options(hidden.width(), embedding, hidden.dropout()));
    }
    if (config instanceof HeadConfig.Pooling) {
      return new FeaturePool(embedding);
    }
    HeadConfig.Linear linear = (HeadConfig.Linear) config;
    Linear projection = new Linear(features, embedding);
    return linear.dropout() == 0
        ? projection
        : new Sequential(new Dropout(linear.dropout()), projection);
  }

  /** [N,F] → [N,D]. */
  Tensor embed(Tensor features) {
    return head.apply(standardize == null ? features : standardize.apply(features));
  }

  /** [N,F] → [N,classes]. */
  Tensor logits(Tensor features) {
    if (classifier == null) {
      throw new IllegalStateException("this run classifies nothing");
    }
    return classifier.apply(embed(features));
  }

  /** Means of neighbouring features, as many as the embedding has numbers. */
  private static final class FeaturePool extends Layer {
    private final int embedding;

    FeaturePool(int embedding) {
      this.embedding = embedding;
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor row = x.reshape(x.dim(0), 1, 1, x.dim(1));
      return row.adaptiveAvgPool2d(1, embedding).reshape(x.dim(0), embedding);
    }
  }
}

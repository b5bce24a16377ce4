package akin.retrieval.model;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.tensor.Tensor;

/**
 * A linear head on features that were extracted before: [N,F] → [N,D]; a classifier if asked for.
 */
final class FeatureHead implements RetrievalModel.PictureNetwork {
  private final Bundle parts = new Bundle();
  private final Linear head;
  private final Linear classifier;

  /**
   * @param classes 0 for no classifier
   */
  FeatureHead(int features, int embedding, int classes) {
    head = new Linear(features, embedding);
    classifier = classes == 0 ? null : new Linear(embedding, classes);
    parts.with("head", head);
    if (classifier != null) {
      parts.with("classifier", classifier);
    }
  }

  @Override
  public Layer network() {
    return parts;
  }

  @Override
  public Tensor embed(Tensor features) {
    return head.apply(features).normalize(1, Normalize.EPS);
  }

  @Override
  public Tensor logits(Tensor features) {
    if (classifier == null) {
      throw new IllegalStateException("this run classifies nothing");
    }
    return classifier.apply(head.apply(features));
  }

  @Override
  public Tensor features(Tensor features) {
    return features;
  }
}

package akin.retrieval.model;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.retrieval.config.HeadConfig;
import akin.tensor.Tensor;

/** A head on features that were extracted before: [N,F] → [N,D]; a classifier if asked for. */
final class FeatureHead implements RetrievalModel.PictureNetwork {
  private final Bundle parts = new Bundle();
  private final Heads heads;
  private final int features;
  private final int embedding;

  /**
   * @param classes 0 for no classifier
   */
  FeatureHead(HeadConfig head, int features, int embedding, int classes) {
    this.features = features;
    this.embedding = embedding;
    heads = new Heads(parts, head, features, embedding, classes);
  }

  @Override
  public Layer network() {
    return parts;
  }

  @Override
  public Tensor unscaled(Tensor features) {
    return heads.embed(features);
  }

  @Override
  public RetrievalModel.Reading reading(Tensor features) {
    Tensor embedded = heads.embed(features);
    return new RetrievalModel.Reading(embedded, features, embedded);
  }

  @Override
  public int descriptorWidth() {
    return features;
  }

  @Override
  public int branchWidth() {
    return embedding;
  }

  @Override
  public Tensor logits(Tensor features) {
    return heads.logits(features);
  }

  @Override
  public Tensor features(Tensor features) {
    return features;
  }
}

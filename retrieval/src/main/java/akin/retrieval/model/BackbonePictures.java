package akin.retrieval.model;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.retrieval.config.HeadConfig;
import akin.tensor.Tensor;

/** A backbone, a head to the embedding, and a classifier if asked for. */
final class BackbonePictures implements RetrievalModel.PictureNetwork {
  private final Bundle parts = new Bundle();
  private final Layer backbone;
  private final Heads heads;
  private final int features;
  private final int embedding;

  /**
   * @param backbone pictures [N,C,H,W] → features [N,F]
   * @param features F
   * @param classes 0 for no classifier
   */
  BackbonePictures(Layer backbone, HeadConfig head, int features, int embedding, int classes) {
    this.backbone = backbone;
    this.features = features;
    this.embedding = embedding;
    parts.with(RetrievalModel.BACKBONE, backbone);
    heads = new Heads(parts, head, features, embedding, classes);
  }

  @Override
  public Layer network() {
    return parts;
  }

  @Override
  public Tensor unscaled(Tensor pictures) {
    return heads.embed(backbone.apply(pictures));
  }

  @Override
  public RetrievalModel.Reading reading(Tensor pictures) {
    Tensor made = backbone.apply(pictures);
    Tensor embedded = heads.embed(made);
    return new RetrievalModel.Reading(embedded, made, embedded);
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
  public Tensor features(Tensor pictures) {
    return backbone.apply(pictures);
  }

  @Override
  public Tensor logits(Tensor pictures) {
    return heads.logits(backbone.apply(pictures));
  }
}

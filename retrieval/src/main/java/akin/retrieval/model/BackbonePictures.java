package akin.retrieval.model;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.tensor.Tensor;

/** A backbone, a linear head to the embedding, and a classifier if asked for. */
final class BackbonePictures implements RetrievalModel.PictureNetwork {
  private final Bundle parts = new Bundle();
  private final Layer backbone;
  private final Linear head;
  private final Linear classifier;

  /**
   * @param backbone pictures [N,C,H,W] → features [N,F]
   * @param features F
   * @param classes 0 for no classifier
   */
  BackbonePictures(Layer backbone, int features, int embedding, int classes) {
    this.backbone = backbone;
    head = new Linear(features, embedding);
    classifier = classes == 0 ? null : new Linear(embedding, classes);
    parts.with(RetrievalModel.BACKBONE, backbone).with("head", head);
    if (classifier != null) {
      parts.with("classifier", classifier);
    }
  }

  @Override
  public Layer network() {
    return parts;
  }

  @Override
  public Tensor embed(Tensor pictures) {
    return head.apply(backbone.apply(pictures)).normalize(1, Normalize.EPS);
  }

  @Override
  public Tensor features(Tensor pictures) {
    return backbone.apply(pictures);
  }

  @Override
  public Tensor logits(Tensor pictures) {
    if (classifier == null) {
      throw new IllegalStateException("this run classifies nothing");
    }
    return classifier.apply(head.apply(backbone.apply(pictures)));
  }
}

package akin.retrieval.model;

import akin.nn.Layer;
import akin.nn.backbone.LabConvNet;
import akin.tensor.Tensor;

/** The lab network: its features are the embedding. */
final class LabPictures implements RetrievalModel.PictureNetwork {
  private final LabConvNet network = new LabConvNet();

  @Override
  public Layer network() {
    return network;
  }

  @Override
  public Tensor unscaled(Tensor pictures) {
    return network.unscaled(pictures);
  }

  @Override
  public Tensor embed(Tensor pictures) {
    return network.features(pictures);
  }

  @Override
  public Tensor features(Tensor pictures) {
    return network.features(pictures);
  }

  @Override
  public Tensor logits(Tensor pictures) {
    return network.apply(pictures);
  }
}

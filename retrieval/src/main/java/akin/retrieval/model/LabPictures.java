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
  public RetrievalModel.Reading reading(Tensor pictures) {
    Tensor made = unscaled(pictures);
    return new RetrievalModel.Reading(made, made, made);
  }

  @Override
  public int descriptorWidth() {
    return LabConvNet.FEATURES;
  }

  @Override
  public int branchWidth() {
    return LabConvNet.FEATURES;
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

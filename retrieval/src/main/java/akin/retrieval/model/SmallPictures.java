package akin.retrieval.model;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.nn.backbone.SmallConvNet;
import akin.tensor.Tensor;
import java.util.List;

/** The small residual network, a linear head to the embedding, and a classifier if asked for. */
final class SmallPictures implements RetrievalModel.PictureNetwork {
  private final Bundle parts = new Bundle();
  private final SmallConvNet backbone;
  private final Linear head;
  private final Linear classifier;

  /**
   * @param classes 0 for no classifier
   */
  SmallPictures(int channels, List<Integer> widths, int embedding, int classes) {
    int[] stages = widths.stream().mapToInt(Integer::intValue).toArray();
    backbone = new SmallConvNet(new SmallConvNet.Options(channels, stages, 1));
    head = new Linear(backbone.features(), embedding);
    classifier = classes == 0 ? null : new Linear(embedding, classes);
    parts.with("backbone", backbone).with("head", head);
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

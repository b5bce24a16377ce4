package akin.retrieval.model;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.backbone.FeatureMaps;
import akin.nn.head.Descriptor;
import akin.nn.head.FlatHead;
import akin.nn.head.GlobalDescriptors;
import akin.retrieval.config.HeadConfig;
import akin.retrieval.config.ModelConfig;
import akin.retrieval.data.Preprocessing;
import akin.tensor.Tensor;
import akin.tensor.UserError;

/** A backbone whose maps, not their means, a head makes embeddings of. */
final class MapPictures implements RetrievalModel.PictureNetwork {
  private final Bundle parts = new Bundle();
  private final Layer backbone;
  private final FeatureMaps maps;
  private final Layer head;
  private final Linear classifier;
  private final int embedding;

  /**
   * @param backbone gives maps
   * @param classes 0 for no classifier
   * @throws UserError if the backbone's features are not means of maps
   */
  MapPictures(Layer backbone, ModelConfig model, Preprocessing input, int classes) {
    if (!(backbone instanceof FeatureMaps given)) {
      throw UserError.of("backbone " + model.backbone() + " has no maps for this head")
          .at("model.head")
          .rule("heads descriptors and flat read maps whose means are the features")
          .mend("choose a residual or mobile network, or head: {kind: linear}");
    }
    this.backbone = backbone;
    maps = given;
    embedding = model.embedding();
    head = head(model, given, input);
    classifier = classes == 0 ? null : new Linear(embedding, classes);
    parts.with(RetrievalModel.BACKBONE, backbone).with("head", head);
    if (classifier != null) {
      parts.with("classifier", classifier);
    }
  }

  private static Layer head(ModelConfig model, FeatureMaps maps, Preprocessing input) {
    if (model.head() instanceof HeadConfig.Descriptors d) {
      return new GlobalDescriptors(
          maps.width(),
          new GlobalDescriptors.Options(
              Descriptor.parse(d.combination()), model.embedding(), d.p(), d.learnt()));
    }
    int cells = cells(input.height(), maps) * cells(input.width(), maps);
    return new FlatHead(maps.width(), cells, model.embedding());
  }

  /** ⌈side/stride⌉. */
  private static int cells(int side, FeatureMaps maps) {
    return (side + maps.stride() - 1) / maps.stride();
  }

  @Override
  public Layer network() {
    return parts;
  }

  @Override
  public Tensor unscaled(Tensor pictures) {
    return head.apply(maps.maps(pictures));
  }

  @Override
  public RetrievalModel.Reading reading(Tensor pictures) {
    Tensor read = maps.maps(pictures);
    if (head instanceof GlobalDescriptors descriptors) {
      GlobalDescriptors.Parts each = descriptors.parts(read);
      return new RetrievalModel.Reading(each.embedding(), each.descriptor(), each.branch());
    }
    Tensor made = head.apply(read);
    return new RetrievalModel.Reading(made, read.mean(false, 2, 3), made);
  }

  @Override
  public int descriptorWidth() {
    return maps.width();
  }

  @Override
  public int branchWidth() {
    return head instanceof GlobalDescriptors descriptors ? descriptors.branchWidth() : embedding;
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
    return classifier.apply(unscaled(pictures));
  }
}

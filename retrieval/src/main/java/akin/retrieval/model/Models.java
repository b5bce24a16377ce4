package akin.retrieval.model;

import akin.nn.Layer;
import akin.nn.backbone.Backbone;
import akin.nn.backbone.SmallConvNet;
import akin.nn.head.AttributeNet;
import akin.nn.head.QueryNet;
import akin.retrieval.config.ModelConfig;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Preprocessing;
import akin.tensor.UserError;

/** Builds the networks that a recipe names. */
public final class Models {
  private static final int LAB_SIDE = 28;
  private static final int LAB_CLASSES = 10;
  private static final double ATTRIBUTE_EPS = 1e-3;

  private Models() {}

  /**
   * The networks, without values yet: initialise them, or allocate and load them.
   *
   * @param attributes how many attributes the data set has; 0 for none
   * @param classes how many classes it has; 0 for none
   * @param features numbers in a feature, where the data set holds features; else 0
   */
  public static RetrievalModel create(RunConfig config, int attributes, int classes, int features) {
    ModelConfig model = config.model();
    Preprocessing input = config.data().preprocessing();
    int told = config.objective().classifies() ? classes : 0;
    RetrievalModel.PictureNetwork pictures =
        switch (model.backbone()) {
          case ModelConfig.LAB -> lab(input, told);
          case ModelConfig.SMALL -> small(input, model, told);
          case ModelConfig.FEATURES ->
              new FeatureHead(model.head(), features, model.embedding(), told);
          default -> published(input, model, told);
        };
    Layer queries = null;
    if (config.objective().attributes()) {
      AttributeNet.Options options =
          new AttributeNet.Options(model.hidden(), model.embedding(), ATTRIBUTE_EPS, false);
      queries =
          config.objective() instanceof ObjectiveConfig.PartialQueries
              ? new QueryNet(attributes, options)
              : new AttributeNet(attributes, options);
    }
    return new RetrievalModel(pictures, queries, model.embedding(), model.normalize());
  }

  private static RetrievalModel.PictureNetwork small(
      Preprocessing input, ModelConfig model, int classes) {
    int[] stages = model.widths().stream().mapToInt(Integer::intValue).toArray();
    SmallConvNet backbone = new SmallConvNet(new SmallConvNet.Options(input.channels(), stages, 1));
    return withHead(backbone, backbone.width(), input, model, classes);
  }

  private static RetrievalModel.PictureNetwork withHead(
      Layer backbone, int width, Preprocessing input, ModelConfig model, int classes) {
    return model.head().takesMaps()
        ? new MapPictures(backbone, model, input, classes)
        : new BackbonePictures(backbone, model.head(), width, model.embedding(), classes);
  }

  private static RetrievalModel.PictureNetwork published(
      Preprocessing input, ModelConfig model, int classes) {
    if (input.channels() != 3) {
      throw UserError.of("backbone " + model.backbone() + " takes coloured pictures")
          .at("data")
          .rule("three channels; here " + input.id())
          .mend("leave data.grey away: grey pictures are shown in three equal channels");
    }
    Backbone backbone = model.architecture().orElseThrow().create();
    return withHead(backbone, backbone.width(), input, model, classes);
  }

  private static LabPictures lab(Preprocessing input, int classes) {
    if (input.width() != LAB_SIDE || input.height() != LAB_SIDE || input.channels() != 1) {
      throw UserError.of("the lab network takes grey pictures of 28 × 28")
          .at("data")
          .rule("width: 28, height: 28, grey: true; here " + input.id())
          .mend("set them, or choose model.backbone: small");
    }
    if (classes > LAB_CLASSES) {
      throw UserError.of("the lab network tells 10 classes apart; the data has " + classes)
          .at("model.backbone")
          .rule("at most 10 classes")
          .mend("choose model.backbone: small");
    }
    return new LabPictures();
  }
}

package akin.retrieval.model;

import akin.nn.Layer;
import akin.nn.head.AttributeNet;
import akin.nn.head.QueryNet;
import akin.retrieval.config.ModelConfig;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Preprocessing;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;

/** Builds the networks that a recipe names. */
public final class Models {
  private static final int LAB_SIDE = 28;
  private static final int LAB_CLASSES = 10;
  private static final double ATTRIBUTE_EPS = 1e-3;

  private Models() {}

  /**
   * The networks with their first weights.
   *
   * @param attributes how many attributes the data set has; 0 for none
   * @param classes how many classes it has; 0 for none
   * @param features numbers in a feature, where the data set holds features; else 0
   */
  public static RetrievalModel create(
      RunConfig config, int attributes, int classes, int features, Backend backend) {
    ModelConfig model = config.model();
    boolean classifies = config.objective() instanceof ObjectiveConfig.Classifier;
    Preprocessing input = config.data().preprocessing();
    int told = classifies ? classes : 0;
    RetrievalModel.PictureNetwork pictures =
        switch (model.backbone()) {
          case LAB -> lab(input, told);
          case SMALL ->
              new SmallPictures(input.channels(), model.widths(), model.embedding(), told);
          case FEATURES -> new FeatureHead(features, model.embedding(), told);
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
    return new RetrievalModel(pictures, queries, model.embedding(), backend, config.seed());
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

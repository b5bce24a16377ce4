package akin.retrieval.pretrained;

import akin.nn.backbone.Backbone;
import akin.retrieval.Session;
import akin.retrieval.data.Features;
import akin.retrieval.data.Image;
import akin.retrieval.data.Preprocessing;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;

/** A pretrained backbone at work, frozen: pictures → features. */
public final class FeatureNetwork implements AutoCloseable {
  private final Backbone backbone;
  private final Inference inference;
  private final Backend backend;
  private final Preprocessing preprocessing;
  private final Features.Source source;

  /** Reads the weights, and tells the session what had to be adapted. */
  public FeatureNetwork(Pretrained pretrained, Session session) {
    backend = session.backend();
    preprocessing = pretrained.preprocessing();
    source = pretrained.source();
    backbone = pretrained.create();
    backbone.allocate(backend);
    try {
      pretrained.load(backbone, session.progress()::say);
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
    backbone.eval();
    inference = Inference.ofRows(backbone::features);
  }

  /** F, numbers in a feature. */
  public int width() {
    return backbone.width();
  }

  /** How pictures are prepared. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** What the features are called. */
  public Features.Source source() {
    return source;
  }

  /** The features of one picture, [F]. */
  public float[] features(Image picture) {
    float[] input = new float[preprocessing.length()];
    preprocessing.normalize(preprocessing.shape(picture), input, 0);
    return features(input, 1);
  }

  /**
   * The features of prepared pictures, [count, F].
   *
   * @param inputs [count, C, H, W]
   */
  float[] features(float[] inputs, int count) {
    Shape shape =
        Shape.of(count, preprocessing.channels(), preprocessing.height(), preprocessing.width());
    try (Scope scope = Scope.open(backend)) {
      return inference.apply(Tensor.of(shape, inputs)).toFloats();
    }
  }

  @Override
  public void close() {
    inference.close();
    backbone.close();
  }
}

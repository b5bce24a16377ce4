package akin.retrieval.search;

import akin.nn.io.WeightFile;
import akin.retrieval.Session;
import akin.retrieval.data.Features;
import akin.retrieval.data.Image;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.pretrained.FeatureNetwork;
import akin.retrieval.pretrained.Pretrained;
import akin.retrieval.pretrained.WeightCard;
import akin.retrieval.train.ModelFile;
import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The backbone that made a run's features, so that a new picture takes the same path: a pretrained
 * one from its weight file, or that of another run from its model.
 */
final class FeatureMaker implements AutoCloseable {
  private final Function<Image, float[]> make;
  private final Runnable close;

  private FeatureMaker(Function<Image, float[]> make, Runnable close) {
    this.make = make;
    this.close = close;
  }

  /**
   * Finds it.
   *
   * @param weights where the weights lie now; null for where they lay
   * @throws UserError if they are not there, or others
   */
  static FeatureMaker of(Features.Source source, Path weights, Session session) {
    Path file = weights == null ? Path.of(source.file()) : weights;
    if (!Files.isRegularFile(file)) {
      throw UserError.of("the backbone's weights are not there")
          .at(
              file.toString().isEmpty()
                  ? "the run's features name no weight file"
                  : file.toString())
          .rule(
              "a new picture passes the backbone that made the run's features: "
                  + source.backbone())
          .mend("say where its weights lie now, --weights FILE; or name a picture of the gallery");
    }
    return ofRun(file) ? run(source, file, session) : pretrained(source, file, session);
  }

  private static boolean ofRun(Path file) {
    try (WeightFile read = WeightFile.open(file)) {
      return read.metadata().containsKey("config");
    }
  }

  private static FeatureMaker pretrained(Features.Source source, Path file, Session session) {
    WeightCard.Told told =
        new WeightCard.Told(
            source.backbone(),
            source.preprocessing(),
            Preprocessing.parse(source.preprocessing()).fit());
    Pretrained pretrained = Pretrained.open(file, told);
    source.require(pretrained.source(), file.toString());
    FeatureNetwork network = new FeatureNetwork(pretrained, session);
    return new FeatureMaker(network::features, network::close);
  }

  private static FeatureMaker run(Features.Source source, Path file, Session session) {
    ModelFile model = ModelFile.read(file, session.backend());
    Features.Source found =
        new Features.Source(
            source.backbone(), Run.hash(file), model.preprocessing().id(), file.toString());
    source.require(found, file.toString());
    Embedder embedder = new Embedder(model.model(), model.preprocessing(), null, session);
    return new FeatureMaker(embedder::features, model.model()::close);
  }

  /** F numbers. */
  float[] features(Image picture) {
    return make.apply(picture);
  }

  @Override
  public void close() {
    close.run();
  }
}

package akin.retrieval.config;

import akin.nn.backbone.Architecture;
import akin.retrieval.data.Preprocessing;
import akin.tensor.UserError;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;

/**
 * A training recipe: everything that decides the weights besides the data. Written back to the
 * run's folder with every default filled in.
 *
 * @param seed of every random stream of the run
 * @param data how pictures become inputs
 * @param model the networks
 * @param objective what is learned, from which batches
 * @param training how long and with which optimiser
 */
public record RunConfig(
    Long seed,
    @JsonProperty(required = true) DataConfig data,
    @JsonProperty(required = true) ModelConfig model,
    @JsonProperty(required = true) ObjectiveConfig objective,
    @JsonProperty(required = true) TrainingConfig training) {

  /** Fills in defaults and checks what spans several parts. */
  public RunConfig {
    seed = seed == null ? 1L : seed;
    if (data == null || model == null || objective == null || training == null) {
      throw new IllegalArgumentException("data, model, objective and training are required");
    }
    data = model.isGivenWeights() ? data : data.withDefaults();
    if (objective.attributes() && model.backbone().equals(ModelConfig.LAB)) {
      throw new IllegalArgumentException(
          "the lab network has no embedding head for attributes: choose backbone: small");
    }
    boolean anyLength = objective instanceof ObjectiveConfig.Metric || objective.classifies();
    if (!model.normalize() && !anyLength) {
      throw new IllegalArgumentException(
          "model.normalize cannot be false with objective %s: its distances are between embeddings 1 long"
              .formatted(objective.name()));
    }
    if (model.takesFeatures() && data.augments()) {
      throw new IllegalArgumentException(
          "data.mirror, shift and augmentation change pictures, and model.backbone: features has none\n"
              + "  mend: leave them away");
    }
    if (objective instanceof ObjectiveConfig.Metric metric) {
      metric.checkMemory(training.batch());
      if (metric.views() && !data.augments()) {
        throw new IllegalArgumentException(
            "objective.views needs two views that differ\n  mend: data.shift=2, data.mirror=true, or data.augmentation");
      }
    }
    if (training.monitor() == TrainingConfig.Monitor.POSITION && !objective.ranks()) {
      throw new IllegalArgumentException(
          "training.monitor cannot be position with objective %s: it ranks no batches by class"
              .formatted(objective.name()));
    }
  }

  /**
   * The same with what the backbone's weights decide: the architecture's options, and how pictures
   * become inputs. Their size is free unless weights depend on it.
   *
   * @param weights where they come from, for the message
   * @throws UserError if the recipe contradicts them
   */
  public RunConfig completedBy(Architecture architecture, Preprocessing input, String weights) {
    return new RunConfig(
        seed,
        data.completedBy(input, architecture.takesAnySize(), weights),
        model.completedBy(architecture),
        objective,
        training);
  }

  /** The same with absolute places, so that a run means the same from every folder. */
  public RunConfig absolute() {
    return new RunConfig(seed, data.absolute(), model.absolute(), objective, training);
  }

  static String absolute(String place) {
    return place == null ? null : Path.of(place).toAbsolutePath().normalize().toString();
  }

  /** The same without places of this machine: what a model keeps. */
  public RunConfig withoutPlaces() {
    return new RunConfig(seed, data.withoutPlaces(), model.withoutPlaces(), objective, training);
  }

  /** The same with another place of the data set. */
  public RunConfig withPath(String path) {
    return new RunConfig(seed, data.withPath(path), model, objective, training);
  }

  /** The same with another seed. */
  public RunConfig withSeed(long other) {
    return new RunConfig(other, data, model, objective, training);
  }
}

package akin.retrieval.train;

import akin.nn.StateDict;
import akin.nn.io.Safetensors;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.List;

/**
 * A finished run that another begins from: a whole model, or heads that were trained on features of
 * a backbone which the new run trains along.
 */
final class EarlierRun {
  private static final String BACKBONE = "image.backbone.";

  private final Path file;
  private final RunConfig config;
  private final Features.Source features;
  private final List<String> attributes;
  private final List<String> classes;

  /**
   * Opens a run's model.
   *
   * @throws UserError if the folder holds none
   */
  EarlierRun(Path run) {
    file = new RunDirectory(run).checkTrained().model();
    try (Safetensors model = Safetensors.open(file)) {
      config = ModelFile.config(model);
      features = ModelFile.features(model);
      attributes = ModelFile.names(model, "attributes");
      classes = ModelFile.names(model, "classes");
    }
  }

  /** Its recipe. */
  RunConfig config() {
    return config;
  }

  /** What made the features that its heads take; null if it is a whole model. */
  Features.Source features() {
    return features;
  }

  /** The file of its model. */
  Path file() {
    return file;
  }

  /**
   * Refuses a data set whose attributes or classes are others: heads know them by number.
   *
   * @throws UserError that names the difference
   */
  void requireSameMeaning(RunConfig now, Dataset data) {
    if (now.objective().attributes()) {
      List<String> names = data.attributes().map(table -> table.names()).orElse(List.of());
      requireEqual("attributes", attributes, names);
    } else if (now.objective().classifies()) {
      requireEqual("classes", classes, data.classNames());
    }
  }

  private void requireEqual(String what, List<String> wanted, List<String> found) {
    if (wanted.equals(found)) {
      return;
    }
    int i = 0;
    while (i < Math.min(wanted.size(), found.size()) && wanted.get(i).equals(found.get(i))) {
      i++;
    }
    throw UserError.of("the run knows other " + what + " than the data set has")
        .at(file)
        .rule(
            String.format(
                "number %d is %s there, %s in the data; %d there, %d in the data",
                i, name(wanted, i), name(found, i), wanted.size(), found.size()))
        .mend("begin without model.from, or give the data set that the run was trained on");
  }

  private static String name(List<String> names, int i) {
    return i < names.size() ? names.get(i) : "none";
  }

  /**
   * Overwrites the model's weights: all, or those of everything but the backbone. What a loss
   * learns begins anew.
   *
   * @throws UserError if names or shapes differ
   */
  void into(RetrievalModel model) {
    try (Safetensors tensors = Safetensors.open(file)) {
      StateDict weights = StateDict.of(tensors, ModelFile.WEIGHTS);
      boolean headsAlone = features != null && model.backbone().isPresent();
      StateDict.of(model.networks())
          .values()
          .forEach(
              (name, value) -> {
                if (headsAlone && name.startsWith(BACKBONE) || RetrievalModel.isOfLoss(name)) {
                  weights.put(name, value);
                }
              });
      weights.into(model.networks(), file.toString());
    }
  }
}

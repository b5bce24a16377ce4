package akin.retrieval.train;

import akin.retrieval.config.TrainingConfig;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where everything of one training run lies; readable without Akin.
 *
 * <pre>
 * config.yaml                    the recipe with every default, and where the data lay
 * model.safetensors              the best weights, with all that is needed to use them
 * checkpoints/last.safetensors   the state after the last finished epoch, to resume from
 * checkpoints/best-….safetensors the best weights so far; the name tells epoch and figure
 * checkpoints/model-….safetensors models kept on the way, if the recipe asks for them
 * metrics.csv                    a row an epoch
 * steps.csv                      a row an update: learning rate and loss
 * index.safetensors              the gallery: embeddings, ids, classes, attributes
 * gallery.csv                    ids, classes and attributes as a list
 * evaluation.json, report.html   what was measured
 * show                           pictures of batches and queries
 * </pre>
 */
public record RunDirectory(Path path) {
  /** The recipe. */
  public Path config() {
    return path.resolve("config.yaml");
  }

  /** The weights to use. */
  public Path model() {
    return path.resolve("model.safetensors");
  }

  /** The state to resume from. */
  public Path last() {
    return path.resolve("checkpoints").resolve("last.safetensors");
  }

  /** A row an epoch. */
  public Path metrics() {
    return path.resolve("metrics.csv");
  }

  /** A row an update. */
  public Path steps() {
    return path.resolve("steps.csv");
  }

  /** A model kept after so many updates; at the end of an epoch its name tells the epoch. */
  Path kept(long updates, int stepsInEpoch) {
    String when =
        updates % stepsInEpoch == 0
            ? String.format(Locale.ROOT, "epoch%03d", updates / stepsInEpoch)
            : String.format(Locale.ROOT, "step%06d", updates);
    return path.resolve("checkpoints").resolve("model-" + when + ".safetensors");
  }

  /** Embeddings of the gallery. */
  public Path index() {
    return path.resolve("index.safetensors");
  }

  /** What the last evaluation measured. */
  public Path evaluation() {
    return path.resolve("evaluation.json");
  }

  /** The page with curves and galleries. */
  public Path report() {
    return path.resolve("report.html");
  }

  /** The best weights, found in epoch {@code epoch} (from 1), and the figure that says so. */
  public Path best(int epoch, TrainingConfig.Monitor monitor, double figure) {
    String file = "best-epoch%03d-%s%.6f.safetensors";
    return path.resolve("checkpoints")
        .resolve(String.format(Locale.ROOT, file, epoch, name(monitor), figure));
  }

  static String name(TrainingConfig.Monitor monitor) {
    return monitor.name().toLowerCase(Locale.ROOT);
  }

  /** The best weights so far, if there are any. */
  public List<Path> bests() {
    Path folder = path.resolve("checkpoints");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("best-epoch"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw UserError.of("cannot list the folder: " + e.getMessage()).at(folder).because(e);
    }
  }

  /** Removes the best weights of earlier epochs. */
  void keepOnly(Path best) {
    for (Path file : bests()) {
      if (!file.equals(best)) {
        try {
          Files.deleteIfExists(file);
        } catch (IOException e) {
          throw UserError.of("cannot delete the file: " + e.getMessage()).at(file).because(e);
        }
      }
    }
  }

  /** This folder, which must be a finished run. */
  public RunDirectory checkTrained() {
    if (!Files.isRegularFile(config()) || !Files.isRegularFile(model())) {
      throw UserError.of("this folder is no finished run")
          .at(path)
          .rule("a run holds config.yaml and model.safetensors")
          .mend("train one: akin train RECIPE --data DIR --out " + path);
    }
    return this;
  }
}

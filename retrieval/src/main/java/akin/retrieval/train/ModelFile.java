package akin.retrieval.train;

import akin.nn.StateDict;
import akin.nn.io.Safetensors;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.model.Models;
import akin.retrieval.model.QueryVectors;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained model with all that is needed to use it elsewhere: weights under their state-dict
 * names, and, as metadata, the recipe, backbone and preprocessing, the names of attributes and
 * classes. The different attribute vectors of the training pictures stand beside the weights, for
 * partial queries.
 *
 * @param model the networks, in evaluation mode
 * @param vectors of the training pictures; null without attributes
 * @param classes the classes' names; empty without
 * @param features what made the features that it takes; null if it takes pictures
 */
public record ModelFile(
    RunConfig config,
    RetrievalModel model,
    Preprocessing preprocessing,
    QueryVectors vectors,
    List<String> classes,
    Features.Source features) {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String WEIGHTS = "model.";

  static void write(Path file, RunConfig config, RetrievalModel model, Dataset trainSet) {
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    arrays.putAll(StateDict.of(model.networks()).arrays(WEIGHTS));
    arrays.keySet().removeIf(name -> RetrievalModel.isOfLoss(name.substring(WEIGHTS.length())));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "akin model 1");
    metadata.put("config", ConfigLoader.write(config.withoutPlaces()));
    metadata.put("backbone", config.model().backbone());
    metadata.put("preprocessing", config.data().preprocessing().id());
    metadata.put("classes", json(trainSet.classNames()));
    trainSet
        .attributes()
        .ifPresent(
            table -> {
              QueryVectors vectors = QueryVectors.of(table);
              metadata.put("attributes", json(table.names()));
              arrays.put(
                  "attributes.vectors",
                  Safetensors.Array.of(
                      vectors.table().bits(), vectors.table().rows(), table.count()));
              arrays.put(
                  "attributes.counts",
                  Safetensors.Array.of(vectors.counts(), vectors.counts().length));
            });
    trainSet
        .features()
        .ifPresent(
            f -> {
              metadata.put("features.width", String.valueOf(f.width()));
              metadata.put("features.backbone", f.source().backbone());
              metadata.put("features.weights", f.source().weights());
              metadata.put("features.preprocessing", f.source().preprocessing());
              metadata.put("features.file", f.source().file());
            });
    Safetensors.write(file, arrays, metadata);
  }

  /**
   * Writes a model, reads it back, and has both embed a noise picture: only what embeds it to the
   * same bits gets the file's name.
   *
   * @param model in evaluation mode
   * @throws UserError if the file cannot be written, or is not the model; a former file stays
   */
  static void writeChecked(Path file, RunConfig config, RetrievalModel model, TrainingData data) {
    Path fresh = file.resolveSibling(file.getFileName() + ".unchecked");
    write(fresh, config, model, data.trainSet());
    check(fresh, model, data);
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw UserError.of("cannot put the model in its place: " + e.getMessage())
          .at(file)
          .because(e);
    }
  }

  /** Refuses a file whose model does not embed as this one. */
  static void check(Path file, RetrievalModel model, TrainingData data) {
    try (RetrievalModel again = read(file, data.backend()).model()) {
      if (!Arrays.equals(noiseEmbedded(model, data), noiseEmbedded(again, data))) {
        throw UserError.of("the model in the file does not embed as the one that was written")
            .at(file)
            .rule("both give the same bits of a noise picture; the model before it is kept")
            .mend("see whether the disk or the memory is at fault, and go on with --resume");
      }
    }
  }

  private static float[] noiseEmbedded(RetrievalModel model, TrainingData data) {
    Shape shape = data.train().shape();
    RandomStream noise = RandomStream.of(data.seed(), "self-test");
    float[] values = new float[Math.toIntExact(shape.count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) noise.gaussian(i);
    }
    try (Scope scope = Scope.open(data.backend())) {
      return model.embed(Tensor.of(shape, values)).toFloats();
    }
  }

  /** What made the features that the model in this file takes; null if it takes pictures. */
  static Features.Source features(Safetensors file) {
    Map<String, String> metadata = file.metadata();
    return metadata.containsKey("features.width")
        ? new Features.Source(
            metadata.get("features.backbone"),
            metadata.get("features.weights"),
            metadata.get("features.preprocessing"),
            metadata.getOrDefault("features.file", ""))
        : null;
  }

  /**
   * The recipe of the model in this file.
   *
   * @throws UserError if it holds none
   */
  static RunConfig config(Safetensors file) {
    String config = file.metadata().get("config");
    if (config == null) {
      throw UserError.of("the file holds no Akin model")
          .at(file.file())
          .rule("its metadata must tell the recipe, under config")
          .mend("give the model.safetensors of a run");
    }
    return ConfigLoader.parse(config, file.file() + " (config)", RunConfig.class);
  }

  /**
   * Reads a model.
   *
   * @throws UserError if it is none, or damaged
   */
  public static ModelFile read(Path path, Backend backend) {
    try (Safetensors file = Safetensors.open(path)) {
      RunConfig recipe = config(file);
      List<String> classes = names(file, "classes");
      QueryVectors vectors = null;
      if (file.metadata().containsKey("attributes")) {
        Attributes table =
            new Attributes(names(file, "attributes"), file.tensor("attributes.vectors").bytes());
        vectors = new QueryVectors(table, file.tensor("attributes.counts").longs());
      }
      RetrievalModel model =
          Models.create(
              recipe,
              vectors == null ? 0 : vectors.table().count(),
              classes.size(),
              Integer.parseInt(file.metadata().getOrDefault("features.width", "0")));
      model.networks().allocate(backend);
      StateDict.of(file, WEIGHTS).into(model.networks(), path.toString());
      model.networks().eval();
      return new ModelFile(
          recipe, model, recipe.data().preprocessing(), vectors, classes, features(file));
    }
  }

  private static String json(List<String> names) {
    try {
      return JSON.writeValueAsString(names);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("names are text", e);
    }
  }

  /** A list of names in the metadata; empty if it is not there. */
  static List<String> names(Safetensors file, String key) {
    try {
      return List.of(JSON.readValue(file.metadata().getOrDefault(key, "[]"), String[].class));
    } catch (JsonProcessingException e) {
      throw UserError.of("the metadata '" + key + "' is no list of names")
          .at(file.file())
          .because(e);
    }
  }
}

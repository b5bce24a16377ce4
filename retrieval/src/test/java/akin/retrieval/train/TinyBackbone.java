package akin.retrieval.train;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.nn.io.Safetensors;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Fit;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.faces.FaceMaker;
import akin.retrieval.pretrained.Extraction;
import akin.retrieval.pretrained.FeatureNetwork;
import akin.retrieval.pretrained.Pretrained;
import akin.retrieval.pretrained.WeightCard;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A narrow MobileNetV2 with random weights in a file, drawn faces of 32 × 32, and heads trained on
 * its features of them: all that fine-tuning begins from.
 */
record TinyBackbone(Path weights, Path faces, Path features, RunDirectory heads, Backend backend) {
  private static final Architecture NETWORK =
      Architecture.parse("mobilenet_v2 padding=same width=0.25");
  private static final WeightCard CARD =
      new WeightCard(
          NETWORK,
          Preprocessing.central(0.875, 32)
              .divideBy(127.5)
              .normalize(List.of(1.0, 1.0, 1.0), List.of(1.0, 1.0, 1.0)));
  private static final int FACES = 60;

  static TinyBackbone make(Path folder, Session session) {
    Path faces = folder.resolve("faces");
    new FaceMaker(FACES, 32, 7).write(faces, 2, done -> {});
    Path weights = folder.resolve("weights.safetensors");
    write(weights, 1, session.backend(), CARD.metadata());
    Path features = folder.resolve("features.safetensors");
    WeightCard.Told told = new WeightCard.Told(null, null, new Fit.Stretch());
    Pretrained pretrained = Pretrained.open(weights, told);
    try (FeatureNetwork network = new FeatureNetwork(pretrained, session)) {
      new Extraction(network, session).into(features, Datasets.open(faces, Datasets.Layout.CELEBA));
    }
    RunDirectory heads = new RunDirectory(folder.resolve("heads"));
    TinyBackbone tiny = new TinyBackbone(weights, faces, features, heads, session.backend());
    tiny.trainHeads(heads, session);
    return tiny;
  }

  /** Trains heads on the features, with other values for some keys. */
  void trainHeads(RunDirectory run, Session session, String... overrides) {
    RunConfig recipe =
        load(
            """
            data: {}
            model: {backbone: features, embedding: 8, hidden: 12}
            objective: {kind: attribute-triplets}
            training: {epochs: 1, batch: 16}
            """,
            overrides);
    Training.run(recipe, features, run, false, session);
  }

  private RunConfig load(String text, String... overrides) {
    try {
      Path file = Files.createTempFile(faces.getParent(), "recipe", ".yaml");
      Files.writeString(file, text);
      return ConfigLoader.load(file, RunConfig.class, List.of(overrides));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Random weights whose statistics are those of random pictures. */
  private static void write(Path file, long seed, Backend backend, Map<String, String> metadata) {
    try (Backbone network = NETWORK.withClasses(0).create();
        Scope scope = Scope.open(backend)) {
      network.initialise(backend, seed);
      RandomStream stream = RandomStream.of(seed, "pictures");
      for (int i = 0; i < 20; i++) {
        network.apply(Tensor.random(Shape.of(4, 3, 32, 32), Noise.UNIFORM, stream.child(i), -1, 1));
      }
      Safetensors.write(file, StateDict.of(network).arrays(""), metadata);
    }
  }

  /** The architecture in one line. */
  String line() {
    return NETWORK.id();
  }

  int count() {
    return FACES;
  }

  /** Other weights of the same network. */
  Path others(Path file) {
    write(file, 2, backend, CARD.metadata());
    return file;
  }

  /** The same weights in a file that says nothing else. */
  Path withoutCard(Path file) {
    write(file, 1, backend, Map.of());
    return file;
  }

  /** The faces with another name for the first attribute. */
  Path renamedAttribute(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(faces)) {
      for (Path from : files.toList()) {
        Path to = folder.resolve(faces.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.copy(from, to);
        }
      }
    }
    Path list = folder.resolve("Anno").resolve("list_attr_celeba.txt");
    List<String> lines = new ArrayList<>(Files.readAllLines(list));
    lines.set(1, lines.get(1).replaceFirst("^\\S+", "Renamed"));
    Files.write(list, lines);
    return folder;
  }

  /** A recipe that goes on from the heads, with other values for some keys. */
  RunConfig fineTuning(String... overrides) {
    return load(
        """
        data: {layout: celeba, fit: stretch}
        model:
          backbone: mobilenet_v2
          weights: %s
          from: %s
          embedding: 8
          hidden: 12
        objective: {kind: attribute-triplets}
        training:
          epochs: 1
          batch: 16
        """
            .formatted(weights, heads.path()),
        overrides);
  }
}

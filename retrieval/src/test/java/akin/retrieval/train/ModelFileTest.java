package akin.retrieval.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.model.Models;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model on disk is the one in memory, or it is not put there. */
class ModelFileTest {
  private static final int WIDTH = 6;

  @TempDir Path folder;
  private Backend backend;
  private RunConfig config;
  private TrainingData data;
  private RetrievalModel model;
  private Path file;

  @BeforeEach
  void make() {
    backend = Backends.open("cpu", 1);
    config =
        ConfigLoader.parse(
            """
            data: {layout: features}
            model: {backbone: features, embedding: 4}
            objective: {kind: classifier}
            training: {epochs: 1}
            """,
            "recipe",
            RunConfig.class);
    Dataset set = Datasets.open(features(), Datasets.Layout.FEATURES);
    PictureLoader loader =
        new PictureLoader(set, config.data().preprocessing(), PictureLoader.Changes.NONE);
    data = new TrainingData(loader, set, null, null, 5, backend);
    model = Models.create(config, 0, 2, WIDTH);
    model.networks().initialise(backend, 1);
    model.networks().eval();
    file = folder.resolve("model.safetensors");
  }

  private Path features() {
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    arrays.put("features", Safetensors.Array.of(new float[2 * WIDTH], 2, WIDTH));
    arrays.put("ids", Safetensors.Array.of(new byte[] {'a', 'b'}, 2));
    arrays.put("ids.offsets", Safetensors.Array.of(new long[] {0, 1, 2}, 3));
    arrays.put("splits", Safetensors.Array.of(new long[2], 2));
    arrays.put("labels", Safetensors.Array.of(new long[] {0, 1}, 2));
    Path path = folder.resolve("features.safetensors");
    Safetensors.write(
        path, arrays, Map.of("format", "akin features 1", "classes", "[\"x\",\"y\"]"));
    return path;
  }

  @AfterEach
  void close() {
    model.close();
    backend.close();
  }

  private Tensor weight() {
    return model.networks().parameters().get(0).tensor();
  }

  @Test
  void whatIsWrittenEmbedsAsBefore() throws IOException {
    ModelFile.writeChecked(file, config, model, data);
    try (RetrievalModel again = ModelFile.read(file, backend).model()) {
      assertArrayEquals(
          weight().toFloats(), again.networks().parameters().get(0).tensor().toFloats());
    }
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count(), "nothing but features and the model is left");
    }
  }

  @Test
  void anotherModelIsRefused() {
    ModelFile.writeChecked(file, config, model, data);
    float[] values = weight().toFloats();
    values[0] = values[0] + 0.01f;
    weight().assign(values);
    UserError e = assertThrows(UserError.class, () -> ModelFile.check(file, model, data));
    assertTrue(e.getMessage().contains("does not embed as"), e.getMessage());
    assertTrue(e.getMessage().contains("the model before it is kept"), e.getMessage());
  }

  @Test
  void aWriteThatFailsKeepsTheFormerFile() throws IOException {
    ModelFile.writeChecked(file, config, model, data);
    byte[] former = Files.readAllBytes(file);
    Path fresh = folder.resolve("model.safetensors.unchecked");
    Files.createDirectories(fresh.resolve("in the way"));
    values(2);
    assertThrows(UserError.class, () -> ModelFile.writeChecked(file, config, model, data));
    assertArrayEquals(former, Files.readAllBytes(file));
    assertFalse(Files.isRegularFile(fresh));
  }

  private void values(float each) {
    float[] values = weight().toFloats();
    Arrays.fill(values, each);
    weight().assign(values);
  }
}

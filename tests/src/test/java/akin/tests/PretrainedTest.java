package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import akin.nn.backbone.Backbone;
import akin.retrieval.data.Fit;
import akin.retrieval.data.Image;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.pretrained.Pretrained;
import akin.retrieval.pretrained.WeightCard.Told;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Networks that others trained see in photographs what they see in PyTorch: weight file, decoder,
 * preprocessing and network together, in float32.
 */
class PretrainedTest {
  private static final int BATCH = 5;

  private final Path data = GoldenCase.folder().resolveSibling("data");

  @BeforeEach
  void assumePresent() {
    GoldenCase.assumePresent();
  }

  /** One picture and what PyTorch made of it. */
  private record Picture(Path file, JsonNode expected) {
    double[] expected(String name) {
      return numbers(expected.get(name));
    }

    /** The largest difference. */
    double assertNear(String name, double[] actual, double allowed) {
      double[] golden = expected(name);
      double largest = 0;
      for (int i = 0; i < golden.length; i++) {
        assertEquals(golden[i], actual[i], allowed, file + ": " + name + " " + i);
        largest = Math.max(largest, Math.abs(golden[i] - actual[i]));
      }
      return largest;
    }
  }

  /** What a network makes of a picture. */
  private record Seen(double[] features, double[] logits) {
    int best() {
      int best = 0;
      for (int i = 1; i < logits.length; i++) {
        best = logits[i] > logits[best] ? i : best;
      }
      return best;
    }
  }

  @Test
  void resnet20TellsSmallPictures() {
    List<Picture> pictures = pictures("cifar10-sample", "expected_resnet20.json", "results");
    List<Seen> seen = look("resnet20-cifar10.pth", new Told("resnet20", "cifar", null), pictures);
    int right = 0;
    double largest = 0;
    for (int i = 0; i < seen.size(); i++) {
      Picture picture = pictures.get(i);
      largest = Math.max(largest, picture.assertNear("logits", seen.get(i).logits, 1e-3));
      assertEquals(
          picture.expected.get("top1").asInt(), seen.get(i).best(), picture.file.toString());
      right += seen.get(i).best() == picture.expected.get("class_index").asInt() ? 1 : 0;
    }
    assertEquals(400, right, "of 500");
    System.out.printf("resnet20: logits of 500 pictures differ by at most %.1e%n", largest);
  }

  @Test
  void mobileNetTellsPhotographs() {
    List<Picture> pictures = pictures("imagenet-100", "expected_mobilenet_v2.json", "results");
    List<Seen> seen = mobileNet(null, pictures);
    double largest = 0;
    for (int i = 0; i < seen.size(); i++) {
      double[] top = pictures.get(i).expected("top5");
      double[] logits = seen.get(i).logits;
      assertEquals((int) top[0], seen.get(i).best(), pictures.get(i).file.toString());
      double[] five = Arrays.stream(top).map(c -> logits[(int) c]).toArray();
      largest = Math.max(largest, pictures.get(i).assertNear("logits", five, 1e-3));
    }
    assertEquals(100, seen.size());
    System.out.printf("mobilenet_v2: logits of 100 photographs differ by at most %.1e%n", largest);
  }

  /** From the network's own input, so that neither decoder nor resizing plays a part. */
  @Test
  void mobileNetAgreesOnExactInputs() {
    List<Picture> pictures = pictures("imagenet-100", "expected_mobilenet_v2.json", "exact_inputs");
    List<Seen> seen = mobileNet(new Fit.Stretch(), pictures);
    for (int i = 0; i < seen.size(); i++) {
      Picture picture = pictures.get(i);
      assertEquals("Image[224x224x3]", Image.decode(picture.file).toString());
      double features = picture.expected.get("pooled_norm").asDouble();
      double logits = picture.expected.get("logits_norm").asDouble();
      assertEquals(features, norm(seen.get(i).features), 1e-4 * features);
      assertEquals(logits, norm(seen.get(i).logits), 1e-4 * logits);
      picture.assertNear("pooled_first10", seen.get(i).features, 1e-4);
      picture.assertNear("logits_first20", seen.get(i).logits, 1e-4);
    }
    assertEquals(10, seen.size());
  }

  private List<Seen> mobileNet(Fit fit, List<Picture> pictures) {
    Told told = new Told("mobilenet_v2 padding=same", "inception", fit);
    return look("mobilenet_v2-imagenet.pth", told, pictures);
  }

  private List<Picture> pictures(String folder, String file, String list) {
    List<Picture> pictures = new ArrayList<>();
    try {
      Path json = data.resolve(folder).resolve(file);
      for (JsonNode each : new ObjectMapper().readTree(json.toFile()).get(list)) {
        Path picture = data.resolve(folder).resolve(each.get("file").asText());
        pictures.add(new Picture(picture, each));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pictures;
  }

  private List<Seen> look(String file, Told told, List<Picture> pictures) {
    Pretrained pretrained = Pretrained.open(data.resolve("weights").resolve(file), told);
    List<Seen> seen = new ArrayList<>();
    try (Backend backend = Backends.open("cpu", 2);
        Backbone network = pretrained.architecture().create()) {
      network.initialise(backend, 0);
      pretrained.load(network, adapted -> fail("nothing is to be adapted: " + adapted));
      network.eval();
      for (int from = 0; from < pictures.size(); from += BATCH) {
        List<Picture> batch = pictures.subList(from, Math.min(pictures.size(), from + BATCH));
        try (Scope scope = Scope.open(backend)) {
          Tensor x = inputs(pretrained.preprocessing(), batch);
          double[] features = network.features(x).toDoubles();
          double[] logits = network.apply(x).toDoubles();
          for (int i = 0; i < batch.size(); i++) {
            seen.add(new Seen(row(features, i, batch.size()), row(logits, i, batch.size())));
          }
        }
      }
    }
    return seen;
  }

  private static Tensor inputs(Preprocessing preprocessing, List<Picture> batch) {
    float[] values = new float[batch.size() * preprocessing.length()];
    for (int i = 0; i < batch.size(); i++) {
      Image shaped = preprocessing.shape(Image.decode(batch.get(i).file));
      preprocessing.normalize(shaped, values, i * preprocessing.length());
    }
    return Tensor.of(
        Shape.of(batch.size(), 3, preprocessing.height(), preprocessing.width()), values);
  }

  private static double[] row(double[] all, int i, int rows) {
    int width = all.length / rows;
    return Arrays.copyOfRange(all, i * width, (i + 1) * width);
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  private static double[] numbers(JsonNode list) {
    double[] values = new double[list.size()];
    Arrays.setAll(values, i -> list.get(i).asDouble());
    return values;
  }
}

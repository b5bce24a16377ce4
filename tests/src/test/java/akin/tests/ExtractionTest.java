package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.nn.io.Safetensors;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Fit;
import akin.retrieval.data.Image;
import akin.retrieval.data.Split;
import akin.retrieval.pretrained.Extraction;
import akin.retrieval.pretrained.FeatureNetwork;
import akin.retrieval.pretrained.Pretrained;
import akin.retrieval.pretrained.WeightCard;
import akin.retrieval.pretrained.WeightCard.Told;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features from a weight file, whatever interrupts the work. */
class ExtractionTest {
  private static final int PICTURES = 75;
  private static final String NETWORK = "resnet20";
  private static final Told CIFAR = new Told(NETWORK, "cifar", null);

  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void writeWeights() {
    weights = folder.resolve("weights.safetensors");
    write(weights, Map.of());
  }

  private static void write(Path file, Map<String, String> metadata) {
    Safetensors.write(file, network(), metadata);
  }

  private static Map<String, Safetensors.Array> network() {
    try (Backend backend = Backends.open("cpu", 1);
        Backbone network = Architecture.parse(NETWORK).create()) {
      network.initialise(backend, 5);
      return StateDict.of(network).arrays("");
    }
  }

  @Test
  void whatWasInterruptedGoesOnAndEndsWithTheSameBytes() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    Path parts = folder.resolve("parts.safetensors");
    assertEquals(0, extract(whole, PICTURES, 1).resumed());
    assertThrows(UserError.class, () -> extract(parts, 70, 2));
    assertFalse(Files.exists(parts), "nothing that looks finished");
    tear(folder.resolve(".parts.safetensors.rows"));
    Extraction.Result rest = extract(parts, PICTURES, 2);
    assertEquals(32, rest.resumed(), "whole batches are kept, the torn one is not");
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(parts));
    assertFalse(Files.exists(folder.resolve(".parts.safetensors.rows")));
  }

  @Test
  void rowsOfAnotherExtractionAreThrownAway() {
    Path out = folder.resolve("out.safetensors");
    assertThrows(UserError.class, () -> extract(out, 70, 1));
    Told other = new Told(NETWORK, "cifar", new Fit.Central(1));
    assertEquals(0, extract(out, new Noise(PICTURES, ""), other, 1).resumed());
  }

  @Test
  void rowsOfPicturesThatWereReplacedAreThrownAway() {
    Path out = folder.resolve("out.safetensors");
    assertThrows(UserError.class, () -> extract(out, new Noise(70, "before"), CIFAR, 1));
    assertEquals(0, extract(out, new Noise(PICTURES, "after"), CIFAR, 1).resumed());
  }

  /** Cuts the file inside a row of its second batch. */
  private static void tear(Path rows) throws IOException {
    byte[] bytes = Files.readAllBytes(rows);
    assertEquals(32 + 4 * 64 * 64, bytes.length, "two batches of 32 rows of 64 numbers");
    Files.write(rows, java.util.Arrays.copyOf(bytes, bytes.length - 1001));
  }

  private Extraction.Result extract(Path out, int readable, int threads) {
    return extract(out, new Noise(readable, ""), CIFAR, threads);
  }

  private Extraction.Result extract(Path out, Noise pictures, Told told, int threads) {
    try (Backend backend = Backends.open("cpu", threads)) {
      Session session = new Session(backend, threads, Progress.NONE);
      try (FeatureNetwork network = new FeatureNetwork(Pretrained.open(weights, told), session)) {
        return new Extraction(network, session).into(out, pictures);
      }
    }
  }

  @Test
  void whatIsNotRecordedMustBeTold() {
    assertRefused(weights, Told.nothing(), "which network", "--backbone");
    assertRefused(weights, new Told(NETWORK, null, null), "pictures are prepared", "cifar");
    assertRefused(weights, new Told("resnet02", "cifar", null), "did you mean");
    assertRefused(weights, new Told(NETWORK, "cifra", null), "did you mean cifar?");
  }

  @Test
  void aCardInTheFileIsBelievedAndItsContradictionRefused() {
    WeightCard card = Pretrained.open(weights, new Told(NETWORK, "cifar", null)).card();
    Path carded = folder.resolve("carded.safetensors");
    write(carded, card.metadata());
    assertEquals(card, Pretrained.open(carded, Told.nothing()).card());
    assertRefused(carded, new Told("resnet32", null, null), "another backbone", "resnet20");
    assertRefused(carded, new Told(null, "inception", null), "another preprocessing");
    Fit central = new Fit.Central(0.5);
    assertEquals(
        central, Pretrained.open(carded, new Told(null, null, central)).preprocessing().fit());
  }

  /** Such as a Keras ResNet, whose layers' names tell where it strides. */
  @Test
  void aNetworkInTheFileIsBelievedWithoutItsPreprocessing() {
    String other = "resnet50 stride-first=true";
    Path file = folder.resolve("network.safetensors");
    write(file, Map.of("akin.backbone", other));
    for (String told : new String[] {null, "resnet50", other}) {
      WeightCard card = Pretrained.open(file, new Told(told, "caffe", null)).card();
      assertEquals(other, card.architecture().id());
    }
    assertRefused(file, new Told("resnet50 classes=5", "caffe", null), "another backbone", other);
    assertRefused(file, new Told("resnet18", "caffe", null), "another backbone", other);
    assertRefused(file, Told.nothing(), "how its network's pictures are prepared");
  }

  @Test
  void weightsThatAreNotFiniteAreRefusedByName() {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      Map<String, Safetensors.Array> arrays = new LinkedHashMap<>(network());
      float[] values = new float[16];
      values[15] = bad;
      arrays.put("bn1.bias", Safetensors.Array.of(values, 16));
      Path file = folder.resolve("diverged.safetensors");
      Safetensors.write(file, arrays, Map.of());
      Pretrained diverged = Pretrained.open(file, new Told(NETWORK, "cifar", null));
      try (Backend backend = Backends.open("cpu", 1)) {
        Session session = new Session(backend, 1, Progress.NONE);
        UserError error =
            assertThrows(UserError.class, () -> new FeatureNetwork(diverged, session).close());
        assertTrue(error.getMessage().contains("first in bn1.bias"), error.getMessage());
      }
    }
  }

  /** Features say where their weights lie in a way that holds in every working folder. */
  @Test
  void theSourceHasAnAbsolutePath() {
    Path relative = Path.of("").toAbsolutePath().relativize(weights);
    Pretrained pretrained = Pretrained.open(relative, new Told(NETWORK, "cifar", null));
    assertEquals(weights.toAbsolutePath().normalize().toString(), pretrained.source().file());
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedByName() {
    Pretrained wrong = Pretrained.open(weights, new Told("resnet32", "cifar", null));
    try (Backend backend = Backends.open("cpu", 1)) {
      UserError error =
          assertThrows(
              UserError.class,
              () -> new FeatureNetwork(wrong, new Session(backend, 1, Progress.NONE)).close());
      assertTrue(error.getMessage().contains("layer1.3.conv1.weight"), error.getMessage());
      assertTrue(error.getMessage().contains("weights.safetensors"), error.getMessage());
    }
  }

  private static void assertRefused(Path file, Told told, String... parts) {
    UserError error = assertThrows(UserError.class, () -> Pretrained.open(file, told));
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
  }

  /**
   * Pictures of noise.
   *
   * @param readable how many of them can be read
   * @param written when they were
   */
  private record Noise(int readable, String written) implements Dataset {
    @Override
    public String stamp(int i) {
      return written;
    }

    @Override
    public String name() {
      return "noise";
    }

    @Override
    public int size() {
      return PICTURES;
    }

    @Override
    public String id(int i) {
      return "picture" + i;
    }

    @Override
    public Split split(int i) {
      return Split.ALL;
    }

    @Override
    public int label(int i) {
      return i % 2;
    }

    @Override
    public List<String> classNames() {
      return List.of("even", "odd");
    }

    @Override
    public Optional<Attributes> attributes() {
      return Optional.empty();
    }

    @Override
    public Image image(int i) {
      if (i >= readable) {
        throw UserError.of("the picture is missing").at(id(i));
      }
      byte[] bytes = new byte[40 * 30 * 3];
      new Random(i).nextBytes(bytes);
      return new Image(40, 30, 3, bytes);
    }
  }
}

package akin.nn.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Initializer;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Noise;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be chosen of a backbone, and what its inside tells. */
class BackboneTest {
  private Backend backend;
  private Scope scope;

  @BeforeEach
  void open() {
    backend = Backends.open("cpu", 2);
    scope = Scope.open(backend);
  }

  @AfterEach
  void close() {
    scope.close();
    assertEquals(0, backend.memory().liveBuffers(), "everything is given back");
    backend.close();
  }

  private Backbone network(String line) {
    return begun(Architecture.parse(line).create());
  }

  /** For shapes only: drawing a large network's first values takes seconds. */
  private Backbone zeros(String line) {
    Backbone network = Architecture.parse(line).create();
    network.parameters().forEach(p -> p.startWith(Initializer.constant(0)));
    return begun(network);
  }

  private Backbone begun(Backbone network) {
    network.initialise(backend, 1);
    network.eval();
    return network;
  }

  private static Tensor pictures(int side) {
    Shape shape = Shape.of(2, 3, side, side);
    return Tensor.random(shape, Noise.NORMAL, RandomStream.of(1, "pictures"), 0, 1);
  }

  private static Shape shapeAt(Backbone network, int side, String path) {
    return network.outputs(pictures(side), List.of(path)).get(path).shape();
  }

  /** Counts of published networks that no golden file has. */
  @ParameterizedTest
  @CsvSource({
    "resnet101, 44549160",
    "resnet152, 60192808",
    "resnet20, 269722",
    "resnet32, 464154",
    "resnet44, 658586",
    "resnet56, 853018"
  })
  void sizesAreThePublishedOnes(String name, long parameters) {
    assertEquals(parameters, Architecture.parse(name).create().parameterCount());
  }

  @Test
  void aLastStrideOf1DoublesTheLastMap() {
    for (String name : List.of("resnet18", "resnet50")) {
      try (Backbone published = zeros(name);
          Backbone fine = zeros(name + " last-stride=1")) {
        Shape map = shapeAt(published, 64, "layer4");
        assertEquals(map.with(2, 4).with(3, 4), shapeAt(fine, 64, "layer4"));
        assertEquals(2, map.dim(2));
        assertEquals(Shape.of(2, 1000), fine.apply(pictures(64)).shape());
      }
    }
  }

  @Test
  void theStrideMovesToTheFirstConvolution() {
    try (Backbone published = zeros("resnet50");
        Backbone first = zeros("resnet50 stride-first=true")) {
      assertEquals(16, shapeAt(published, 64, "layer2.0.conv1").dim(2));
      assertEquals(8, shapeAt(published, 64, "layer2.0.conv2").dim(2));
      assertEquals(8, shapeAt(first, 64, "layer2.0.conv1").dim(2));
      assertEquals(shapeAt(published, 64, "layer2"), shapeAt(first, 64, "layer2"));
    }
  }

  /** Channels of the first and last blocks as torchvision rounds them. */
  @ParameterizedTest
  @CsvSource({
    "0.35, 16, 112, 1280",
    "0.5, 16, 160, 1280",
    "1, 32, 320, 1280",
    "1.4, 48, 448, 1792"
  })
  void widthsAreMultiplesOf8(double width, int first, int last, int features) {
    try (Backbone network = zeros("mobilenet_v2 classes=7 width=" + width)) {
      assertEquals(Shape.of(2, first, 16, 16), shapeAt(network, 32, "features.0"));
      assertEquals(Shape.of(2, last, 1, 1), shapeAt(network, 32, "features.17"));
      assertEquals(features, network.width());
      assertEquals(Shape.of(2, 7), network.apply(pictures(32)).shape());
    }
  }

  /** On an even size, windows of stride 2 begin at the first row, not one above it. */
  @Test
  void samePaddingMovesTheWindows() {
    try (Backbone torch = network("mobilenet_v2 classes=0");
        Backbone same = network("mobilenet_v2 classes=0 padding=same")) {
      Tensor odd = pictures(33); // there both pad one row on each side
      assertArrayEquals(map(torch, odd).toDoubles(), map(same, odd).toDoubles());
      Tensor even = pictures(32);
      Tensor shifted = even.pad(1, -1, 1, -1, 0);
      assertArrayEquals(
          map(torch, shifted).slice(2, 1, 16).slice(3, 1, 16).toDoubles(),
          map(same, even).slice(2, 0, 15).slice(3, 0, 15).toDoubles(),
          1e-5);
    }
  }

  private static Tensor map(Backbone network, Tensor x) {
    return network.outputs(x, List.of("features.0")).get("features.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet20", "mobilenet_v2"})
  void withoutAClassifierTheFeaturesComeOut(String name) {
    try (Backbone bare = network(name + " classes=0");
        Backbone whole = network(name + " classes=5")) {
      Tensor x = pictures(32);
      assertEquals(Shape.of(2, bare.width()), bare.apply(x).shape());
      assertArrayEquals(bare.features(x).toDoubles(), bare.apply(x).toDoubles());
      assertArrayEquals(bare.features(x).toDoubles(), whole.features(x).toDoubles());
      assertEquals(Shape.of(2, 5), whole.apply(x).shape());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mobilenet_v3_small",
        "mobilenet_v3_large",
        "efficientnet_b0",
        "squeezenet1_0",
        "squeezenet1_1",
        "shufflenet_v2_x0_5",
        "vgg11_bn"
      })
  void featuresHaveTheWidthThatIsTold(String name) {
    try (Backbone bare = zeros(name + " classes=0")) {
      assertEquals(Shape.of(2, bare.width()), bare.apply(pictures(32)).shape());
      assertEquals(Shape.of(2, bare.width()), bare.features(pictures(45)).shape(), "any side");
    }
  }

  /** In training EfficientNet loses branches by step; in evaluation it is a function. */
  @Test
  void stochasticDepthIsAFunctionOfTheStep() {
    try (Backbone network = network("efficientnet_b0 classes=0")) {
      double[] still = network.apply(pictures(32)).toDoubles();
      assertArrayEquals(still, network.apply(pictures(32)).toDoubles());
      network.train();
      network.step(1);
      double[] first = network.apply(pictures(32)).toDoubles();
      network.step(2);
      assertFalse(Arrays.equals(first, network.apply(pictures(32)).toDoubles()));
      network.step(1);
      assertArrayEquals(first, network.apply(pictures(32)).toDoubles());
    }
  }

  @Test
  void outputsAreThoseAskedForInOrderOfExecution() {
    try (Backbone network = zeros("resnet18")) {
      Map<String, Tensor> outputs =
          network.outputs(pictures(32), List.of("layer4", "conv1", "layer2.0.bn2"));
      assertEquals(List.of("conv1", "layer2.0.bn2", "layer4"), List.copyOf(outputs.keySet()));
      assertEquals(Shape.of(2, 128, 4, 4), outputs.get("layer2.0.bn2").shape());
      UserError e =
          assertThrows(UserError.class, () -> network.outputs(pictures(32), List.of("layer5")));
      assertTrue(e.getMessage().contains("no layer 'layer5'"), e.getMessage());
      assertTrue(e.getMessage().contains("did you mean layer1"), e.getMessage());
    }
  }

  /** Sizes are rounded up, and features are the means of the maps. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "resnet18 last-stride=1",
        "resnet18 end=layer3.0",
        "resnet20",
        "mobilenet_v2 width=0.25",
        "mobilenet_v2 width=0.25 padding=same",
        "mobilenet_v3_small",
        "efficientnet_b0",
        "shufflenet_v2_x0_5"
      })
  void mapsAreWhatFeaturesAreMeansOf(String line) {
    try (Backbone network = network(line)) {
      FeatureMaps maps = (FeatureMaps) network;
      for (int side : new int[] {64, 70}) {
        Tensor made = maps.maps(pictures(side));
        int cells = (side + maps.stride() - 1) / maps.stride();
        assertEquals(Shape.of(2, maps.width(), cells, cells), made.shape(), line);
        float[] features = network.features(pictures(side)).toFloats();
        assertArrayEquals(made.mean(false, 2, 3).toFloats(), features, 1e-5f, line);
      }
    }
  }

  @Test
  void anEndLeavesTheRestAway() {
    try (Backbone whole = zeros("resnet50");
        Backbone half = zeros("resnet50 end=layer3.2")) {
      assertEquals(1024, half.width());
      assertEquals(16, ((FeatureMaps) half).stride());
      List<String> kept = half.parameters().stream().map(p -> p.name()).toList();
      assertTrue(whole.parameters().stream().map(p -> p.name()).toList().containsAll(kept));
      assertTrue(kept.contains("layer3.2.bn3.bias"));
      assertFalse(kept.stream().anyMatch(n -> n.startsWith("layer3.3") || n.startsWith("fc")));
    }
    UserError error =
        assertThrows(UserError.class, () -> Architecture.parse("resnet18 end=layer3.2").create());
    assertTrue(error.getMessage().contains("no block 'layer3.2'"), error.getMessage());
  }
}

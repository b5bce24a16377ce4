package akin.nn.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.TransformerPlan.Trait;
import akin.tensor.Gradients;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sizes, names and pictures of vision transformers; their values are compared elsewhere. */
class VisionTransformerTest {
  private static final TransformerPlan LITTLE =
      TransformerPlan.of(TransformerPlan.Size.of(4, 2, 2, 6), 12)
          .with(Trait.CLASS_TOKEN, Trait.PATCH_BIAS, Trait.OUTPUT_BIAS)
          .pooling(TransformerPlan.Pooling.CLASS);
  private static final String POSITIONS = "encoder.pos_embedding";

  @Test
  void sizesAreThosePublished() {
    assertEquals(86_567_656, Architecture.parse("vit_b_16").create().parameterCount());
    assertEquals(86_859_496, Architecture.parse("vit_b_16 image=384").create().parameterCount());
    assertEquals(88_224_232, Architecture.parse("vit_b_32").create().parameterCount());
    assertEquals(304_326_632, Architecture.parse("vit_l_16").create().parameterCount());
  }

  @Test
  void theFeatureIsWhatTheHeadReads() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(12, 3);
        Scope scope = Scope.open(backend)) {
      net.initialise(backend, 1);
      Tensor x = pictures(12);
      assertEquals(Shape.of(2, 6), net.features(x).shape());
      assertEquals(Shape.of(2, 3), net.apply(x).shape());
      Tensor tokens = net.outputs(x, List.of("encoder")).get("encoder");
      assertEquals(Shape.of(2, 1 + 9, 6), tokens.shape());
      double[] first = tokens.slice(1, 0, 1).toDoubles();
      assertArrayEquals(first, net.features(x).toDoubles());
    }
  }

  @Test
  void everyWeightLearns() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(8, 0)) {
      net.initialise(backend, 1);
      try (Tape tape = Tape.open(backend)) {
        Gradients gradients = tape.backward(net.apply(pictures(8)).square().sum());
        net.parameters().forEach(p -> assertTrue(gradients.has(p.tensor()), p.name()));
      }
    }
  }

  @Test
  void aPlanGivesWhatTheNetworkGives() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(12, 0);
        Inference inference = Inference.of(net::apply);
        Scope scope = Scope.open(backend)) {
      net.initialise(backend, 1);
      net.eval();
      Tensor x = pictures(12);
      assertArrayEquals(net.apply(x).toDoubles(), inference.apply(x).toDoubles(), 1e-14);
    }
  }

  // ---- pictures of other sizes ----

  @Test
  void picturesOfAnotherSizeAreRefused() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(12, 3);
        Scope scope = Scope.open(backend)) {
      net.initialise(backend, 1);
      String message =
          assertThrows(ShapeException.class, () -> net.apply(pictures(8))).getMessage();
      assertTrue(message.contains("[N, 3, 12, 12]; the option image=N"), message);
    }
    String message =
        assertThrows(UserError.class, () -> Architecture.parse("vit_b_16 image=15").create())
            .getMessage();
    assertTrue(message.contains("a patch has 16 pixels a side\n  mend: take image=224"), message);
  }

  @Test
  void fittingWeightsAreLeftAlone() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(12, 3)) {
      net.initialise(backend, 1);
      StateDict weights = StateDict.of(net);
      List<String> report = new ArrayList<>();
      StateDict adapted = net.adapt(weights, report::add);
      assertEquals(List.of(), report);
      assertEquals(List.copyOf(weights.values().keySet()), List.copyOf(adapted.values().keySet()));
      weights.values().forEach((name, v) -> assertSame(v, adapted.values().get(name), name));
    }
  }

  /** A grid of 3×3 becomes 5×5: every other position is an old one. */
  @Test
  void positionsAreResizedAndItIsTold() {
    try (Backend backend = new ReferenceBackend();
        Backbone of12 = little(12, 3);
        Backbone of20 = little(20, 3);
        Scope scope = Scope.open(backend)) {
      of12.initialise(backend, 1);
      of20.initialise(backend, 2);
      StateDict weights = StateDict.of(of12);
      List<String> report = new ArrayList<>();
      of20.adapt(weights, report::add).into(of20, "a test");

      assertEquals(1, report.size());
      assertTrue(report.get(0).contains("resized from 3×3 to 5×5 patches"), report.get(0));
      assertTrue(report.get(0).contains("of pictures of 12 pixels, the network of 20"));
      double[] old = weights.values().get(POSITIONS).doubles();
      double[] now = StateDict.of(of20).values().get(POSITIONS).doubles();
      assertEquals((1 + 25) * 6, now.length);
      assertArrayEquals(Arrays.copyOf(old, 6), Arrays.copyOf(now, 6), "the class token's row");
      for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++) {
          int from = (1 + row * 3 + column) * 6;
          int to = (1 + 2 * row * 5 + 2 * column) * 6;
          assertArrayEquals(
              Arrays.copyOfRange(old, from, from + 6), Arrays.copyOfRange(now, to, to + 6), 1e-15);
        }
      }
      assertEquals(Shape.of(2, 3), of20.apply(pictures(20)).shape());
    }
  }

  @Test
  void namesOfAnOlderTorchvisionAreRead() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(12, 3);
        Backbone again = little(12, 3)) {
      net.initialise(backend, 1);
      again.initialise(backend, 2);
      StateDict old = new StateDict();
      StateDict.of(net)
          .values()
          .forEach(
              (name, value) ->
                  old.put(
                      name.replace("mlp.0", "mlp.linear_1").replace("mlp.3", "mlp.linear_2"),
                      value));
      assertTrue(old.values().containsKey("encoder.layers.encoder_layer_1.mlp.linear_2.bias"));
      List<String> report = new ArrayList<>();
      again.adapt(old, report::add).into(again, "a test");
      assertEquals(1, report.size());
      assertTrue(report.get(0).startsWith("8 names of an older torchvision"), report.get(0));
      StateDict.of(net)
          .values()
          .forEach(
              (name, value) ->
                  assertArrayEquals(
                      value.doubles(), StateDict.of(again).values().get(name).doubles(), name));
    }
  }

  /** The names and shapes of a published file: no numbers are looked at. */
  @Test
  void aFileOfAnOlderTorchvisionFitsAndItIsTold() {
    Architecture architecture = Architecture.parse("vit_b_32");
    StateDict published = new StateDict();
    StateDict.shapes(architecture.create())
        .forEach(
            (name, shape) ->
                published.put(
                    name.replace("mlp.0", "mlp.linear_1").replace("mlp.3", "mlp.linear_2"),
                    StateDict.Value.of(shape, new float[0])));
    List<String> report = new ArrayList<>();
    assertTrue(WeightFit.of(published, architecture, report::add).fits());
    assertEquals(1, report.size());
    assertTrue(report.get(0).startsWith("48 names of an older torchvision"), report.get(0));
  }

  @Test
  void positionsOfNoSquareGridAreRefusedByTheirShape() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(12, 3)) {
      net.initialise(backend, 1);
      StateDict weights = StateDict.of(net);
      weights.put(POSITIONS, StateDict.Value.of(Shape.of(1, 8, 6), new double[48]));
      StateDict adapted = net.adapt(weights, told -> assertEquals("", told));
      String message =
          assertThrows(UserError.class, () -> adapted.into(net, "a test")).getMessage();
      assertTrue(message.contains("size mismatch for " + POSITIONS + ": [1, 8, 6]"), message);
    }
  }

  private static Backbone little(int image, int classes) {
    return new VisionTransformer(LITTLE, image, image, classes);
  }

  private static Tensor pictures(int side) {
    double[] values = new double[2 * 3 * side * side];
    Arrays.setAll(values, i -> Math.sin(0.37 * i));
    return Tensor.of(Shape.of(2, 3, side, side), values);
  }
}

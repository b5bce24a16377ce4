package akin.nn.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.LayerNorm2d;
import akin.nn.StateDict;
import akin.tensor.Gradients;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sizes, names and modes of ConvNeXt; its values are compared with torchvision's elsewhere. */
class ConvNeXtTest {
  private static final ConvNeXt.Plan LITTLE =
      ConvNeXt.Plan.of(List.of(2, 3, 4, 5), List.of(1, 1, 2, 1), 0.5);

  @Test
  void sizesAreThosePublished() {
    assertEquals(28_589_128, Architecture.parse("convnext_tiny").create().parameterCount());
    assertEquals(50_223_688, Architecture.parse("convnext_small").create().parameterCount());
    assertEquals(88_591_464, Architecture.parse("convnext_base").create().parameterCount());
    assertEquals(1024, Architecture.parse("convnext_base").create().width());
  }

  @Test
  void namesAreTorchvisions() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(5)) {
      net.initialise(backend, 1);
      List<String> names = List.copyOf(StateDict.of(net).values().keySet());
      assertEquals(
          List.of(
              "features.0.0.weight",
              "features.0.0.bias",
              "features.0.1.weight",
              "features.0.1.bias",
              "features.1.0.layer_scale",
              "features.1.0.block.0.weight"),
          names.subList(0, 6));
      assertEquals(
          List.of("features.7.0.block.5.bias", "classifier.0.weight", "classifier.0.bias"),
          names.subList(names.size() - 5, names.size() - 2));
    }
  }

  @Test
  void withoutClassesItGivesTheFeatures() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(0);
        Scope scope = Scope.open(backend)) {
      net.initialise(backend, 1);
      net.eval();
      Tensor x = pictures();
      assertEquals(Shape.of(2, 5), net.features(x).shape());
      assertArrayEquals(net.features(x).toDoubles(), net.apply(x).toDoubles());
      assertFalse(StateDict.of(net).values().containsKey("classifier.2.weight"));
    }
  }

  @Test
  void everyWeightLearns() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(3)) {
      net.initialise(backend, 1);
      net.eval(); // no block is lost
      try (Tape tape = Tape.open(backend)) {
        Gradients gradients = tape.backward(net.apply(pictures()).square().sum());
        net.parameters().forEach(p -> assertTrue(gradients.has(p.tensor()), p.name()));
      }
    }
  }

  @Test
  void aPlanGivesWhatTheNetworkGives() {
    try (Backend backend = new ReferenceBackend();
        Backbone net = little(0);
        Inference inference = Inference.of(net::apply);
        Scope scope = Scope.open(backend)) {
      net.initialise(backend, 1);
      net.eval();
      Tensor x = pictures();
      assertArrayEquals(net.apply(x).toDoubles(), inference.apply(x).toDoubles(), 1e-14);
    }
  }

  /** γ·(x − μ)/√(σ² + eps) + β, written out for one position. */
  @Test
  void channelsAreNormalisedAtEachPosition() {
    try (Backend backend = new ReferenceBackend();
        LayerNorm2d norm = new LayerNorm2d(3, 0.5);
        Scope scope = Scope.open(backend)) {
      norm.initialise(backend, 1);
      double[] y = norm.apply(Tensor.of(Shape.of(1, 3, 1, 2), 1, 0, 4, 0, 7, 0)).toDoubles();
      double scale = 1 / Math.sqrt(6 + 0.5); // of 1, 4, 7 the mean is 4, the variance 6
      assertArrayEquals(new double[] {-3 * scale, 0, 0, 0, 3 * scale, 0}, y, 1e-15);
    }
  }

  private static Backbone little(int classes) {
    return new ConvNeXt(LITTLE, classes, false);
  }

  private static Tensor pictures() {
    double[] values = new double[2 * 3 * 36 * 36];
    Arrays.setAll(values, i -> Math.sin(0.37 * i));
    return Tensor.of(Shape.of(2, 3, 36, 36), values);
  }
}

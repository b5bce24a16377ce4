package akin.nn.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.backbone.TransformerPlan.Maps;
import akin.nn.backbone.TransformerPlan.Size;
import akin.tensor.Gradients;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Little image encoders with the parts of the published ones learn, and can be planned. */
class TransformerPartsTest {
  private static final int HIGH = 13; // a row of pixels beyond the last whole patch
  private static final int WIDE = 8;

  private static TransformerPlan little(String published) {
    TransformerPlan plan = ((VisionTransformer) Architecture.parse(published).create()).plan();
    TransformerPlan little = plan.size(new Size(4, 2, 2, 8, 6)).outputs(3);
    return plan.maps() == null ? little : little.maps(new Maps(2, Set.of(1), 5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ViT-B-32 activation=quick",
        "ViT-L-14-CLIPA",
        "vit_so400m_patch16_siglip",
        "dinov2_vits14_reg",
        "dinov2_vitg14",
        "eva02_base_patch14",
        "EVA02-B-16 project=true",
        "EVA02-E-14",
        "sam_vit_b",
        "sam_vit_b pooling=mean"
      })
  void everyWeightLearns(String published) {
    TransformerPlan plan = little(published);
    try (Backend backend = new ReferenceBackend();
        Backbone network = new VisionTransformer(plan, HIGH, WIDE, -1)) {
      network.initialise(backend, 1);
      network
          .parameters()
          .forEach(p -> p.tensor().assign(wave(Math.toIntExact(p.shape().count()), 0.3)));
      try (Tape tape = Tape.open(backend)) {
        Gradients gradients = tape.backward(network.apply(pictures()).square().sum());
        network
            .parameters()
            .forEach(
                p -> {
                  double[] slope = gradients.of(p.tensor()).toDoubles();
                  double largest = Arrays.stream(slope).map(Math::abs).max().orElse(0);
                  assertTrue(largest > 0 && Double.isFinite(largest), p.name());
                });
      }
      network.eval();
      try (Scope scope = Scope.open(backend);
          Inference inference = Inference.of(network::features)) {
        Tensor x = pictures();
        double[] features = network.features(x).toDoubles();
        assertEquals(2 * network.width(), features.length);
        assertArrayEquals(features, inference.apply(x).toDoubles(), 1e-12);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ViT-B-32", "EVA02-L-14", "clip_convnext_base"})
  void aProjectedFeatureIsWhatTheProjectionGives(String name) {
    assertTrue(Architecture.parse(name + " project=true").create().width() < 1024);
    Backbone plain = Architecture.parse(name).create();
    assertTrue(plain.width() > Architecture.parse(name + " project=true").create().width());
  }

  private static Tensor pictures() {
    return Tensor.of(Shape.of(2, 3, HIGH, WIDE), wave(2 * 3 * HIGH * WIDE, 1));
  }

  private static double[] wave(int count, double height) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> height * Math.sin(0.37 * i + 1));
    return values;
  }
}

package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.nn.backbone.ConvNeXt;
import akin.nn.backbone.TransformerPlan;
import akin.nn.backbone.TransformerPlan.Gelu;
import akin.nn.backbone.TransformerPlan.Maps;
import akin.nn.backbone.TransformerPlan.Pooling;
import akin.nn.backbone.TransformerPlan.Size;
import akin.nn.backbone.VisionTransformer;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Image encoders of timm, open_clip, DINOv2, segment-anything and transformers: little networks
 * with the plans of the published ones give the numbers of the libraries' own code, from weights
 * under the libraries' own names, and for pictures of other sizes.
 */
class GoldenVitTest {
  private static final double FLOAT64 = 1e-12;

  /** Where the library itself computes in float32: sines of turned queries, or softmax. */
  private static final double SINGLE_PARTS = 2e-6;

  /** The last norm of transformers' ConvNeXt adds 1e-12, the network's 1e-6. */
  private static final double OTHER_EPS = 5e-5;

  private static final Set<String> SINGLE_SOFTMAX = Set.of("hf-siglip", "hf-sam");

  private static final double FLOAT32 = 5e-5;

  /** The plan of a published network in other numbers, with other pictures and outputs. */
  private static TransformerPlan little(String published, Size size, int image, int outputs) {
    TransformerPlan p = ((VisionTransformer) Architecture.parse(published).create()).plan();
    return new TransformerPlan(
        size,
        image,
        p.traits(),
        p.eps(),
        p.activation(),
        p.mlp(),
        p.pooling(),
        p.registers(),
        p.reference(),
        p.maps(),
        outputs);
  }

  private static Map<String, TransformerPlan> plans() {
    Map<String, TransformerPlan> plans = new LinkedHashMap<>();
    Size size = Size.of(14, 2, 3, 36);
    Size coarse = Size.of(16, 2, 3, 36);
    TransformerPlan quick = little("ViT-L-14 activation=quick", size, 56, 32);
    plans.put("openclip-vit-quickgelu", quick);
    plans.put("timm-clip-quickgelu", quick);
    plans.put("hf-clip", quick);
    plans.put("openclip-vit-gelu", little("ViT-B-16", new Size(16, 2, 2, 36, 157), 48, 32));
    plans.put("openclip-vit-clipa", little("ViT-L-14-CLIPA", size, 56, 32));
    plans.put("timm-vit-augreg", little("vit_b_16", coarse, 48, 10));
    Size odd = new Size(14, 2, 3, 36, 134);
    plans.put("timm-siglip", little("vit_so400m_patch14_siglip", odd, 56, 0));
    TransformerPlan tanh = little("vit_so400m_patch16_siglip", new Size(16, 2, 3, 36, 134), 48, 0);
    plans.put("timm-siglip-tanh", tanh);
    plans.put("hf-siglip", tanh);
    Size gated = new Size(14, 2, 3, 36, 96);
    for (String library : new String[] {"timm-dinov2", "dinov2-original", "hf-dinov2"}) {
      plans.put(library, little("dinov2_vits14", size, 56, 0));
      plans.put(library + "-reg4", little("dinov2_vits14_reg", size, 56, 0));
      if (!library.startsWith("hf")) {
        plans.put(library + "-swiglu", little("dinov2_vitg14", gated, 56, 0));
      }
    }
    plans.put("timm-eva02-base-mim", little("eva02_base_patch14", gated, 56, 10).rotary(4));
    plans.put("timm-eva02-small-mim", little("eva02_small_patch14", gated, 56, 0).rotary(2));
    plans.put("openclip-eva02", little("EVA02-B-16", new Size(16, 2, 3, 36, 96), 48, 32).rotary(3));
    plans.put("timm-eva02-enormous", little("EVA02-E-14", new Size(14, 2, 3, 36, 154), 56, 32));
    plans.put("timm-eva01-giant", little("EVA01-g-14", new Size(14, 1, 2, 32, 139), 56, 16));
    Maps maps = new Maps(3, Set.of(1), 16);
    TransformerPlan sam = little("sam_vit_b", coarse, 64, 0).maps(maps);
    plans.put("sam-original", sam);
    plans.put("hf-sam", sam);
    plans.put("timm-sam", little("sam_vit_b eps=1e-5", coarse, 64, 0).maps(maps));
    return plans;
  }

  private static Map<String, ConvNeXt.Plan> convolutions() {
    Map<String, ConvNeXt.Plan> plans = new LinkedHashMap<>();
    List<Integer> blocks = List.of(1, 1, 2, 1);
    ConvNeXt.Plan classes =
        new ConvNeXt.Plan(List.of(12, 16, 24, 36), blocks, 0, 1e-6, ConvNeXt.Head.classifier(10));
    plans.put("timm-convnext", classes);
    plans.put("torchvision-convnext", classes);
    plans.put("hf-convnext", classes);
    ConvNeXt.Plan linear =
        new ConvNeXt.Plan(
            List.of(12, 16, 24, 32), blocks, 0, 1e-6, ConvNeXt.Head.projection(20, 0));
    plans.put("openclip-convnext-linear", linear);
    plans.put("openclip-convnext-mlp", linear.head(ConvNeXt.Head.projection(20, 40)));
    plans.put("openclip-convnext-xxl", linear.eps(1e-5));
    return plans;
  }

  static Stream<String> transformers() {
    return GoldenVit.isPresent() ? plans().keySet().stream() : Stream.of("absent");
  }

  static Stream<String> all() {
    return GoldenVit.isPresent()
        ? Stream.concat(plans().keySet().stream(), convolutions().keySet().stream())
        : Stream.of("absent");
  }

  @Test
  void everyGoldenIsTested() {
    GoldenVit.assumePresent();
    Set<String> untested = new TreeSet<>(GoldenVit.names());
    untested.removeAll(plans().keySet());
    untested.removeAll(convolutions().keySet());
    assertEquals(Set.of(), untested);
  }

  // ---- pictures of the size of training ----

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void float64(String name) {
    TransformerPlan plan = plans().get(name);
    boolean single = SINGLE_SOFTMAX.contains(name) || plan != null && plan.reference() > 0;
    double tolerance = single ? SINGLE_PARTS : FLOAT64;
    check(name, "reference", name.equals("hf-convnext") ? OTHER_EPS : tolerance);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void float32(String name) {
    check(name, "cpu", FLOAT32);
  }

  private static void check(String name, String device, double tolerance) {
    GoldenVit.assumePresent();
    GoldenVit golden = GoldenVit.read(name);
    try (Backend backend = Backends.open(device, 1);
        Backbone network = network(golden)) {
      golden.load(network, backend);
      boolean ofTokens = network instanceof VisionTransformer;
      Map<String, String> paths = ofTokens ? GoldenVit.VIT_PATHS : GoldenVit.CONVNEXT_PATHS;
      Map<String, double[]> computed = golden.computed(network, "", paths, backend);
      if (computed.get("normed") != null) {
        computed.put("pooled", computed.get("normed")); // libraries' features are behind the norm
      }
      double largest = 0;
      for (Map.Entry<String, GoldenCase.Values> out : golden.exact().entrySet()) {
        double[] actual = computed.get(out.getKey());
        largest =
            Math.max(largest, golden.compare(out.getKey(), out.getValue(), actual, tolerance));
      }
      for (Map.Entry<String, GoldenCase.Values> out : golden.out().entrySet()) {
        if (!out.getKey().contains(".")) {
          golden.compare(out.getKey(), out.getValue(), computed.get(out.getKey()), FLOAT32);
        }
      }
      assertArrayEquals(computed.get("projected"), computed.get("planned"), tolerance, "planned");
      System.out.printf("%s on %s: largest difference %.1e%n", name, device, largest);
    }
  }

  private static Backbone network(GoldenVit golden) {
    TransformerPlan plan = plans().get(golden.name());
    return plan == null
        ? new ConvNeXt(convolutions().get(golden.name()), -1, false)
        : network(golden, plan, "");
  }

  private static Backbone network(GoldenVit golden, TransformerPlan plan, String group) {
    GoldenCase.Values picture = golden.picture(group);
    return new VisionTransformer(plan, picture.shape().dim(2), picture.shape().dim(3), -1);
  }

  // ---- of other sizes ----

  @ParameterizedTest(name = "{0}")
  @MethodSource("transformers")
  void otherSizes(String name) {
    GoldenVit.assumePresent();
    GoldenVit golden = GoldenVit.read(name);
    for (String group : golden.groups()) {
      TransformerPlan plan = plans().get(name);
      for (String device : new String[] {"reference", "cpu"}) {
        try (Backend backend = Backends.open(device, 1);
            Backbone network = network(golden, plan, group)) {
          golden.load(network, backend);
          Map<String, double[]> computed =
              golden.computed(network, group, GoldenVit.VIT_PATHS, backend);
          double[] positions =
              StateDict.of(network).values().get("encoder.pos_embedding").doubles();
          computed.put("pos_embed", positions);
          try (Backbone mean = network(golden, plan.pooling(Pooling.MEAN), group)) {
            golden.load(mean, backend);
            computed.put(
                "noneck.pooled",
                golden.computed(mean, group, GoldenVit.VIT_PATHS, backend).get("pooled"));
          }
          int checked = 0;
          for (Map.Entry<String, GoldenCase.Values> out : golden.out().entrySet()) {
            if (out.getKey().startsWith(group + ".")) {
              String key = out.getKey().substring(group.length() + 1);
              golden.compare(group + " " + key, out.getValue(), computed.get(key), FLOAT32);
              checked++;
            }
          }
          assertTrue(checked > 0, group);
        }
      }
    }
  }

  /** As in MDFE: SAM's last tokens, without its neck. */
  @Test
  void samWithoutItsNeck() {
    GoldenVit.assumePresent();
    GoldenVit golden = GoldenVit.read("timm-sam");
    TransformerPlan plan = plans().get("timm-sam").pooling(Pooling.MEAN);
    try (Backend backend = Backends.open("reference", 1);
        Backbone network = network(golden, plan, "")) {
      golden.load(network, backend);
      Map<String, double[]> computed = golden.computed(network, "", GoldenVit.VIT_PATHS, backend);
      golden.compare(
          "noneck.pooled", golden.out().get("noneck.pooled"), computed.get("pooled"), FLOAT32);
    }
  }

  /** A wrong form of GELU is found: the goldens tell exact, tanh and quick apart. */
  @Test
  void aWrongFormOfGeluIsFound() {
    GoldenVit.assumePresent();
    GoldenVit golden = GoldenVit.read("timm-siglip");
    double[] expected = golden.exact().get("pooled").values();
    for (Gelu wrong : new Gelu[] {Gelu.TANH, Gelu.QUICK}) {
      try (Backend backend = Backends.open("reference", 1);
          Backbone network = network(golden, plans().get("timm-siglip").activation(wrong), "")) {
        golden.load(network, backend);
        double[] pooled = golden.computed(network, "", GoldenVit.VIT_PATHS, backend).get("pooled");
        double[] off = new double[pooled.length];
        Arrays.setAll(off, i -> Math.abs(pooled[i] - expected[i]));
        assertTrue(Arrays.stream(off).max().orElse(0) > 2 * FLOAT32, wrong.toString());
      }
    }
  }
}

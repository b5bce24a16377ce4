package akin.nn.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.backbone.TransformerPlan.Gelu;
import akin.nn.backbone.TransformerPlan.Mlp;
import akin.nn.backbone.TransformerPlan.Pooling;
import akin.nn.backbone.TransformerPlan.Trait;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The plans of published image encoders are what their publishers say. */
class ImageEncodersTest {
  private static TransformerPlan plan(String name) {
    return ImageEncoders.all().get(name);
  }

  /** As the libraries' configurations have them; outputs: 0 where none are published. */
  @ParameterizedTest
  @CsvSource({
    // name, width, layers, heads, hidden, patch, image, outputs, eps, gelu, mlp, pooling
    "vit_b_16, 768, 12, 12, 3072, 16, 224, 1000, 1e-6, EXACT, PLAIN, CLASS",
    "vit_b_32, 768, 12, 12, 3072, 32, 224, 1000, 1e-6, EXACT, PLAIN, CLASS",
    "vit_l_16, 1024, 24, 16, 4096, 16, 224, 1000, 1e-6, EXACT, PLAIN, CLASS",
    "vit_ti_16, 192, 12, 3, 768, 16, 224, 1000, 1e-6, EXACT, PLAIN, CLASS",
    "vit_s_16, 384, 12, 6, 1536, 16, 224, 1000, 1e-6, EXACT, PLAIN, CLASS",
    "vit_h_14, 1280, 32, 16, 5120, 14, 224, 1000, 1e-6, EXACT, PLAIN, CLASS",
    "ViT-B-32, 768, 12, 12, 3072, 32, 224, 512, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-B-16, 768, 12, 12, 3072, 16, 224, 512, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-B-16-plus-240, 896, 12, 14, 3584, 16, 240, 640, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-L-14, 1024, 24, 16, 4096, 14, 224, 768, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-L-14-336, 1024, 24, 16, 4096, 14, 336, 768, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-H-14, 1280, 32, 16, 5120, 14, 224, 1024, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-H-14-378, 1280, 32, 16, 5120, 14, 378, 1024, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-g-14, 1408, 40, 16, 6144, 14, 224, 1024, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-bigG-14, 1664, 48, 16, 8192, 14, 224, 1280, 1e-5, EXACT, PLAIN, CLASS",
    "ViT-L-14-CLIPA, 1024, 24, 16, 4096, 14, 224, 768, 1e-5, EXACT, PLAIN, MEAN",
    "ViT-L-14-CLIPA-336, 1024, 24, 16, 4096, 14, 336, 768, 1e-5, EXACT, PLAIN, MEAN",
    "ViT-H-14-CLIPA, 1280, 32, 16, 5120, 14, 224, 1024, 1e-5, EXACT, PLAIN, MEAN",
    "ViT-H-14-CLIPA-336, 1280, 32, 16, 5120, 14, 336, 1024, 1e-5, EXACT, PLAIN, MEAN",
    "ViT-bigG-14-CLIPA, 1664, 48, 16, 8192, 14, 224, 1280, 1e-5, EXACT, PLAIN, MEAN",
    "ViT-bigG-14-CLIPA-336, 1664, 48, 16, 8192, 14, 336, 1280, 1e-5, EXACT, PLAIN, MEAN",
    "vit_base_patch16_siglip, 768, 12, 12, 3072, 16, 224, 0, 1e-6, EXACT, PLAIN, ATTENTION",
    "vit_base_patch32_siglip, 768, 12, 12, 3072, 32, 256, 0, 1e-6, TANH, PLAIN, ATTENTION",
    "vit_large_patch16_siglip, 1024, 24, 16, 4096, 16, 256, 0, 1e-6, EXACT, PLAIN, ATTENTION",
    "vit_so400m_patch14_siglip, 1152, 27, 16, 4304, 14, 384, 0, 1e-6, EXACT, PLAIN, ATTENTION",
    "vit_so400m_patch16_siglip, 1152, 27, 16, 4304, 16, 256, 0, 1e-6, TANH, PLAIN, ATTENTION",
    "vit_giantopt_patch16_siglip, 1536, 40, 16, 6144, 16, 256, 0, 1e-6, TANH, PLAIN, ATTENTION",
    "dinov2_vits14, 384, 12, 6, 1536, 14, 518, 0, 1e-6, EXACT, PLAIN, CLASS",
    "dinov2_vitb14, 768, 12, 12, 3072, 14, 518, 0, 1e-6, EXACT, PLAIN, CLASS",
    "dinov2_vitl14, 1024, 24, 16, 4096, 14, 518, 0, 1e-6, EXACT, PLAIN, CLASS",
    "dinov2_vitg14, 1536, 40, 24, 4096, 14, 518, 0, 1e-6, EXACT, GATED, CLASS",
    "dinov2_vits14_reg, 384, 12, 6, 1536, 14, 518, 0, 1e-6, EXACT, PLAIN, CLASS",
    "dinov2_vitb14_reg, 768, 12, 12, 3072, 14, 518, 0, 1e-6, EXACT, PLAIN, CLASS",
    "dinov2_vitl14_reg, 1024, 24, 16, 4096, 14, 518, 0, 1e-6, EXACT, PLAIN, CLASS",
    "dinov2_vitg14_reg, 1536, 40, 24, 4096, 14, 518, 0, 1e-6, EXACT, GATED, CLASS",
    "eva02_tiny_patch14, 192, 12, 3, 512, 14, 224, 1000, 1e-6, EXACT, GATED, MEAN",
    "eva02_small_patch14, 384, 12, 6, 1024, 14, 224, 1000, 1e-6, EXACT, GATED, MEAN",
    "eva02_base_patch14, 768, 12, 12, 2048, 14, 448, 1000, 1e-6, EXACT, GATED_NORM, MEAN",
    "eva02_large_patch14, 1024, 24, 16, 2730, 14, 448, 1000, 1e-6, EXACT, GATED_NORM, MEAN",
    "EVA02-B-16, 768, 12, 12, 2048, 16, 224, 512, 1e-6, EXACT, GATED_NORM, CLASS",
    "EVA02-L-14, 1024, 24, 16, 2730, 14, 224, 768, 1e-6, EXACT, GATED_NORM, CLASS",
    "EVA02-L-14-336, 1024, 24, 16, 2730, 14, 336, 768, 1e-6, EXACT, GATED_NORM, CLASS",
    "EVA02-E-14, 1792, 64, 16, 15360, 14, 224, 1024, 1e-6, EXACT, PLAIN, CLASS",
    "EVA01-g-14, 1408, 40, 16, 6144, 14, 224, 1024, 1e-6, EXACT, PLAIN, CLASS",
    "sam_vit_b, 768, 12, 12, 3072, 16, 1024, 0, 1e-6, EXACT, PLAIN, NECK",
    "sam_vit_l, 1024, 24, 16, 4096, 16, 1024, 0, 1e-6, EXACT, PLAIN, NECK",
    "sam_vit_h, 1280, 32, 16, 5120, 16, 1024, 0, 1e-6, EXACT, PLAIN, NECK",
  })
  void sizes(
      String name,
      int width,
      int layers,
      int heads,
      int hidden,
      int patch,
      int image,
      int outputs,
      double eps,
      Gelu gelu,
      Mlp mlp,
      Pooling pooling) {
    TransformerPlan p = plan(name);
    assertEquals(new TransformerPlan.Size(patch, layers, heads, width, hidden), p.size());
    assertEquals(image, p.image());
    assertEquals(outputs, p.outputs());
    assertEquals(eps, p.eps());
    assertEquals(gelu, p.activation());
    assertEquals(mlp, p.mlp());
    assertEquals(pooling, p.pooling());
  }

  /** A line above for each. */
  @Test
  void everyEncoderHasALine() {
    CsvSource lines =
        List.of(getClass().getDeclaredMethods()).stream()
            .filter(m -> m.getName().equals("sizes"))
            .findFirst()
            .orElseThrow()
            .getAnnotation(CsvSource.class);
    Set<String> named =
        List.of(lines.value()).stream()
            .map(line -> line.substring(0, line.indexOf(',')))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(ImageEncoders.all().keySet()), named);
  }

  /** What is there beside the numbers. */
  @ParameterizedTest
  @CsvSource({
    "vit_.*_\\d\\d, CLASS_TOKEN PATCH_BIAS NORM_TOKENS OUTPUT_BIAS, 0, 0",
    "ViT-((?!CLIPA).)*, CLASS_TOKEN NORM_BEFORE NORM_TOKENS, 0, 0",
    "ViT-.*CLIPA.*, CLASS_TOKEN NORM_FEATURE, 0, 0",
    ".*siglip, PATCH_BIAS NORM_TOKENS, 0, 0",
    "dinov2_vit.14, CLASS_TOKEN PATCH_BIAS NORM_TOKENS LAYER_SCALE, 0, 0",
    "dinov2_.*_reg, CLASS_TOKEN PATCH_BIAS NORM_TOKENS LAYER_SCALE, 4, 0",
    "eva02_.*, CLASS_TOKEN PATCH_BIAS NORM_FEATURE NO_KEY_BIAS OUTPUT_BIAS, 0, 16",
    "EVA02-[BL].*, CLASS_TOKEN PATCH_BIAS NORM_TOKENS NO_KEY_BIAS NORM_HEADS OUTPUT_BIAS, 0, 16",
    "EVA02-E.*, CLASS_TOKEN PATCH_BIAS NORM_TOKENS NO_KEY_BIAS POST_NORM OUTPUT_BIAS, 0, 0",
    "EVA01.*, CLASS_TOKEN PATCH_BIAS NORM_TOKENS NO_KEY_BIAS OUTPUT_BIAS, 0, 0",
    "sam_.*, PATCH_BIAS, 0, 0",
  })
  void traits(String names, String traits, int registers, int reference) {
    Set<Trait> expected =
        List.of(traits.split(" ")).stream().map(Trait::valueOf).collect(Collectors.toSet());
    Set<String> all = ImageEncoders.all().keySet();
    List<String> family = all.stream().filter(name -> name.matches(names)).toList();
    assertEquals(false, family.isEmpty());
    for (String name : family) {
      assertEquals(expected, plan(name).traits(), name);
      assertEquals(registers, plan(name).registers(), name);
      assertEquals(reference, plan(name).reference(), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sam_vit_b 2 5 8 11", "sam_vit_l 5 11 17 23", "sam_vit_h 7 15 23 31"})
  void layersThatSeeTheWholeMap(String line) {
    List<String> words = List.of(line.split(" "));
    TransformerPlan.Maps maps = plan(words.get(0)).maps();
    assertEquals(14, maps.window());
    assertEquals(256, maps.neck());
    Set<Integer> global =
        words.subList(1, words.size()).stream().map(Integer::valueOf).collect(Collectors.toSet());
    assertEquals(global, maps.global());
  }

  /** Blocks and channels, what stands behind, and what layer norms add. */
  @ParameterizedTest
  @CsvSource({
    "convnext_tiny, 3 3 9 3, 96 192 384 768, 1000, 0, 1e-6",
    "convnext_small, 3 3 27 3, 96 192 384 768, 1000, 0, 1e-6",
    "convnext_base, 3 3 27 3, 128 256 512 1024, 1000, 0, 1e-6",
    "convnext_large, 3 3 27 3, 192 384 768 1536, 1000, 0, 1e-6",
    "convnext_xlarge, 3 3 27 3, 256 512 1024 2048, 1000, 0, 1e-6",
    "clip_convnext_base, 3 3 27 3, 128 256 512 1024, 512, 0, 1e-6",
    "clip_convnext_base_w, 3 3 27 3, 128 256 512 1024, 640, 0, 1e-6",
    "clip_convnext_large_d, 3 3 27 3, 192 384 768 1536, 768, 1536, 1e-6",
    "clip_convnext_xxlarge, 3 4 30 3, 384 768 1536 3072, 1024, 0, 1e-5",
  })
  void convolutions(
      String name, String blocks, String widths, int outputs, int hidden, double eps) {
    ConvNeXt.Plan p = ImageEncoders.convolutional().get(name);
    assertEquals(numbers(blocks), p.blocks());
    assertEquals(numbers(widths), p.widths());
    boolean projection = name.startsWith("clip");
    assertEquals(new ConvNeXt.Head(projection, outputs, hidden), p.head());
    assertEquals(eps, p.eps());
  }

  private static List<Integer> numbers(String line) {
    return List.of(line.split(" ")).stream().map(Integer::valueOf).toList();
  }
}

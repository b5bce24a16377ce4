package akin.nn.backbone;

import akin.nn.backbone.Architecture.Choice;
import akin.nn.backbone.ConvNeXt.Head;
import akin.nn.backbone.TransformerPlan.Gelu;
import akin.nn.backbone.TransformerPlan.Maps;
import akin.nn.backbone.TransformerPlan.Mlp;
import akin.nn.backbone.TransformerPlan.Pooling;
import akin.nn.backbone.TransformerPlan.Size;
import akin.nn.backbone.TransformerPlan.Trait;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The plans of the published image encoders, by their names. */
final class ImageEncoders {
  private static final double CLIP_EPS = 1e-5;
  private static final int EVA_GRID = 16; // in pre-training, whatever the patches

  private final Map<String, TransformerPlan> plans = new LinkedHashMap<>();

  private ImageEncoders() {}

  /** All by name. */
  static Map<String, TransformerPlan> all() {
    ImageEncoders all = new ImageEncoders();
    all.vit();
    all.clip();
    all.siglip();
    all.dino();
    all.eva();
    all.sam();
    return all.plans;
  }

  /** What an encoder can be told. */
  static Set<Choice> choices(TransformerPlan plan) {
    Set<Choice> choices = EnumSet.of(Choice.IMAGE, Choice.ACTIVATION, Choice.EPS, Choice.POOLING);
    if (plan.mlp() != Mlp.PLAIN) {
      choices.remove(Choice.ACTIVATION);
    }
    if (isProjected(plan)) {
      choices.add(Choice.PROJECT);
    }
    return choices;
  }

  /** Whether what stands behind the feature is a projection, not a classifier of ImageNet. */
  private static boolean isProjected(TransformerPlan plan) {
    return plan.outputs() != 0 && plan.outputs() != 1000;
  }

  private void add(String name, TransformerPlan plan) {
    plans.put(name, plan);
  }

  // ---- plain ----

  private void vit() {
    add("vit_b_16", plain(Size.of(16, 12, 12, 768), 224));
    add("vit_b_32", plain(Size.of(32, 12, 12, 768), 224));
    add("vit_l_16", plain(Size.of(16, 24, 16, 1024), 224));
    add("vit_ti_16", plain(Size.of(16, 12, 3, 192), 224));
    add("vit_s_16", plain(Size.of(16, 12, 6, 384), 224));
    add("vit_h_14", plain(Size.of(14, 32, 16, 1280), 224));
  }

  /** The vision transformer itself, as torchvision's and timm's. */
  private static TransformerPlan plain(Size size, int image) {
    return TransformerPlan.of(size, image)
        .with(Trait.CLASS_TOKEN, Trait.PATCH_BIAS, Trait.OUTPUT_BIAS)
        .pooling(Pooling.CLASS)
        .outputs(1000);
  }

  // ---- CLIP ----

  private void clip() {
    add("ViT-B-32", clip(Size.of(32, 12, 12, 768), 224, 512));
    add("ViT-B-16", clip(Size.of(16, 12, 12, 768), 224, 512));
    add("ViT-B-16-plus-240", clip(Size.of(16, 12, 14, 896), 240, 640));
    add("ViT-L-14", clip(Size.of(14, 24, 16, 1024), 224, 768));
    add("ViT-L-14-336", clip(Size.of(14, 24, 16, 1024), 336, 768));
    add("ViT-H-14", clip(Size.of(14, 32, 16, 1280), 224, 1024));
    add("ViT-H-14-378", clip(Size.of(14, 32, 16, 1280), 378, 1024));
    add("ViT-g-14", clip(new Size(14, 40, 16, 1408, 6144), 224, 1024));
    add("ViT-bigG-14", clip(new Size(14, 48, 16, 1664, 8192), 224, 1280));
    add("ViT-L-14-CLIPA", clipa(Size.of(14, 24, 16, 1024), 224, 768));
    add("ViT-L-14-CLIPA-336", clipa(Size.of(14, 24, 16, 1024), 336, 768));
    add("ViT-H-14-CLIPA", clipa(Size.of(14, 32, 16, 1280), 224, 1024));
    add("ViT-H-14-CLIPA-336", clipa(Size.of(14, 32, 16, 1280), 336, 1024));
    add("ViT-bigG-14-CLIPA", clipa(new Size(14, 48, 16, 1664, 8192), 224, 1280));
    add("ViT-bigG-14-CLIPA-336", clipa(new Size(14, 48, 16, 1664, 8192), 336, 1280));
  }

  /** Radford et al., ICML 2021, as open_clip's; MetaCLIP and DFN are the same network. */
  private static TransformerPlan clip(Size size, int image, int outputs) {
    return TransformerPlan.of(size, image)
        .with(Trait.CLASS_TOKEN, Trait.NORM_BEFORE)
        .eps(CLIP_EPS)
        .pooling(Pooling.CLASS)
        .outputs(outputs);
  }

  /** Li et al., NeurIPS 2023: the class token runs through, but is left out of the mean. */
  private static TransformerPlan clipa(Size size, int image, int outputs) {
    return TransformerPlan.of(size, image)
        .with(Trait.CLASS_TOKEN, Trait.NORM_FEATURE)
        .without(Trait.NORM_TOKENS)
        .eps(CLIP_EPS)
        .outputs(outputs);
  }

  // ---- SigLIP ----

  private void siglip() {
    add("vit_base_patch16_siglip", siglip(Size.of(16, 12, 12, 768), 224));
    add("vit_base_patch32_siglip", siglip(Size.of(32, 12, 12, 768), 256).activation(Gelu.TANH));
    add("vit_large_patch16_siglip", siglip(Size.of(16, 24, 16, 1024), 256));
    Size so400m = new Size(14, 27, 16, 1152, 4304);
    add("vit_so400m_patch14_siglip", siglip(so400m, 384));
    Size coarse = new Size(16, 27, 16, 1152, 4304);
    add("vit_so400m_patch16_siglip", siglip(coarse, 256).activation(Gelu.TANH));
    Size giant = Size.of(16, 40, 16, 1536);
    add("vit_giantopt_patch16_siglip", siglip(giant, 256).activation(Gelu.TANH));
  }

  /** Zhai et al., ICCV 2023. */
  private static TransformerPlan siglip(Size size, int image) {
    return TransformerPlan.of(size, image).with(Trait.PATCH_BIAS).pooling(Pooling.ATTENTION);
  }

  // ---- DINOv2 ----

  private void dino() {
    add("dinov2_vits14", dino(Size.of(14, 12, 6, 384)));
    add("dinov2_vitb14", dino(Size.of(14, 12, 12, 768)));
    add("dinov2_vitl14", dino(Size.of(14, 24, 16, 1024)));
    TransformerPlan giant = dino(new Size(14, 40, 24, 1536, 4096)).mlp(Mlp.GATED);
    add("dinov2_vitg14", giant);
    add("dinov2_vits14_reg", dino(Size.of(14, 12, 6, 384)).registers(4));
    add("dinov2_vitb14_reg", dino(Size.of(14, 12, 12, 768)).registers(4));
    add("dinov2_vitl14_reg", dino(Size.of(14, 24, 16, 1024)).registers(4));
    add("dinov2_vitg14_reg", giant.registers(4));
  }

  /** Oquab et al., TMLR 2024; registers: Darcet et al., ICLR 2024. */
  private static TransformerPlan dino(Size size) {
    return TransformerPlan.of(size, 518)
        .with(Trait.CLASS_TOKEN, Trait.PATCH_BIAS, Trait.LAYER_SCALE)
        .pooling(Pooling.CLASS);
  }

  // ---- EVA ----

  private void eva() {
    Size base = new Size(14, 12, 12, 768, 2048);
    Size large = new Size(14, 24, 16, 1024, 2730);
    add("eva02_tiny_patch14", eva(new Size(14, 12, 3, 192, 512), 224).mlp(Mlp.GATED));
    add("eva02_small_patch14", eva(new Size(14, 12, 6, 384, 1024), 224).mlp(Mlp.GATED));
    add("eva02_base_patch14", eva(base, 448));
    add("eva02_large_patch14", eva(large, 448));
    add("EVA02-B-16", evaClip(new Size(16, 12, 12, 768, 2048), 224, 512));
    add("EVA02-L-14", evaClip(large, 224, 768));
    add("EVA02-L-14-336", evaClip(large, 336, 768));
    TransformerPlan enormous = evaPlain(new Size(14, 64, 16, 1792, 15360), 1024);
    add("EVA02-E-14", enormous.with(Trait.POST_NORM));
    add("EVA01-g-14", evaPlain(new Size(14, 40, 16, 1408, 6144), 1024));
  }

  /** Fang et al., "EVA-02", 2023, as it classifies pictures. */
  private static TransformerPlan eva(Size size, int image) {
    return TransformerPlan.of(size, image)
        .with(Trait.CLASS_TOKEN, Trait.PATCH_BIAS, Trait.NO_KEY_BIAS)
        .with(Trait.NORM_FEATURE, Trait.OUTPUT_BIAS)
        .without(Trait.NORM_TOKENS)
        .mlp(Mlp.GATED_NORM)
        .rotary(EVA_GRID)
        .outputs(1000);
  }

  /** The same as CLIP's tower: Sun et al., "EVA-CLIP", 2023. */
  private static TransformerPlan evaClip(Size size, int image, int outputs) {
    return eva(size, image)
        .with(Trait.NORM_TOKENS, Trait.NORM_HEADS)
        .without(Trait.NORM_FEATURE)
        .pooling(Pooling.CLASS)
        .outputs(outputs);
  }

  /** EVA's first and its largest: no turning, a plain mlp. */
  private static TransformerPlan evaPlain(Size size, int outputs) {
    return evaClip(size, 224, outputs).without(Trait.NORM_HEADS).mlp(Mlp.PLAIN).rotary(0);
  }

  // ---- SAM ----

  private void sam() {
    add("sam_vit_b", sam(Size.of(16, 12, 12, 768), Set.of(2, 5, 8, 11)));
    add("sam_vit_l", sam(Size.of(16, 24, 16, 1024), Set.of(5, 11, 17, 23)));
    add("sam_vit_h", sam(Size.of(16, 32, 16, 1280), Set.of(7, 15, 23, 31)));
  }

  /** Kirillov et al., ICCV 2023: the image encoder. */
  private static TransformerPlan sam(Size size, Set<Integer> global) {
    return TransformerPlan.of(size, 1024)
        .with(Trait.PATCH_BIAS)
        .without(Trait.NORM_TOKENS)
        .pooling(Pooling.NECK)
        .maps(new Maps(14, global, 256));
  }

  // ---- ConvNeXt ----

  /** Those of convolutions by name: Liu et al., CVPR 2022; of CLIP: open_clip's. */
  static Map<String, ConvNeXt.Plan> convolutional() {
    List<Integer> small = List.of(96, 192, 384, 768);
    List<Integer> middle = List.of(128, 256, 512, 1024);
    List<Integer> large = List.of(192, 384, 768, 1536);
    List<Integer> deep = List.of(3, 3, 27, 3);
    Map<String, ConvNeXt.Plan> plans = new LinkedHashMap<>();
    plans.put("convnext_tiny", ConvNeXt.Plan.of(small, List.of(3, 3, 9, 3), 0.1));
    plans.put("convnext_small", ConvNeXt.Plan.of(small, deep, 0.4));
    ConvNeXt.Plan base = ConvNeXt.Plan.of(middle, deep, 0.5);
    plans.put("convnext_base", base);
    plans.put("convnext_large", ConvNeXt.Plan.of(large, deep, 0.5));
    plans.put("convnext_xlarge", ConvNeXt.Plan.of(List.of(256, 512, 1024, 2048), deep, 0.5));
    plans.put("clip_convnext_base", base.head(Head.projection(512, 0)));
    plans.put("clip_convnext_base_w", base.head(Head.projection(640, 0)));
    ConvNeXt.Plan wide = ConvNeXt.Plan.of(large, deep, 0.5).head(Head.projection(768, 2 * 768));
    plans.put("clip_convnext_large_d", wide);
    ConvNeXt.Plan largest =
        ConvNeXt.Plan.of(List.of(384, 768, 1536, 3072), List.of(3, 4, 30, 3), 0.5);
    plans.put("clip_convnext_xxlarge", largest.head(Head.projection(1024, 0)).eps(CLIP_EPS));
    return plans;
  }

  /** What an encoder of convolutions can be told. */
  static Set<Choice> choices(ConvNeXt.Plan plan) {
    return plan.head().projection() ? EnumSet.of(Choice.PROJECT) : Set.of();
  }
}

package akin.retrieval.pretrained;

import akin.nn.backbone.Architecture;
import akin.nn.backbone.VisionTransformer;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.data.ResizeFilter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How pictures are prepared for an image encoder as its publishers evaluate it, where all its
 * published weights agree; so it need not be told.
 *
 * <p>Sources: the configurations of open_clip and timm, DINOv2 and segment-anything.
 */
final class UsualPreprocessing {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
  private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);
  private static final int AUGREG_CROPPED =
      224; // larger pictures of these networks are not cropped

  /** Networks of one preparation, by their names. */
  private record Family(Pattern names, boolean stretch, List<Double> mean, List<Double> std) {}

  private static final List<Family> FAMILIES =
      List.of(
          family("ViT-.*-CLIPA.*", true, IMAGENET_MEAN, IMAGENET_STD),
          family("ViT-H-14-378", true, CLIP_MEAN, CLIP_STD),
          family("ViT-.*|EVA.*|eva02_.*|clip_convnext_.*", false, CLIP_MEAN, CLIP_STD),
          family(".*_siglip", true, HALF, HALF),
          family("dinov2_.*|sam_.*", false, IMAGENET_MEAN, IMAGENET_STD),
          family("convnext_xlarge", false, IMAGENET_MEAN, IMAGENET_STD),
          family("vit_(ti|s)_16", false, HALF, HALF));

  private UsualPreprocessing() {}

  private static Family family(String names, boolean stretch, List<Double> mean, List<Double> std) {
    return new Family(Pattern.compile(names), stretch, mean, std);
  }

  /** The preparation, of pictures of the size that the network takes; none for other networks. */
  static Optional<Preprocessing> of(Architecture architecture) {
    return FAMILIES.stream()
        .filter(family -> family.names.matcher(architecture.name()).matches())
        .findFirst()
        .map(family -> of(family, architecture.name(), side(architecture)));
  }

  private static Preprocessing of(Family family, String name, int side) {
    double part = 1; // of the shorter side that is seen
    if (name.equals("convnext_xlarge")) {
      part = 0.875;
    } else if (name.startsWith("vit_") && side <= AUGREG_CROPPED) {
      part = 0.9;
    }
    int shorter = (int) Math.floor(side / part);
    Preprocessing shaped =
        family.stretch ? Preprocessing.stretch(side, side) : Preprocessing.crop(shorter, side);
    boolean bilinear = name.contains("CLIPA");
    return shaped
        .resizeWith(bilinear ? ResizeFilter.BILINEAR : ResizeFilter.BICUBIC)
        .normalize(family.mean, family.std);
  }

  private static int side(Architecture architecture) {
    if (architecture.create() instanceof VisionTransformer transformer) {
      return transformer.image();
    }
    return architecture.name().matches("clip_convnext_base|convnext_xlarge") ? 224 : 256;
  }
}

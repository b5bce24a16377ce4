package akin.retrieval.data;

import java.util.List;

/**
 * The preprocessings of published weights, each as those who published them evaluate them. A card
 * of weights names one; a network fed by another still runs, at worse figures.
 *
 * <p>Source of torchvision's: the {@code transforms} of each entry in {@code
 * torchvision/models/*.py}, whose preset {@code ImageClassification} (torchvision/transforms/
 * _presets.py) resizes bilinearly to 256 and crops 224 unless told otherwise, divides by 255 and
 * normalises with ImageNet's mean (0.485, 0.456, 0.406) and standard deviation (0.229, 0.224,
 * 0.225).
 */
public final class StandardPreprocessing {
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
  private static final List<Double> ONE = List.of(1.0, 1.0, 1.0);

  /**
   * Shorter side 256, crop 224: torchvision's {@code IMAGENET1K_V1} of ResNet, ResNeXt, wide
   * ResNet, VGG, SqueezeNet, MobileNetV2 and V3, ShuffleNetV2 x0.5, ViT-B/16 and ViT-B/32.
   */
  public static final Preprocessing TORCHVISION_V1 = torchvision(256);

  /**
   * Shorter side 232, crop 224: torchvision's {@code IMAGENET1K_V2} of ResNet-50/101/152, ResNeXt,
   * wide ResNet, MobileNetV2 and MobileNetV3 large.
   */
  public static final Preprocessing TORCHVISION_V2 = torchvision(232);

  /** Shorter side 236, crop 224: torchvision's ConvNeXt tiny, {@code IMAGENET1K_V1}. */
  public static final Preprocessing CONVNEXT_TINY = torchvision(236);

  /** Shorter side 230, crop 224: torchvision's ConvNeXt small, {@code IMAGENET1K_V1}. */
  public static final Preprocessing CONVNEXT_SMALL = torchvision(230);

  /** Shorter side 232, crop 224: torchvision's ConvNeXt base, {@code IMAGENET1K_V1}. */
  public static final Preprocessing CONVNEXT_BASE = torchvision(232);

  /** Shorter side 256, bicubic, crop 224: torchvision's EfficientNet-B0, {@code IMAGENET1K_V1}. */
  public static final Preprocessing EFFICIENTNET_B0 =
      torchvision(256).resizeWith(ResizeFilter.BICUBIC);

  /** Shorter side 242, crop 224: torchvision's ViT-L/16, {@code IMAGENET1K_V1}. */
  public static final Preprocessing VIT_L_16 = torchvision(242);

  /** Shorter side and crop 224, bicubic: torchvision's ViT-H/14, {@code SWAG_LINEAR_V1}. */
  public static final Preprocessing VIT_H_14 = torchvision(224).resizeWith(ResizeFilter.BICUBIC);

  /** Shorter side and crop 518, bicubic: torchvision's ViT-H/14, {@code SWAG_E2E_V1}. */
  public static final Preprocessing VIT_H_14_518 =
      Preprocessing.crop(518, 518)
          .resizeWith(ResizeFilter.BICUBIC)
          .normalize(IMAGENET_MEAN, IMAGENET_STD);

  /**
   * The central square of 0.875, to 224, x/127.5 − 1: TensorFlow's MobileNets. Source: the scale is
   * that of tensorflow/models, research/slim/preprocessing/inception_preprocessing.py; the square
   * that of tensorflow/tpu, resnet_preprocessing.py (224 / (224 + 32) of the shorter side), where
   * slim takes 0.875 of either side and stretches. Resized bilinearly with antialiasing.
   */
  public static final Preprocessing INCEPTION =
      Preprocessing.central(0.875, 224).divideBy(127.5).normalize(ONE, ONE);

  /**
   * Blue, green, red, minus the mean of each, not divided: the weights of Keras' ResNet-50, -101
   * and -152, and of its VGGs. Source: mode {@code caffe} of keras/applications/imagenet_utils.py;
   * it leaves shaping to the caller, so this takes the usual shorter side 256, crop 224.
   */
  public static final Preprocessing CAFFE =
      Preprocessing.crop(256, 224)
          .bgr()
          .divideBy(1)
          .normalize(List.of(103.939, 116.779, 123.68), ONE);

  /**
   * 32 x 32 as stored, ImageNet's mean and standard deviation: the CIFAR ResNets of
   * github.com/akamaster/pytorch_resnet_cifar10 (trainer.py). A picture of another size is
   * stretched.
   */
  public static final Preprocessing CIFAR =
      Preprocessing.stretch(32, 32).normalize(IMAGENET_MEAN, IMAGENET_STD);

  private StandardPreprocessing() {}

  private static Preprocessing torchvision(int shortSide) {
    return Preprocessing.crop(shortSide, 224).normalize(IMAGENET_MEAN, IMAGENET_STD);
  }
}

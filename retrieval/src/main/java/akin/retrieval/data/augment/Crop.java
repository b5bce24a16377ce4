package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;

/**
 * Cuts out a part and makes it as large as the picture was: RandomResizedCrop. The part's area is a
 * uniform share of the picture's, the logarithm of its sides' ratio is uniform, and so is its
 * place. Parts that stick out are drawn again, ten times; then the picture stays whole.
 *
 * @param least share of the area; 0.08 without
 * @param most share of the area; 1 without
 * @param ratio the most by which a side may be stretched beside the other; 4/3 without, 1 for none
 */
public record Crop(Double least, Double most, Double ratio) implements Augmentation {
  private static final int TRIES = 10;
  private static final double LARGEST = 100;

  /** Fills in defaults. */
  public Crop {
    least = least == null ? 0.08 : least;
    most = most == null ? 1.0 : most;
    ratio = ratio == null ? 4.0 / 3 : ratio;
    Ranges.within("least", least, 1e-4, 1);
    Ranges.within("most", most, least, 1);
    Ranges.within("ratio", ratio, 1, LARGEST);
  }

  @Override
  public Image apply(Image picture, RandomStream stream) {
    double logarithm = StrictMath.log(ratio);
    for (int i = 0; i < TRIES; i++) {
      double share = Augmentation.between(least, most, stream, 4L * i);
      double sides =
          StrictMath.exp(Augmentation.between(-logarithm, logarithm, stream, 4L * i + 1));
      double width = Math.sqrt(share * sides); // of the picture's
      double height = Math.sqrt(share / sides);
      if (width <= 1 && height <= 1) {
        double x = Augmentation.between(-1, 1, stream, 4L * i + 2) * (1 - width) / 2;
        double y = Augmentation.between(-1, 1, stream, 4L * i + 3) * (1 - height) / 2;
        return new Warp(width, 0, 0, height, x * picture.width(), y * picture.height()).of(picture);
      }
    }
    return picture;
  }
}

package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;

/**
 * Makes things wider or narrower, and taller or flatter, each by a factor of its own, about the
 * middle.
 *
 * @param least factor; 0.8 without
 * @param most factor; 1.2 without
 */
public record Scale(Double least, Double most) implements Augmentation {
  private static final double LARGEST = 100;

  /** Fills in defaults. */
  public Scale {
    least = least == null ? 0.8 : least;
    most = most == null ? 1.2 : most;
    Ranges.within("least", least, 1 / LARGEST, LARGEST);
    Ranges.within("most", most, least, LARGEST);
  }

  @Override
  public Image apply(Image picture, RandomStream stream) {
    double x = Augmentation.between(least, most, stream, 0);
    double y = Augmentation.between(least, most, stream, 1);
    return new Warp(1 / x, 0, 0, 1 / y, 0, 0).of(picture);
  }
}

package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;

/**
 * Moves the picture sideways and up or down.
 *
 * @param share the most, of the width and of the height; 0.1 without
 */
public record Translate(Double share) implements Augmentation {
  /** Fills in the default. */
  public Translate {
    share = share == null ? 0.1 : share;
    Ranges.within("share", share, 0, 1);
  }

  @Override
  public Image apply(Image picture, RandomStream stream) {
    double x = Augmentation.between(-share, share, stream, 0) * picture.width();
    double y = Augmentation.between(-share, share, stream, 1) * picture.height();
    return new Warp(1, 0, 0, 1, -x, -y).of(picture);
  }
}

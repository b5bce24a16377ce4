package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;

/**
 * Turns the picture about its middle.
 *
 * @param degrees the most, either way; 15 without
 */
public record Rotate(Double degrees) implements Augmentation {
  /** Fills in the default. */
  public Rotate {
    degrees = degrees == null ? 15.0 : degrees;
    Ranges.within("degrees", degrees, 0, 180);
  }

  @Override
  public Image apply(Image picture, RandomStream stream) {
    double angle = StrictMath.toRadians(Augmentation.between(-degrees, degrees, stream, 0));
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    return new Warp(cos, sin, -sin, cos, 0, 0).of(picture);
  }
}

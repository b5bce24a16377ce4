package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;

/**
 * Slants upright lines: a row moves sideways by tan(angle) times its height above the middle.
 *
 * @param degrees the largest angle, either way; 10 without
 */
public record Shear(Double degrees) implements Augmentation {
  private static final double STEEPEST = 80;

  /** Fills in the default. */
  public Shear {
    degrees = degrees == null ? 10.0 : degrees;
    Ranges.within("degrees", degrees, 0, STEEPEST);
  }

  @Override
  public Image apply(Image picture, RandomStream stream) {
    double angle = StrictMath.toRadians(Augmentation.between(-degrees, degrees, stream, 0));
    return new Warp(1, StrictMath.tan(angle), 0, 1, 0, 0).of(picture);
  }
}

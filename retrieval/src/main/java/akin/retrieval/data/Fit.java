package akin.retrieval.data;

/**
 * How a picture of any size and aspect comes to the size of a network's input. Stored by its {@link
 * #label} in {@link Preprocessing#id}.
 */
public sealed interface Fit {
  /** Makes the picture {@code width} x {@code height}. */
  Image apply(Image image, int width, int height, ResizeFilter filter);

  /**
   * {@code stretch}, {@code crop256}, {@code central0.875} or {@code pad}; {@link #parse} reads it
   * back.
   */
  String label();

  /** The whole picture, whatever its aspect: nothing is lost, circles become ellipses. */
  record Stretch() implements Fit {
    @Override
    public Image apply(Image image, int width, int height, ResizeFilter filter) {
      return image.resize(width, height, filter);
    }

    @Override
    public String label() {
      return "stretch";
    }
  }

  /**
   * The shorter side is scaled to {@code shortSide} pixels, then the middle is cut out, as
   * torchvision's {@code Resize(shortSide)} and {@code CenterCrop}.
   *
   * @param shortSide at least 1; what the crop lacks is filled with zeros
   */
  record Crop(int shortSide) implements Fit {
    /** Checks the length. */
    public Crop {
      if (shortSide < 1) {
        throw new IllegalArgumentException("the shorter side needs 1 pixel or more: " + shortSide);
      }
    }

    @Override
    public Image apply(Image image, int width, int height, ResizeFilter filter) {
      return image.resizeShortSide(shortSide, filter).centerCrop(width, height);
    }

    @Override
    public String label() {
      return "crop" + shortSide;
    }
  }

  /**
   * The central square of side ⌊fraction · min(width, height)⌋ is cut out first, its left edge at
   * ⌊(width − side) / 2⌋ and its top at ⌊(height − side) / 2⌋, then resized. Pixels outside of it
   * take no part, where {@link Crop} lets them reach in by half a filter. TensorFlow's networks are
   * evaluated so, with 0.875.
   *
   * @param fraction above 0, at most 1
   */
  record Central(double fraction) implements Fit {
    /** Checks the fraction. */
    public Central {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new IllegalArgumentException(
            "a central square is a fraction of the shorter side, above 0, at most 1: " + fraction);
      }
    }

    @Override
    public Image apply(Image image, int width, int height, ResizeFilter filter) {
      int side = Math.max(1, (int) (fraction * Math.min(image.width(), image.height())));
      int left = (image.width() - side) / 2;
      int top = (image.height() - side) / 2;
      return image.crop(left, top, side, side).resize(width, height, filter);
    }

    @Override
    public String label() {
      return "central" + fraction;
    }
  }

  /**
   * Zeros around the picture first, to a square (of an odd number of lines the last at the bottom
   * or the right), then resized: nothing is lost, and circles stay circles where the input is a
   * square.
   */
  record Pad() implements Fit {
    @Override
    public Image apply(Image image, int width, int height, ResizeFilter filter) {
      int side = Math.max(image.width(), image.height());
      int left = (side - image.width()) / 2;
      int top = (side - image.height()) / 2;
      return image.crop(-left, -top, side, side).resize(width, height, filter);
    }

    @Override
    public String label() {
      return "pad";
    }
  }

  /**
   * The inverse of {@link #label}.
   *
   * @throws IllegalArgumentException if there is no such fit
   */
  static Fit parse(String label) {
    if (label.equals("stretch")) {
      return new Stretch();
    }
    if (label.equals("pad")) {
      return new Pad();
    }
    if (label.startsWith("crop")) {
      return new Crop(Integer.parseInt(label.substring("crop".length())));
    }
    if (label.startsWith("central")) {
      return new Central(Double.parseDouble(label.substring("central".length())));
    }
    throw new IllegalArgumentException(
        "fit is stretch, crop<side>, central<fraction> or pad, not " + label);
  }
}

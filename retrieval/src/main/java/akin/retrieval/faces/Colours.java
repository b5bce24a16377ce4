package akin.retrieval.faces;

import java.awt.Color;

/** Colours mixed, darkened, and varied. */
final class Colours {
  private Colours() {}

  /** {@code a} at t = 0, {@code b} at t = 1. */
  static Color mix(Color a, Color b, double t) {
    return new Color(
        level(a.getRed() + t * (b.getRed() - a.getRed())),
        level(a.getGreen() + t * (b.getGreen() - a.getGreen())),
        level(a.getBlue() + t * (b.getBlue() - a.getBlue())));
  }

  /** Darker by the factor. */
  static Color dark(Color c, double factor) {
    return mix(Color.BLACK, c, factor);
  }

  /** Towards white. */
  static Color light(Color c, double share) {
    return mix(c, Color.WHITE, share);
  }

  /** The same colour, see-through: 0 is clear, 1 opaque. */
  static Color clear(Color c, double alpha) {
    return new Color(c.getRed(), c.getGreen(), c.getBlue(), level(alpha * 255));
  }

  /** Each channel moved by up to {@code amount}. */
  static Color vary(Color c, double amount, Draws draws) {
    return new Color(
        level(c.getRed() + draws.between(-amount, amount)),
        level(c.getGreen() + draws.between(-amount, amount)),
        level(c.getBlue() + draws.between(-amount, amount)));
  }

  /** Any colour of a hue (0 to 1), a saturation and a brightness. */
  static Color hue(double hue, double saturation, double brightness) {
    return Color.getHSBColor((float) hue, (float) saturation, (float) brightness);
  }

  /** How bright the eye finds it, 0 to 255. */
  static double luminance(Color c) {
    return 0.299 * c.getRed() + 0.587 * c.getGreen() + 0.114 * c.getBlue();
  }

  private static int level(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}

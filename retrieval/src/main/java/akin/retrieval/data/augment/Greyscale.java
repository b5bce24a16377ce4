package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;

/**
 * Takes colour away: x ← (1 − a)·x + a·grey(x), a uniform between two bounds.
 *
 * @param least of a; 0.2 without
 * @param most of a; 1 without
 */
public record Greyscale(Double least, Double most) implements Augmentation {
  /** Fills in defaults. */
  public Greyscale {
    least = least == null ? 0.2 : least;
    most = most == null ? 1.0 : most;
    Ranges.within("least", least, 0, 1);
    Ranges.within("most", most, least, 1);
  }

  @Override
  public Image apply(Image picture, RandomStream stream) {
    if (picture.channels() == 1) {
      return picture;
    }
    double a = Augmentation.between(least, most, stream, 0);
    byte[] grey = picture.grey().bytes();
    byte[] bytes = picture.bytes();
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < out.length; i++) {
      int colour = bytes[i] & 0xff;
      int shade = grey[i / 3] & 0xff;
      out[i] = (byte) Math.round(colour + a * (shade - colour));
    }
    return new Image(picture.width(), picture.height(), 3, out);
  }
}

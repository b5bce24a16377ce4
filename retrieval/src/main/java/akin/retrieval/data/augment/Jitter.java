package akin.retrieval.data.augment;

import akin.retrieval.data.Image;
import akin.tensor.RandomStream;

/**
 * Changes brightness (x·f), contrast (about the picture's mean grey) and saturation (about each
 * pixel's grey), in random order, each by a uniform factor f: x ← g + f·(x − g), kept within 0 …
 * 255.
 *
 * @param brightness b: f lies between 1 − b and 1 + b; 0.4 without
 * @param contrast alike; 0.4 without
 * @param saturation alike; 0.4 without
 */
public record Jitter(Double brightness, Double contrast, Double saturation)
    implements Augmentation {
  private static final int KINDS = 3;
  private static final double USUAL = 0.4;
  private static final int WHITE = 255;

  /** Fills in defaults. */
  public Jitter {
    brightness = brightness == null ? USUAL : brightness;
    contrast = contrast == null ? USUAL : contrast;
    saturation = saturation == null ? USUAL : saturation;
    Ranges.within("brightness", brightness, 0, 1);
    Ranges.within("contrast", contrast, 0, 1);
    Ranges.within("saturation", saturation, 0, 1);
  }

  @Override
  public Image apply(Image picture, RandomStream stream) {
    Image changed = picture;
    for (int kind : stream.child("order").permutation(KINDS)) {
      double most = kind == 0 ? brightness : kind == 1 ? contrast : saturation;
      double f = Augmentation.between(1 - most, 1 + most, stream, kind);
      changed = changed(changed, kind, f);
    }
    return changed;
  }

  private static Image changed(Image picture, int kind, double f) {
    byte[] bytes = picture.bytes();
    byte[] grey = kind == 0 ? null : picture.grey().bytes();
    double mean = kind == 1 ? mean(grey) : 0;
    byte[] out = new byte[bytes.length];
    int channels = picture.channels();
    for (int i = 0; i < out.length; i++) {
      double about = kind == 2 ? grey[i / channels] & 0xff : mean;
      double value = about + f * ((bytes[i] & 0xff) - about);
      out[i] = (byte) Math.round(Math.min(Math.max(value, 0), WHITE));
    }
    return new Image(picture.width(), picture.height(), channels, out);
  }

  private static double mean(byte[] grey) {
    long sum = 0;
    for (byte each : grey) {
      sum += each & 0xff;
    }
    return (double) sum / grey.length;
  }
}

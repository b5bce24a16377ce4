package akin.retrieval.data;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * A picture of 8-bit samples, row by row from the top, the channels of a pixel side by side: sample
 * (x, y, c) is {@code bytes[(y * width + x) * channels + c] & 0xff}. One channel is grey, three are
 * red, green and blue. Every operation returns a new picture (or this one, when nothing changes);
 * treat {@code bytes} as read-only.
 *
 * @param width pixels in a row, at least 1
 * @param height rows, at least 1
 * @param channels 1 or 3
 * @param bytes {@code width * height * channels} samples
 */
public record Image(int width, int height, int channels, byte[] bytes) {
  /** Checks the sizes. */
  public Image {
    if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "an image of " + width + "x" + height + " pixels, " + channels + " channels");
    }
    if (bytes.length != width * height * channels) {
      throw new IllegalArgumentException(
          width + "x" + height + "x" + channels + " needs other than " + bytes.length + " bytes");
    }
  }

  /**
   * Reads a JPEG or PNG file (or any other format that this JDK decodes) as RGB; see {@link
   * ImageCodec#decode}.
   */
  public static Image decode(Path file) {
    return ImageCodec.decode(file);
  }

  /** The sample at column x, row y, channel c, 0 to 255. */
  public int at(int x, int y, int c) {
    return bytes[(y * width + x) * channels + c] & 0xff;
  }

  /** Stretches to the given size, as Pillow's {@code Image.resize} does, to the bit. */
  public Image resize(int newWidth, int newHeight, ResizeFilter filter) {
    return Resampler.resize(this, newWidth, newHeight, filter);
  }

  /**
   * Scales so that the shorter side has {@code size} pixels and the longer {@code ⌊size · long /
   * short⌋}, as torchvision's {@code Resize(int)} does.
   */
  public Image resizeShortSide(int size, ResizeFilter filter) {
    return width <= height
        ? Resampler.resize(this, size, (long) size * height / width, filter)
        : Resampler.resize(this, (long) size * width / height, size, filter);
  }

  /**
   * Cuts the middle out, as torchvision's {@code CenterCrop} does: the first row is (height −
   * newHeight) / 2, a half rounded to the even number; a picture that is too small is padded with
   * zeros, the odd row or column at the bottom or the right.
   */
  public Image centerCrop(int newWidth, int newHeight) {
    return crop(margin(width, newWidth), margin(height, newHeight), newWidth, newHeight);
  }

  private static int margin(int length, int wanted) {
    return length < wanted ? -((wanted - length) / 2) : (int) Math.rint((length - wanted) / 2.0);
  }

  /**
   * Cuts a rectangle out; what of it lies outside of the picture is zero, as in Pillow's {@code
   * Image.crop}.
   *
   * @param left first column, from 0
   * @param top first row, from 0
   */
  public Image crop(int left, int top, int newWidth, int newHeight) {
    if (left == 0 && top == 0 && newWidth == width && newHeight == height) {
      return this;
    }
    byte[] out = new byte[newWidth * newHeight * channels];
    int firstX = Math.max(0, left);
    int firstY = Math.max(0, top);
    int copied = (Math.min(width, left + newWidth) - firstX) * channels;
    int end = Math.min(height, top + newHeight);
    for (int y = firstY; y < end && copied > 0; y++) {
      int from = (y * width + firstX) * channels;
      int to = ((y - top) * newWidth + firstX - left) * channels;
      System.arraycopy(bytes, from, out, to, copied);
    }
    return new Image(newWidth, newHeight, channels, out);
  }

  /** Mirrors left and right. */
  public Image flip() {
    byte[] out = new byte[bytes.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = (y * width + x) * channels;
        int to = (y * width + width - 1 - x) * channels;
        System.arraycopy(bytes, from, out, to, channels);
      }
    }
    return new Image(width, height, channels, out);
  }

  /** One channel: (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶, as Pillow's {@code convert("L")}. */
  public Image grey() {
    if (channels == 1) {
      return this;
    }
    byte[] out = new byte[width * height];
    for (int i = 0; i < out.length; i++) {
      int red = bytes[3 * i] & 0xff;
      int green = bytes[3 * i + 1] & 0xff;
      int blue = bytes[3 * i + 2] & 0xff;
      out[i] = (byte) ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16);
    }
    return new Image(width, height, 1, out);
  }

  /** Three channels; grey is repeated. */
  public Image rgb() {
    if (channels == 3) {
      return this;
    }
    byte[] out = new byte[3 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      Arrays.fill(out, 3 * i, 3 * i + 3, bytes[i]);
    }
    return new Image(width, height, 3, out);
  }

  /** Equal sizes and equal samples. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Image image
        && width == image.width
        && height == image.height
        && Arrays.equals(bytes, image.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Image[" + width + "x" + height + "x" + channels + "]";
  }
}

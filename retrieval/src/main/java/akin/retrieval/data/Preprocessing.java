package akin.retrieval.data;

import akin.tensor.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How a picture becomes a network's input: shaped to one size as bytes, then normalised, sample by
 * sample, to {@code (x / divisor − mean) / std} in float32, as torchvision's ToTensor and Normalize
 * do. It is part of a model: {@link #id} is stored with it, {@link #parse} reads that back, and
 * features made with another one are not comparable.
 *
 * <p>Begin with {@link #stretch} or {@link #crop} and change what differs:
 *
 * <pre>{@code
 * Preprocessing.crop(256, 224).normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225))
 * }</pre>
 *
 * @param width columns of the input
 * @param height rows of the input
 * @param shortSide 0: stretch to the size, whatever the aspect; else scale the shorter side to this
 *     length and cut the middle out
 * @param filter for resizing
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param divisor what the samples 0..255 are divided by first
 * @param mean per channel, subtracted next
 * @param std per channel, divided by last
 */
public record Preprocessing(
    int width,
    int height,
    int shortSide,
    ResizeFilter filter,
    int channels,
    double divisor,
    List<Double> mean,
    List<Double> std) {

  /** Checks sizes and counts. */
  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (width < 1 || height < 1 || shortSide < 0 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "no such input: " + width + "x" + height + "x" + channels + ", side " + shortSide);
    }
    if (mean.size() != channels || std.size() != channels) {
      throw new IllegalArgumentException("mean and std need one number per channel: " + channels);
    }
    if (divisor == 0 || std.contains(0.0)) {
      throw new IllegalArgumentException("division by zero");
    }
  }

  /** Stretch to width x height, bilinear, RGB in [−1, 1]: (x/255 − ½) / ½. */
  public static Preprocessing stretch(int width, int height) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return new Preprocessing(width, height, 0, ResizeFilter.BILINEAR, 3, 255, half, half);
  }

  /** Shorter side to {@code shortSide}, the middle {@code size} x {@code size}, else as stretch. */
  public static Preprocessing crop(int shortSide, int size) {
    Preprocessing p = stretch(size, size);
    return new Preprocessing(size, size, shortSide, p.filter, p.channels, p.divisor, p.mean, p.std);
  }

  /** The same with another filter. */
  public Preprocessing resizeWith(ResizeFilter other) {
    return new Preprocessing(width, height, shortSide, other, channels, divisor, mean, std);
  }

  /** The same for grey pictures: one channel, the mean and std of the first. */
  public Preprocessing grey() {
    return new Preprocessing(
        width, height, shortSide, filter, 1, divisor, mean.subList(0, 1), std.subList(0, 1));
  }

  /** The same with another mean and standard deviation, one number per channel. */
  public Preprocessing normalize(List<Double> otherMean, List<Double> otherStd) {
    return new Preprocessing(
        width, height, shortSide, filter, channels, divisor, otherMean, otherStd);
  }

  /** Numbers in one input: channels · height · width. */
  public int length() {
    return channels * height * width;
  }

  /** Whether both make the same bytes, whatever their normalisation. */
  public boolean sameShape(Preprocessing other) {
    return width == other.width
        && height == other.height
        && shortSide == other.shortSide
        && filter == other.filter
        && channels == other.channels;
  }

  /** The picture in this size and these channels, still bytes. */
  public Image shape(Image image) {
    Image coloured = channels == 1 ? image.grey() : image.rgb();
    return shortSide == 0
        ? coloured.resize(width, height, filter)
        : coloured.resizeShortSide(shortSide, filter).centerCrop(width, height);
  }

  /**
   * Writes a shaped picture as numbers, channel by channel: [C, H, W] from {@code out[offset]}.
   *
   * @param shaped from {@link #shape}
   */
  public void normalize(Image shaped, float[] out, int offset) {
    if (shaped.width() != width || shaped.height() != height || shaped.channels() != channels) {
      throw new IllegalArgumentException(shaped + " is not shaped for " + id());
    }
    byte[] bytes = shaped.bytes();
    int plane = width * height;
    float[] value = new float[256];
    for (int c = 0; c < channels; c++) {
      for (int x = 0; x < 256; x++) {
        value[x] = (x / (float) divisor - mean.get(c).floatValue()) / std.get(c).floatValue();
      }
      int to = offset + c * plane;
      for (int i = 0; i < plane; i++) {
        out[to + i] = value[bytes[i * channels + c] & 0xff];
      }
    }
  }

  /**
   * One line that says it all, such as {@code size=64x64 fit=stretch filter=bilinear channels=3
   * divisor=255.0 mean=0.5,0.5,0.5 std=0.5,0.5,0.5}; equal ids mean equal inputs.
   */
  public String id() {
    return String.format(
        Locale.ROOT,
        "size=%dx%d fit=%s filter=%s channels=%d divisor=%s mean=%s std=%s",
        width,
        height,
        shortSide == 0 ? "stretch" : "crop" + shortSide,
        filter.label(),
        channels,
        divisor,
        join(mean),
        join(std));
  }

  /**
   * The inverse of {@link #id}.
   *
   * @throws UserError if the text is no such line
   */
  public static Preprocessing parse(String id) {
    String[] keys = {"size", "fit", "filter", "channels", "divisor", "mean", "std"};
    String[] parts = id.strip().split(" ");
    try {
      String[] value = new String[keys.length];
      for (int i = 0; i < keys.length; i++) {
        if (parts.length != keys.length || !parts[i].startsWith(keys[i] + "=")) {
          throw new IllegalArgumentException("expected " + String.join("=…, ", keys) + "=…");
        }
        value[i] = parts[i].substring(keys[i].length() + 1);
      }
      String[] size = value[0].split("x", 2);
      return new Preprocessing(
          Integer.parseInt(size[0]),
          Integer.parseInt(size[1]),
          value[1].equals("stretch") ? 0 : Integer.parseInt(value[1].replaceFirst("^crop", "")),
          ResizeFilter.valueOf(value[2].toUpperCase(Locale.ROOT)),
          Integer.parseInt(value[3]),
          Double.parseDouble(value[4]),
          numbers(value[5]),
          numbers(value[6]));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw UserError.of("this preprocessing is not understood: " + id)
          .rule(e.getMessage())
          .because(e);
    }
  }

  private static String join(List<Double> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static List<Double> numbers(String text) {
    return Arrays.stream(text.split(",")).map(Double::valueOf).toList();
  }
}

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
 * features made with another one are not comparable. {@link StandardPreprocessing} holds those of
 * published weights.
 *
 * <p>Begin with {@link #stretch}, {@link #crop} or {@link #central} and change what differs:
 *
 * <pre>{@code
 * Preprocessing.crop(256, 224).normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225))
 * }</pre>
 *
 * @param width columns of the input
 * @param height rows of the input
 * @param fit how a picture of another size or aspect comes to this one
 * @param filter for resizing
 * @param order the input's channels
 * @param divisor what the samples 0..255 are divided by first
 * @param mean subtracted next, one number for each channel of the input, in its order
 * @param std divided by last, likewise
 */
public record Preprocessing(
    int width,
    int height,
    Fit fit,
    ResizeFilter filter,
    ChannelOrder order,
    double divisor,
    List<Double> mean,
    List<Double> std) {

  /** Checks sizes and counts. */
  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("no such input: " + width + "x" + height);
    }
    if (fit instanceof Fit.Central && width != height) {
      throw new IllegalArgumentException(
          "a central square needs a square input, not " + width + "x" + height);
    }
    if (mean.size() != order.count() || std.size() != order.count()) {
      throw new IllegalArgumentException(
          "mean and std need one number per channel: " + order.count());
    }
    for (List<Double> numbers : List.of(mean, std, List.of(divisor))) {
      if (!numbers.stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException("mean, std and divisor are finite numbers");
      }
    }
    if (divisor <= 0 || std.stream().anyMatch(s -> s <= 0)) {
      throw new IllegalArgumentException("divisor and std are above 0");
    }
  }

  /** Stretch to width x height, bilinear, RGB in [−1, 1]: (x/255 − ½) / ½. */
  public static Preprocessing stretch(int width, int height) {
    return of(width, height, new Fit.Stretch());
  }

  /** Shorter side to {@code shortSide}, the middle {@code size} x {@code size}, else as stretch. */
  public static Preprocessing crop(int shortSide, int size) {
    return of(size, size, new Fit.Crop(shortSide));
  }

  /**
   * The central square, its side {@code fraction} of the picture's shorter one, to {@code size} x
   * {@code size}, else as stretch.
   */
  public static Preprocessing central(double fraction, int size) {
    return of(size, size, new Fit.Central(fraction));
  }

  private static Preprocessing of(int width, int height, Fit fit) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return new Preprocessing(
        width, height, fit, ResizeFilter.BILINEAR, ChannelOrder.RGB, 255, half, half);
  }

  /** The same with another filter. */
  public Preprocessing resizeWith(ResizeFilter other) {
    return new Preprocessing(width, height, fit, other, order, divisor, mean, std);
  }

  /** The same for grey pictures: one channel, the mean and std of the first. */
  public Preprocessing grey() {
    return new Preprocessing(
        width,
        height,
        fit,
        filter,
        ChannelOrder.GREY,
        divisor,
        mean.subList(0, 1),
        std.subList(0, 1));
  }

  /** The same with blue first; mean and std stay as they are, blue's now the first of each. */
  public Preprocessing bgr() {
    return new Preprocessing(width, height, fit, filter, ChannelOrder.BGR, divisor, mean, std);
  }

  /** The same with samples divided by another number first: 255, 127.5, or 1 to leave them. */
  public Preprocessing divideBy(double other) {
    return new Preprocessing(width, height, fit, filter, order, other, mean, std);
  }

  /** The same with another mean and standard deviation, one number per channel of the input. */
  public Preprocessing normalize(List<Double> otherMean, List<Double> otherStd) {
    return new Preprocessing(width, height, fit, filter, order, divisor, otherMean, otherStd);
  }

  /** How many channels the input has: 1 or 3. */
  public int channels() {
    return order.count();
  }

  /** Numbers in one input: channels · height · width. */
  public int length() {
    return channels() * height * width;
  }

  /** Whether both make the same bytes, whatever their normalisation and order of channels. */
  public boolean sameShape(Preprocessing other) {
    return width == other.width
        && height == other.height
        && fit.equals(other.fit)
        && filter == other.filter
        && channels() == other.channels();
  }

  /** The picture in this size, still bytes: grey, or red, green and blue whatever the order. */
  public Image shape(Image image) {
    Image coloured = order == ChannelOrder.GREY ? image.grey() : image.rgb();
    return fit.apply(coloured, width, height, filter);
  }

  /**
   * Writes a shaped picture as numbers, channel by channel in the input's order: [C, H, W] from
   * {@code out[offset]}.
   *
   * @param shaped from {@link #shape}
   */
  public void normalize(Image shaped, float[] out, int offset) {
    if (shaped.width() != width || shaped.height() != height || shaped.channels() != channels()) {
      throw new IllegalArgumentException(shaped + " is not shaped for " + id());
    }
    byte[] bytes = shaped.bytes();
    int channels = channels();
    int plane = width * height;
    float[] value = new float[256];
    for (int c = 0; c < channels; c++) {
      for (int x = 0; x < 256; x++) {
        value[x] = (x / (float) divisor - mean.get(c).floatValue()) / std.get(c).floatValue();
      }
      int from = order.source(c);
      int to = offset + c * plane;
      for (int i = 0; i < plane; i++) {
        out[to + i] = value[bytes[i * channels + from] & 0xff];
      }
    }
  }

  /**
   * The inverse of {@link #normalize}: the picture that an input shows, its samples rounded to the
   * nearest of 0 … 255.
   *
   * @param in numbers as {@link #normalize} writes them, from {@code in[offset]}
   */
  public Image picture(float[] in, int offset) {
    int channels = channels();
    int plane = width * height;
    byte[] bytes = new byte[plane * channels];
    for (int c = 0; c < channels; c++) {
      int to = order.source(c);
      for (int i = 0; i < plane; i++) {
        double sample = (in[offset + c * plane + i] * std.get(c) + mean.get(c)) * divisor;
        bytes[i * channels + to] = (byte) Math.round(Math.min(Math.max(sample, 0), 255));
      }
    }
    return new Image(width, height, channels, bytes);
  }

  /**
   * One line that says it all, such as {@code size=64x64 fit=stretch filter=bilinear channels=3
   * divisor=255.0 mean=0.5,0.5,0.5 std=0.5,0.5,0.5}; equal ids mean equal inputs.
   */
  public String id() {
    return String.format(
        Locale.ROOT,
        "size=%dx%d fit=%s filter=%s channels=%s divisor=%s mean=%s std=%s",
        width,
        height,
        fit.label(),
        filter.label(),
        order.label(),
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
          Fit.parse(value[1]),
          ResizeFilter.valueOf(value[2].toUpperCase(Locale.ROOT)),
          ChannelOrder.parse(value[3]),
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

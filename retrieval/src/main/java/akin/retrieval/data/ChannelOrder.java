package akin.retrieval.data;

import java.util.Locale;

/** Which colours a network's input has, and in which order. */
public enum ChannelOrder {
  /** One channel of brightness. */
  GREY(0),
  /** Red, green, blue: nearly every network. */
  RGB(0, 1, 2),
  /** Blue, green, red: networks first trained with Caffe or OpenCV, such as Keras' ResNet-50. */
  BGR(2, 1, 0);

  private final int[] source;

  ChannelOrder(int... source) {
    this.source = source;
  }

  /** How many channels there are: 1 or 3. */
  public int count() {
    return source.length;
  }

  /** Which channel of an {@link Image} becomes the input's channel c. */
  int source(int c) {
    return source[c];
  }

  /** The name in {@link Preprocessing#id}: a number where the order is the picture's own. */
  String label() {
    return this == BGR ? name().toLowerCase(Locale.ROOT) : String.valueOf(count());
  }

  static ChannelOrder parse(String label) {
    for (ChannelOrder order : values()) {
      if (order.label().equals(label)) {
        return order;
      }
    }
    throw new IllegalArgumentException("channels is 1 (grey), 3 (RGB) or bgr, not " + label);
  }
}

package akin.retrieval.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Sizes that the elements of a MATLAB 5 file claim. Checked before a reader takes memory for them,
 * so that a damaged file is refused and does not exhaust the heap.
 */
final class MatSizes {
  /** Bytes of an element that is compressed. */
  static final int LARGEST = 1 << 26;

  private static final int HEADER = 128;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final int TAG = 8;

  private MatSizes() {}

  /**
   * Goes through all elements.
   *
   * @throws IllegalArgumentException if one is larger than what holds it
   */
  static void check(byte[] file) {
    if (file.length < HEADER) {
      throw new IllegalArgumentException("shorter than the header");
    }
    ByteOrder order = file[HEADER - 2] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    check(ByteBuffer.wrap(file, HEADER, file.length - HEADER).slice().order(order));
  }

  private static void check(ByteBuffer elements) {
    while (elements.remaining() >= TAG) {
      int start = elements.position();
      int first = elements.getInt();
      boolean small = first >>> 16 != 0; // type and size in four bytes, the content in the others
      int type = small ? first & 0xffff : first;
      int size = small ? first >>> 16 : elements.getInt();
      if (size < 0 || size > (small ? TAG / 2 : elements.remaining())) {
        throw new IllegalArgumentException("an element of " + size + " bytes goes beyond its end");
      }
      ByteBuffer content = elements.slice(elements.position(), size).order(elements.order());
      if (type == MATRIX) {
        check(content);
      } else if (type == COMPRESSED) {
        check(ByteBuffer.wrap(inflated(content)).order(elements.order()));
      }
      int padded = type == COMPRESSED ? size : (size + TAG - 1) / TAG * TAG;
      elements.position(Math.min(elements.limit(), start + TAG + (small ? 0 : padded)));
    }
  }

  private static byte[] inflated(ByteBuffer content) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(content);
      byte[] all = new byte[1 << 16];
      int n = 0;
      while (!inflater.finished()) {
        int made = inflater.inflate(all, n, all.length - n);
        n += made;
        if (made == 0 && n < all.length) {
          throw new IllegalArgumentException("a compressed element ends too early");
        }
        if (n == all.length && !inflater.finished()) {
          if (n >= LARGEST) {
            throw new IllegalArgumentException("a compressed element holds too much");
          }
          all = Arrays.copyOf(all, 2 * n);
        }
      }
      return Arrays.copyOf(all, n);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a compressed element is damaged", e);
    } finally {
      inflater.end();
    }
  }
}

package akin.tensor.cpu;

import java.util.Arrays;

/**
 * The k smallest of many (value, number) pairs, ordered by value, then number; NaN is the largest
 * value. A pair is one long, so the order is total and the outcome does not depend on the order of
 * offers.
 */
final class Best {
  private final long[] heap; // the worst of those kept is heap[0]
  private int size;

  Best(int k) {
    heap = new long[k];
  }

  /** The pair as a number that sorts by value, then by {@code number} ≥ 0. */
  static long key(float value, int number) {
    int bits = Float.floatToIntBits(value + 0f); // −0 becomes 0, every NaN one NaN
    return (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | number;
  }

  /** The number of a pair. */
  static int number(long key) {
    return (int) key;
  }

  /** The value of a pair. */
  static float value(long key) {
    int bits = (int) (key >> 32);
    return Float.intBitsToFloat(bits ^ (bits >> 31 & Integer.MAX_VALUE));
  }

  void clear() {
    size = 0;
  }

  /** Whether there are k pairs, so that the worst of them bounds what is wanted. */
  boolean full() {
    return size == heap.length && size > 0;
  }

  /** The largest value kept, when {@link #full}. */
  float worst() {
    return value(heap[0]);
  }

  /** Whether {@link #offer} would keep the pair. */
  boolean wants(long key) {
    return size < heap.length || size > 0 && key < heap[0];
  }

  void offer(long key) {
    if (size < heap.length) {
      int at = size++;
      while (at > 0 && heap[(at - 1) / 2] < key) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
      }
      heap[at] = key;
    } else if (size > 0 && key < heap[0]) {
      sink(key);
    }
  }

  private void sink(long key) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= key) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
  }

  /** Takes over what {@code other} kept. */
  void offerAll(Best other) {
    for (int i = 0; i < other.size; i++) {
      offer(other.heap[i]);
    }
  }

  /** The pairs kept, best first; ends the use until {@link #clear}. */
  long[] sorted() {
    Arrays.sort(heap, 0, size);
    return size == heap.length ? heap : Arrays.copyOf(heap, size);
  }
}

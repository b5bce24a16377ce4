package akin.retrieval;

import akin.retrieval.metric.Ranking;
import java.util.Arrays;

/**
 * The k first rows of a ranking, of those offered so far: a heap with the last of them on top. A
 * row and its distance are one number, the distance's key above the row, so one comparison of longs
 * is the ranking's order.
 */
final class NearestRows {
  private final long[] heap;
  private int size;

  NearestRows(int k) {
    heap = new long[k];
  }

  static long pack(float distance, int row) {
    return (long) Ranking.key(distance) << 32 | row;
  }

  /** Whether the row would be kept. */
  boolean wants(long packed) {
    return size < heap.length || packed < heap[0];
  }

  /** Keeps a row that is wanted, in place of the last one if all places are taken. */
  void add(long packed) {
    if (size < heap.length) {
      int i = size++;
      for (int parent = (i - 1) / 2; i > 0 && heap[parent] < packed; parent = (i - 1) / 2) {
        heap[i] = heap[parent];
        i = parent;
      }
      heap[i] = packed;
      return;
    }
    int i = 0;
    for (int child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= packed) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = packed;
  }

  /** Writes the rows in order; −1 and NaN in the places that are left. */
  void writeTo(int[] rows, float[] distances, int from) {
    Arrays.sort(heap, 0, size);
    for (int i = 0; i < heap.length; i++) {
      rows[from + i] = i < size ? (int) heap[i] : -1;
      distances[from + i] = i < size ? Ranking.distance((int) (heap[i] >> 32)) : Float.NaN;
    }
  }
}

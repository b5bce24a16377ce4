package akin.retrieval;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the texts of a list: a hash table with open addressing, four bytes a slot. */
final class TextTable {
  private static final int EMPTY = -1;

  private final TextList texts;
  private final int[] slots;
  private int repeated = EMPTY;

  /** Takes all texts in; of equal ones, the first. */
  TextTable(TextList texts) {
    this.texts = texts;
    // At most half full, so that a text is compared with few others.
    slots = new int[Integer.highestOneBit(Math.max(1, texts.size())) * 4];
    Arrays.fill(slots, EMPTY);
    for (int i = 0; i < texts.size(); i++) {
      int slot = slot(texts.bytes(), texts.begin(i), texts.begin(i + 1));
      if (slots[slot] == EMPTY) {
        slots[slot] = i;
      } else if (repeated == EMPTY) {
        repeated = i;
      }
    }
  }

  /** The place of a text, −1 if it is null or not in the list. */
  int find(String text) {
    if (text == null) {
      return EMPTY;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return slots[slot(bytes, 0, bytes.length)];
  }

  /** The place of the first text that stands in the list before, −1 if all are different. */
  int repeated() {
    return repeated;
  }

  /** The slot of this text, or the empty one that it would take. */
  private int slot(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    int mask = slots.length - 1;
    int slot = (hash ^ hash >>> 16) & mask;
    while (slots[slot] != EMPTY && !same(slots[slot], bytes, from, to)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean same(int i, byte[] bytes, int from, int to) {
    return Arrays.equals(texts.bytes(), texts.begin(i), texts.begin(i + 1), bytes, from, to);
  }
}

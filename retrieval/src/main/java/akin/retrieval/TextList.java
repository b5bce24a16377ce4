package akin.retrieval;

import akin.nn.io.Safetensors;
import akin.tensor.UserError;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/**
 * A list of texts that lie one after the other as UTF-8 bytes: a text is made when it is asked for,
 * so a list of any length is there as soon as its bytes are.
 *
 * <p>In a safetensors file it is two arrays: {@code name} U8, the bytes, and {@code name.offsets}
 * I64 [N + 1], where each text begins and the last one ends.
 */
public final class TextList extends AbstractList<String> implements RandomAccess {
  private final byte[] bytes;
  private final long[] offsets;

  private TextList(byte[] bytes, long[] offsets) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /** A copy of the texts. */
  public static TextList of(List<String> texts) {
    if (texts instanceof TextList list) {
      return list;
    }
    long[] offsets = new long[texts.size() + 1];
    byte[][] parts = new byte[texts.size()][];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = texts.get(i).getBytes(StandardCharsets.UTF_8);
      offsets[i + 1] = offsets[i] + parts[i].length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(offsets[parts.length]));
    for (byte[] part : parts) {
      bytes.put(part);
    }
    return new TextList(bytes.array(), offsets);
  }

  /** Adds the list's two arrays to those of a file. */
  public void addTo(Map<String, Safetensors.Array> arrays, String name) {
    arrays.put(name, Safetensors.Array.of(bytes, bytes.length));
    arrays.put(name + ".offsets", Safetensors.Array.of(offsets, offsets.length));
  }

  /**
   * Reads a list.
   *
   * @throws UserError if it is not in the file or does not hold {@code size} texts
   */
  public static TextList read(Safetensors file, String name, int size) {
    byte[] bytes = file.tensor(name).bytes();
    long[] offsets = file.tensor(name + ".offsets").longs();
    boolean tiled = offsets.length == size + 1 && offsets[0] == 0 && offsets[size] == bytes.length;
    for (int i = 0; tiled && i < size; i++) {
      tiled = offsets[i] <= offsets[i + 1];
    }
    if (!tiled) {
      throw refuse(
          file,
          name + ".offsets are N + 1 rising numbers from 0 to the length of " + name,
          "N = " + size);
    }
    // Whole letters all along, and none that goes on across an offset: so every text has whole
    // ones.
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw refuse(file, name + " are UTF-8 text", "some bytes are not").because(e);
    }
    for (int i = 0; i < size; i++) {
      if (offsets[i] < bytes.length && (bytes[(int) offsets[i]] & 0xC0) == 0x80) {
        throw refuse(
            file, name + " are UTF-8 text", "that of row " + i + " begins within a letter");
      }
    }
    return new TextList(bytes, offsets);
  }

  private static UserError refuse(Safetensors file, String rule, String found) {
    return UserError.of("the texts are damaged").at(file.file()).rule(rule + "; " + found);
  }

  /** All bytes. */
  byte[] bytes() {
    return bytes;
  }

  /** Where text {@code i} begins; its end is where the next begins. */
  int begin(int i) {
    return (int) offsets[i];
  }

  @Override
  public String get(int i) {
    return new String(bytes, begin(i), begin(i + 1) - begin(i), StandardCharsets.UTF_8);
  }

  @Override
  public int size() {
    return offsets.length - 1;
  }
}

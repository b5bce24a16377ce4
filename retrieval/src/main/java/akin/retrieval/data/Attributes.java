package akin.retrieval.data;

import java.util.Arrays;
import java.util.List;

/**
 * Which attributes hold for which picture: a table of bits, one row a picture, one column an
 * attribute.
 *
 * @param names the columns, all different
 * @param bits row-major, 0 or 1: {@code bits[i * names.size() + a]}
 */
public record Attributes(List<String> names, byte[] bits) {
  /** Checks that the bits are whole rows. */
  public Attributes {
    names = List.copyOf(names);
    if (names.isEmpty() || bits.length % names.size() != 0) {
      throw new IllegalArgumentException(bits.length + " bits for " + names.size() + " attributes");
    }
  }

  /** Attributes in a row. */
  public int count() {
    return names.size();
  }

  /** Rows. */
  public int rows() {
    return bits.length / names.size();
  }

  /** Whether attribute {@code a} holds for picture {@code i}. */
  public boolean has(int i, int a) {
    return bits[i * names.size() + a] != 0;
  }

  /** The attribute's column, or −1 if there is none of that name. */
  public int indexOf(String name) {
    return names.indexOf(name);
  }

  /** Writes row {@code i} as zeros and ones, {@link #count()} numbers. */
  public void fill(int i, float[] out, int offset) {
    int from = i * names.size();
    for (int a = 0; a < names.size(); a++) {
      out[offset + a] = bits[from + a];
    }
  }

  /** The share of the given rows for which attribute {@code a} holds. */
  public double baseRate(int a, int[] rows) {
    long holds = 0;
    for (int i : rows) {
      holds += bits[i * names.size() + a];
    }
    return (double) holds / rows.length;
  }

  /** The given rows, in that order. */
  public Attributes select(int[] rows) {
    int width = names.size();
    byte[] selected = new byte[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(bits, rows[i] * width, selected, i * width, width);
    }
    return new Attributes(names, selected);
  }

  /** Equal names and equal bits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Attributes that
        && names.equals(that.names)
        && Arrays.equals(bits, that.bits);
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + Arrays.hashCode(bits);
  }

  @Override
  public String toString() {
    return "Attributes[" + rows() + " x " + names + "]";
  }
}

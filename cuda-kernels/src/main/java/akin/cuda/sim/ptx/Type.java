package akin.cuda.sim.ptx;

import java.util.Locale;
import java.util.Optional;

/** The types of PTX: how many bits a value has and how they are read. */
public enum Type {
  /** One truth value of a thread. */
  PRED(0, false, false),
  /** Eight bits. */
  B8(1, false, false),
  /** Sixteen bits. */
  B16(2, false, false),
  /** Thirty-two bits. */
  B32(4, false, false),
  /** Sixty-four bits. */
  B64(8, false, false),
  /** Whole number from 0. */
  U8(1, false, false),
  /** Whole number from 0. */
  U16(2, false, false),
  /** Whole number from 0. */
  U32(4, false, false),
  /** Whole number from 0. */
  U64(8, false, false),
  /** Two's complement. */
  S8(1, true, false),
  /** Two's complement. */
  S16(2, true, false),
  /** Two's complement. */
  S32(4, true, false),
  /** Two's complement. */
  S64(8, true, false),
  /** IEEE 754 binary32. */
  F32(4, true, true),
  /** IEEE 754 binary64. */
  F64(8, true, true);

  private final int bytes;
  private final boolean signed;
  private final boolean floating;

  Type(int bytes, boolean signed, boolean floating) {
    this.bytes = bytes;
    this.signed = signed;
    this.floating = floating;
  }

  /** The type of that name without the dot, such as {@code u32}; empty if there is none. */
  public static Optional<Type> of(String name) {
    for (Type type : values()) {
      if (type.toString().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Bytes in memory; 0 for a predicate. */
  public int bytes() {
    return bytes;
  }

  /** Bits of a value. */
  public int bits() {
    return 8 * bytes;
  }

  /** Whether a value may be negative. */
  public boolean signed() {
    return signed;
  }

  /** Whether a value is a floating-point number. */
  public boolean floating() {
    return floating;
  }

  /**
   * A register's bits as a value of this type: the upper bits are copies of the sign, or 0 where
   * there is none.
   */
  public long widen(long bits) {
    switch (bytes) {
      case 1:
        return signed ? (byte) bits : bits & 0xff;
      case 2:
        return signed ? (short) bits : bits & 0xffff;
      case 4:
        return signed ? (int) bits : bits & 0xffffffffL;
      default:
        return bits;
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Type;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Logic, shifts and fields of bits. */
final class Bits {
  private Bits() {}

  static Step decode(Instruction i, Decoder d) {
    Type type = i.type();
    if (type == Type.PRED) {
      return ofPredicates(i, d);
    }
    int to = d.write(i.operand(0), i);
    int a = d.read(i.operand(1), i);
    switch (i.operands().size()) {
      case 2:
        return new UnaryStep(to, a, unary(i, type));
      case 3:
        return new BinaryStep(to, a, d.read(i.operand(2), i), binary(i, type));
      case 4:
        return new TernaryStep(
            to, a, d.read(i.operand(2), i), d.read(i.operand(3), i), ternary(i, type));
      default:
        return four(i, d, to, a);
    }
  }

  private static Step ofPredicates(Instruction i, Decoder d) {
    int to = d.predicate(i.operand(0), i);
    PredicateStep.Source a = Comparisons.source(i, 1, d);
    if (i.name().equals("not")) {
      return new PredicateStep(to, a, (x, y, z) -> ~x);
    }
    PredicateStep.Source b = Comparisons.source(i, 2, d);
    switch (i.name()) {
      case "and":
        return new PredicateStep(to, a, b, a, (x, y, z) -> x & y);
      case "or":
        return new PredicateStep(to, a, b, a, (x, y, z) -> x | y);
      case "xor":
        return new PredicateStep(to, a, b, a, (x, y, z) -> x ^ y);
      default:
        throw Families.unknown(i);
    }
  }

  private static LongUnaryOperator unary(Instruction i, Type type) {
    boolean wide = type.bytes() == 8;
    switch (i.name()) {
      case "not":
        return a -> type.widen(~a);
      case "cnot":
        return a -> type.widen(a) == 0 ? 1 : 0;
      case "popc":
        return wide ? Long::bitCount : a -> Integer.bitCount((int) a);
      case "clz":
        return wide ? Long::numberOfLeadingZeros : a -> Integer.numberOfLeadingZeros((int) a);
      case "brev":
        return wide ? Long::reverse : a -> Integer.reverse((int) a);
      case "bfind":
        return a -> highest(type, a, i.has("shiftamt"));
      default:
        throw Families.unknown(i);
    }
  }

  /** The highest bit unlike the sign, by its place or by the shift that brings it to the top. */
  private static long highest(Type type, long bits, boolean shift) {
    long value = type.widen(bits);
    long unlike = type.signed() && value < 0 ? type.widen(~value) : value;
    if (unlike == 0) {
      return -1;
    }
    int place = 63 - Long.numberOfLeadingZeros(unlike);
    return shift ? type.bits() - 1 - place : place;
  }

  private static LongBinaryOperator binary(Instruction i, Type type) {
    switch (i.name()) {
      case "and":
        return (a, b) -> type.widen(a & b);
      case "or":
        return (a, b) -> type.widen(a | b);
      case "xor":
        return (a, b) -> type.widen(a ^ b);
      case "shl":
        return (a, b) -> beyond(b, type) ? 0 : type.widen(a << b);
      case "shr":
        return type.signed()
            ? (a, b) -> type.widen(a) >> (beyond(b, type) ? type.bits() - 1 : b)
            : (a, b) -> beyond(b, type) ? 0 : type.widen(a) >>> b;
      default:
        throw Families.unknown(i);
    }
  }

  /** Shifts by more than there are bits push all out. */
  private static boolean beyond(long shift, Type type) {
    return (shift & 0xffffffffL) >= type.bits();
  }

  private static TernaryStep.Operator ternary(Instruction i, Type type) {
    switch (i.name()) {
      case "shf":
        return (a, b, c) -> funnel(i, a, b, c);
      case "bfe":
        return (a, b, c) -> field(type, a, (int) b & 255, (int) c & 255);
      case "prmt":
        return (a, b, c) -> permuted(i, a, b, c);
      case "fns":
        return (a, b, c) -> nthSet((int) a, (int) b, (int) c);
      default:
        throw Families.unknown(i);
    }
  }

  /** 32 bits out of b:a shifted. */
  private static long funnel(Instruction i, long a, long b, long c) {
    long both = b << 32 | a & 0xffffffffL;
    long unsigned = c & 0xffffffffL;
    int shift = (int) (i.has("clamp") ? Math.min(unsigned, 32) : unsigned & 31);
    return i.has("l") ? (int) (both << shift >>> 32) : (int) (both >>> shift);
  }

  private static long field(Type type, long bits, int start, int length) {
    int top = type.bits() - 1;
    if (length == 0) {
      return 0;
    }
    long value = type.widen(bits);
    long sign = type.signed() ? value >> Math.min(start + length - 1, top) & 1 : 0;
    long cut = start > top ? 0 : value >>> start & (type.bits() == 64 ? -1 : 0xffffffffL >>> start);
    int kept = Math.min(length, Math.max(0, top - start + 1));
    long mask = kept == 0 ? 0 : -1L >>> 64 - kept;
    return type.widen(cut & mask | (sign != 0 ? ~mask : 0));
  }

  private static long permuted(Instruction i, long a, long b, long c) {
    if (i.modifiers().size() > 1) {
      throw Families.unknown(i);
    }
    long both = b << 32 | a & 0xffffffffL;
    int result = 0;
    for (int k = 0; k < 4; k++) {
      int selector = (int) (c >>> 4 * k) & 15;
      int part = (byte) (both >>> 8 * (selector & 7));
      result |= ((selector & 8) != 0 ? part >> 7 & 255 : part & 255) << 8 * k;
    }
    return result;
  }

  /** The place of the n-th set bit from a base up (or down, n negative); −1 if there is none. */
  private static long nthSet(int mask, int base, int offset) {
    int left = offset;
    int step = offset < 0 ? -1 : 1;
    for (int place = base; place >= 0 && place < 32; place += step) {
      boolean set = (mask >>> place & 1) != 0;
      if (offset == 0) {
        return set ? place : -1;
      }
      left -= set ? step : 0;
      if (set && left == 0) {
        return place;
      }
    }
    return -1;
  }

  private static Step four(Instruction i, Decoder d, int to, int a) {
    int b = d.read(i.operand(2), i);
    int c = d.read(i.operand(3), i);
    if (i.name().equals("lop3") && i.operand(4) instanceof Immediate) {
      int table = (int) ((Immediate) i.operand(4)).bits();
      return new TernaryStep(to, a, b, c, (x, y, z) -> (int) logic(table, x, y, z));
    }
    if (i.name().equals("bfi")) {
      return new InsertStep(to, a, b, c, d.read(i.operand(4), i), i.type());
    }
    throw Families.unknown(i);
  }

  /** Any function of three bits, by its table. */
  private static long logic(int table, long x, long y, long z) {
    long result = 0;
    for (int k = 0; k < 8; k++) {
      if ((table >>> k & 1) != 0) {
        result |= ((k & 4) != 0 ? x : ~x) & ((k & 2) != 0 ? y : ~y) & ((k & 1) != 0 ? z : ~z);
      }
    }
    return result;
  }

  /** bfi: a's lowest bits put into b. */
  private static final class InsertStep extends Step {
    private final int d;
    private final int a;
    private final int b;
    private final int start;
    private final int length;
    private final Type type;

    InsertStep(int d, int a, int b, int start, int length, Type type) {
      this.d = d;
      this.a = a;
      this.b = b;
      this.start = start;
      this.length = length;
      this.type = type;
    }

    @Override
    void run(Warp warp, int active) {
      long[] r = warp.registers;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        int from = (int) r[start + lane] & 255;
        int count =
            Math.min((int) r[length + lane] & 255, type.bits() - Math.min(from, type.bits()));
        long mask = count == 0 ? 0 : -1L >>> 64 - count << from;
        r[d + lane] = type.widen(r[b + lane] & ~mask | r[a + lane] << from & mask);
      }
    }
  }
}

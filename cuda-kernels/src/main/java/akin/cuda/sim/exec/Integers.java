package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Type;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Arithmetic of whole numbers of 16, 32 and 64 bits, modulo 2ⁿ. */
final class Integers {
  private Integers() {}

  static Step decode(Instruction i, Decoder d) {
    Type type = i.type();
    int to = d.write(i.operand(0), i);
    int a = d.read(i.operand(1), i);
    switch (i.name()) {
      case "abs":
      case "neg":
        return new UnaryStep(to, a, unary(i.name(), type));
      case "mad":
      case "mad24":
      case "sad":
      case "dp4a":
      case "dp2a":
        return new TernaryStep(
            to, a, d.read(i.operand(2), i), d.read(i.operand(3), i), ternary(i, type));
      default:
        return new BinaryStep(to, a, d.read(i.operand(2), i), binary(i, type));
    }
  }

  private static LongUnaryOperator unary(String name, Type type) {
    return name.equals("abs") ? a -> type.widen(Math.abs(type.widen(a))) : a -> type.widen(-a);
  }

  private static LongBinaryOperator binary(Instruction i, Type type) {
    boolean unsigned64 = type == Type.U64;
    switch (i.name()) {
      case "add":
        return i.has("sat") ? (a, b) -> saturated((int) a + (long) (int) b) : sum(type);
      case "sub":
        return i.has("sat") ? (a, b) -> saturated((int) a - (long) (int) b) : difference(type);
      case "mul":
        return product(i, type);
      case "mul24":
        return product24(i, type);
      case "div":
        return (a, b) -> quotient(type, type.widen(a), type.widen(b));
      case "rem":
        return (a, b) -> remainder(type, type.widen(a), type.widen(b));
      case "min":
        return unsigned64
            ? (a, b) -> Long.compareUnsigned(a, b) <= 0 ? a : b
            : (a, b) -> Math.min(type.widen(a), type.widen(b));
      case "max":
        return unsigned64
            ? (a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b
            : (a, b) -> Math.max(type.widen(a), type.widen(b));
      default:
        throw Families.unknown(i);
    }
  }

  private static long saturated(long value) {
    return Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }

  private static LongBinaryOperator sum(Type type) {
    switch (type.bytes()) {
      case 4:
        return (a, b) -> (int) (a + b);
      case 8:
        return (a, b) -> a + b;
      default:
        return (a, b) -> type.widen(a + b);
    }
  }

  private static LongBinaryOperator difference(Type type) {
    switch (type.bytes()) {
      case 4:
        return (a, b) -> (int) (a - b);
      case 8:
        return (a, b) -> a - b;
      default:
        return (a, b) -> type.widen(a - b);
    }
  }

  private static LongBinaryOperator product(Instruction i, Type type) {
    if (i.has("wide")) {
      return (a, b) -> type.widen(a) * type.widen(b);
    }
    if (!i.has("hi")) {
      return type.bytes() == 8 ? (a, b) -> a * b : (a, b) -> type.widen(a * b);
    }
    if (type == Type.S64) {
      return Math::multiplyHigh;
    }
    if (type == Type.U64) {
      return Integers::unsignedHigh;
    }
    return (a, b) -> type.widen(type.widen(a) * type.widen(b) >> type.bits());
  }

  /** The upper half of the product of two numbers from 0 to 2⁶⁴ − 1. */
  static long unsignedHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
  }

  private static LongBinaryOperator product24(Instruction i, Type type) {
    int shift = i.has("hi") ? 16 : 0;
    return (a, b) -> (int) (low24(a, type) * low24(b, type) >> shift);
  }

  private static long low24(long value, Type type) {
    return type.signed() ? (int) value << 8 >> 8 : value & 0xffffff;
  }

  /** Division by 0, which PTX leaves open, gives all bits 1, as cards do. */
  private static long quotient(Type type, long a, long b) {
    if (b == 0) {
      return -1;
    }
    return type == Type.U64 ? Long.divideUnsigned(a, b) : type.widen(a / b);
  }

  private static long remainder(Type type, long a, long b) {
    if (b == 0) {
      return a;
    }
    return type == Type.U64 ? Long.remainderUnsigned(a, b) : type.widen(a % b);
  }

  private static TernaryStep.Operator ternary(Instruction i, Type type) {
    switch (i.name()) {
      case "mad":
        {
          LongBinaryOperator product = product(i, type);
          boolean wide = i.has("wide") && type.bytes() == 4 || type.bytes() == 8;
          return wide
              ? (a, b, c) -> product.applyAsLong(a, b) + c
              : (a, b, c) -> (int) (product.applyAsLong(a, b) + c);
        }
      case "mad24":
        {
          LongBinaryOperator product = product24(i, type);
          return (a, b, c) -> (int) (product.applyAsLong(a, b) + c);
        }
      case "sad":
        return (a, b, c) -> type.widen(Math.abs(type.widen(a) - type.widen(b)) + c);
      case "dp4a":
        return (a, b, c) -> dotOfBytes(i, a, b, c);
      default:
        throw Families.unknown(i);
    }
  }

  /** c plus the products of the four bytes of a and b. */
  private static long dotOfBytes(Instruction i, long a, long b, long c) {
    Type typeA = i.type(1) == Type.S32 ? Type.S8 : Type.U8;
    Type typeB = i.type(0) == Type.S32 ? Type.S8 : Type.U8;
    long sum = c;
    for (int shift = 0; shift < 32; shift += 8) {
      sum += typeA.widen(a >>> shift) * typeB.widen(b >>> shift);
    }
    return (int) sum;
  }
}

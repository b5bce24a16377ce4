package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Type;
import java.math.BigInteger;

/** Sums that take and leave a carry: add.cc, addc, sub.cc, subc, mad.cc, madc. */
final class Carries {
  private Carries() {}

  static Step decode(Instruction i, Decoder d) {
    boolean product = i.name().startsWith("mad");
    return new CarryStep(
        i,
        d.write(i.operand(0), i),
        d.read(i.operand(1), i),
        d.read(i.operand(2), i),
        product ? d.read(i.operand(3), i) : -1);
  }

  private static final class CarryStep extends Step {
    private final Type type;
    private final boolean subtracts;
    private final boolean high;
    private final boolean takes;
    private final boolean leaves;
    private final int d;
    private final int a;
    private final int b;
    private final int c;

    CarryStep(Instruction i, int d, int a, int b, int c) {
      type = i.type();
      subtracts = i.name().startsWith("sub");
      high = i.has("hi");
      takes = i.name().endsWith("c");
      leaves = i.has("cc");
      this.d = d;
      this.a = a;
      this.b = b;
      this.c = c;
    }

    @Override
    void run(Warp warp, int active) {
      long[] r = warp.registers;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        long x = r[a + lane];
        long y = r[b + lane];
        if (c >= 0) {
          x = product(x, y);
          y = r[c + lane];
        }
        boolean carry = takes && (warp.carry >>> lane & 1) != 0;
        BigInteger exact = sum(x, y, carry);
        r[d + lane] = type.widen(exact.longValue());
        if (leaves) {
          int bit = exact.testBit(type.bits()) ? 1 << lane : 0;
          warp.carry = warp.carry & ~(1 << lane) | bit;
        }
      }
    }

    /** With the borrow in the bit above: two's complement of a negative number has it set. */
    private BigInteger sum(long x, long y, boolean carry) {
      BigInteger one = carry ? BigInteger.ONE : BigInteger.ZERO;
      return subtracts
          ? unsigned(x).subtract(unsigned(y)).subtract(one)
          : unsigned(x).add(unsigned(y)).add(one);
    }

    private long product(long x, long y) {
      if (!high) {
        return x * y;
      }
      if (type.bytes() == 4) {
        return type.widen(x) * type.widen(y) >> 32;
      }
      return type.signed() ? Math.multiplyHigh(x, y) : Integers.unsignedHigh(x, y);
    }

    private BigInteger unsigned(long value) {
      return type.bytes() == 4
          ? BigInteger.valueOf(value & 0xffffffffL)
          : new BigInteger(Long.toUnsignedString(value));
    }
  }
}

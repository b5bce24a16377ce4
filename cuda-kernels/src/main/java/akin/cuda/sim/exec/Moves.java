package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Operand.Symbol;
import akin.cuda.sim.ptx.Operand.Vector;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Type;

/** mov, with values packed and unpacked, and cvta. */
final class Moves {
  private Moves() {}

  static Step decode(Instruction i, Decoder d) {
    if (i.name().equals("cvta")) {
      return window(i, d);
    }
    Type type = i.type();
    if (type == Type.PRED) {
      return new PredicateStep(
          d.predicate(i.operand(0), i), Comparisons.source(i, 1, d), (a, b, c) -> a);
    }
    if (i.operand(0) instanceof Vector) {
      return new UnpackStep((Vector) i.operand(0), d.read(i.operand(1), i), type, i, d);
    }
    if (i.operand(1) instanceof Vector) {
      return new PackStep(d.write(i.operand(0), i), (Vector) i.operand(1), type, i, d);
    }
    int to = d.write(i.operand(0), i);
    if (i.operand(1) instanceof Symbol && d.isLocal(((Symbol) i.operand(1)).name())) {
      return new BinaryStep(to, d.localBase(), d.read(i.operand(1), i), Long::sum);
    }
    if (isClock(i)) {
      return new ClockStep(to);
    }
    return new UnaryStep(to, d.read(i.operand(1), i), type::widen);
  }

  private static boolean isClock(Instruction i) {
    return i.operand(1) instanceof Register
        && ((Register) i.operand(1)).name().matches("%(clock|clock64|clock_hi|globaltimer)");
  }

  /** Generic addresses of shared and local memory have a window of their own. */
  private static Step window(Instruction i, Decoder d) {
    long window =
        i.has(Space.SHARED.toString())
            ? MemoryStep.SHARED_WINDOW
            : i.has(Space.LOCAL.toString()) ? MemoryStep.LOCAL_WINDOW : 0;
    long offset = i.has("to") ? -window : window;
    return new UnaryStep(
        d.write(i.operand(0), i), d.read(i.operand(1), i), address -> address + offset);
  }

  /** The warp's own count of instructions stands for a clock. */
  private static final class ClockStep extends Step {
    private final int to;

    ClockStep(int to) {
      this.to = to;
    }

    @Override
    void run(Warp warp, int active) {
      for (int rest = active; rest != 0; rest &= rest - 1) {
        warp.registers[to + Integer.numberOfTrailingZeros(rest)] = warp.executed();
      }
    }
  }

  /** One value from several, the first in the lowest bits. */
  private static final class PackStep extends Step {
    private final int to;
    private final int[] from;
    private final int bits;

    PackStep(int to, Vector parts, Type type, Instruction i, Decoder d) {
      this.to = to;
      from = parts.parts().stream().mapToInt(part -> d.read(part, i)).toArray();
      bits = type.bits() / from.length;
    }

    @Override
    void run(Warp warp, int active) {
      long[] r = warp.registers;
      long mask = -1L >>> -bits;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        long value = 0;
        for (int k = 0; k < from.length; k++) {
          value |= (r[from[k] + lane] & mask) << k * bits;
        }
        r[to + lane] = value;
      }
    }
  }

  /** Several values from one. */
  private static final class UnpackStep extends Step {
    private final int[] to;
    private final int from;
    private final int bits;

    UnpackStep(Vector parts, int from, Type type, Instruction i, Decoder d) {
      to = parts.parts().stream().mapToInt(part -> d.write(part, i)).toArray();
      this.from = from;
      bits = type.bits() / to.length;
    }

    @Override
    void run(Warp warp, int active) {
      long[] r = warp.registers;
      long mask = -1L >>> -bits;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        long value = r[from + lane];
        for (int k = 0; k < to.length; k++) {
          r[to[k] + lane] = value >>> k * bits & mask;
        }
      }
    }
  }
}

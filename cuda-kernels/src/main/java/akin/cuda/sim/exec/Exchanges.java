package akin.cuda.sim.exec;

import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Pair;
import akin.cuda.sim.ptx.Type;

/** What the lanes of a warp tell each other: shuffles, votes, matches, reductions. */
final class Exchanges {
  private Exchanges() {}

  static Step decode(Instruction i, Decoder d) {
    switch (i.name()) {
      case "shfl":
        return new ShuffleStep(i, d);
      case "vote":
        return new VoteStep(i, d);
      case "match":
        return new MatchStep(i, d);
      case "redux":
        return new ReduceStep(i, d);
      default:
        return new ActiveStep(d.write(i.operand(0), i));
    }
  }

  /** Every lane that a mask names and that has not ended must come, and no other. */
  static void checkLanes(Step step, Warp warp, int active, int maskRegister) {
    for (int rest = active; rest != 0; rest &= rest - 1) {
      int lane = Integer.numberOfTrailingZeros(rest);
      int mask = (int) warp.registers[maskRegister + lane];
      if ((mask >>> lane & 1) == 0 || (mask & warp.live()) != active) {
        throw warp.fault(
            FaultKind.LANES,
            step,
            lane,
            String.format("it names lanes 0x%08x, lanes 0x%08x are here", mask, active));
      }
    }
  }

  /** Where a lane of shfl.sync reads: "Parallel Thread Execution ISA", 9.7.8.6. */
  private static final class ShuffleStep extends Step {
    private final String mode;
    private final int d;
    private final int p;
    private final int a;
    private final int b;
    private final int c;
    private final int mask;

    ShuffleStep(Instruction i, Decoder decoder) {
      mode = i.modifiers().get(1);
      Operand to = i.operand(0);
      d = decoder.write(to instanceof Pair ? ((Pair) to).first() : to, i);
      p = to instanceof Pair ? decoder.predicate(((Pair) to).second(), i) : -1;
      a = decoder.read(i.operand(1), i);
      b = decoder.read(i.operand(2), i);
      c = decoder.read(i.operand(3), i);
      mask = decoder.read(i.operand(4), i);
    }

    @Override
    void run(Warp warp, int active) {
      checkLanes(this, warp, active, mask);
      long[] r = warp.registers;
      long[] values = new long[Warp.LANES];
      int inside = 0;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        int by = (int) r[b + lane] & 31;
        int bounds = (int) r[c + lane];
        int segment = bounds >>> 8 & 31;
        int least = lane & segment;
        int most = least | bounds & 31 & ~segment;
        int from = from(lane, by, least, segment);
        boolean valid = mode.equals("up") ? from >= most : from <= most;
        if (valid) {
          inside |= 1 << lane;
        } else {
          from = lane;
        }
        if ((active >>> from & 1) == 0) {
          throw warp.fault(
              FaultKind.LANES, this, lane, "it reads lane " + from + ", which is not here");
        }
        values[lane] = r[a + from];
      }
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        r[d + lane] = values[lane];
      }
      if (p >= 0) {
        warp.predicates[p] = warp.predicates[p] & ~active | inside;
      }
    }

    private int from(int lane, int by, int least, int segment) {
      switch (mode) {
        case "up":
          return lane - by;
        case "down":
          return lane + by;
        case "bfly":
          return lane ^ by;
        default:
          return least | by & ~segment;
      }
    }
  }

  private static final class VoteStep extends Step {
    private final Instruction i;
    private final int d;
    private final PredicateStep.Source source;
    private final int mask;

    VoteStep(Instruction i, Decoder decoder) {
      this.i = i;
      Operand to = i.operand(0);
      d = i.has("ballot") ? decoder.write(to, i) : decoder.predicate(to, i);
      source = Comparisons.source(i, 1, decoder);
      mask = decoder.read(i.operand(2), i);
    }

    @Override
    void run(Warp warp, int active) {
      checkLanes(this, warp, active, mask);
      int votes = source.bits(warp) & active;
      if (i.has("ballot")) {
        for (int rest = active; rest != 0; rest &= rest - 1) {
          warp.registers[d + Integer.numberOfTrailingZeros(rest)] = votes;
        }
      } else {
        boolean all = votes == active;
        boolean holds = i.has("all") ? all : i.has("any") ? votes != 0 : all || votes == 0;
        warp.predicates[d] = warp.predicates[d] & ~active | (holds ? active : 0);
      }
    }
  }

  private static final class MatchStep extends Step {
    private final boolean all;
    private final Type type;
    private final int d;
    private final int p;
    private final int a;
    private final int mask;

    MatchStep(Instruction i, Decoder decoder) {
      all = i.has("all");
      type = i.type();
      Operand to = i.operand(0);
      d = decoder.write(to instanceof Pair ? ((Pair) to).first() : to, i);
      p = to instanceof Pair ? decoder.predicate(((Pair) to).second(), i) : -1;
      a = decoder.read(i.operand(1), i);
      mask = decoder.read(i.operand(2), i);
    }

    @Override
    void run(Warp warp, int active) {
      checkLanes(this, warp, active, mask);
      int[] same = new int[Warp.LANES];
      int everywhere = active;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        same[lane] = same(warp, lane, active);
        everywhere &= same[lane];
      }
      boolean equal = everywhere == active;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        warp.registers[d + lane] = !all ? same[lane] : equal ? active : 0;
      }
      if (p >= 0) {
        warp.predicates[p] = warp.predicates[p] & ~active | (equal ? active : 0);
      }
    }

    private int same(Warp warp, int lane, int active) {
      long value = type.widen(warp.registers[a + lane]);
      int same = 0;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int other = Integer.numberOfTrailingZeros(rest);
        if (type.widen(warp.registers[a + other]) == value) {
          same |= 1 << other;
        }
      }
      return same;
    }
  }

  private static final class ReduceStep extends Step {
    private final Instruction i;
    private final Type type;
    private final int d;
    private final int a;
    private final int mask;

    ReduceStep(Instruction i, Decoder decoder) {
      this.i = i;
      type = i.type();
      d = decoder.write(i.operand(0), i);
      a = decoder.read(i.operand(1), i);
      mask = decoder.read(i.operand(2), i);
    }

    @Override
    void run(Warp warp, int active) {
      checkLanes(this, warp, active, mask);
      int first = Integer.numberOfTrailingZeros(active);
      long value = type.widen(warp.registers[a + first]);
      for (int rest = active & active - 1; rest != 0; rest &= rest - 1) {
        long other = type.widen(warp.registers[a + Integer.numberOfTrailingZeros(rest)]);
        value = join(value, other);
      }
      for (int rest = active; rest != 0; rest &= rest - 1) {
        warp.registers[d + Integer.numberOfTrailingZeros(rest)] = (int) value;
      }
    }

    private long join(long x, long y) {
      switch (i.modifiers().get(1)) {
        case "add":
          return x + y;
        case "min":
          return Math.min(x, y);
        case "max":
          return Math.max(x, y);
        case "and":
          return x & y;
        case "or":
          return x | y;
        default:
          return x ^ y;
      }
    }
  }

  private static final class ActiveStep extends Step {
    private final int d;

    ActiveStep(int d) {
      this.d = d;
    }

    @Override
    void run(Warp warp, int active) {
      for (int rest = active; rest != 0; rest &= rest - 1) {
        warp.registers[d + Integer.numberOfTrailingZeros(rest)] = active;
      }
    }
  }
}

package akin.cuda.sim.exec;

import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import java.util.List;

/** bar.sync and bar.red: all threads of a block meet, and may count or join a predicate. */
final class BarrierStep extends Step {
  private enum Join {
    NONE,
    COUNT,
    AND,
    OR
  }

  private final Join join;
  private final int threads;
  private final PredicateStep.Source source;
  private final int to;

  private BarrierStep(Join join, int threads, PredicateStep.Source source, int to) {
    this.join = join;
    this.threads = threads;
    this.source = source;
    this.to = to;
  }

  static BarrierStep decode(Instruction i, Decoder d) {
    List<Operand> all = i.operands();
    if (!i.has("red")) {
      return new BarrierStep(Join.NONE, all.size() > 1 ? d.read(all.get(1), i) : -1, null, -1);
    }
    Join join = i.has("popc") ? Join.COUNT : i.has("and") ? Join.AND : Join.OR;
    int last = all.size() - 1;
    int threads = last == 3 ? d.read(all.get(2), i) : -1;
    int to = join == Join.COUNT ? d.write(all.get(0), i) : d.predicate(all.get(0), i);
    return new BarrierStep(join, threads, Comparisons.source(i, last, d), to);
  }

  /** How many threads must come; 0 for all of the block. */
  int threads(Warp warp) {
    return threads < 0 ? 0 : (int) warp.registers[threads];
  }

  @Override
  void run(Warp warp, int active) {
    if (active != warp.live()) {
      int away = warp.live() & ~active;
      throw warp.fault(
          FaultKind.BARRIER,
          this,
          Integer.numberOfTrailingZeros(away),
          String.format("lanes 0x%08x of the warp come to it, lanes 0x%08x do not", active, away));
    }
    warp.waitAt(this);
  }

  /** All have come. */
  void meet(Warp[] warps) {
    if (join == Join.NONE) {
      return;
    }
    int count = 0;
    int all = 0;
    for (Warp warp : warps) {
      if (warp.waiting() != null) {
        count += Integer.bitCount(source.bits(warp) & warp.live());
        all += Integer.bitCount(warp.live());
      }
    }
    for (Warp warp : warps) {
      if (warp.waiting() != null) {
        give(warp, count, join == Join.AND ? count == all : count > 0);
      }
    }
  }

  private void give(Warp warp, int count, boolean holds) {
    if (join == Join.COUNT) {
      for (int lane = 0; lane < Warp.LANES; lane++) {
        warp.registers[to + lane] = count;
      }
    } else {
      warp.predicates[to] = holds ? warp.live() : 0;
    }
  }
}

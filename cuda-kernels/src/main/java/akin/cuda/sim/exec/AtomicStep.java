package akin.cuda.sim.exec;

import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Type;

/** atom and red: what is in memory becomes f(it, b, c); d is what it was. */
final class AtomicStep extends MemoryStep {
  private final Type type;
  private final int d;
  private final int b;
  private final int c;
  private final TernaryStep.Operator f;

  /**
   * @param d -1 where the old value is not wanted
   */
  AtomicStep(
      Space space, Type type, int d, int b, int c, TernaryStep.Operator f, int base, long offset) {
    super(Effect.UPDATE, space, type.bytes(), 1, true, base, offset);
    this.type = type;
    this.d = d;
    this.b = b;
    this.c = c;
    this.f = f;
  }

  @Override
  void access(Warp warp, int lane, Allocation piece, int place) {
    long[] r = warp.registers;
    long old = type.widen(get(piece.data(), place, width()));
    put(piece.data(), place, width(), f.apply(old, r[b + lane], r[c + lane]));
    if (d >= 0) {
      r[d + lane] = old;
    }
  }
}

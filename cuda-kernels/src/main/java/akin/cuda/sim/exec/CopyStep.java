package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Type;

/** Registers copied, each read as a value of a type. */
final class CopyStep extends Step {
  private final int[] from;
  private final int[] to;
  private final Type type;

  CopyStep(int[] from, int[] to, Type type) {
    this.from = from;
    this.to = to;
    this.type = type;
  }

  @Override
  void run(Warp warp, int active) {
    long[] r = warp.registers;
    for (int i = 0; i < from.length; i++) {
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        r[to[i] + lane] = type.widen(r[from[i] + lane]);
      }
    }
  }
}

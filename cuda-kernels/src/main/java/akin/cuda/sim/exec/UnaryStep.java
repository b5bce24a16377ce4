package akin.cuda.sim.exec;

import java.util.function.LongUnaryOperator;

/** d = f(a) in each lane. */
final class UnaryStep extends Step {
  private final int d;
  private final int a;
  private final LongUnaryOperator f;

  /** Registers by the place of their first lane. */
  UnaryStep(int d, int a, LongUnaryOperator f) {
    this.d = d;
    this.a = a;
    this.f = f;
  }

  @Override
  void run(Warp warp, int active) {
    long[] r = warp.registers;
    if (active == Warp.ALL) {
      for (int lane = 0; lane < Warp.LANES; lane++) {
        r[d + lane] = f.applyAsLong(r[a + lane]);
      }
    } else {
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        r[d + lane] = f.applyAsLong(r[a + lane]);
      }
    }
  }
}

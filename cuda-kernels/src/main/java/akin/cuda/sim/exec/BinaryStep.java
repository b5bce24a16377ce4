package akin.cuda.sim.exec;

import java.util.function.LongBinaryOperator;

/** d = f(a, b) in each lane. */
final class BinaryStep extends Step {
  private final int d;
  private final int a;
  private final int b;
  private final LongBinaryOperator f;

  /** Registers by the place of their first lane. */
  BinaryStep(int d, int a, int b, LongBinaryOperator f) {
    this.d = d;
    this.a = a;
    this.b = b;
    this.f = f;
  }

  @Override
  void run(Warp warp, int active) {
    long[] r = warp.registers;
    if (active == Warp.ALL) {
      for (int lane = 0; lane < Warp.LANES; lane++) {
        r[d + lane] = f.applyAsLong(r[a + lane], r[b + lane]);
      }
    } else {
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        r[d + lane] = f.applyAsLong(r[a + lane], r[b + lane]);
      }
    }
  }
}

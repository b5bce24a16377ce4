package akin.cuda.sim.exec;

/** d = f(a, b, c) in each lane. */
final class TernaryStep extends Step {
  /** A function of the bits of three registers. */
  interface Operator {
    long apply(long a, long b, long c);
  }

  private final int d;
  private final int a;
  private final int b;
  private final int c;
  private final Operator f;

  /** Registers by the place of their first lane. */
  TernaryStep(int d, int a, int b, int c, Operator f) {
    this.d = d;
    this.a = a;
    this.b = b;
    this.c = c;
    this.f = f;
  }

  @Override
  void run(Warp warp, int active) {
    long[] r = warp.registers;
    if (active == Warp.ALL) {
      for (int lane = 0; lane < Warp.LANES; lane++) {
        r[d + lane] = f.apply(r[a + lane], r[b + lane], r[c + lane]);
      }
    } else {
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        r[d + lane] = f.apply(r[a + lane], r[b + lane], r[c + lane]);
      }
    }
  }
}

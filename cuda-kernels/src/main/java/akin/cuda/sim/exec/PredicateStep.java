package akin.cuda.sim.exec;

/** A predicate from up to three, all lanes at once as bits. */
final class PredicateStep extends Step {
  /** A function of bits. */
  interface Operator {
    int apply(int a, int b, int c);
  }

  /** A predicate that is read; the number −1 stands for one that holds nowhere. */
  record Source(int number, boolean negated) {
    static Source constant(boolean holds) {
      return new Source(-1, holds);
    }

    int bits(Warp warp) {
      int bits = number < 0 ? 0 : warp.predicates[number];
      return negated ? ~bits : bits;
    }
  }

  private final int d;
  private final Source[] from;
  private final Operator f;

  PredicateStep(int d, Source a, Operator f) {
    this(d, a, a, a, f);
  }

  PredicateStep(int d, Source a, Source b, Source c, Operator f) {
    this.d = d;
    this.from = new Source[] {a, b, c};
    this.f = f;
  }

  @Override
  void run(Warp warp, int active) {
    int value = f.apply(from[0].bits(warp), from[1].bits(warp), from[2].bits(warp));
    warp.predicates[d] = warp.predicates[d] & ~active | value & active;
  }
}

package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;

/** An instruction made ready to run over the lanes of a warp. */
public abstract class Step {
  private Instruction instruction;

  /** The predicate's number, or -1 where the instruction is unconditional. */
  private int guard = -1;

  private boolean guardNegated;

  final void decoded(Instruction from, int guardNumber) {
    instruction = from;
    guard = guardNumber;
    guardNegated = from.guardNegated();
  }

  /** What it was decoded from. */
  public final Instruction instruction() {
    return instruction;
  }

  /** Which of the warp's lanes execute it. */
  final int guarded(Warp warp, int mask) {
    if (guard < 0) {
      return mask;
    }
    int holds = warp.predicates[guard];
    return mask & (guardNegated ? ~holds : holds);
  }

  /**
   * Executes it.
   *
   * @param active the lanes, one bit each, not 0
   */
  abstract void run(Warp warp, int active);

  @Override
  public final String toString() {
    return instruction.text();
  }
}

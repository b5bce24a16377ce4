package akin.cuda.planted;

import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Operand.Register;
import java.util.Optional;

/** Mistakes where threads ought to meet: barriers, shuffles, votes. */
final class Meetings {
  private static final Register THREAD = new Register("%tid.x");
  private static final long ALL_BUT_LAST_LANE = 0x7fff_ffffL;

  private Meetings() {}

  static Optional<Function> missingBarrier(Edit e) {
    return isBlockBarrier(e) ? Optional.of(e.replaced()) : Optional.empty();
  }

  static Optional<Function> missingWarpBarrier(Edit e) {
    return e.is("bar", "warp") ? Optional.of(e.replaced()) : Optional.empty();
  }

  private static boolean isBlockBarrier(Edit e) {
    return e.is("bar") && !e.now().has("warp");
  }

  static Optional<Function> conditionalBarrier(Edit e) {
    if (!isBlockBarrier(e)) {
      return Optional.empty();
    }
    Instruction test = e.make("setp.ne.u32", Edit.PREDICATE, THREAD, new Immediate(0));
    return Optional.of(e.replaced(test, e.onlyIf(Edit.PREDICATE, e.now())));
  }

  static Optional<Function> exitBeforeBarrier(Edit e) {
    if (!isBlockBarrier(e)) {
      return Optional.empty();
    }
    Instruction test = e.make("setp.eq.u32", Edit.PREDICATE, THREAD, new Immediate(0));
    return Optional.of(e.replaced(test, e.onlyIf(Edit.PREDICATE, e.make("exit")), e.now()));
  }

  static Optional<Function> maskWithoutLane(Edit e) {
    boolean names = e.now().has("sync") && !isBlockBarrier(e);
    int last = e.now().operands().size() - 1;
    return names
        ? Optional.of(e.replaced(e.operand(last, new Immediate(ALL_BUT_LAST_LANE))))
        : Optional.empty();
  }

  /** A shuffle takes from the lane beside the right one, or from half as far. */
  static Optional<Function> wrongLane(Edit e) {
    if (!e.is("shfl")) {
      return Optional.empty();
    }
    String change = e.now().has("idx") ? "xor.b32" : "shr.u32";
    Instruction other = e.make(change, Edit.WORD, e.now().operand(2), new Immediate(1));
    return Optional.of(e.replaced(other, e.operand(2, Edit.WORD)));
  }
}

package akin.cuda.sim.exec;

import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.ptx.Instruction;

/** Branches, calls, ends, barriers. */
final class Flow {
  private Flow() {}

  static Step decode(Instruction i, Decoder d) {
    switch (i.name()) {
      case "bra":
        return new BranchStep(d.label(i.operand(0), i), d.meeting());
      case "ret":
        return new ReturnStep();
      case "exit":
        return new ExitStep();
      case "call":
        return new CallStep(i, d);
      case "trap":
      case "brkpt":
        return new TrapStep();
      case "nanosleep":
        return new NothingStep();
      default:
        return barrier(i, d);
    }
  }

  private static Step barrier(Instruction i, Decoder d) {
    if (i.has("warp")) {
      return new SyncWarpStep(d.read(i.operand(0), i));
    }
    if (i.has("arrive")) {
      throw Families.unknown(i);
    }
    return BarrierStep.decode(i, d);
  }

  /** bra: lanes whose guard holds go on elsewhere. */
  private static final class BranchStep extends Step {
    private final int target;
    private final int meet;

    BranchStep(int target, int meet) {
      this.target = target;
      this.meet = meet;
    }

    @Override
    void run(Warp warp, int active) {
      if (active == warp.lanes()) {
        warp.frame().go(target);
      } else {
        warp.frame().split(active, target, warp.frame().at(), meet);
      }
    }
  }

  private static final class ReturnStep extends Step {
    @Override
    void run(Warp warp, int active) {
      CallStep call = warp.frame().call;
      if (call != null) {
        call.giveBack(warp.frame(), active);
      }
      warp.leave(active);
    }
  }

  private static final class ExitStep extends Step {
    @Override
    void run(Warp warp, int active) {
      warp.end(active);
    }
  }

  private static final class TrapStep extends Step {
    @Override
    void run(Warp warp, int active) {
      throw warp.fault(
          FaultKind.TRAP, this, Integer.numberOfTrailingZeros(active), "the kernel gave up");
    }
  }

  /** bar.warp.sync: lanes meet, and see what the others wrote before. */
  private static final class SyncWarpStep extends Step {
    private final int mask;

    SyncWarpStep(int mask) {
      this.mask = mask;
    }

    @Override
    void run(Warp warp, int active) {
      Exchanges.checkLanes(this, warp, active, mask);
      Observer observer = warp.block().launch().observer();
      if (observer != null) {
        observer.synced(warp, active);
      }
    }
  }
}

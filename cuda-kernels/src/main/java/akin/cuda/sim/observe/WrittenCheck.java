package akin.cuda.sim.observe;

import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.MemoryStep.Effect;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.ptx.Space;

/**
 * Finds reads of bytes that no upload, fill, copy or store has written. The memory must remember
 * what was written.
 */
public final class WrittenCheck implements Observer {
  @Override
  public void touch(
      Warp warp, MemoryStep step, int lane, Space space, Allocation piece, int offset) {
    if (step.effect() != Effect.WRITE && !piece.isWritten(offset, step.bytes())) {
      String where =
          space == Space.GLOBAL || space == Space.CONST
              ? String.format("0x%x", piece.start() + offset)
              : offset + " of " + space + " memory" + (space == Space.SHARED ? " so far" : "");
      throw warp.fault(FaultKind.UNWRITTEN, step, lane, step.bytes() + " bytes at " + where);
    }
  }
}

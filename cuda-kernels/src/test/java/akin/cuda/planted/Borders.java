package akin.cuda.planted;

import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Step;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Operand.Register;
import java.util.BitSet;

/** Notes where a comparison of whole numbers meets its border: equal numbers, or one less. */
final class Borders implements Observer {
  private final BitSet lines = new BitSet();

  @Override
  public void step(Warp warp, Step step, int active) {
    Instruction i = step.instruction();
    if (!i.name().equals("setp") || lines.get(i.line())) {
      return;
    }
    int unused = 64 - 8 * i.type().bytes();
    for (int lane = 0; lane < Warp.LANES; lane++) {
      if ((active >>> lane & 1) != 0) {
        long above = value(warp, i.operand(2), lane) - value(warp, i.operand(1), lane) << unused;
        if (above == 0 || above == 1L << unused) {
          lines.set(i.line());
        }
      }
    }
  }

  private static long value(Warp warp, Operand operand, int lane) {
    return operand instanceof Register
        ? warp.value(((Register) operand).name(), lane)
        : ((Immediate) operand).bits();
  }

  /** Whether the comparison at a line of PTX was at its border. */
  boolean met(int line) {
    return lines.get(line);
  }
}

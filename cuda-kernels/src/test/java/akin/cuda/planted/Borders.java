package akin.cuda.planted;

import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Operand.Register;

/** Whether a comparison of whole numbers meets its border: equal numbers, or one less. */
final class Borders {
  private Borders() {}

  static boolean met(Warp warp, Instruction i, int active) {
    int unused = 64 - 8 * i.type().bytes();
    for (int lane = 0; lane < Warp.LANES; lane++) {
      if ((active >>> lane & 1) != 0) {
        long above = value(warp, i.operand(2), lane) - value(warp, i.operand(1), lane) << unused;
        if (above == 0 || above == 1L << unused) {
          return true;
        }
      }
    }
    return false;
  }

  private static long value(Warp warp, Operand operand, int lane) {
    return operand instanceof Register
        ? warp.value(((Register) operand).name(), lane)
        : ((Immediate) operand).bits();
  }
}

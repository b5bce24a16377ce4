package akin.cuda.sim.exec;

import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.ptx.Space;

/** st: registers to memory. */
final class StoreStep extends MemoryStep {
  private final int[] from;

  StoreStep(Space space, int width, boolean strong, int[] from, int base, long offset) {
    super(Effect.WRITE, space, width, from.length, strong, base, offset);
    this.from = from;
  }

  @Override
  void access(Warp warp, int lane, Allocation piece, int place) {
    for (int i = 0; i < from.length; i++) {
      put(piece.data(), place + i * width(), width(), warp.registers[from[i] + lane]);
    }
  }

  @Override
  public boolean keeps(Warp warp, int lane, Allocation piece, int place) {
    int unused = 64 - 8 * width();
    for (int i = 0; i < from.length; i++) {
      long old = get(piece.data(), place + i * width(), width());
      if ((old ^ warp.registers[from[i] + lane]) << unused != 0) {
        return false;
      }
    }
    return true;
  }
}

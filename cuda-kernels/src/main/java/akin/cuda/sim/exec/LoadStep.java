package akin.cuda.sim.exec;

import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Type;

/** ld: registers from memory. */
final class LoadStep extends MemoryStep {
  private final Type type;
  private final int[] to;

  LoadStep(Space space, Type type, boolean strong, int[] to, int base, long offset) {
    super(Effect.READ, space, type.bytes(), to.length, strong, base, offset);
    this.type = type;
    this.to = to;
  }

  @Override
  void access(Warp warp, int lane, Allocation piece, int place) {
    for (int i = 0; i < to.length; i++) {
      long bits = get(piece.data(), place + i * width(), width());
      warp.registers[to[i] + lane] = type.widen(bits);
    }
  }
}

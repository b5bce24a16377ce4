package akin.cuda.sim.exec;

import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Source;

/** Something forbidden that a kernel did: what, and where. */
public final class KernelFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FaultKind kind;
  private final transient Instruction instruction;

  KernelFault(FaultKind kind, Block block, int thread, Instruction instruction, String text) {
    super(
        block.launch().program().name()
            + ": "
            + kind
            + ": "
            + text
            + "\n  at "
            + (instruction.source() == null ? "" : instruction.source() + ", ")
            + "PTX line "
            + instruction.line()
            + ": "
            + instruction.text()
            + "\n  block "
            + block.x()
            + ","
            + block.y()
            + " thread "
            + thread % block.launch().grid().threads()
            + ","
            + thread / block.launch().grid().threads()
            + " (warp "
            + thread / Warp.LANES
            + ", lane "
            + thread % Warp.LANES
            + ")");
    this.kind = kind;
    this.instruction = instruction;
  }

  /** What was done. */
  public FaultKind kind() {
    return kind;
  }

  /** The instruction that did it. */
  public Instruction instruction() {
    return instruction;
  }

  /** The line of CUDA source, or null where it is not known. */
  public Source source() {
    return instruction.source();
  }
}

package akin.cuda.planted;

import akin.cuda.sim.exec.Launch;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Step;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.ptx.Instruction;
import java.util.BitSet;
import java.util.TreeMap;

/**
 * Notes which instructions of which kernels some thread executes, which comparisons meet their
 * border, and how much work that is.
 */
final class Coverage implements Observer {
  /**
   * What was seen of a kernel: PTX lines that some thread executed, those of comparisons at their
   * {@link Borders}, steps, most blocks.
   */
  static final class Seen {
    final BitSet lines = new BitSet();
    final BitSet borders = new BitSet();
    long steps;
    int blocks;
  }

  private final TreeMap<String, Seen> kernels = new TreeMap<>();
  private Seen now;

  @Override
  public void launched(Launch launch) {
    now = kernels.computeIfAbsent(launch.program().name(), n -> new Seen());
    now.blocks = Math.max(now.blocks, launch.grid().x() * launch.grid().y());
  }

  @Override
  public void step(Warp warp, Step step, int active) {
    now.steps++;
    Instruction i = step.instruction();
    if (active != 0) {
      now.lines.set(i.line());
    }
    if (i.name().equals("setp") && !now.borders.get(i.line()) && Borders.met(warp, i, active)) {
      now.borders.set(i.line());
    }
  }

  /** What was seen since this was asked last, by kernel. */
  TreeMap<String, Seen> take() {
    TreeMap<String, Seen> taken = new TreeMap<>(kernels);
    kernels.clear();
    return taken;
  }
}

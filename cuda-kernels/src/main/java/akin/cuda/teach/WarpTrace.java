package akin.cuda.teach;

import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Step;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.observe.Trace;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Source;
import akin.cuda.sim.ptx.Space;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes down what one warp of a launch does, step by step. */
final class WarpTrace implements Observer {
  /**
   * One step.
   *
   * @param line of the PTX
   * @param source line of the CUDA source; 0 where it is not known
   * @param active the lanes that executed it, a bit each
   * @param live the lanes whose thread had not ended
   * @param written what it wrote
   * @param read the registers that it read
   * @param access where it touched memory, or null
   */
  record Moment(
      int line,
      int source,
      int active,
      int live,
      List<LaneValues> written,
      List<String> read,
      MemoryRequest access) {}

  private final Trace trace;
  private final int most;
  private final List<Moment> moments = new ArrayList<>();
  private MemoryRequest access;
  private long total;

  /**
   * @param most how many steps are kept, the first ones
   */
  WarpTrace(int blockX, int blockY, int warp, int most) {
    trace = new Trace(blockX, blockY, warp, this::add);
    this.most = most;
  }

  /** The first steps. */
  List<Moment> moments() {
    return moments;
  }

  /** How many steps the warp ran. */
  long total() {
    return total;
  }

  @Override
  public void step(Warp warp, Step step, int active) {
    trace.step(warp, step, active);
    access = null;
  }

  @Override
  public void request(Warp warp, MemoryStep step, int active) {
    if (moments.size() < most) {
      access = MemoryRequest.of(warp, step, active);
    }
  }

  @Override
  public void touch(
      Warp warp, MemoryStep step, int lane, Space space, Allocation piece, int offset) {
    trace.touch(warp, step, lane, space, piece, offset);
  }

  @Override
  public void stepped(Warp warp, Step step, int active) {
    trace.stepped(warp, step, active);
  }

  private void add(Trace.Event event) {
    total++;
    if (moments.size() < most) {
      Instruction at = event.instruction();
      moments.add(
          new Moment(
              at.line(),
              line(at.source()),
              event.active(),
              event.live(),
              event.active() == 0
                  ? List.of()
                  : event.written().stream().map(LaneValues::of).toList(),
              read(at),
              access));
    }
  }

  /** Headers of the compiler have lines, too; only those of the kernel's file are shown. */
  private static int line(Source source) {
    return source == null || source.file().matches(".*\\.hp*") ? 0 : source.line();
  }

  private static List<String> read(Instruction at) {
    Set<String> names = new LinkedHashSet<>();
    int first = at.results().isEmpty() ? 0 : 1;
    at.operands().stream().skip(first).forEach(operand -> collect(operand, names));
    if (at.guard() != null) {
      names.add(at.guard().name());
    }
    return List.copyOf(names);
  }

  private static void collect(Operand operand, Set<String> names) {
    if (operand instanceof Operand.Register register) {
      names.add(register.name());
    } else if (operand instanceof Operand.Not not) {
      names.add(not.predicate().name());
    } else if (operand instanceof Operand.Address address) {
      collect(address.base(), names);
    } else if (operand instanceof Operand.Vector vector) {
      vector.parts().forEach(part -> collect(part, names));
    }
  }
}

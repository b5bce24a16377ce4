package akin.cuda.sim.observe;

import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Program;
import akin.cuda.sim.exec.Step;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Tells each step of one warp: who executed it, what it wrote to registers, where it went. */
public final class Trace implements Observer {
  /**
   * A register after a step.
   *
   * @param name of the register
   * @param type as it is declared
   * @param bits of each of the 32 lanes; of a predicate 0 or 1
   */
  public record Value(String name, Type type, long[] bits) {
    /** The number of a lane as its type reads it. */
    public String text(int lane) {
      switch (type) {
        case F32:
          return Float.toString(Float.intBitsToFloat((int) bits[lane]));
        case F64:
          return Double.toString(Double.longBitsToDouble(bits[lane]));
        case PRED:
          return bits[lane] == 0 ? "false" : "true";
        default:
          return Long.toString(type == Type.B32 ? (int) bits[lane] : bits[lane]);
      }
    }
  }

  /**
   * Bytes that a lane touched.
   *
   * @param address in its space
   */
  public record Touch(int lane, Space space, long address, int bytes) {}

  /**
   * What a step did.
   *
   * @param number of the step in its warp, from 1
   * @param active the lanes that executed it, a bit each
   * @param live the lanes whose threads have not ended
   * @param written registers after it
   * @param touched memory, of each lane that went there
   */
  public record Event(
      long number,
      Instruction instruction,
      int active,
      int live,
      List<Value> written,
      List<Touch> touched) {}

  private final int blockX;
  private final int blockY;
  private final int warp;
  private final Consumer<Event> listener;
  private final List<Touch> touched = new ArrayList<>();
  private Program program;
  private int live;

  /**
   * @param blockX place of the block along the grid's first axis
   * @param blockY along its second
   * @param warp of the block
   * @param listener is told each step in turn; may throw to end the run
   */
  public Trace(int blockX, int blockY, int warp, Consumer<Event> listener) {
    this.blockX = blockX;
    this.blockY = blockY;
    this.warp = warp;
    this.listener = listener;
  }

  private boolean isWatched(Warp other) {
    return other.index() == warp && other.block().x() == blockX && other.block().y() == blockY;
  }

  @Override
  public void step(Warp runs, Step step, int active) {
    if (isWatched(runs)) {
      touched.clear();
      program = runs.program();
      live = runs.live();
    }
  }

  @Override
  public void touch(
      Warp runs, MemoryStep step, int lane, Space space, Allocation piece, int offset) {
    if (isWatched(runs)) {
      touched.add(new Touch(lane, space, piece.start() + offset, step.bytes()));
    }
  }

  @Override
  public void stepped(Warp runs, Step step, int active) {
    if (!isWatched(runs)) {
      return;
    }
    List<Value> written = new ArrayList<>();
    for (Register register : step.instruction().results()) {
      written.add(value(runs, register.name()));
    }
    listener.accept(
        new Event(
            runs.executed(),
            step.instruction(),
            active,
            live,
            List.copyOf(written),
            List.copyOf(touched)));
  }

  private Value value(Warp runs, String register) {
    long[] bits = new long[Warp.LANES];
    for (int lane = 0; lane < bits.length; lane++) {
      bits[lane] = runs.value(register, lane);
    }
    return new Value(register, program.function().registers().get(register), bits);
  }
}

package akin.cuda.sim.exec;

import akin.cuda.device.Grid;
import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.memory.GlobalMemory;
import java.nio.ByteBuffer;

/** One run of a kernel over a grid. */
public final class Launch {
  private final GlobalMemory memory;
  private final Program program;
  private final Grid grid;
  private final Allocation parameters;
  private final Observer observer;
  private final long limit;

  Launch(
      GlobalMemory memory,
      Program program,
      Grid grid,
      ByteBuffer parameters,
      Observer observer,
      long limit) {
    this.memory = memory;
    this.program = program;
    this.grid = grid;
    this.parameters = Allocation.of(parameters, false);
    this.observer = observer;
    this.limit = limit;
  }

  void run() {
    if (observer != null) {
      observer.launched(this);
    }
    Block block = new Block(this);
    for (int y = 0; y < grid.y(); y++) {
      for (int x = 0; x < grid.x(); x++) {
        block.run(x, y);
      }
    }
    if (observer != null) {
      observer.ended(this);
    }
  }

  /** The kernel. */
  public Program program() {
    return program;
  }

  /** Its blocks and threads. */
  public Grid grid() {
    return grid;
  }

  /** The card's memory. */
  public GlobalMemory memory() {
    return memory;
  }

  /** The arguments' bytes. */
  Allocation parameters() {
    return parameters;
  }

  /** Who looks on, or null. */
  Observer observer() {
    return observer;
  }

  /** The most steps that a warp may run. */
  long limit() {
    return limit;
  }

  Allocation newShared() {
    int bytes = program.sharedBytes() + grid.sharedBytes();
    return Allocation.of(ByteBuffer.allocate(bytes), memory.watched());
  }

  Allocation newLocal() {
    return Allocation.of(ByteBuffer.allocate(program.stackBytes()), memory.watched());
  }
}

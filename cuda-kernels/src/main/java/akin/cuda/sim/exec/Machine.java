package akin.cuda.sim.exec;

import akin.cuda.device.Grid;
import akin.cuda.sim.memory.GlobalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs kernels over grids, blocks in the order of their numbers, on the caller's thread. */
public final class Machine {
  /** The most steps that a warp may run in a block where nothing else is said. */
  public static final long LIMIT = 1L << 26;

  private static final int MOST_THREADS = 1024;
  private static final int MOST_SHARED = 48 << 10;
  private static final int MOST_ROWS = 65535;

  private final GlobalMemory memory;
  private final Observer observer;
  private final long limit;

  /**
   * @param memory that kernels may touch
   * @param observer who looks on, or null
   * @param limit the most steps that a warp may run in a block
   */
  public Machine(GlobalMemory memory, Observer observer, long limit) {
    this.memory = memory;
    this.observer = observer;
    this.limit = limit;
  }

  /**
   * Runs one launch to its end.
   *
   * @param parameters the arguments as they lie in the parameter space, each at a multiple of its
   *     size
   * @throws KernelFault if the kernel does what is forbidden; blocks before have had their effect
   * @throws IllegalArgumentException if there is no such kernel, or no card could launch it so
   */
  public void launch(LoadedModule module, String kernel, Grid grid, byte[] parameters) {
    Program program = module.program(kernel);
    check(program, grid);
    ByteBuffer bytes = ByteBuffer.wrap(parameters).order(ByteOrder.LITTLE_ENDIAN);
    new Launch(memory, program, grid, bytes, observer, limit).run();
  }

  private static void check(Program program, Grid grid) {
    int threads = grid.threads() * grid.threadsY();
    int most = program.function().maxThreads() > 0 ? program.function().maxThreads() : MOST_THREADS;
    require(program.function().entry(), program, "is no kernel");
    require(grid.x() >= 1 && grid.y() >= 1 && grid.y() <= MOST_ROWS, program, "grid " + grid);
    require(threads >= 1 && threads <= most, program, "takes up to " + most + " threads: " + grid);
    int shared = program.sharedBytes() + grid.sharedBytes();
    require(shared <= MOST_SHARED, program, "wants " + shared + " bytes of shared memory");
  }

  private static void require(boolean holds, Program program, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(program.name() + " cannot be launched: " + rule);
    }
  }
}

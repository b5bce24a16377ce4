package akin.tests;

import akin.cuda.device.Grid;
import akin.cuda.sim.exec.KernelFault;
import akin.cuda.sim.exec.LoadedModule;
import akin.cuda.sim.exec.Machine;
import akin.cuda.sim.memory.GlobalMemory;
import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Parser;
import akin.cuda.sim.ptx.PtxException;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Variable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The card behind the stand-in of libcuda.so.1, which calls these methods through JNI: PTX runs on
 * Akin's own machine, over the memory that the C code allocated, at its own addresses.
 */
final class StandInCard {
  private static final int INVALID_VALUE = 1;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int MISALIGNED_ADDRESS = 716;
  private static final int INVALID_ADDRESS_SPACE = 717;
  private static final int LAUNCH_FAILED = 719;

  /** Room for the variables of modules; everything else is attached. */
  private static final GlobalMemory MEMORY = new GlobalMemory(64 << 20, false);

  private static final Machine MACHINE = new Machine(MEMORY, null, Machine.LIMIT);
  private static final Map<Long, LoadedModule> MODULES = new HashMap<>();

  private static String lastFault = "";

  private StandInCard() {}

  /** What C counts, in its order. */
  enum Kind {
    CONTEXT,
    ALLOCATION,
    PINNED,
    STREAM,
    EVENT,
    MODULE,
    CUBLAS,
    CUDNN,
    DESCRIPTOR
  }

  // ---- called by tests, once the library is loaded ----

  /** Sets one of the variables that standin.h lists. */
  static native void configure(String name, String value);

  private static native int live(int kind);

  /**
   * What lives, or was left over by a context that ended, by kind; without what there is none of.
   */
  static Map<Kind, Integer> live() {
    Map<Kind, Integer> all = new HashMap<>();
    for (Kind kind : Kind.values()) {
      int count = live(kind.ordinal());
      if (count != 0) {
        all.put(kind, count);
      }
    }
    return all;
  }

  /** The machine's report of the last kernel that did something forbidden. */
  static String lastFault() {
    return lastFault;
  }

  // ---- called by C ----

  static void attach(long address, ByteBuffer memory) {
    MEMORY.attach(address, memory);
  }

  static void detach(long address) {
    MEMORY.detach(address);
  }

  /** Null, or why the PTX cannot be loaded. */
  static String load(long module, String ptx) {
    try {
      MODULES.put(module, new LoadedModule(Parser.parse(ptx), MEMORY));
      return null;
    } catch (PtxException e) {
      return "ptxas application ptx input, " + e.getMessage();
    }
  }

  static void unload(long module) {
    MODULES.remove(module).unload();
  }

  /** Its static shared memory, then offset and size of each parameter; null if there is none. */
  static int[] kernel(long module, String name) {
    LoadedModule loaded = MODULES.get(module);
    Function function = loaded.module().functions().get(name);
    if (function == null || !function.entry()) {
      return null;
    }
    List<Variable> parameters = function.parameters();
    int[] numbers = new int[1 + 2 * parameters.size()];
    numbers[0] =
        Stream.concat(loaded.module().variables().stream(), function.variables().stream())
            .filter(v -> v.space() == Space.SHARED)
            .mapToInt(Variable::bytes)
            .sum();
    int offset = 0;
    for (int i = 0; i < parameters.size(); i++) {
      Variable v = parameters.get(i);
      offset = (offset + v.align() - 1) / v.align() * v.align();
      numbers[1 + 2 * i] = offset;
      numbers[2 + 2 * i] = v.bytes();
      offset += v.bytes();
    }
    return numbers;
  }

  /**
   * Runs a launch; returns CUDA's code.
   *
   * @param sizes blocks along x, y, z, threads along x, y, z, bytes of dynamic shared memory
   */
  static int launch(long module, String kernel, int[] sizes, byte[] parameters) {
    try {
      Grid grid = new Grid(sizes[0], sizes[1], sizes[3], sizes[4], sizes[6]);
      MACHINE.launch(MODULES.get(module), kernel, grid, parameters);
      return 0;
    } catch (KernelFault e) {
      lastFault = e.getMessage();
      return switch (e.kind()) {
        case OUT_OF_BOUNDS, USE_AFTER_FREE -> ILLEGAL_ADDRESS;
        case MISALIGNED -> MISALIGNED_ADDRESS;
        case SPACE -> INVALID_ADDRESS_SPACE;
        default -> LAUNCH_FAILED;
      };
    } catch (IllegalArgumentException | PtxException e) {
      lastFault = e.getMessage();
      return INVALID_VALUE;
    }
  }
}

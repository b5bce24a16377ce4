package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Variable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the variables of a function lie in shared and local memory. */
final class Layout {
  /** What an array sized by the launch begins at a multiple of. */
  private static final int DYNAMIC_ALIGNMENT = 16;

  /** Local memory for calls, in bytes a thread. */
  private static final int CALLS = 16 << 10;

  private final Map<String, Integer> offsets = new HashMap<>();
  private final boolean calls;
  private int sharedBytes;
  private int localBytes;

  /**
   * @param common shared variables of the module, then those of the function
   */
  Layout(List<Variable> common, List<Variable> own, boolean calls) {
    this.calls = calls;
    common.forEach(this::place);
    own.forEach(this::place);
    sharedBytes = aligned(sharedBytes, DYNAMIC_ALIGNMENT);
    common.stream().filter(Variable::sizedByLaunch).forEach(this::placeDynamic);
    own.stream().filter(Variable::sizedByLaunch).forEach(this::placeDynamic);
  }

  private void place(Variable v) {
    if (v.space() == Space.SHARED && !v.sizedByLaunch()) {
      sharedBytes = aligned(sharedBytes, v.align());
      offsets.put(v.name(), sharedBytes);
      sharedBytes += v.bytes();
    } else if (v.space() == Space.LOCAL) {
      localBytes = aligned(localBytes, v.align());
      offsets.put(v.name(), localBytes);
      localBytes += v.bytes();
    }
  }

  private void placeDynamic(Variable v) {
    if (v.space() == Space.SHARED) {
      offsets.put(v.name(), sharedBytes);
    }
  }

  private static int aligned(int offset, int align) {
    return (offset + align - 1) / align * align;
  }

  /** The variable's address in its space, or null if it is not one of these. */
  Integer offset(String name) {
    return offsets.get(name);
  }

  int sharedBytes() {
    return sharedBytes;
  }

  int localBytes() {
    return aligned(localBytes, DYNAMIC_ALIGNMENT);
  }

  int stackBytes() {
    return calls ? localBytes() + CALLS : localBytes;
  }
}

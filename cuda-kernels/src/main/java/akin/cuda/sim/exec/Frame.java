package akin.cuda.sim.exec;

import java.util.Arrays;

/**
 * One call of a function by a warp: its registers, and the paths that its lanes are on. A path is a
 * set of lanes, the step they are at, and the step where they meet the path below.
 */
final class Frame {
  final Program program;
  final Frame caller;

  /** The call that opened it, or null in a kernel. */
  final CallStep call;

  /** Where the local variables of the function begin in a thread's local memory. */
  final int localBase;

  /** Value of register r in lane l at 32·r + l. */
  final long[] registers;

  /** Predicates, a bit for each lane. */
  final int[] predicates;

  private int[] at = new int[8];
  private int[] meets = new int[8];
  private int[] lanes = new int[8];
  private int depth = -1;

  Frame(Program program, Frame caller, CallStep call, int localBase) {
    this.program = program;
    this.caller = caller;
    this.call = call;
    this.localBase = localBase;
    registers = new long[program.registerCount() * Warp.LANES];
    predicates = new int[program.predicateCount()];
    program.fillConstants(registers);
  }

  /** All lanes at the first step. */
  void begin(int mask) {
    depth = -1;
    push(0, program.length(), mask);
  }

  /** Drops paths that have no lanes left or have met the one below; false if none is left. */
  boolean settle() {
    while (depth >= 0 && (lanes[depth] == 0 || at[depth] == meets[depth])) {
      depth--;
    }
    return depth >= 0;
  }

  int at() {
    return at[depth];
  }

  int lanes() {
    return lanes[depth];
  }

  void go(int step) {
    at[depth] = step;
  }

  /** The lanes in {@code taken} go on at one step, the others at another, until they meet. */
  void split(int taken, int target, int other, int meet) {
    int rest = lanes[depth] & ~taken;
    if (meets[depth] == meet) {
      depth--;
    } else {
      at[depth] = meet;
    }
    push(target, meet, taken);
    push(other, meet, rest);
  }

  /** Takes lanes off all paths. */
  void remove(int mask) {
    for (int i = 0; i <= depth; i++) {
      lanes[i] &= ~mask;
    }
  }

  private void push(int step, int meet, int mask) {
    if (++depth == at.length) {
      at = Arrays.copyOf(at, 2 * depth);
      meets = Arrays.copyOf(meets, 2 * depth);
      lanes = Arrays.copyOf(lanes, 2 * depth);
    }
    at[depth] = step;
    meets[depth] = meet;
    lanes[depth] = mask;
  }
}

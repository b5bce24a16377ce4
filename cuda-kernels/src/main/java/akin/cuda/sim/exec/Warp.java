package akin.cuda.sim.exec;

import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.ptx.Space;

/** Thirty-two threads that execute one instruction at a time. */
public final class Warp {
  /** Threads of a warp. */
  public static final int LANES = 32;

  static final int ALL = -1;

  private final Block block;
  private final int index;
  private final Allocation[] local = new Allocation[LANES];
  private final Frame entry;
  private Frame frame;

  /** Lanes whose thread has not ended. */
  private int live;

  private BarrierStep waiting;
  private long executed;

  /** The registers of the function that runs: r in lane l at 32·r + l. */
  long[] registers;

  /** Its predicates, a bit for each lane. */
  int[] predicates;

  /** The carry flag of each lane. */
  int carry;

  /** Where each lane of a memory instruction goes. */
  final long[] addresses = new long[LANES];

  Warp(Block block, int index) {
    this.block = block;
    this.index = index;
    entry = new Frame(block.launch().program(), null, null, 0);
  }

  /** Makes the lanes ready for the block's next index. */
  void begin() {
    int threads = Math.min(LANES, block.threads() - LANES * index);
    live = ALL >>> (LANES - threads);
    waiting = null;
    executed = 0;
    enter(entry, live);
    for (int lane = 0; lane < LANES; lane++) {
      local[lane] = null;
    }
  }

  private void enter(Frame next, int lanes) {
    use(next);
    next.program.fillSpecial(next.registers, this, next.localBase);
    next.begin(lanes);
  }

  private void use(Frame next) {
    frame = next;
    registers = next.registers;
    predicates = next.predicates;
  }

  /** Runs until all lanes have ended or wait at a barrier. */
  void run() {
    Observer observer = block.launch().observer();
    long limit = block.launch().limit();
    while (waiting == null) {
      if (!frame.settle()) {
        if (frame.caller == null) {
          return;
        }
        use(frame.caller);
        continue;
      }
      Step step = frame.program.step(frame.at());
      frame.go(frame.at() + 1);
      int active = step.guarded(this, frame.lanes());
      if (++executed > limit) {
        throw fault(FaultKind.ENDLESS, step, "more than " + limit + " steps of one warp");
      }
      if (observer == null) {
        if (active != 0) {
          step.run(this, active);
        }
      } else {
        observer.step(this, step, active);
        if (active != 0) {
          step.run(this, active);
        }
        observer.stepped(this, step, active);
      }
    }
  }

  // ---- what steps do to the path ----

  Frame frame() {
    return frame;
  }

  /** The lanes on the path that runs. */
  int lanes() {
    return frame.lanes();
  }

  /** These lanes leave the function. */
  void leave(int mask) {
    if (frame.caller == null) {
      end(mask);
    } else {
      frame.remove(mask);
    }
  }

  /** The threads of these lanes end. */
  void end(int mask) {
    live &= ~mask;
    for (Frame f = frame; f != null; f = f.caller) {
      f.remove(mask);
    }
  }

  /** Some lanes run a function; the others wait. */
  void call(CallStep step, Program function, int active) {
    Frame next = new Frame(function, frame, step, frame.localBase + frame.program.localBytes());
    enter(next, active);
  }

  void waitAt(BarrierStep barrier) {
    waiting = barrier;
  }

  /** The barrier that the warp waits at, or null. */
  BarrierStep waiting() {
    return waiting;
  }

  void release() {
    waiting = null;
  }

  // ---- memory ----

  /** Local memory of a lane's thread, made when it is first asked for. */
  Allocation local(int lane) {
    if (local[lane] == null) {
      local[lane] = block.launch().newLocal();
    }
    return local[lane];
  }

  /** The memory of a space in which a lane may use these bytes, or null. */
  Allocation locate(Space space, int lane, long address, int bytes) {
    Allocation piece;
    switch (space) {
      case SHARED:
        piece = block.shared();
        break;
      case LOCAL:
        piece = local(lane);
        break;
      case PARAM:
        piece = block.launch().parameters();
        break;
      default:
        return block.launch().memory().find(address, bytes);
    }
    return piece.holds(address, bytes) ? piece : null;
  }

  // ---- what observers ask ----

  /** The block that it belongs to. */
  public Block block() {
    return block;
  }

  /** Its number in the block. */
  public int index() {
    return index;
  }

  /** The lanes whose thread has not ended. */
  public int live() {
    return live;
  }

  /** Instructions executed so far in this block. */
  public long executed() {
    return executed;
  }

  /** The function that runs. */
  public Program program() {
    return frame.program;
  }

  /** Where a lane of the memory instruction that runs goes. */
  public long address(int lane) {
    return addresses[lane];
  }

  /** The bits of a register in a lane: of a predicate 0 or 1. */
  public long value(String register, int lane) {
    int predicate = frame.program.predicate(register);
    return predicate >= 0
        ? predicates[predicate] >>> lane & 1
        : registers[frame.program.register(register) + lane];
  }

  /** The number of a lane's thread in the block. */
  public int thread(int lane) {
    return LANES * index + lane;
  }

  KernelFault fault(FaultKind kind, Step step, String text) {
    return fault(kind, step, Integer.numberOfTrailingZeros(frame.lanes()), text);
  }

  /** The fault of a lane. */
  public KernelFault fault(FaultKind kind, Step step, int lane, String text) {
    return new KernelFault(kind, block, thread(lane), step.instruction(), text);
  }
}

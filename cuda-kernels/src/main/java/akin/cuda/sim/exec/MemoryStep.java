package akin.cuda.sim.exec;

import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.memory.GlobalMemory;
import akin.cuda.sim.memory.Problem;
import akin.cuda.sim.ptx.Space;
import java.nio.ByteBuffer;

/** An instruction that touches memory: one value, or two or four side by side, in each lane. */
public abstract class MemoryStep extends Step {
  /** What is done to memory. */
  public enum Effect {
    /** Bytes are read. */
    READ,
    /** Bytes are written. */
    WRITE,
    /** Bytes are read and written at once. */
    UPDATE
  }

  /** Generic addresses from here are shared memory, as no card's memory lies so high. */
  static final long SHARED_WINDOW = 1L << 56;

  /** Generic addresses from here are local memory. */
  static final long LOCAL_WINDOW = 2L << 56;

  private static final long WINDOW = (1L << 56) - 1;

  private final Effect effect;
  private final Space space;
  private final int width;
  private final int values;
  private final boolean strong;
  private final int base;
  private final long offset;

  /**
   * @param width bytes of one value
   * @param values side by side
   * @param strong whether it may meet other threads' accesses: volatile, relaxed or atomic
   * @param base the register of addresses
   * @param offset bytes beyond it
   */
  MemoryStep(
      Effect effect, Space space, int width, int values, boolean strong, int base, long offset) {
    this.effect = effect;
    this.space = space;
    this.width = width;
    this.values = values;
    this.strong = strong;
    this.base = base;
    this.offset = offset;
  }

  @Override
  final void run(Warp warp, int active) {
    long[] r = warp.registers;
    long[] addresses = warp.addresses;
    for (int rest = active; rest != 0; rest &= rest - 1) {
      int lane = Integer.numberOfTrailingZeros(rest);
      addresses[lane] = r[base + lane] + offset;
    }
    Observer observer = warp.block().launch().observer();
    if (observer != null) {
      observer.request(warp, this, active);
    }
    for (int rest = active; rest != 0; rest &= rest - 1) {
      int lane = Integer.numberOfTrailingZeros(rest);
      Space at = space(addresses[lane]);
      long address = within(addresses[lane]);
      Allocation piece = warp.locate(at, lane, address, bytes());
      if (piece == null) {
        throw outside(warp, lane, at, address);
      }
      if ((address & bytes() - 1) != 0) {
        throw warp.fault(
            FaultKind.MISALIGNED,
            this,
            lane,
            String.format("0x%x is no multiple of %d", address, bytes()));
      }
      int place = (int) (address - piece.start());
      if (observer != null) {
        observer.touch(warp, this, lane, at, piece, place);
      }
      access(warp, lane, piece, place);
      if (effect != Effect.READ) {
        piece.markWritten(place, bytes());
      }
    }
  }

  /** Does what is to be done, in bounds and aligned. */
  abstract void access(Warp warp, int lane, Allocation piece, int place);

  private KernelFault outside(Warp warp, int lane, Space at, long address) {
    Problem problem;
    GlobalMemory memory = warp.block().launch().memory();
    if (at == Space.GLOBAL || at == Space.CONST) {
      problem =
          warp.block().shared().holds(address, bytes())
              ? new Problem(
                  FaultKind.SPACE, String.format("shared address 0x%x in %s memory", address, at))
              : memory.problem(address, bytes());
    } else if (memory.find(address, bytes()) != null) {
      problem =
          new Problem(
              FaultKind.SPACE, String.format("global address 0x%x in %s memory", address, at));
    } else {
      problem =
          new Problem(
              FaultKind.OUT_OF_BOUNDS,
              String.format(
                  "%d bytes at %d of %s memory, which has %d",
                  bytes(), address, at, size(warp, lane, at)));
    }
    return warp.fault(problem.kind(), this, lane, problem.text());
  }

  private static int size(Warp warp, int lane, Space at) {
    switch (at) {
      case SHARED:
        return warp.block().shared().bytes();
      case LOCAL:
        return warp.local(lane).bytes();
      default:
        return warp.block().launch().parameters().bytes();
    }
  }

  /** What is done. */
  public Effect effect() {
    return effect;
  }

  /** Bytes that a lane touches. */
  public int bytes() {
    return width * values;
  }

  /** Bytes of one value. */
  int width() {
    return width;
  }

  /** Values side by side. */
  int values() {
    return values;
  }

  /** Whether it may meet other threads' accesses: volatile, relaxed or atomic. */
  public boolean strong() {
    return strong;
  }

  /** Whether the bytes in memory will be the same after it as before. */
  public boolean keeps(Warp warp, int lane, Allocation piece, int place) {
    return effect == Effect.READ;
  }

  /** The space of an address as the instruction understands it. */
  public Space space(long address) {
    if (space != Space.GENERIC) {
      return space;
    }
    long window = address & ~WINDOW;
    return window == SHARED_WINDOW
        ? Space.SHARED
        : window == LOCAL_WINDOW ? Space.LOCAL : Space.GLOBAL;
  }

  /** The address within its space. */
  public long within(long address) {
    return space == Space.GENERIC && space(address) != Space.GLOBAL ? address & WINDOW : address;
  }

  static long get(ByteBuffer data, int place, int width) {
    switch (width) {
      case 1:
        return data.get(place);
      case 2:
        return data.getShort(place);
      case 4:
        return data.getInt(place);
      default:
        return data.getLong(place);
    }
  }

  static void put(ByteBuffer data, int place, int width, long value) {
    switch (width) {
      case 1:
        data.put(place, (byte) value);
        break;
      case 2:
        data.putShort(place, (short) value);
        break;
      case 4:
        data.putInt(place, (int) value);
        break;
      default:
        data.putLong(place, value);
    }
  }
}

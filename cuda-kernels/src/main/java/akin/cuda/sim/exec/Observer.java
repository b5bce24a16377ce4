package akin.cuda.sim.exec;

import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.ptx.Space;

/**
 * Looks on while a kernel runs; may throw a {@link KernelFault} to end it. Without one the machine
 * still checks bounds, alignment, lanes and barriers.
 */
public interface Observer {
  /** A launch begins. */
  default void launched(Launch launch) {}

  /** A block begins; its shared memory holds nothing. */
  default void began(Block block) {}

  /**
   * A step is about to run.
   *
   * @param active the lanes that will execute it; may be 0
   */
  default void step(Warp warp, Step step, int active) {}

  /** A step has run. */
  default void stepped(Warp warp, Step step, int active) {}

  /** A memory instruction is about to run; {@link Warp#address} tells where each lane goes. */
  default void request(Warp warp, MemoryStep step, int active) {}

  /**
   * A lane is about to touch memory, within bounds and aligned.
   *
   * @param space where, never GENERIC
   * @param piece of memory
   * @param offset of the first byte in it
   */
  default void touch(
      Warp warp, MemoryStep step, int lane, Space space, Allocation piece, int offset) {}

  /** All threads of a block have met at a barrier and go on. */
  default void barrier(Block block) {}

  /** Lanes of a warp have met in {@code __syncwarp}. */
  default void synced(Warp warp, int lanes) {}

  /** All blocks have ended. */
  default void ended(Launch launch) {}

  /** Several observers as one, told in order. */
  static Observer all(Observer... observers) {
    return new Observers(observers);
  }
}

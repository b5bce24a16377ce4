package akin.bench;

import akin.tensor.backend.Backend;
import java.util.List;

/**
 * A row of the table: a piece of work, how much it is, and who does it.
 *
 * @param name as the peers know it, too
 * @param unit of the figure; {@link #SECONDS} if that is the time of one call
 * @param units of work done by one call
 * @param cost of one call
 * @param target how many times as fast as the best peer Akin is to be
 * @param peers who else does it, the fastest known first
 * @param quick how many of them take part when time is short
 * @param akin prepares Akin's own
 */
record Row(
    String name,
    String unit,
    double units,
    Cost cost,
    Target target,
    List<Peer> peers,
    int quick,
    Preparation akin) {
  static final String SECONDS = "s";

  /** Prepares Akin's task on a backend of so many threads. */
  @FunctionalInterface
  interface Preparation {
    Task prepare(Backend backend, int threads);
  }

  /**
   * What the work costs at least.
   *
   * @param flops floating-point operations, a multiplication with addition counted as two
   * @param bytes operands and results that do not fit into a cache, each once
   */
  record Cost(double flops, double bytes) {
    /**
     * The shortest time of one call, in seconds.
     *
     * @param peak floating-point operations in a second
     * @param bandwidth bytes in a second
     */
    double seconds(double peak, double bandwidth) {
      return Math.max(flops / peak, bytes / bandwidth);
    }
  }

  /**
   * How many times as fast as the best peer; of work that has no peer, the longest time in seconds.
   *
   * @param one with one thread
   * @param more with more
   */
  record Target(double one, double more) {
    static Target of(double ratio) {
      return new Target(ratio, ratio);
    }

    double with(int threads) {
      return threads == 1 ? one : more;
    }
  }

  /** Whether the figure is a time, so that less is better. */
  boolean timed() {
    return unit.equals(SECONDS);
  }

  /** The figure of a call that took so long. */
  double figure(double seconds) {
    return timed() ? seconds : units / seconds;
  }
}

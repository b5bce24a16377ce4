package akin.cuda.sim.exec;

import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.memory.FaultKind;

/** The threads that share memory and meet at barriers; one object serves all blocks in turn. */
public final class Block {
  private final Launch launch;
  private final int threads;
  private final Warp[] warps;
  private final Allocation shared;
  private int x;
  private int y;

  Block(Launch launch) {
    this.launch = launch;
    threads = launch.grid().threads() * launch.grid().threadsY();
    shared = launch.newShared();
    warps = new Warp[(threads + Warp.LANES - 1) / Warp.LANES];
    for (int i = 0; i < warps.length; i++) {
      warps[i] = new Warp(this, i);
    }
  }

  /** Runs the block at a place of the grid to its end. */
  void run(int blockX, int blockY) {
    x = blockX;
    y = blockY;
    shared.lend(shared.bytes());
    for (Warp warp : warps) {
      warp.begin();
    }
    Observer observer = launch.observer();
    if (observer != null) {
      observer.began(this);
    }
    do {
      for (Warp warp : warps) {
        warp.run();
      }
    } while (meet(observer));
  }

  /** Lets the warps that wait go on together; false if none waits. */
  private boolean meet(Observer observer) {
    Warp first = null;
    int arrived = 0;
    for (Warp warp : warps) {
      if (warp.waiting() != null) {
        first = first == null ? warp : first;
        arrived += Integer.bitCount(warp.live());
        if (warp.waiting() != first.waiting()) {
          throw warp.fault(
              FaultKind.BARRIER,
              warp.waiting(),
              "warp "
                  + first.index()
                  + " waits at another, PTX line "
                  + first.waiting().instruction().line());
        }
      }
    }
    if (first == null) {
      return false;
    }
    BarrierStep barrier = first.waiting();
    int expected = barrier.threads(first);
    expected = expected == 0 ? threads : expected;
    if (arrived != expected) {
      throw first.fault(
          FaultKind.BARRIER,
          barrier,
          arrived + " of " + expected + " threads wait at it, the others have ended");
    }
    barrier.meet(warps);
    for (Warp warp : warps) {
      warp.release();
    }
    if (observer != null) {
      observer.barrier(this);
    }
    return true;
  }

  /** What it is part of. */
  public Launch launch() {
    return launch;
  }

  /** Its threads. */
  public int threads() {
    return threads;
  }

  /** Its place along the grid's first axis. */
  public int x() {
    return x;
  }

  /** Its place along the grid's second axis. */
  public int y() {
    return y;
  }

  /** Its shared memory. */
  public Allocation shared() {
    return shared;
  }
}

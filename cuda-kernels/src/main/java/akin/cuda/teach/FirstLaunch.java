package akin.cuda.teach;

import akin.cuda.sim.exec.Block;
import akin.cuda.sim.exec.Launch;
import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Step;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.ptx.Space;

/** Lets another observer see the first launch of one kernel, and nothing else. */
final class FirstLaunch implements Observer {
  private final String kernel;
  private final Observer observer;
  private Launch launch;
  private boolean here;

  FirstLaunch(String kernel, Observer observer) {
    this.kernel = kernel;
    this.observer = observer;
  }

  /** The launch, or null if there was none yet. */
  Launch launch() {
    return launch;
  }

  @Override
  public void launched(Launch next) {
    here = launch == null && next.program().name().equals(kernel);
    if (here) {
      launch = next;
    }
  }

  @Override
  public void began(Block block) {
    if (here) {
      observer.began(block);
    }
  }

  @Override
  public void step(Warp warp, Step step, int active) {
    if (here) {
      observer.step(warp, step, active);
    }
  }

  @Override
  public void stepped(Warp warp, Step step, int active) {
    if (here) {
      observer.stepped(warp, step, active);
    }
  }

  @Override
  public void request(Warp warp, MemoryStep step, int active) {
    if (here) {
      observer.request(warp, step, active);
    }
  }

  @Override
  public void touch(
      Warp warp, MemoryStep step, int lane, Space space, Allocation piece, int offset) {
    if (here) {
      observer.touch(warp, step, lane, space, piece, offset);
    }
  }

  @Override
  public void barrier(Block block) {
    if (here) {
      observer.barrier(block);
    }
  }
}

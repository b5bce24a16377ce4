package akin.cuda.sim.exec;

import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.ptx.Space;

/** Several observers, told in order. */
final class Observers implements Observer {
  private final Observer[] all;

  Observers(Observer... all) {
    this.all = all.clone();
  }

  @Override
  public void launched(Launch launch) {
    for (Observer o : all) {
      o.launched(launch);
    }
  }

  @Override
  public void began(Block block) {
    for (Observer o : all) {
      o.began(block);
    }
  }

  @Override
  public void step(Warp warp, Step step, int active) {
    for (Observer o : all) {
      o.step(warp, step, active);
    }
  }

  @Override
  public void stepped(Warp warp, Step step, int active) {
    for (Observer o : all) {
      o.stepped(warp, step, active);
    }
  }

  @Override
  public void request(Warp warp, MemoryStep step, int active) {
    for (Observer o : all) {
      o.request(warp, step, active);
    }
  }

  @Override
  public void touch(
      Warp warp, MemoryStep step, int lane, Space space, Allocation piece, int offset) {
    for (Observer o : all) {
      o.touch(warp, step, lane, space, piece, offset);
    }
  }

  @Override
  public void barrier(Block block) {
    for (Observer o : all) {
      o.barrier(block);
    }
  }

  @Override
  public void synced(Warp warp, int lanes) {
    for (Observer o : all) {
      o.synced(warp, lanes);
    }
  }

  @Override
  public void ended(Launch launch) {
    for (Observer o : all) {
      o.ended(launch);
    }
  }
}

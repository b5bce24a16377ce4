package akin.cuda.sim.observe;

import akin.cuda.sim.exec.Block;
import akin.cuda.sim.exec.Launch;
import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.MemoryStep.Effect;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.memory.Allocation;
import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.ptx.Space;
import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Finds races: two threads of a launch touch one byte, at least one of them writes it, and nothing
 * says who is first. What does say so: within a block a barrier between the two, within a warp
 * {@code __syncwarp} between them. Between blocks nothing does; but each has shared memory of its
 * own, though the machine uses one piece for all.
 *
 * <p>No race are two atomic (or volatile) accesses, and a store that leaves the bytes as they are:
 * many threads may write the same value. A shuffle orders no memory, as NVIDIA's manual says.
 */
public final class RaceCheck implements Observer {
  private final Map<Allocation, Shadow> shadows = new WeakHashMap<>();
  private Allocation lastPiece;
  private Shadow lastShadow;

  /** Far more stretches than one launch has, and as far from the end of numbers. */
  private static final int MANY = 1 << 30;

  /** Numbers the stretches between barriers of all blocks that ran since shadows were empty. */
  private int stretch;

  private int launchBegan;
  private int blockBegan;

  /** How often each warp of the block has met in {@code __syncwarp}. */
  private final int[] meetings = new int[Warp.LANES];

  /** No access yet. */
  public RaceCheck() {}

  /** As after so many stretches. */
  RaceCheck(int stretch) {
    this.stretch = stretch;
  }

  @Override
  public void launched(Launch launch) {
    if (stretch > MANY) { // launches are in order, so nothing before this one matters
      shadows.clear();
      lastPiece = null;
      stretch = 0;
    }
    launchBegan = stretch + 1;
  }

  @Override
  public void began(Block block) {
    blockBegan = ++stretch;
    Arrays.fill(meetings, 0);
  }

  @Override
  public void barrier(Block block) {
    stretch++;
  }

  @Override
  public void synced(Warp warp, int lanes) {
    meetings[warp.index()]++;
  }

  @Override
  public void touch(
      Warp warp, MemoryStep step, int lane, Space space, Allocation piece, int offset) {
    if (space == Space.LOCAL || space == Space.PARAM || space == Space.CONST) {
      return;
    }
    Shadow shadow = shadow(piece, step.bytes());
    shadow.at(space == Space.SHARED ? blockBegan : launchBegan, blockBegan);
    boolean writes = step.effect() != Effect.READ;
    boolean keeps = writes && step.keeps(warp, lane, piece, offset);
    long now = Shadow.record(stretch, meetings[warp.index()], warp.thread(lane), step.strong());
    int line = step.instruction().line();
    int last = shadow.cell(offset + step.bytes() - 1);
    for (int cell = shadow.cell(offset); cell <= last; cell++) {
      long other = writes ? shadow.write(cell, now, line, keeps) : shadow.read(cell, now, line);
      if (other != 0) {
        String who = who(warp, other, shadow.line(cell, other));
        throw warp.fault(FaultKind.RACE, step, lane, text(writes, space, piece, offset, who));
      }
    }
  }

  private String who(Warp warp, long other, int line) {
    Launch launch = warp.block().launch();
    String thread =
        Shadow.stretch(other) < blockBegan
            ? "a thread of another block"
            : "thread "
                + Shadow.thread(other) % launch.grid().threads()
                + ","
                + Shadow.thread(other) / launch.grid().threads();
    String place =
        warp.program().function().body().stream()
            .filter(i -> i.line() == line)
            .findFirst()
            .map(i -> i.source() + ", ")
            .orElse("");
    return thread + " at " + place + "PTX line " + line;
  }

  private static String text(
      boolean writes, Space space, Allocation piece, int offset, String other) {
    String place =
        space == Space.SHARED
            ? offset + " of shared memory"
            : String.format("0x%x", piece.start() + offset);
    return (writes ? "writes " : "reads ") + place + ", in no order with " + other;
  }

  private Shadow shadow(Allocation piece, int bytes) {
    if (piece != lastPiece) {
      lastPiece = piece;
      lastShadow = shadows.computeIfAbsent(piece, p -> new Shadow(p.bytes()));
    }
    lastShadow.serve(bytes);
    return lastShadow;
  }
}

package akin.cuda.sim.observe;

import akin.cuda.sim.exec.Block;
import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.MemoryStep.Effect;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Step;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Space;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts what decides a kernel's speed, over all launches that it looks on at. */
public final class Counters implements Observer {
  private static final Set<String> DIVIDING = Set.of("div", "rem");

  private final Map<String, Long> instructions = new TreeMap<>();
  private final Traffic loads = new Traffic();
  private final Traffic stores = new Traffic();
  private final BankConflicts banks = new BankConflicts();
  private long warpSteps;
  private long laneSteps;
  private long divisions;
  private long barriers;

  @Override
  public void step(Warp warp, Step step, int active) {
    warpSteps++;
    laneSteps += Integer.bitCount(active);
    Instruction instruction = step.instruction();
    instructions.merge(instruction.name(), 1L, Long::sum);
    if (DIVIDING.contains(instruction.name()) && !instruction.type().floating()) {
      divisions += Integer.bitCount(active);
    }
  }

  @Override
  public void request(Warp warp, MemoryStep step, int active) {
    int global = 0;
    int shared = 0;
    for (int rest = active; rest != 0; rest &= rest - 1) {
      int lane = Integer.numberOfTrailingZeros(rest);
      Space space = step.space(warp.address(lane));
      global |= space == Space.GLOBAL || space == Space.CONST ? 1 << lane : 0;
      shared |= space == Space.SHARED ? 1 << lane : 0;
    }
    if (global != 0 && step.effect() != Effect.WRITE) {
      loads.request(warp, step, global);
    }
    if (global != 0 && step.effect() != Effect.READ) {
      stores.request(warp, step, global);
    }
    if (shared != 0) {
      banks.request(warp, step, shared);
    }
  }

  @Override
  public void barrier(Block block) {
    barriers++;
  }

  /** Warp instructions by their first word. */
  public Map<String, Long> instructions() {
    return Map.copyOf(instructions);
  }

  /** Reads of the card's memory. */
  public Traffic loads() {
    return loads;
  }

  /** Writes to the card's memory. */
  public Traffic stores() {
    return stores;
  }

  /** Requests to shared memory. */
  public BankConflicts banks() {
    return banks;
  }

  /** Instructions that warps executed. */
  public long warpSteps() {
    return warpSteps;
  }

  /** Instructions that threads executed. */
  public long laneSteps() {
    return laneSteps;
  }

  /**
   * Divisions of whole numbers by threads, and remainders: one instruction of PTX, up to twenty of
   * a card (CUDA C++ Programming Guide, "Arithmetic Instructions").
   */
  public long divisions() {
    return divisions;
  }

  /** Share of lanes that took part in the instructions of their warp: 1 without divergence. */
  public double activeShare() {
    return warpSteps == 0 ? 1 : laneSteps / (double) (Warp.LANES * warpSteps);
  }

  /** How often a block met at a barrier. */
  public long barriers() {
    return barriers;
  }
}

package akin.cuda.teach;

import akin.cuda.CudaBackend;
import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.SimDevice;
import akin.cuda.sim.exec.Block;
import akin.cuda.sim.exec.Launch;
import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Step;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.observe.Counters;
import akin.tensor.backend.Backend;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the first launch of each kernel of a file costs in the examples: what {@code akin kernel
 * run} shows.
 */
final class KernelCosts implements Observer {
  private static final long MEMORY = 1L << 30;

  /** As {@code akin kernel run} has it when it is not told. */
  static final int SIZE = Integer.parseInt(KernelRun.SIZE.otherwise());

  private static final long SEED = 1;

  /**
   * @param call of the backend that launched the kernel
   * @param shared bytes that the launch gave each block, beside those of the kernel itself
   */
  record Cost(String call, int shared, Counters counters) {}

  private final Map<String, Cost> costs = new LinkedHashMap<>();
  private String call;
  private Counters now;

  private KernelCosts() {}

  /** By kernel. */
  static Map<String, Cost> of(KernelFile file) {
    KernelCosts costs = new KernelCosts();
    SimDevice card = SimDevice.observed(MEMORY, costs);
    try (Backend machine = new CudaBackend("sim", card, MEMORY)) {
      for (Example example : Example.of(file)) {
        costs.call = example.call();
        try (Bench bench = new Bench(machine, SEED)) {
          example.trial().run(bench, machine, SIZE);
        }
      }
    }
    return costs.costs;
  }

  @Override
  public void launched(Launch launch) {
    String name = launch.program().name();
    now = costs.containsKey(name) ? null : new Counters();
    if (now != null) {
      costs.put(name, new Cost(call, launch.grid().sharedBytes(), now));
    }
  }

  @Override
  public void step(Warp warp, Step step, int active) {
    if (now != null) {
      now.step(warp, step, active);
    }
  }

  @Override
  public void request(Warp warp, MemoryStep step, int active) {
    if (now != null) {
      now.request(warp, step, active);
    }
  }

  @Override
  public void barrier(Block block) {
    if (now != null) {
      now.barrier(block);
    }
  }
}

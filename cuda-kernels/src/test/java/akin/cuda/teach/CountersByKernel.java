package akin.cuda.teach;

import akin.cuda.sim.exec.Launch;
import akin.cuda.sim.exec.MemoryStep;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.exec.Step;
import akin.cuda.sim.exec.Warp;
import akin.cuda.sim.observe.BankConflicts;
import akin.cuda.sim.observe.Counters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Counts the first launch of each kernel by itself. */
final class CountersByKernel implements Observer {
  private final Map<String, Counters> counters = new LinkedHashMap<>();
  private Counters now;

  /** The kernels that were launched. */
  Set<String> kernels() {
    return counters.keySet();
  }

  @Override
  public void launched(Launch launch) {
    String name = launch.program().name();
    now = counters.containsKey(name) ? null : new Counters();
    if (now != null) {
      counters.put(name, now);
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

  /** A row of Markdown for each group of kernels of a file whose numbers are the same. */
  List<String> rows(String file, List<CudaKernel> kernels) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (CudaKernel kernel : kernels) {
      groups
          .computeIfAbsent(numbers(counters.get(kernel.name())), key -> new ArrayList<>())
          .add(kernel.name());
    }
    List<String> rows = new ArrayList<>();
    groups.forEach(
        (numbers, names) -> {
          boolean all = names.size() == kernels.size() && names.size() > 2;
          String who = all ? "all " + names.size() : "`" + String.join("`, `", names) + "`";
          rows.add("| `" + file + "` | " + who + " | " + numbers + " |");
        });
    return rows;
  }

  private static String numbers(Counters c) {
    BankConflicts banks = c.banks();
    return share(c.loads().sectors(), c.loads().leastSectors())
        + " | "
        + share(c.stores().sectors(), c.stores().leastSectors())
        + " | "
        + share(banks.turns(), banks.leastTurns());
  }

  private static String share(long cost, long least) {
    return least == 0 ? "–" : String.format(Locale.ROOT, "%.2f", cost / (double) least);
  }
}

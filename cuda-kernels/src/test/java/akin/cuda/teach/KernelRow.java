package akin.cuda.teach;

import akin.cuda.sim.observe.Counters;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A kernel in the table of docs/cuda.md, or a family of kernels that one pattern of source makes:
 * then each number is that of the worst of them.
 *
 * @param name of the kernel, or of the family with a star where its kernels differ
 * @param call that launches the first of them
 * @param loads sectors read for each that the requests need
 * @param stores the same of what is written
 * @param moved bytes read and written for each different one
 * @param banks turns of shared memory's banks for each that is needed; 0 without shared memory
 * @param lanes share of a warp's lanes that take part in its instructions
 * @param instructions of a thread for each number of 4 bytes that is read or written
 * @param divisions of whole numbers among them
 * @param shared bytes that the launch gave each block
 */
record KernelRow(
    String name,
    String call,
    double loads,
    double stores,
    double moved,
    double banks,
    double lanes,
    double instructions,
    double divisions,
    int shared) {
  private static final double SECTOR = 32;
  private static final double NUMBER = 4;

  static KernelRow of(String name, List<KernelCosts.Cost> costs) {
    return new KernelRow(
        name,
        costs.get(0).call(),
        most(costs, c -> c.loads().ratio()),
        most(costs, c -> c.stores().ratio()),
        most(costs, c -> SECTOR * (c.loads().sectors() + c.stores().sectors()) / different(c)),
        most(costs, KernelRow::turns),
        -most(costs, c -> -c.activeShare()),
        most(costs, c -> NUMBER * c.laneSteps() / different(c)),
        most(costs, c -> NUMBER * c.divisions() / different(c)),
        costs.stream().mapToInt(KernelCosts.Cost::shared).max().orElseThrow());
  }

  private static double most(List<KernelCosts.Cost> costs, ToDoubleFunction<Counters> number) {
    return costs.stream().map(KernelCosts.Cost::counters).mapToDouble(number).max().orElseThrow();
  }

  private static double different(Counters c) {
    return c.loads().uniqueBytes() + c.stores().uniqueBytes();
  }

  private static double turns(Counters c) {
    return c.banks().requests() == 0 ? 0 : c.banks().turns() / (double) c.banks().leastTurns();
  }

  /**
   * As a line of Markdown. Another tool tells what the kernel itself takes of a card.
   *
   * @param fixed bytes of shared memory that the kernel names
   */
  String line(int registers, int fixed) {
    return String.format(
        Locale.ROOT,
        "| `%s` | %.2f | %.2f | %.2f | %s | %.0f | %.1f | %s | %d | %s | %s |",
        name,
        loads,
        stores,
        moved,
        banks == 0 ? "" : String.format(Locale.ROOT, "%.2f", banks),
        100 * lanes,
        instructions,
        divisions == 0 ? "" : String.format(Locale.ROOT, "%.2f", divisions),
        registers,
        fixed + shared == 0 ? "" : fixed + shared,
        call);
  }
}

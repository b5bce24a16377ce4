package akin.cuda.planted;

import akin.cuda.CudaBackend;
import akin.cuda.device.Device;
import akin.cuda.kernel.KernelFile;
import akin.cuda.planted.CaseTable.Use;
import akin.cuda.planted.Coverage.Seen;
import akin.cuda.sim.SimDevice;
import akin.cuda.sim.ptx.Function;
import akin.tensor.backend.Backend;
import java.util.Arrays;
import java.util.List;

/**
 * Plants each mistake at several places of each kernel, more than a build has time for, and prints
 * what becomes of them: one line each, SURVIVORS marked.
 */
final class Sweep {
  private static final Survivors SURVIVORS = new Survivors();
  private static final long MEMORY = 256 << 20;

  private Sweep() {}

  /**
   * Arguments: {@code every} for all places, {@code first} to go on to the next place only where
   * nothing notices and no list says why; then files, or none for all.
   */
  public static void main(String[] arguments) {
    boolean every = arguments[0].equals("every");
    List<String> files = Arrays.asList(arguments).subList(1, arguments.length);
    CaseTable table = CaseTable.read();
    for (KernelFile file : KernelFile.values()) {
      if (files.isEmpty() || files.contains(file.stem())) {
        Mutant.committed(file).entries().forEach(kernel -> sweep(file, kernel, table, every));
      }
    }
  }

  private static void sweep(KernelFile file, Function kernel, CaseTable table, boolean every) {
    Coverage coverage = new Coverage();
    Seen seen = seen(kernel.name(), table, coverage);
    for (Bug bug : Bug.values()) {
      for (Mutant m : Mutant.all(file, kernel, bug)) {
        if (!every && SURVIVORS.has(m)) {
          continue;
        }
        long start = System.nanoTime();
        Trial trial = Trial.of(m::module, table.of(kernel.name()));
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.println(
            (trial.caught() ? trial.how() : survived(m, seen))
                + "\t"
                + m
                + "\t"
                + millis
                + (trial.caught() && !trial.tellsWhere() ? "\tNO PLACE " + trial.text() : ""));
        if (!every && trial.caught()) {
          break;
        }
      }
    }
  }

  private static String survived(Mutant m, Seen seen) {
    int line = m.instruction().line();
    return (seen.lines.get(line) ? "SURVIVED" : "UNREACHED")
        + (seen.borders.get(line) ? " at its border" : "")
        + (seen.blocks > 1 ? "" : " in one block");
  }

  /** What the right kernel does in its cases. */
  private static Seen seen(String kernel, CaseTable table, Coverage coverage) {
    for (Use use : table.of(kernel)) {
      Device card = use.on(SimDevice.observed(MEMORY, coverage));
      try (Backend backend = new CudaBackend("sim", card, MEMORY)) {
        use.trial().run(backend);
      }
    }
    return coverage.take().getOrDefault(kernel, new Seen());
  }
}

package akin.cuda.planted;

import akin.cuda.CudaBackend;
import akin.cuda.device.Device;
import akin.cuda.planted.Coverage.Seen;
import akin.cuda.sim.SimDevice;
import akin.tensor.backend.Backend;
import akin.tensor.check.BackendContract;
import akin.tensor.check.ContractCase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which cases of the backend contract launch which kernel: so few that a planted mistake is tried
 * in a moment, and so many that they execute every instruction that the contract's cases execute,
 * and meet the border of every comparison that they meet, as far as those are not large. The table
 * is a file; {@link #main} writes it anew.
 */
final class CaseTable {
  private static final String FILE = "cases.tsv";
  private static final String NARROW = "narrow";
  private static final long MEMORY = 1L << 30;

  /** Steps of warps, of all kernels of a case: about half a second with all checks. */
  private static final long LARGE = 1_000_000;

  /**
   * Beside those that execute something new, the smallest that work on several blocks and each
   * twice as large.
   */
  private static final int MORE = 2;

  private final Map<String, List<Use>> uses = new TreeMap<>();

  /**
   * A case for a kernel.
   *
   * @param narrow whether it runs on a {@link NarrowGrid}
   */
  record Use(ContractCase trial, boolean narrow) {
    /** A card that the case runs on, given one with any grid. */
    Device on(Device card) {
      return narrow ? NarrowGrid.over(card) : card;
    }

    private String line(String kernel) {
      return String.join("\t", kernel, narrow ? NARROW : "any", trial.method(), trial.name());
    }
  }

  /** The table that is committed. */
  static CaseTable read() {
    CaseTable table = new CaseTable();
    Map<String, ContractCase> known = new TreeMap<>();
    BackendContract.cases().forEach(c -> known.put(c.method() + "\t" + c.name(), c));
    try (InputStream file = CaseTable.class.getResourceAsStream(FILE)) {
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t", 3))
          .filter(words -> known.containsKey(words[2]))
          .forEach(
              words ->
                  table
                      .uses
                      .computeIfAbsent(words[0], k -> new ArrayList<>())
                      .add(new Use(known.get(words[2]), words[1].equals(NARROW))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }

  /** The cases that launch a kernel, the smallest first; none if the contract has none. */
  List<Use> of(String kernel) {
    return uses.getOrDefault(kernel, List.of());
  }

  private record Tried(Use use, long steps, Seen seen) {}

  /**
   * Writes the table to the file of the first argument: of the whole contract, or of the methods
   * that the other arguments name.
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, List<Tried>> kernels = new TreeMap<>();
    List<String> methods = Arrays.asList(arguments).subList(1, arguments.length);
    Coverage coverage = new Coverage();
    SimDevice card = SimDevice.observed(MEMORY, coverage);
    try (Backend any = new CudaBackend("sim", card, MEMORY);
        Backend narrow = new CudaBackend("sim", NarrowGrid.over(card), MEMORY)) {
      for (ContractCase c : BackendContract.cases()) {
        if (arguments.length == 1 ? !c.method().equals("close") : methods.contains(c.method())) {
          c.run(any);
          Map<String, Seen> seen = coverage.take();
          add(kernels, new Use(c, false), seen);
          if (steps(seen) < LARGE && seen.keySet().stream().anyMatch(NarrowGrid::strides)) {
            c.run(narrow);
            Map<String, Seen> more = coverage.take();
            more.keySet().removeIf(kernel -> !NarrowGrid.strides(kernel));
            add(kernels, new Use(c, true), more);
          }
        }
      }
    }
    List<String> lines = new ArrayList<>();
    kernels.forEach((kernel, all) -> choose(all).forEach(t -> lines.add(t.use.line(kernel))));
    Files.write(Path.of(arguments[0]), lines);
  }

  private static long steps(Map<String, Seen> seen) {
    return seen.values().stream().mapToLong(s -> s.steps).sum();
  }

  private static void add(Map<String, List<Tried>> kernels, Use use, Map<String, Seen> seen) {
    long steps = steps(seen);
    seen.forEach(
        (kernel, s) ->
            kernels.computeIfAbsent(kernel, k -> new ArrayList<>()).add(new Tried(use, steps, s)));
  }

  private static List<Tried> choose(List<Tried> all) {
    all.sort(Comparator.comparingLong(Tried::steps));
    BitSet lines = new BitSet();
    BitSet borders = new BitSet();
    List<Tried> chosen = new ArrayList<>();
    int more = MORE;
    long middle = 0;
    for (Tried t : all) {
      boolean fresh = adds(t.seen.lines, lines) || adds(t.seen.borders, borders);
      boolean small = t.steps <= LARGE || chosen.isEmpty();
      if (small && (fresh || t.seen.blocks > 1 && more-- > 0)) {
        chosen.add(t);
        lines.or(t.seen.lines);
        borders.or(t.seen.borders);
        middle = t.steps;
      } else if (small && t.steps > 2 * middle) {
        chosen.add(t);
        middle = t.steps;
      }
    }
    return chosen;
  }

  private static boolean adds(BitSet some, BitSet known) {
    BitSet fresh = (BitSet) some.clone();
    fresh.andNot(known);
    return !fresh.isEmpty();
  }
}

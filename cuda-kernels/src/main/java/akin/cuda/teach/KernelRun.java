package akin.cuda.teach;

import akin.cuda.device.DeviceException;
import akin.cuda.sim.observe.BankConflicts;
import akin.cuda.sim.observe.Counters;
import akin.cuda.sim.observe.Traffic;
import akin.tensor.UserError;
import akin.tensor.command.Call;
import akin.tensor.command.Command;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code akin kernel run}. */
final class KernelRun implements Command {
  private static final int SECTOR = 32;

  /** The machine's memory holds all that an example of so many elements needs. */
  private static final int MOST = 1 << 22;

  /** How large the example is. */
  static final Word SIZE =
      Word.option(
          "--size",
          "N",
          "16384",
          "About how many elements its largest array has; 16384 by default.");

  /** Which numbers are drawn. */
  static final Word SEED =
      Word.option(
          "--seed", "N", "1", "The inputs that are drawn: the same seed, the same; 1 by default.");

  /** The seed that was asked for. */
  static int seed(Call call) {
    return call.number("--seed", 0);
  }

  /** The size that was asked for. */
  static int size(Call call) {
    int size = call.number("--size", 1);
    if (size > MOST) {
      throw call.misused(
          UserError.of("an example of " + size + " elements is too large")
              .at("--size " + size)
              .rule("at most " + MOST + " elements fit in the PTX machine's memory")
              .mend("a smaller number; a few thousand show the same"));
    }
    return size;
  }

  @Override
  public String name() {
    return "run";
  }

  @Override
  public List<String> description() {
    return List.of(
        "Runs a kernel on the PTX machine, which needs no card: on drawn inputs, as the backend"
            + " launches it. Shows faults, what it costs against the least possible, and how far"
            + " its results are from the reference backend's.");
  }

  @Override
  public List<Word> words() {
    return List.of(Word.needed("KERNEL", "A kernel of the list."), SIZE, SEED);
  }

  @Override
  public boolean run(Call call) {
    CudaKernel kernel = CudaKernel.named(call.value("KERNEL"), call);
    int size = size(call);
    Counters counters = new Counters();
    FirstLaunch launch = new FirstLaunch(kernel.name(), counters);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kernel", kernel.name());
    json.put("file", kernel.file().stem() + ".cu");
    call.print("%s.cu: %s: %s", kernel.file().stem(), kernel.name(), kernel.about());
    try {
      Stage stage = Stage.show(kernel, size, seed(call), launch);
      String grid = TraceText.grid(launch.launch().grid());
      print(call, "example", stage.example().call() + ", N = " + size);
      print(call, "launch", grid);
      print(call, "faults", "none");
      print(counters, call, json);
      String apart =
          stage.difference() == 0
              ? "none"
              : String.format("at most %.2g of the largest number", stage.difference());
      print(call, "difference", "from the reference backend: " + apart);
      json.put("example", stage.example().call());
      json.put("launch", grid);
      json.put("fault", null);
      json.put("difference", stage.difference());
      call.print("now try       akin kernel trace %s --html trace.html", kernel.name());
    } catch (DeviceException e) {
      if (e.kind() != DeviceException.Kind.KERNEL_FAULT) {
        throw e;
      }
      call.print("FAULT  %s", e.getMessage());
      json.put("fault", e.getMessage());
    }
    call.result(json);
    return json.get("fault") == null;
  }

  private static void print(Call call, String what, String value) {
    call.print("%-13s %s", what, value);
  }

  private static void print(Counters counters, Call call, Map<String, Object> json) {
    String kinds =
        counters.instructions().entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .map(kind -> kind.getKey() + " " + kind.getValue())
            .collect(Collectors.joining(", "));
    print(call, "instructions", counters.warpSteps() + " of warps: " + kinds);
    print(call, "divisions", counters.divisions() + " of whole numbers by threads");
    print(call, "lanes", "%.1f %% at work".formatted(100 * counters.activeShare()));
    print(call, "loads", traffic(counters.loads()));
    print(call, "stores", traffic(counters.stores()));
    BankConflicts banks = counters.banks();
    print(
        call,
        "shared",
        "%d requests, %d turns of the banks, %d needed"
            .formatted(banks.requests(), banks.turns(), banks.leastTurns()));
    print(call, "barriers", "" + counters.barriers());
    json.put("instructions", counters.instructions());
    json.put("warpInstructions", counters.warpSteps());
    json.put("divisions", counters.divisions());
    json.put("activeShare", counters.activeShare());
    json.put("loads", numbers(counters.loads()));
    json.put("stores", numbers(counters.stores()));
    json.put(
        "shared",
        Map.of("requests", banks.requests(), "turns", banks.turns(), "needed", banks.leastTurns()));
    json.put("barriers", counters.barriers());
  }

  private static String traffic(Traffic t) {
    return "%d requests, %d sectors, %d needed: × %.2f; %d bytes moved, %d different ones"
        .formatted(
            t.requests(),
            t.sectors(),
            t.leastSectors(),
            t.ratio(),
            SECTOR * t.sectors(),
            t.uniqueBytes());
  }

  private static Map<String, Long> numbers(Traffic t) {
    Map<String, Long> json = new LinkedHashMap<>();
    json.put("requests", t.requests());
    json.put("sectors", t.sectors());
    json.put("needed", t.leastSectors());
    json.put("bytes", SECTOR * t.sectors());
    json.put("differentBytes", t.uniqueBytes());
    return json;
  }
}

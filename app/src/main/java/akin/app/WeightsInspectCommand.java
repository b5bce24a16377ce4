package akin.app;

import akin.nn.io.WeightFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code akin weights inspect}. */
@Command(
    name = "inspect",
    description =
        "Tells what is in a weight file: names, types, shapes, bytes and sums of its arrays, and"
            + " what stands beside them. Nothing in the file is run.")
final class WeightsInspectCommand implements Callable<Integer> {
  private static final int SHOWN = 20; // texts and numbers beside the arrays
  private static final int LONGEST = 100;

  @Parameters(paramLabel = "FILE", description = "The weight file.")
  private Path file;

  @Mixin private CommonOptions common;

  /**
   * One array.
   *
   * @param sum of its finite elements, in double precision, in order
   * @param notFinite how many elements are NaN or infinite
   */
  private record Row(
      String name, String type, int[] shape, long bytes, double sum, long notFinite) {

    static Row of(WeightFile.Entry entry) {
      double sum = 0;
      long notFinite = 0;
      for (double value : entry.value().doubles()) {
        if (Double.isFinite(value)) {
          sum += value;
        } else {
          notFinite++;
        }
      }
      return new Row(
          entry.name(), entry.type().name(), entry.shape(), entry.bytes(), sum, notFinite);
    }

    long elements() {
      return Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
    }
  }

  private record Result(
      String file,
      String format,
      int arrays,
      long elements,
      long bytes,
      long notFinite,
      Map<String, String> metadata,
      List<String> notes,
      List<Row> entries) {}

  @Override
  public Integer call() {
    Console console = common.console();
    try (WeightFile weights = WeightFile.open(file)) {
      List<Row> rows = new ArrayList<>();
      weights.entries().values().forEach(entry -> rows.add(Row.of(entry)));
      Result result =
          new Result(
              file.toString(),
              weights.format(),
              rows.size(),
              rows.stream().mapToLong(Row::elements).sum(),
              rows.stream().mapToLong(Row::bytes).sum(),
              rows.stream().mapToLong(Row::notFinite).sum(),
              weights.metadata(),
              weights.notes(),
              rows);
      print(result, console);
      console.result(result);
    }
    return ExitCode.OK;
  }

  private static void print(Result result, Console console) {
    console.print("%s", result.format());
    result.metadata().entrySet().stream()
        .limit(SHOWN)
        .forEach(e -> console.print("  %s = %s", shown(e.getKey()), shown(e.getValue())));
    if (result.metadata().size() > SHOWN) {
      console.print("  and %d more", result.metadata().size() - SHOWN);
    }
    int width =
        Math.min(60, result.entries().stream().mapToInt(r -> r.name().length()).max().orElse(4));
    console.print(
        "  %-" + width + "s  %-4s  %-18s %12s  %s", "name", "type", "shape", "bytes", "sum");
    for (Row row : result.entries()) {
      console.print(
          "  %-" + width + "s  %-4s  %-18s %12d  %s",
          row.name(),
          row.type(),
          Arrays.toString(row.shape()),
          row.bytes(),
          String.format(Locale.ROOT, "%.9g", row.sum())
              + (row.notFinite() == 0 ? "" : "  and " + row.notFinite() + " not finite"));
    }
    console.print(
        "%d arrays, %d elements, %d bytes", result.arrays(), result.elements(), result.bytes());
    if (result.notFinite() > 0) {
      console.print(
          "%d elements are NaN or infinite: a network with them computes nothing of use",
          result.notFinite());
    }
    result.notes().forEach(note -> console.print("%s", note));
  }

  /** A text of the file in one line of ours. */
  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}

package akin.app;

import akin.app.report.Block;
import akin.app.report.Report;
import akin.retrieval.train.RunDirectory;
import akin.tensor.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin compare}. */
@Command(
    name = "compare",
    description =
        "Lays the precision-recall curves and figures of several evaluated runs over each other.")
final class CompareCommand implements Callable<Integer> {
  private static final List<String> METRICS =
      List.of("accuracy", "P@1", "P@10", "mAP", "MAP@R", "Recall@1");

  @Parameters(arity = "1..*", paramLabel = "RUNS", description = "The runs' folders.")
  private List<Path> runs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The HTML page to write.")
  private Path out;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    List<Block.Line> curves = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    Map<String, Object> json = new LinkedHashMap<>();
    for (Path run : runs) {
      JsonNode figures = read(run);
      String name = run.toAbsolutePath().normalize().getFileName().toString();
      JsonNode points = figures.path("precisionAtRecall");
      double[] recall = new double[points.size()];
      double[] precision = new double[points.size()];
      for (int i = 0; i < recall.length; i++) {
        recall[i] = i / 10.0;
        precision[i] = points.get(i).asDouble();
      }
      curves.add(new Block.Line(name, recall, precision));
      List<String> row = new ArrayList<>(List.of(name));
      Map<String, Object> means = new LinkedHashMap<>();
      for (String metric : METRICS) {
        JsonNode value = figures.path(metric);
        row.add(value.isNumber() ? String.format(Locale.ROOT, "%.4f", value.asDouble()) : "–");
        if (value.isNumber()) {
          means.put(metric, value.asDouble());
        }
      }
      rows.add(row);
      json.put(name, means);
      console.print("%-24s mAP %s", name, row.get(1 + METRICS.indexOf("mAP")));
    }
    List<String> header = new ArrayList<>(List.of("run"));
    header.addAll(METRICS);
    new Report(
            "Akin: " + runs.size() + " runs compared",
            "means over all queries of each run's evaluation",
            List.of(
                Report.Section.of(
                    "Precision and recall",
                    Block.LineChart.precisionRecall("11 points, interpolated", curves),
                    new Block.Table("Means over queries", header, rows))))
        .write(out);
    console.print("page: %s", out);
    console.result(json);
    return ExitCode.OK;
  }

  private static JsonNode read(Path run) {
    Path file = new RunDirectory(run).evaluation();
    if (!Files.isRegularFile(file)) {
      throw UserError.of("the run has not been evaluated").at(file).mend("akin evaluate " + run);
    }
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw UserError.of("cannot read the evaluation: " + e.getMessage()).at(file).because(e);
    }
  }
}

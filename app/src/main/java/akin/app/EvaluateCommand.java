package akin.app;

import akin.retrieval.Session;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Split;
import akin.retrieval.evaluation.Evaluator;
import akin.retrieval.metric.Scores;
import akin.retrieval.search.Evaluation;
import akin.retrieval.search.Run;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Measures how well a run retrieves: every attribute (or every picture) of a split is a"
            + " query. Writes evaluation.json, the index of the gallery and report.html. For a file"
            + " of features it measures these as they are, untrained, and writes nothing.")
final class EvaluateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "The run's folder, or a file of features.")
  private Path run;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      converter = SplitOption.class,
      description = "train, validation, test or all; test if the data set has one.")
  private Split split;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set lies now, if it was moved since the training.")
  private Path data;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = MemoryOption.class,
      description =
          "How much memory the measuring may use, such as 256m or 2g; half of the heap if not said."
              + " Figures do not depend on it.")
  private Long memory;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    if (Files.isRegularFile(run)) {
      return features(console);
    }
    try (Backend backend = common.open();
        Run opened =
            Run.open(
                run, new Run.Places(data, null), new Session(backend, common.threads(), console))) {
      Evaluation.Result result = Evaluation.of(opened, chosen(opened), memory());
      print(console, opened.attributes(), result);
      Map<String, Object> json = json(result);
      EvaluationFile.write(opened.directory().evaluation(), json);
      RunReport.write(opened, result, null);
      console.print("report: %s", opened.directory().report());
      console.result(json);
    }
    return ExitCode.OK;
  }

  private int features(Console console) {
    Dataset all = Datasets.open(run, Datasets.Layout.FEATURES);
    boolean tested = all.indices(Split.TEST).length > 0;
    Split chosen = split == null ? (tested ? Split.TEST : Split.ALL) : split;
    Dataset pictures = all.subset(chosen);
    if (pictures.size() == 0) {
      throw UserError.of("the file holds no features of that split")
          .at("--split " + chosen.name().toLowerCase(Locale.ROOT))
          .mend("choose another, or all");
    }
    try (Backend backend = common.open()) {
      Session session = new Session(backend, common.threads(), console);
      Evaluation.Result result = Evaluation.ofFeatures(pictures, chosen, memory(), session);
      print(console, false, result);
      console.result(json(result));
    }
    return ExitCode.OK;
  }

  private long memory() {
    return memory == null ? Evaluator.usualMemory() : memory;
  }

  private Split chosen(Run opened) {
    return split == null ? opened.defaultSplit() : split;
  }

  /** What people read. */
  static void print(Console console, boolean attributes, Evaluation.Result result) {
    console.print(
        "%s split: %d queries, gallery of %d pictures",
        result.split().name().toLowerCase(Locale.ROOT),
        result.scores().queries(),
        result.gallery());
    if (result.scores().leftOut() > 0) {
      console.print(
          "  %d queries left out: no picture is relevant to them", result.scores().leftOut());
    }
    if (!Double.isNaN(result.accuracy())) {
      console.print("  %-28s %.4f", "accuracy", result.accuracy());
    }
    console.print("  %-28s %8s %8s %8s %8s %8s", "", "P@1", "P@5", "P@10", "mAP", "MAP@R");
    row(console, attributes ? "single attributes" : "pictures", result.scores());
    result
        .forms()
        .forEach(
            (form, scores) ->
                row(
                    console,
                    "  as " + form.name().toLowerCase(Locale.ROOT).replace('_', '-') + " vectors",
                    scores));
    if (!attributes) {
      console.print(
          "  %-28s %8.4f %8.4f %8.4f %8.4f   (K = 1, 2, 4, 8)",
          "Recall@K",
          result.scores().mean("Recall@1"),
          result.scores().mean("Recall@2"),
          result.scores().mean("Recall@4"),
          result.scores().mean("Recall@8"));
    }
    if (result.pairs() != null) {
      row(console, "pairs of attributes (" + result.pairs().queries() + ")", result.pairs());
    }
    if (result.without() != null) {
      row(console, "one without another (" + result.without().queries() + ")", result.without());
    }
    console.print(
        "  %-28s %8.4f %8.4f %8.4f",
        "random ranking", result.baseRate(), result.baseRate(), result.baseRate());
  }

  private static void row(Console console, String name, Scores s) {
    console.print(
        "  %-28s %8.4f %8.4f %8.4f %8.4f %8.4f",
        name, s.mean("P@1"), s.mean("P@5"), s.mean("P@10"), s.mean("mAP"), s.mean("MAP@R"));
  }

  /** What scripts read. */
  static Map<String, Object> json(Evaluation.Result result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("split", result.split().name().toLowerCase(Locale.ROOT));
    json.put("queries", result.scores().queries());
    json.put("leftOut", result.scores().leftOut());
    json.put("gallery", result.gallery());
    json.putAll(result.scores().means());
    json.put("baseRate", result.baseRate());
    if (!Double.isNaN(result.accuracy())) {
      json.put("accuracy", result.accuracy());
    }
    if (result.pairs() != null) {
      Map<String, Object> pairs = new LinkedHashMap<>(result.pairs().means());
      pairs.put("queries", result.pairs().queries());
      json.put("pairs", pairs);
    }
    if (result.without() != null) {
      Map<String, Object> without = new LinkedHashMap<>(result.without().means());
      without.put("queries", result.without().queries());
      json.put("without", without);
    }
    result
        .forms()
        .forEach(
            (form, scores) ->
                json.put(form.name().toLowerCase(Locale.ROOT).replace('_', '-'), scores.means()));
    if (!result.single().isEmpty()) {
      Map<String, Object> each = new LinkedHashMap<>();
      for (Evaluation.Single single : result.single()) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("relevant", single.relevant());
        figures.put("P@10", single.scores().mean("P@10"));
        figures.put("mAP", single.scores().mean("mAP"));
        each.put(single.attribute(), figures);
      }
      json.put("attributes", each);
    }
    json.put("precisionAtRecall", result.elevenPoints().precision());
    return json;
  }
}

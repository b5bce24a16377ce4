package akin.app;

import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.RunConfig;
import akin.retrieval.faces.FaceMaker;
import akin.retrieval.search.Evaluation;
import akin.retrieval.search.Run;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.Training;
import akin.tensor.backend.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code akin demo}. */
@Command(
    name = "demo",
    description =
        "Draws thousands of faces, learns to find them by attributes, and reports how well. Begun"
            + " again, it goes on where it stopped.")
final class DemoCommand implements Callable<Integer> {
  private static final String RECIPE = "faces";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "demo",
      description = "The folder for faces and run; ${DEFAULT-VALUE} by default.")
  private Path out;

  @Option(
      names = "--faces",
      paramLabel = "N",
      defaultValue = "8000",
      description = "How many faces are drawn; ${DEFAULT-VALUE} by default.")
  private int faces;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    long start = System.nanoTime();
    RunConfig recipe = Recipes.named(RECIPE, List.of());
    if (common.seedOrNull() != null) {
      recipe = recipe.withSeed(common.seedOrNull());
    }
    Path data = out.resolve("faces");
    draw(data, recipe, console);
    RunDirectory run = new RunDirectory(out.resolve("run"));
    Map<String, Object> json = new LinkedHashMap<>();
    try (Backend backend = common.open()) {
      Session session = new Session(backend, common.threads(), console);
      Training.run(recipe, data, run, true, session);
      try (Run opened = Run.open(run.path(), new Run.Places(data, null), session)) {
        Evaluation.Result result =
            Evaluation.of(opened, Evaluation.Request.of(opened.defaultSplit()));
        new EvaluationText(console, result).print(opened.attributes());
        EvaluationJson.write(run.evaluation(), EvaluationJson.of(result));
        RunReport.write(opened, result, null);
        json.put("run", run.path().toString());
        json.put("report", run.report().toString());
        json.put("seconds", (System.nanoTime() - start) / 1e9);
        json.put("queries", result.scores().queries());
        json.put("P@10", result.scores().mean("P@10"));
        json.put("baseRate", result.baseRate());
      }
    }
    console.print("");
    console.print("report    %s", run.report().toAbsolutePath());
    console.print("now try   akin query %s \"+Smiling +Eyeglasses\" --html faces.html", run.path());
    console.result(json);
    return ExitCode.OK;
  }

  private void draw(Path data, RunConfig recipe, Console console) {
    FaceMaker maker = new FaceMaker(faces, recipe.data().width(), recipe.seed());
    if (Files.isRegularFile(data.resolve("Eval").resolve("list_eval_partition.txt"))) {
      console.print("the faces in %s are drawn already", data);
      return;
    }
    console.print("drawing %d faces into %s", faces, data);
    try (Progress.Bar bar = console.start("faces", faces)) {
      maker.write(data, common.threads(), done -> bar.advance(1));
    }
  }
}

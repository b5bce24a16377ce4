package akin.app;

import akin.retrieval.Session;
import akin.retrieval.config.RunConfig;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.Trainer;
import akin.retrieval.train.Training;
import akin.tensor.backend.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin train}. */
@Command(
    name = "train",
    description =
        "Trains the networks of a recipe on a data set. The run's folder holds the model, the last"
            + " checkpoint to resume from, and a row of figures per epoch.")
final class TrainCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "RECIPE",
      description = "The recipe: a YAML file, or a name that akin recipe lists.")
  private Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data set's folder, or a CSV list; the default stands in the recipe.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      required = true,
      description = "The run's folder; made if it is not there.")
  private Path out;

  @Option(names = "--resume", description = "Go on from the run's last checkpoint.")
  private boolean resume;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Another value for a key of the recipe, such as training.epochs=3.")
  private List<String> overrides = new ArrayList<>();

  @Mixin private CommonOptions common;

  private record Result(String run, long steps, double seconds, Double loss) {}

  @Override
  public Integer call() {
    Console console = common.console();
    long start = System.nanoTime();
    List<String> set = new ArrayList<>(overrides);
    if (common.seedOrNull() != null) {
      set.add("seed=" + common.seedOrNull());
    }
    RunConfig recipe = Recipes.load(config, set);
    try (Backend backend = common.open()) {
      Session session = new Session(backend, common.threads(), console);
      Trainer.Result result = Training.run(recipe, data, new RunDirectory(out), resume, session);
      double seconds = (System.nanoTime() - start) / 1e9;
      console.print(
          result.steps() == 0
              ? "built the model, untrained, in %2$.1f s; it is in %3$s"
              : "trained %d steps in %.1f s; the model is in %s",
          result.steps(),
          seconds,
          out);
      console.print("now try   akin evaluate %s", out);
      Double loss = result.steps() == 0 ? null : (Double) result.loss();
      console.result(new Result(out.toString(), result.steps(), seconds, loss));
    }
    return ExitCode.OK;
  }
}

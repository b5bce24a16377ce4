package akin.app;

import akin.retrieval.Session;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.FeatureFile;
import akin.retrieval.data.Features;
import akin.retrieval.data.Split;
import akin.retrieval.search.Run;
import akin.tensor.backend.Backend;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin extract}. */
@Command(
    name = "extract",
    description =
        "Computes what a run's backbone makes of every picture of a data set, once. Heads are then"
            + " trained on the file in little time: a recipe with model.backbone: features.")
final class ExtractCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "The run whose backbone is taken, frozen.")
  private Path run;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data set; the run's own unless told otherwise.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file of features to write, ending in .safetensors.")
  private Path out;

  @Mixin private CommonOptions common;

  private record Result(String file, int pictures, int width) {}

  @Override
  public Integer call() {
    Console console = common.console();
    try (Backend backend = common.open();
        Run opened = Run.open(run, data, new Session(backend, common.threads(), console))) {
      Dataset pictures = opened.pictures(Split.ALL);
      Features features = opened.extract(pictures);
      FeatureFile.write(out, pictures, features);
      console.print("%d features of %d numbers in %s", pictures.size(), features.width(), out);
      console.result(new Result(out.toString(), pictures.size(), features.width()));
    }
    return ExitCode.OK;
  }
}

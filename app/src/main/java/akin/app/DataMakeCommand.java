package akin.app;

import akin.retrieval.Progress;
import akin.retrieval.faces.FaceMaker;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code akin data make}. */
@Command(
    name = "make",
    synopsisSubcommandLabel = "COMMAND",
    description = "Makes a data set.",
    subcommands = DataMakeCommand.Faces.class)
final class DataMakeCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;

  /** {@code akin data make faces}. */
  @Command(
      name = "faces",
      description =
          "Draws faces, in CelebA's layout: attributes are drawn by lot first, then a face that"
              + " shows them. The same seed draws the same faces; more of them begin with the"
              + " fewer.")
  static final class Faces implements Callable<Integer> {
    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "The data set's folder; absent or empty.")
    private Path out;

    @Option(
        names = "--count",
        paramLabel = "N",
        defaultValue = "8000",
        description = "How many faces; ${DEFAULT-VALUE} unless told otherwise.")
    private int count;

    @Option(
        names = "--size",
        paramLabel = "PIXELS",
        defaultValue = "64",
        description = "Width and height of a picture; ${DEFAULT-VALUE} unless told otherwise.")
    private int size;

    @Mixin private CommonOptions common;

    private record Result(String data, int faces, int size, long seed, double seconds) {}

    @Override
    public Integer call() {
      Console console = common.console();
      long start = System.nanoTime();
      FaceMaker maker = new FaceMaker(count, size, common.seed(1));
      try (Progress.Bar bar = console.start("faces", count)) {
        maker.write(out, common.threads(), done -> bar.advance(1));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      console.print("drew %d faces in %.1f s into %s", count, seconds, out);
      console.result(new Result(out.toString(), count, size, maker.seed(), seconds));
      return ExitCode.OK;
    }
  }
}

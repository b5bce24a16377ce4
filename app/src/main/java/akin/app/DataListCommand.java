package akin.app;

import akin.retrieval.data.Dataset;
import akin.retrieval.data.ListFile;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code akin data list}. */
@Command(
    name = "list",
    description =
        "Writes a data set, joined and curated as told, as one CSV list. The same data and seed"
            + " give the same list.")
final class DataListCommand implements Callable<Integer> {
  @Mixin private DataChoice choice;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The list to write, ending in .csv.")
  private Path out;

  @Mixin private CommonOptions common;

  private record Result(String file, int pictures, int classes, List<String> notes) {}

  @Override
  public Integer call() {
    Console console = common.console();
    if (!out.toString().endsWith(".csv")) {
      throw UserError.of("a list is a CSV file")
          .at("--out " + out)
          .rule("the file's name ends in .csv")
          .mend("--out " + out + ".csv");
    }
    Dataset pictures = choice.open(common);
    pictures.notes().forEach(note -> console.print("%s", note));
    ListFile.write(out, pictures);
    int classes = pictures.classNames().size();
    console.print("%d pictures of %d classes in %s", pictures.size(), classes, out);
    console.result(new Result(out.toString(), pictures.size(), classes, pictures.notes()));
    return ExitCode.OK;
  }
}

package akin.app;

import akin.retrieval.Progress;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Datasets.Layout;
import akin.retrieval.data.Parallel;
import akin.retrieval.data.Split;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin data info}. */
@Command(
    name = "info",
    description =
        "Checks a data set's lists and tells what is in it: pictures, splits, classes, and how"
            + " often each attribute holds.")
final class DataInfoCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The data set's folder, or a CSV list.")
  private Path data;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      defaultValue = "auto",
      converter = LayoutOption.class,
      description = LayoutOption.DESCRIPTION)
  private Layout layout;

  @Option(names = "--decode", description = "Decode every picture, too.")
  private boolean decode;

  @Mixin private CommonOptions common;

  private record Result(
      String name,
      int pictures,
      Map<String, Integer> splits,
      int classes,
      Map<String, Double> attributes) {}

  @Override
  public Integer call() {
    Console console = common.console();
    Dataset dataset = Datasets.open(data, layout);
    if (decode) {
      try (Progress.Bar bar = console.start("pictures", dataset.size())) {
        Parallel.forEach(
            dataset.size(),
            common.threads(),
            i -> {
              dataset.image(i);
              bar.advance(1);
            });
      }
    }
    Result result = look(dataset);
    console.print("%s", result.name());
    console.print("  %-12s %d", "pictures", result.pictures());
    result.splits().forEach((split, n) -> console.print("  %-12s %d", split, n));
    if (result.classes() > 0) {
      console.print("  %-12s %d", "classes", result.classes());
    }
    if (!result.attributes().isEmpty()) {
      console.print("  %-12s %d, which hold for", "attributes", result.attributes().size());
      result
          .attributes()
          .forEach((name, rate) -> console.print("    %5.1f %%  %s", 100 * rate, name));
    }
    if (decode) {
      console.print("  every picture can be decoded");
    }
    console.result(result);
    return ExitCode.OK;
  }

  private static Result look(Dataset dataset) {
    Map<String, Integer> splits = new LinkedHashMap<>();
    for (Split split : new Split[] {Split.TRAIN, Split.VALIDATION, Split.TEST}) {
      int n = dataset.indices(split).length;
      if (n > 0) {
        splits.put(split.name().toLowerCase(Locale.ROOT), n);
      }
    }
    Map<String, Double> rates = new LinkedHashMap<>();
    if (dataset.attributes().isPresent() && dataset.size() > 0) {
      Attributes attributes = dataset.attributes().get();
      int[] all = IntStream.range(0, dataset.size()).toArray();
      for (int a = 0; a < attributes.count(); a++) {
        rates.put(attributes.names().get(a), attributes.baseRate(a, all));
      }
    }
    return new Result(dataset.name(), dataset.size(), splits, dataset.classNames().size(), rates);
  }
}

package akin.app;

import akin.retrieval.Progress;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Grouping;
import akin.retrieval.data.Parallel;
import akin.retrieval.data.Roles;
import akin.retrieval.data.Split;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code akin data info}. */
@Command(
    name = "info",
    description =
        "Checks a data set's lists and tells what is in it: pictures, splits, classes, and how"
            + " often each attribute holds; joined and curated as a recipe or the options tell.")
final class DataInfoCommand implements Callable<Integer> {
  @Mixin private DataChoice choice;

  @Option(names = "--decode", description = "Decode every picture, too.")
  private boolean decode;

  @Mixin private CommonOptions common;

  private record Result(
      String name,
      int pictures,
      Map<String, Integer> splits,
      int classes,
      int unseen,
      int single,
      Map<String, Integer> domains,
      Integer queries,
      Integer gallery,
      Map<String, Double> attributes,
      List<String> notes) {}

  @Override
  public Integer call() {
    Console console = common.console();
    Dataset dataset = choice.open(common);
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
      tell(console, result.unseen(), "have no training picture");
      tell(console, result.single(), "have one training picture, and no pair");
    }
    result.domains().forEach((domain, n) -> console.print("  %-12s %d", domain, n));
    if (result.queries() != null) {
      console.print("  %-12s %d", "queries", result.queries());
      console.print("  %-12s %d", "gallery", result.gallery());
    }
    if (!result.attributes().isEmpty()) {
      console.print("  %-12s %d, which hold for", "attributes", result.attributes().size());
      result
          .attributes()
          .forEach((name, rate) -> console.print("    %5.1f %%  %s", 100 * rate, name));
    }
    result.notes().forEach(note -> console.print("  %s", note));
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
    int[] trained = trainingPictures(dataset);
    Roles roles = dataset.roles().orElse(null);
    return new Result(
        dataset.name(),
        dataset.size(),
        splits,
        trained.length,
        (int) IntStream.of(trained).filter(n -> n == 0).count(),
        (int) IntStream.of(trained).filter(n -> n == 1).count(),
        domains(dataset),
        roles == null ? null : roles.queries().length,
        roles == null ? null : roles.galleries().length,
        rates,
        dataset.notes());
  }

  private static void tell(Console console, int classes, String what) {
    if (classes > 0) {
      console.print("  %-12s %d %s", "", classes, what);
    }
  }

  /** How many pictures of each class are for training; all are where none is said to be. */
  private static int[] trainingPictures(Dataset dataset) {
    int[] pictures = new int[dataset.classNames().size()];
    int[] training = dataset.indices(Split.TRAIN);
    for (int i : training.length > 0 ? training : dataset.indices(Split.ALL)) {
      if (dataset.label(i) >= 0) {
        pictures[dataset.label(i)]++;
      }
    }
    return pictures;
  }

  private static Map<String, Integer> domains(Dataset dataset) {
    Map<String, Integer> pictures = new LinkedHashMap<>();
    dataset
        .groups(Grouping.DOMAIN)
        .ifPresent(
            groups -> {
              for (int group : groups.of()) {
                pictures.merge(
                    group < 0 ? "no domain" : groups.names().get(group), 1, Integer::sum);
              }
            });
    return pictures;
  }
}

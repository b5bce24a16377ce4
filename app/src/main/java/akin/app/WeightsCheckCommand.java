package akin.app;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.WeightFit;
import akin.nn.io.WeightFile;
import akin.retrieval.pretrained.Pretrained;
import akin.retrieval.pretrained.WeightCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code akin weights check}. */
@Command(
    name = "check",
    description =
        "Compares a weight file with a backbone: what is missing, what is not expected, what has"
            + " another shape. Exits with 1 if the weights do not fit.")
final class WeightsCheckCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Mixin private WeightsOptions weights;

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      converter = BackboneOption.class,
      required = true,
      description = "The network, such as resnet50 or \"mobilenet_v2 padding=same\".")
  private String backbone;

  @Mixin private CommonOptions common;

  private record Shapes(String name, String file, String network) {}

  private record Result(
      String backbone,
      boolean fits,
      List<String> missing,
      List<String> unexpected,
      List<Shapes> wrongShapes,
      Map<String, String> near,
      List<String> notes) {}

  @Override
  public Integer call() {
    Console console = common.console();
    Architecture architecture = Architecture.parse(backbone);
    try (WeightFile file = WeightFile.open(weights.file())) {
      List<String> adapted = new ArrayList<>();
      StateDict dict = weights.stateDict(file);
      WeightFit fit = WeightFit.of(dict, architecture, adapted::add);
      List<String> notes = new ArrayList<>(notes(fit, architecture));
      notes.addAll(adapted);
      if (Pretrained.isKnown(weights.file())) {
        String own = Pretrained.open(weights.file(), WeightCard.Told.nothing()).architecture().id();
        if (fit.fits() && !own.equals(architecture.withClasses(-1).id())) {
          notes.add("By their record the weights belong to \"" + own + "\", which extract takes.");
        }
      }
      notes.addAll(file.notes());
      dict.values().entrySet().stream()
          .filter(entry -> !entry.getValue().isFinite())
          .findFirst()
          .ifPresent(
              entry ->
                  notes.add(
                      "Weights are NaN or infinite, first in "
                          + entry.getKey()
                          + ": the network computes nothing of use."));
      print(fit, architecture, notes, console);
      console.result(
          new Result(
              architecture.id(),
              fit.fits(),
              fit.missing(),
              fit.unexpected(),
              fit.wrongShapes().stream()
                  .map(d -> new Shapes(d.name(), d.file().toString(), d.network().toString()))
                  .toList(),
              fit.near(),
              notes));
      return fit.fits() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private static List<String> notes(WeightFit fit, Architecture architecture) {
    List<String> notes = new ArrayList<>();
    if (!fit.fits()) {
      long classes = otherClasses(fit);
      if (classes >= 0) {
        notes.add(
            "With as many classes as the file's it fits: --backbone \""
                + architecture.withClasses((int) classes).id()
                + "\".");
      }
      return notes; // a network of another kind lacks all of the following
    }
    if (fit.withoutClassifier()) {
      notes.add("The file comes without the classifier: it gives features, no predictions.");
    }
    if (fit.counters() > 0) {
      notes.add(
          fit.counters()
              + " counters of batches (num_batches_tracked) are missing, as in files of PyTorch"
              + " before 0.4.1; they begin at 0.");
    }
    return notes;
  }

  /** The file's classes, if their number is all that differs; else −1. */
  private static long otherClasses(WeightFit fit) {
    long classes = -1;
    for (WeightFit.Difference d : fit.wrongShapes()) {
      boolean same = d.file().rank() > 0 && d.file().rank() == d.network().rank();
      if (!same || !d.file().with(0, d.network().size(0)).equals(d.network())) {
        return -1;
      }
      if (classes >= 0 && classes != d.file().size(0)) {
        return -1;
      }
      classes = d.file().size(0);
    }
    return fit.missing().isEmpty() && fit.unexpected().isEmpty() ? classes : -1;
  }

  private void print(
      WeightFit fit, Architecture architecture, List<String> notes, Console console) {
    list(
        "missing in the file",
        fit.missing().stream().map(name -> name + near(fit, name)).toList(),
        console);
    list("not expected by the network", fit.unexpected(), console);
    list(
        "of another shape",
        fit.wrongShapes().stream()
            .map(d -> d.name() + ": " + d.file() + " in the file, " + d.network() + " wanted")
            .toList(),
        console);
    console.print(
        "%s %s %s", weights.file(), fit.fits() ? "fits" : "does not fit", architecture.id());
    notes.forEach(note -> console.print("%s", note));
  }

  private static String near(WeightFit fit, String name) {
    String near = fit.near().get(name);
    return near == null ? "" : "  (near: " + near + ")";
  }

  private static void list(String title, List<String> lines, Console console) {
    if (!lines.isEmpty()) {
      console.print("%d %s:", lines.size(), title);
      lines.stream().limit(SHOWN).forEach(line -> console.print("  %s", line));
      if (lines.size() > SHOWN) {
        console.print("  and %d more", lines.size() - SHOWN);
      }
    }
  }
}

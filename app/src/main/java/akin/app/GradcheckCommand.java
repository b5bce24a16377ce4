package akin.app;

import akin.retrieval.Progress;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.check.Agreement;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.Cases;
import akin.tensor.check.GradCheck;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Verdict;
import akin.tensor.reference.ReferenceBackend;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code akin gradcheck}. */
@Command(
    name = "gradcheck",
    description = {
      "Checks the gradients of operators and losses: analytic against difference quotients, in"
          + " float64 on the reference backend, at generated shapes and values.",
      "Then compares the results of a faster device, forward and backward, with the reference's;"
          + " --device reference leaves that out."
    })
final class GradcheckCommand implements Callable<Integer> {
  private static final int LARGEST_SIZE = 4;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Operators or losses, by the beginnings of their names; all if left away.")
  private List<String> names = List.of();

  @Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "20",
      description = "Generated cases of each; ${DEFAULT-VALUE} unless told otherwise.")
  private int cases;

  @Option(names = "--list", description = "Print the names, and check nothing.")
  private boolean list;

  /** The names that there are. */
  private record Names(List<String> operators, List<String> losses) {}

  /** What was found; {@code agreement} is null where no second device was asked for. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Result(
      int operators,
      int losses,
      int cases,
      double worst,
      List<String> failures,
      Comparison agreement) {}

  /** How far a float32 device is from the reference, as a share of what rounding allows. */
  private record Comparison(String device, int cases, double worst) {}

  @Override
  public Integer call() {
    if (cases < 1) {
      throw new ParameterException(spec.commandLine(), "--cases must be at least 1");
    }
    List<CaseGenerator> generators = generators();
    Console console = common.console();
    if (list) {
      print(console, generators);
      return ExitCode.OK;
    }
    GradCheck.Report report = differences(console, generators.size());
    List<String> failures = new ArrayList<>(report.failures());
    Comparison agreement = compare(console, generators, failures);
    failures.forEach(failure -> console.print("FAILED  %s%n", failure));
    console.print(
        "%d operators, %d losses, %d cases: the worst error is %.3g of what is allowed",
        report.operators(), report.losses(), report.cases(), report.worst());
    if (agreement != null) {
      console.print(
          "%s against reference, %d cases: the worst error is %.3g of what is allowed",
          agreement.device(), agreement.cases(), agreement.worst());
    }
    console.print(failures.isEmpty() ? "all gradients agree" : "%d failed", failures.size());
    console.result(
        new Result(
            report.operators(),
            report.losses(),
            report.cases(),
            report.worst(),
            failures,
            agreement));
    return failures.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<CaseGenerator> generators() {
    try {
      return Cases.named(names);
    } catch (UserError e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static void print(Console console, List<CaseGenerator> generators) {
    for (CaseGenerator generator : generators) {
      console.print("%-9s %s", generator.isLoss() ? "loss" : "operator", generator.name());
    }
    console.result(
        new Names(
            generators.stream().filter(g -> !g.isLoss()).map(CaseGenerator::name).toList(),
            generators.stream().filter(CaseGenerator::isLoss).map(CaseGenerator::name).toList()));
  }

  private GradCheck.Report differences(Console console, int generators) {
    try (Progress.Bar bar = console.start("gradients", generators)) {
      return GradCheck.run(
          names,
          cases,
          common.seed(1),
          name -> {
            bar.note(name);
            bar.advance(1);
          });
    }
  }

  private Comparison compare(
      Console console, List<CaseGenerator> generators, List<String> failures) {
    try (Backend exact = new ReferenceBackend();
        Backend device = common.open();
        Progress.Bar bar = console.start("agreement", generators.size())) {
      if (device.elementBytes() == exact.elementBytes()) {
        return null;
      }
      Agreement agreement = new Agreement(exact, device);
      double worst = 0;
      int compared = 0;
      for (CaseGenerator generator : generators) {
        bar.note(generator.name());
        for (int n = 0; n < cases; n++) {
          long seed = RandomStream.of(common.seed(1), "agreement").bits(n) >>> 16;
          int size = 1 + n * LARGEST_SIZE / cases;
          GradientCase made = generator.generate(seed, size);
          if (made.onKink()) {
            break; // Where a value rounded to float32 may lie on the other side.
          }
          compared++;
          Verdict verdict = agreement.check(made, seed);
          double ratio = verdict.ratio(); // NaN or infinite where a value is not finite
          worst = Math.max(worst, ratio < Double.MAX_VALUE ? ratio : Double.MAX_VALUE);
          if (!verdict.passed()) {
            failures.add(
                String.format(
                    Locale.ROOT,
                    "%s differs from reference: %s, seed %d, size %d%n  %s",
                    device.name(),
                    generator.name(),
                    seed,
                    size,
                    verdict.message()));
            break; // The smallest case of each is enough.
          }
        }
        bar.advance(1);
      }
      return new Comparison(device.name(), compared, worst);
    }
  }
}

package akin.tensor.check;

import akin.tensor.RandomStream;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Checks the gradients of operators and losses: what {@code akin gradcheck} runs. */
public final class GradCheck {
  /** Axes grow with the number of the case, up to this. */
  private static final int LARGEST_SIZE = 5;

  private GradCheck() {}

  /**
   * What a run found.
   *
   * @param operators number of operators checked: their records
   * @param losses number of losses checked: their classes
   * @param cases number of cases
   * @param worst largest disagreement as a share of what is allowed; over 1 is a failure; always
   *     finite
   * @param failures what failed: one message for each generator, about its smallest failing case
   */
  public record Report(int operators, int losses, int cases, double worst, List<String> failures) {
    /** Whether every case passed. */
    public boolean passed() {
      return failures.isEmpty();
    }
  }

  /**
   * Checks the generators that {@link Cases#named} finds, on the reference backend.
   *
   * @param cases cases of each generator
   * @param progress hears the name of each generator before its turn
   */
  public static Report run(List<String> names, int cases, long seed, Consumer<String> progress) {
    List<CaseGenerator> generators = Cases.named(names);
    List<String> failures = new ArrayList<>();
    double worst = 0;
    try (ReferenceBackend backend = new ReferenceBackend()) {
      GradientChecker checker = new GradientChecker(backend);
      for (CaseGenerator generator : generators) {
        progress.accept(generator.name());
        Verdict verdict = check(checker, generator, cases, seed);
        double ratio = verdict.ratio(); // NaN or infinite where a value is not finite
        worst = Math.max(worst, ratio < Double.MAX_VALUE ? ratio : Double.MAX_VALUE);
        if (!verdict.passed()) {
          failures.add(verdict.message());
        }
      }
    }
    return new Report(
        subjects(generators, false),
        subjects(generators, true),
        generators.size() * cases,
        worst,
        List.copyOf(failures));
  }

  private static int subjects(List<CaseGenerator> generators, boolean losses) {
    return (int)
        generators.stream()
            .filter(generator -> generator.isLoss() == losses)
            .map(CaseGenerator::subject)
            .distinct()
            .count();
  }

  /** The worst of {@code cases} cases, smallest sizes first, so that a failure is a small one. */
  private static Verdict check(
      GradientChecker checker, CaseGenerator generator, int cases, long seed) {
    Verdict worst = Verdict.fine();
    for (int n = 0; n < cases && worst.passed(); n++) {
      int size = 1 + n * LARGEST_SIZE / cases;
      long caseSeed = RandomStream.of(seed, "gradcheck").bits(n) >>> 16;
      worst = worst.and(check(checker, generator, caseSeed, size));
    }
    return worst;
  }

  /** Checks one case; a failure tells how to repeat it. */
  public static Verdict check(
      GradientChecker checker, CaseGenerator generator, long seed, int size) {
    GradientCase made = generator.generate(seed, size);
    Verdict verdict = checker.check(made, seed);
    return Verdict.of(
        verdict.ratio(),
        () ->
            String.format(
                "gradient of %s%n  case    %s%n  inputs  %s%n  drawn   seed %d, size %d%n  %s",
                generator.name(),
                made.about(),
                made.shapes(),
                seed,
                size,
                verdict.message().replace(System.lineSeparator(), System.lineSeparator() + "  ")));
  }
}

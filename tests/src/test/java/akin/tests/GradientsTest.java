package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.check.CaseGenerator;
import akin.tensor.check.Cases;
import akin.tensor.check.GradCheck;
import akin.tensor.check.GradientChecker;
import akin.tensor.check.Mutation;
import akin.tensor.op.CustomOp;
import akin.tensor.reference.ReferenceBackend;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The gradient of every operator and every loss equals its difference quotient. */
class GradientsTest {
  /** So many cases of each generator: with about 110 generators, over 10,000 in all. */
  private static final int TRIES = 100;

  private static final JavaClasses AKIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("akin");

  /** Every failing generator fails the try; a smaller size that still fails is sought by jqwik. */
  @Property(tries = TRIES, seed = "20240601")
  void gradientsEqualDifferenceQuotients(
      @ForAll @LongRange(min = 0, max = Integer.MAX_VALUE) long seed,
      @ForAll @IntRange(min = 1, max = 5) int size) {
    try (ReferenceBackend backend = new ReferenceBackend()) {
      GradientChecker checker = new GradientChecker(backend);
      List<String> failures =
          Cases.all().stream()
              .map(generator -> GradCheck.check(checker, generator, seed, size).message())
              .filter(message -> !message.isEmpty())
              .toList();
      assertTrue(failures.isEmpty(), () -> String.join(System.lineSeparator(), failures));
    }
  }

  @Test
  void everyOperatorHasCases() {
    assertEquals(List.of(), Cases.operatorsWithoutCases());
  }

  /** A custom operator is found here even if nobody registered cases of it. */
  @Test
  void everyCustomOperatorHasCases() {
    assertEquals(
        Set.of(),
        withoutCases(c -> c.isAssignableTo(CustomOp.class) && !within(c, Mutation.class)));
  }

  @Test
  void everyLossHasCases() {
    assertEquals(
        Set.of(),
        withoutCases(
            c ->
                c.getPackageName().startsWith("akin.nn.metric")
                    && c.getSimpleName().endsWith("Loss")));
  }

  private static boolean within(JavaClass inner, Class<?> outer) {
    return inner.getName().startsWith(outer.getName() + "$");
  }

  private static Set<String> withoutCases(java.util.function.Predicate<JavaClass> those) {
    Set<String> checked =
        Cases.all().stream()
            .map(CaseGenerator::subject)
            .map(Class::getName)
            .collect(Collectors.toSet());
    return AKIN.stream()
        .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
        .filter(those)
        .map(JavaClass::getName)
        .filter(name -> !checked.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theCommandCountsWhatItChecks() {
    List<String> heard = new java.util.ArrayList<>();
    GradCheck.Report report = GradCheck.run(List.of("RELU", "conv2d"), 20, 1, heard::add);
    assertEquals(List.of(), report.failures());
    assertEquals(2, report.operators());
    assertEquals(0, report.losses());
    assertEquals(20 * heard.size(), report.cases());
    assertTrue(heard.containsAll(List.of("relu", "relu6 at its kink", "conv2d, depthwise")));
    assertTrue(report.worst() > 0 && report.worst() <= 1, () -> "worst " + report.worst());
  }
}

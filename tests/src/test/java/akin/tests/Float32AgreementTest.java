package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.BackendProvider;
import akin.tensor.backend.Backends;
import akin.tensor.check.Agreement;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.Cases;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Verdict;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every float32 backend agrees with the reference, forward and backward, over awkward sizes. */
class Float32AgreementTest {
  private static final int CASES = 6;

  /** Elements of the largest tensor, and steps of a product: lets 702 × 8 pass. */
  private static final long BUDGET = 6000;

  @TestFactory
  Stream<DynamicTest> agreesWithTheReference() {
    return Backends.providers().stream()
        .filter(provider -> !provider.name().equals("reference"))
        .map(provider -> DynamicTest.dynamicTest(provider.name(), () -> compare(provider)));
  }

  private static void compare(BackendProvider provider) {
    assumeTrue(
        provider.refusal().isEmpty(),
        () -> provider.name() + " is skipped: " + provider.refusal().orElse(""));
    List<String> failures = new ArrayList<>();
    try (Backend reference = new ReferenceBackend();
        Backend backend = provider.open(new BackendProvider.Options(2, 0))) {
      Agreement agreement = new Agreement(reference, backend);
      for (CaseGenerator generator : Cases.all()) {
        for (long seed = 0; seed < CASES; seed++) {
          GradientCase drawn = generator.awkward(seed, BUDGET);
          if (!drawn.onKink()) {
            Verdict verdict = agreement.check(drawn, seed);
            if (!verdict.passed()) {
              failures.add(
                  generator.name()
                      + ", "
                      + drawn.about()
                      + ", seed "
                      + seed
                      + ": "
                      + verdict.message());
            }
          }
        }
      }
    }
    assertEquals("", String.join(System.lineSeparator(), failures));
  }
}

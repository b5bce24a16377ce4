package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.check.CaseGenerator;
import akin.tensor.check.Cases;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Mutation;
import akin.tensor.check.MutationCheck;
import akin.tensor.reference.ReferenceBackend;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The gradient checker notices every mutation of every operator's backward. */
class MutationsTest {
  /** Mutations that cannot change anything, and why. */
  private static final Set<String> EQUIVALENT =
      Set.of("reshape SKIPPED_STEP"); // dY itself is dX: there is no step to leave out

  /** Operators whose gradient is zero everywhere, so that nothing is ever recorded. */
  private static final List<String> FLAT = List.of("equal of two", "greater of two");

  @Test
  void everyMutationIsCaught() {
    Set<String> missed = new TreeSet<>();
    Set<String> unchanged = new TreeSet<>();
    try (ReferenceBackend backend = new ReferenceBackend()) {
      MutationCheck check = new MutationCheck(backend);
      for (CaseGenerator generator : mutable()) {
        for (Mutation mutation : Mutation.values()) {
          String name = generator.name() + " " + mutation;
          int changed = 0;
          for (int round = 0; changed < 5 && round < 20; round++) {
            MutationCheck.Tally tally = check.run(generator, mutation, 8, round);
            changed += tally.changed();
            if (tally.caught() < tally.changed()) {
              missed.add(name + " " + tally);
            }
          }
          if (changed == 0) {
            unchanged.add(name);
          }
        }
      }
    }
    assertEquals(Set.of(), missed);
    assertEquals(EQUIVALENT, unchanged);
  }

  /** Generators of one differentiable operator away from kinks. */
  private static List<CaseGenerator> mutable() {
    return Cases.all().stream()
        .filter(generator -> !generator.isLoss() && !FLAT.contains(generator.name()))
        .filter(generator -> generator.generate(0, 3).op() != null)
        .filter(generator -> !generator.generate(0, 3).onKink())
        .toList();
  }

  @Test
  void everyOperatorIsMutated() {
    Set<Class<?>> operators = Cases.operators();
    mutable().forEach(generator -> operators.remove(generator.subject()));
    assertEquals(Set.of(), operators);
  }

  @Test
  void flatOperatorsHaveNoBackwardToMutate() {
    for (CaseGenerator generator : Cases.named(FLAT)) {
      GradientCase drawn = generator.generate(0, 3);
      assertTrue(!drawn.op().differentiable(), generator::name);
    }
  }
}

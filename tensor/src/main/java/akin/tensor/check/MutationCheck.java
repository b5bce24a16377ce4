package akin.tensor.check;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.check.Evaluator.Played;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Tests the gradient checker itself: it must notice every {@link Mutation} of every operator. */
public final class MutationCheck {
  /**
   * How much of the gradient a mutation must change, in norm, to count as one in a case: a smaller
   * change is one of the many that a random direction may hide.
   */
  private static final double NOTICEABLE = 0.01;

  /**
   * How large the change must be beside dY: the gradient of a saturated softmax is nothing but
   * rounding, and so is any mistake in it.
   */
  private static final double VANISHING = 1e-6;

  private final Evaluator evaluator;
  private final GradientChecker checker;

  /** Tests the checker on {@code backend}, which computes in float64. */
  public MutationCheck(Backend backend) {
    evaluator = new Evaluator(backend);
    checker = new GradientChecker(backend);
  }

  /**
   * What became of one mutation in cases of one generator.
   *
   * @param changed cases in which the mutation changes the gradient noticeably
   * @param caught those of them in which the checker objects
   */
  public record Tally(int changed, int caught) {}

  /** Tries {@code mutation} in {@code cases} cases; none may be on a kink. */
  public Tally run(CaseGenerator generator, Mutation mutation, int cases, long seed) {
    int changed = 0;
    int caught = 0;
    for (int n = 0; n < cases; n++) {
      long caseSeed = RandomStream.of(seed, "mutations").bits(n) >>> 16;
      GradientCase right = generator.generate(caseSeed, 2 + n % 4);
      List<Integer> wanted =
          IntStream.range(0, right.inputs().size())
              .filter(i -> right.inputs().get(i).wanted())
              .boxed()
              .toList();
      int input = wanted.get(n % wanted.size());
      GradientCase wrong = right.replacing(mutation.in(right.op(), input, n));
      if (noticeable(right, wrong, mutation, caseSeed)) {
        changed++;
        caught += checker.check(wrong, caseSeed).passed() ? 0 : 1;
      }
    }
    return new Tally(changed, caught);
  }

  private boolean noticeable(GradientCase right, GradientCase wrong, Mutation mutation, long seed) {
    // A contribution can only be overwritten where there are two.
    UnaryOperator<GradientCase> use =
        mutation == Mutation.OVERWRITTEN ? GradientCase::twice : UnaryOperator.identity();
    Played played = play(use.apply(right), seed);
    double[][] g = played.g();
    double[][] other = play(use.apply(wrong), seed).g();
    double norm = 0;
    double difference = 0;
    for (int i = 0; i < g.length; i++) {
      for (int k = 0; g[i] != null && k < g[i].length; k++) {
        norm += g[i][k] * g[i][k];
        difference += (other[i][k] - g[i][k]) * (other[i][k] - g[i][k]);
      }
    }
    double given = java.util.Arrays.stream(played.dy()).map(w -> w * w).sum();
    return Math.sqrt(difference)
        > Math.max(NOTICEABLE * Math.sqrt(norm), VANISHING * Math.sqrt(given));
  }

  private Played play(GradientCase at, long seed) {
    RandomStream stream = RandomStream.of(seed, "weights and directions").child("w");
    return evaluator.play(at, shape -> GradientChecker.weights(shape, stream));
  }
}

package akin.tensor.check;

import akin.tensor.RandomStream;
import akin.tensor.op.Op;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Makes gradient cases of one operator or loss from a seed and a size.
 *
 * @param name what is checked, such as {@code conv2d depthwise}: the name given to {@code akin
 *     gradcheck}
 * @param subject the operator's record, or the loss's class
 * @param recipe makes a case from random choices
 */
public record CaseGenerator(String name, Class<?> subject, Recipe recipe) {
  private static final int ATTEMPTS = 1000;

  /** Makes a case from random choices. */
  @FunctionalInterface
  public interface Recipe {
    /** The case. */
    GradientCase make(Draw draw);
  }

  /** A generator for an operator. */
  public static CaseGenerator operator(String name, Class<? extends Op> operator, Recipe recipe) {
    return new CaseGenerator(name, operator, recipe);
  }

  /** A generator for a loss, or another function made of several operators. */
  public static CaseGenerator loss(String name, Class<?> loss, Recipe recipe) {
    return new CaseGenerator(name, loss, recipe);
  }

  /** Whether this checks a loss rather than an operator. */
  public boolean isLoss() {
    return !Op.class.isAssignableFrom(subject);
  }

  /**
   * The case of {@code seed} with axes of up to about {@code size}, far enough from every kink.
   *
   * @throws IllegalStateException if no draw of a thousand is far enough from the kinks
   */
  public GradientCase generate(long seed, int size) {
    return firstSafe(
        seed, stream -> Draw.small(stream, size), drawn -> 10 * GradientChecker.step(drawn));
  }

  /**
   * A case of {@code seed} with awkward axes, whose product is at most {@code budget}; far enough
   * from every kink for rounding to float32.
   */
  public GradientCase awkward(long seed, long budget) {
    return firstSafe(
        seed,
        stream -> Draw.awkward(stream, budget),
        drawn -> 32 * Math.ulp((float) Math.max(1, drawn.largest())));
  }

  private GradientCase firstSafe(
      long seed, Function<RandomStream, Draw> choices, ToDoubleFunction<GradientCase> margin) {
    RandomStream stream = RandomStream.of(seed, name);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      GradientCase drawn = recipe.make(choices.apply(stream.child(attempt)));
      double distance = drawn.kinkDistance().applyAsDouble(drawn.values());
      if (distance > margin.applyAsDouble(drawn)) {
        return drawn;
      }
    }
    throw new IllegalStateException(
        name + ", seed " + seed + ": no draw of " + ATTEMPTS + " keeps away from the kinks");
  }
}

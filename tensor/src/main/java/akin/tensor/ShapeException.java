package akin.tensor;

/**
 * Shapes that do not fit, told with the shapes, the rule and the numbers that broke it:
 *
 * <pre>
 * convolution: input channels do not match the kernel
 *   input   [N=32, C=3, H=224, W=224]
 *   kernel  [O=64, C=1, H=7, W=7], groups=1
 *   needed  C(input) = C(kernel) × groups;  3 ≠ 1 × 1
 * </pre>
 */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private ShapeException(String message) {
    super(message);
  }

  /** Begins with {@code what}: the operator, a colon, and what is wrong. */
  public static ShapeException of(String what) {
    return new ShapeException(what);
  }

  /** Adds a line with a value under its name. */
  public ShapeException with(String name, Object value) {
    return new ShapeException(getMessage() + String.format("%n  %-7s %s", name, value));
  }

  /** Adds the rule and the numbers that broke it. */
  public ShapeException needed(String rule) {
    return with("needed", rule);
  }

  /** Throws {@code problem} unless {@code holds}. */
  public static void check(boolean holds, java.util.function.Supplier<ShapeException> problem) {
    if (!holds) {
      throw problem.get();
    }
  }
}

package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.ShapeException;

/**
 * One input of a {@link GradientCase}.
 *
 * @param values row-major
 * @param wanted whether its gradient is checked; a constant or a state has none
 */
public record Input(Shape shape, double[] values, boolean wanted) {
  /** Checks that there are as many values as the shape has elements. */
  public Input {
    ShapeException.check(
        values.length == shape.count(),
        () ->
            ShapeException.of("input: as many values as the shape has elements")
                .with("shape", shape)
                .needed(values.length + " = " + shape.count()));
  }

  /** An input whose gradient is checked. */
  public static Input of(Shape shape, double... values) {
    return new Input(shape, values, true);
  }

  /** The same input without a gradient. */
  public Input constant() {
    return new Input(shape, values, false);
  }

  /** The same input with other values. */
  public Input with(double... other) {
    return new Input(shape, other, wanted);
  }
}

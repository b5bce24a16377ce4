package akin.tensor;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Update;
import java.util.List;

/**
 * One step of an optimiser for one parameter, in place; never within a tape that will still play
 * back.
 *
 * @param m first state, like the parameter, or null where the rule has none
 * @param v second state, like the parameter, or null
 */
public record Descent(Tensor parameter, Update rule, Tensor gradient, Tensor m, Tensor v) {
  /**
   * Makes the steps of several parameters, no two the same and all of one backend, which may do
   * them in one pass.
   */
  public static void all(List<Descent> steps) {
    if (steps.isEmpty()) {
      return;
    }
    steps.forEach(Descent::check);
    Backend backend = steps.get(0).parameter.storage().backend();
    backend.updateAll(steps.stream().map(Descent::buffers).toList());
    for (Descent step : steps) {
      for (Tensor written : new Tensor[] {step.parameter, step.m, step.v}) {
        if (written != null) {
          written.storage().written();
        }
      }
    }
  }

  private void check() {
    for (Tensor other : new Tensor[] {gradient, m, v}) {
      ShapeException.check(
          other == null || other.shape().equals(parameter.shape()),
          () ->
              ShapeException.of("update: the gradient or a state is not like the parameter")
                  .with("parameter", parameter.shape())
                  .with("other", other.shape())
                  .needed("equal shapes"));
    }
    Trace.checkWrite(parameter);
  }

  private Backend.Step buffers() {
    return new Backend.Step(rule, buffer(parameter), buffer(gradient), buffer(m), buffer(v));
  }

  private static Buffer buffer(Tensor tensor) {
    return tensor == null ? null : tensor.storage().buffer();
  }
}

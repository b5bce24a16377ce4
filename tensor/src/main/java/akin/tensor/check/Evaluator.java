package akin.tensor.check;

import akin.tensor.Gradients;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import java.util.function.Function;

/** Runs the function of a {@link GradientCase} on a backend, with fresh tensors each time. */
final class Evaluator {
  private final Backend backend;

  Evaluator(Backend backend) {
    this.backend = backend;
  }

  /**
   * Output and gradients.
   *
   * @param g gradient of each input: null where none is wanted, zeros where none arrives
   */
  record Played(double[] y, double[] dy, double[][] g) {}

  /** The output at the case's point. */
  double[] value(GradientCase at) {
    try (Scope scope = Scope.open(backend)) {
      return at.function().apply(tensors(at)).toDoubles();
    }
  }

  /** Output and gradients, where {@code dy} makes the output's gradient from its shape. */
  Played play(GradientCase at, Function<Shape, double[]> dy) {
    try (Scope scope = Scope.open(backend);
        Tape tape = Tape.open()) {
      Tensor[] inputs = tensors(at);
      for (int i = 0; i < inputs.length; i++) {
        inputs[i].requireGradient(at.inputs().get(i).wanted());
      }
      Tensor y = at.function().apply(inputs.clone());
      double[] weights = dy.apply(y.shape());
      double[][] g = new double[inputs.length][];
      Gradients gradients = at.flat() ? null : tape.backward(y, Tensor.of(y.shape(), weights));
      for (int i = 0; i < inputs.length; i++) {
        if (at.inputs().get(i).wanted()) {
          g[i] =
              gradients != null && gradients.has(inputs[i])
                  ? gradients.of(inputs[i]).toDoubles()
                  : new double[at.inputs().get(i).values().length];
        }
      }
      return new Played(y.toDoubles(), weights, g);
    }
  }

  private static Tensor[] tensors(GradientCase at) {
    return at.inputs().stream()
        .map(input -> Tensor.of(input.shape(), input.values()))
        .toArray(Tensor[]::new);
  }
}

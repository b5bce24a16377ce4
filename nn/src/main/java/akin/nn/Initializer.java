package akin.nn;

import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Noise;

/**
 * First values of a parameter. The values are a function of the stream alone, so the same seed and
 * the same state-dict name give the same bits, whatever else the network holds.
 */
@FunctionalInterface
public interface Initializer {
  /** A tensor of this shape, in the innermost scope. */
  Tensor make(Shape shape, RandomStream stream);

  /** {@code value} everywhere. */
  static Initializer constant(double value) {
    return (shape, stream) -> Tensor.full(shape, value);
  }

  /** Uniform in [−bound, bound). */
  static Initializer uniform(double bound) {
    return (shape, stream) -> Tensor.random(shape, Noise.UNIFORM, stream, -bound, bound);
  }

  /** Normal with this mean and deviation. */
  static Initializer normal(double mean, double deviation) {
    return (shape, stream) -> Tensor.random(shape, Noise.NORMAL, stream, mean, deviation);
  }

  /**
   * Uniform in ±√(6/((1 + a²)·fan)): keeps the variance of what flows through a layer followed by a
   * leaky ReLU of slope a. PyTorch's default for linear layers and convolutions is a = √5, that is
   * ±1/√fan.
   *
   * <p>Source: He et al., "Delving deep into rectifiers", ICCV 2015.
   *
   * @param fan inputs of one output, or outputs of one input
   */
  static Initializer kaimingUniform(long fan, double a) {
    return uniform(Math.sqrt(6 / ((1 + a * a) * fan)));
  }

  /**
   * Normal with deviation √(2/fan), for a layer followed by a ReLU.
   *
   * <p>Source: He et al., "Delving deep into rectifiers", ICCV 2015.
   *
   * @param fan inputs of one output, or outputs of one input
   */
  static Initializer kaimingNormal(long fan) {
    return normal(0, Math.sqrt(2.0 / fan));
  }

  /**
   * Uniform in ±√(6/(in + out)): keeps the variance forward and backward, on the average of the
   * two.
   *
   * <p>Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural
   * networks", AISTATS 2010.
   *
   * @param in inputs of one output
   * @param out outputs of one input
   */
  static Initializer xavierUniform(long in, long out) {
    return uniform(Math.sqrt(6.0 / (in + out)));
  }
}

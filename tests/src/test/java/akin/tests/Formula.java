package akin.tests;

import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.StateDict;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;

/**
 * The golden files' weights and inputs: every number is a function of a name and an index (section
 * 2 of their README).
 */
final class Formula {
  private Formula() {}

  /** In [0, 1), a multiple of 2⁻²⁴. */
  static double u(String name, long i) {
    return u(key(name), i);
  }

  private static long key(String name) {
    return RandomStream.fnv1a64(name);
  }

  private static double u(long key, long i) {
    long z = RandomStream.splitmix64(key + (i + 1) * 0x9E3779B97F4A7C15L);
    return (z >>> 40) * 0x1p-24;
  }

  /** In [−1, 1), exact in float32. */
  static double v(String name, long i) {
    return 2 * u(name, i) - 1;
  }

  /** {@code count} values of {@link #v}. */
  static double[] v(String name, Shape shape) {
    return values(shape, i -> v(name, i));
  }

  /** The function's values at 0, 1, … */
  static double[] values(Shape shape, LongToDoubleFunction f) {
    double[] values = new double[Math.toIntExact(shape.count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = f.applyAsDouble(i);
    }
    return values;
  }

  /** The value of a parameter or buffer, rounded to float32. */
  static float[] parameter(String name, Shape shape, double gain) {
    float[] values = new float[Math.toIntExact(shape.count())];
    String last = name.substring(name.lastIndexOf('.') + 1);
    long key = key(name);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) parameter(last, shape, gain, 2 * u(key, i) - 1);
    }
    return values;
  }

  private static double parameter(String last, Shape shape, double gain, double v) {
    if (last.equals("running_mean")) {
      return 0.1 * v;
    }
    if (last.equals("running_var")) {
      return 1.0 + 0.1 * Math.abs(v);
    }
    if (last.equals("layer_scale")) {
      return 0.5 * v;
    }
    if (last.endsWith("weight") && shape.rank() >= 2) {
      return v * (gain * Math.sqrt(6.0 / shape.product(1, shape.rank())));
    }
    if (last.endsWith("weight")) {
      return 1.0 + 0.1 * v;
    }
    return last.endsWith("bias") ? 0.1 * v : 0.2 * v;
  }

  /**
   * Gives a network the formula's values, by the names of its state dict.
   *
   * @param gain multiplies the weights of convolutions and linear layers
   */
  static void fill(Layer network, double gain) {
    StateDict formula = new StateDict();
    StateDict.shapes(network)
        .forEach(
            (name, shape) ->
                formula.put(
                    name,
                    name.endsWith("num_batches_tracked")
                        ? StateDict.Value.of(0)
                        : StateDict.Value.of(shape, parameter(name, shape, gain))));
    formula.into(network, "the formula");
  }

  /** Moves each weight up or down by {@code share} of it. */
  static void shift(Layer network, double share, RandomStream signs) {
    for (Parameter p : network.parameters()) {
      double[] w = p.tensor().toDoubles();
      RandomStream own = signs.child(p.name());
      Arrays.setAll(w, i -> w[i] * (own.bits(i) < 0 ? 1 - share : 1 + share));
      p.tensor().assign(w);
    }
  }
}

package akin.tensor.check;

import akin.tensor.Tensor;
import akin.tensor.op.Op;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One function of tensors at one point, whose gradient is to be proved.
 *
 * <pre>{@code
 * GradientCase.of(new UnaryOp(Unary.RELU, 0, 0), x).awayFrom(v -> least(abs(v[0])));
 * GradientCase.of("triplets of 3", in -> loss.of(in[0], labels), embeddings);
 * }</pre>
 *
 * @param about what sets this case apart, such as the operator's parameters
 * @param op the operator, or null if the function is made of several
 * @param function inputs → output of any shape; called often, always with fresh tensors
 * @param inputs the point
 * @param kinkDistance how far the function's own argument is from the nearest point without a
 *     derivative (|a − b| for a maximum of a and b, best − second for a pool), as a function of the
 *     inputs' values; +∞ if smooth. Cases nearer than ten steps of the difference quotient are
 *     drawn again, so an argument that moves more than five times as fast as the inputs do is to be
 *     divided by its slope
 * @param onKink the point lies on a kink on purpose: the gradient must lie between the one-sided
 *     slopes
 * @param chain longest chain of roundings, such as the length of a sum; 0 for as many as there are
 *     elements in all inputs
 * @param scale largest intermediate value, if larger than 1, inputs and outputs
 * @param laws what holds for the gradient exactly, up to rounding
 */
public record GradientCase(
    String about,
    Op op,
    Function<Tensor[], Tensor> function,
    List<Input> inputs,
    ToDoubleFunction<double[][]> kinkDistance,
    boolean onKink,
    int chain,
    double scale,
    List<Law> laws) {

  /** A smooth case of one operator. */
  public static GradientCase of(Op op, Input... inputs) {
    return new GradientCase(
        op.toString(),
        op,
        in -> Tensor.apply(op, in),
        List.of(inputs),
        values -> Double.POSITIVE_INFINITY,
        false,
        0,
        0,
        List.of());
  }

  /** A smooth case of a composed function, such as a loss. */
  public static GradientCase of(
      String about, Function<Tensor[], Tensor> function, Input... inputs) {
    return new GradientCase(
        about,
        null,
        function,
        List.of(inputs),
        values -> Double.POSITIVE_INFINITY,
        false,
        0,
        0,
        List.of());
  }

  /** The same case, with what sets it apart in words. */
  public GradientCase described(String text) {
    return new GradientCase(text, op, function, inputs, kinkDistance, onKink, chain, scale, laws);
  }

  /** The same case, to be drawn again until {@code distance} is safe for differences. */
  public GradientCase awayFrom(ToDoubleFunction<double[][]> distance) {
    return new GradientCase(about, op, function, inputs, distance, onKink, chain, scale, laws);
  }

  /** The same case, lying on a kink on purpose. */
  public GradientCase atKink() {
    return new GradientCase(
        about, op, function, inputs, values -> Double.POSITIVE_INFINITY, true, chain, scale, laws);
  }

  /** The same case with the longest chain of roundings given. */
  public GradientCase chained(int length) {
    return new GradientCase(about, op, function, inputs, kinkDistance, onKink, length, scale, laws);
  }

  /** The same case with the largest intermediate value given. */
  public GradientCase scaled(double largest) {
    return new GradientCase(
        about, op, function, inputs, kinkDistance, onKink, chain, largest, laws);
  }

  /** The same case, whose gradient also obeys {@code laws}. */
  public GradientCase obeying(Law... laws) {
    return new GradientCase(
        about, op, function, inputs, kinkDistance, onKink, chain, scale, List.of(laws));
  }

  /** The same point with another operator in the operator's place. */
  GradientCase replacing(Op other) {
    return new GradientCase(
        about,
        other,
        in -> Tensor.apply(other, in),
        inputs,
        kinkDistance,
        onKink,
        chain,
        scale,
        laws);
  }

  /** f(x) + f(x): every input is used twice, so contributions must add up. */
  GradientCase twice() {
    return new GradientCase(
        about + ", used twice",
        null,
        in -> function.apply(in).add(function.apply(in)),
        inputs,
        kinkDistance,
        onKink,
        chain,
        scale,
        laws);
  }

  /** Whether the derivative is zero everywhere, so that nothing is recorded. */
  boolean flat() {
    return op != null && !op.differentiable();
  }

  /** The same function at other values. */
  GradientCase at(double[][] values) {
    List<Input> moved = new java.util.ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      moved.add(inputs.get(i).with(values[i]));
    }
    return new GradientCase(about, op, function, moved, kinkDistance, onKink, chain, scale, laws);
  }

  /** The inputs' values. */
  double[][] values() {
    return inputs.stream().map(Input::values).toArray(double[][]::new);
  }

  /** Number of elements of all inputs. */
  int elements() {
    return inputs.stream().mapToInt(input -> input.values().length).sum();
  }

  /** Longest chain of roundings, as given or as many as there are elements. */
  int roundings() {
    return chain > 0 ? chain : elements();
  }

  /** Largest |value| of the inputs. */
  double largest() {
    double largest = 0;
    for (Input input : inputs) {
      for (double v : input.values()) {
        largest = Math.max(largest, Math.abs(v));
      }
    }
    return largest;
  }

  /** The shapes of the inputs, for messages. */
  String shapes() {
    StringBuilder text = new StringBuilder();
    for (Input input : inputs) {
      text.append(text.length() == 0 ? "" : " ").append(input.shape());
    }
    return text.toString();
  }
}

package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Noise;
import java.util.Arrays;

/**
 * In training, sets whole samples of a residual branch to 0 with probability p and divides the
 * others by 1 − p, so that each passes by a random part of the network; in evaluation, nothing. The
 * choice is a function of (seed, path of the layer, step, pass).
 *
 * <p>Source: Huang et al., "Deep networks with stochastic depth", ECCV 2016; per sample, as
 * torchvision's mode "row".
 */
public final class StochasticDepth extends Layer {
  private final double p;

  /**
   * @param p probability of losing a sample, 0 ≤ p &lt; 1
   */
  public StochasticDepth(double p) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("stochastic depth: 0 ≤ p < 1; p = " + p);
    }
    this.p = p;
  }

  /** The probability for block {@code i} of {@code count}: it grows from 0 to {@code last}. */
  public static StochasticDepth of(double last, int i, int count) {
    return new StochasticDepth(count == 1 ? last : last * i / (count - 1));
  }

  @Override
  protected Tensor forward(Tensor x) {
    if (!training() || p == 0) {
      return x;
    }
    long[] sizes = new long[x.shape().rank()];
    Arrays.fill(sizes, 1);
    sizes[0] = x.shape().size(0);
    return x.mul(Tensor.random(Shape.of(sizes), Noise.MASK, noise(), 1 - p, 1 / (1 - p)));
  }
}

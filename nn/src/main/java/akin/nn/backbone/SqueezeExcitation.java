package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Conv2d;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Pool;
import akin.tensor.Tensor;

/**
 * Weighs channels by what the whole picture holds: y = x·gate(W₂·f(W₁·mean x + b₁) + b₂), one
 * factor a channel. [N,C,H,W] → [N,C,H,W].
 *
 * <p>Source: Hu et al., "Squeeze-and-excitation networks", CVPR 2018; names as in torchvision.
 */
final class SqueezeExcitation extends Layer {
  private final Layer avgpool;
  private final Layer fc1;
  private final Layer fc2;
  private final Layer activation;
  private final Layer gate;

  /**
   * @param squeezed numbers between the two matrices
   * @param f follows the first matrix
   * @param gate follows the second
   */
  SqueezeExcitation(int channels, int squeezed, Activation f, Activation gate) {
    avgpool = child("avgpool", Pool.adaptiveAverage(1, 1));
    fc1 = child("fc1", matrix(channels, squeezed));
    fc2 = child("fc2", matrix(squeezed, channels));
    activation = child("activation", f);
    this.gate = child("scale_activation", gate);
  }

  private static Conv2d matrix(int in, int out) {
    return new Conv2d(in, out, 1)
        .startWith(Initializer.kaimingNormal(out), Initializer.constant(0));
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor squeezed = activation.apply(fc1.apply(avgpool.apply(x)));
    return x.mul(gate.apply(fc2.apply(squeezed)));
  }
}

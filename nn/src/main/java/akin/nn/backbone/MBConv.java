package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Layer;
import akin.nn.Sequential;
import akin.nn.StochasticDepth;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The inverted residual block of MobileNetV3 and EfficientNet: 1×1 to more channels (left away if
 * there are no more), depthwise k×k with the stride, both with norm and activation; squeeze and
 * excitation; 1×1 to {@code out} and norm; plus x where sizes agree. [N,in,H,W] →
 * [N,out,⌈H/stride⌉,⌈W/stride⌉].
 *
 * <p>Source: Howard et al., "Searching for MobileNetV3", ICCV 2019; names as in torchvision.
 */
final class MBConv extends Layer {
  /**
   * Sizes of one block.
   *
   * @param expanded channels of the depthwise convolution
   * @param squeezed numbers inside squeeze and excitation; 0 for none
   */
  record Plan(int in, int kernel, int expanded, int out, int squeezed, int stride) {}

  /**
   * What all blocks of a network share.
   *
   * @param inner between the matrices of squeeze and excitation
   * @param gate behind them
   * @param norm of every batch norm
   */
  record Style(Supplier<Activation> inner, Supplier<Activation> gate, ConvNorm.Norm norm) {}

  private final Layer block;
  private final Layer stochasticDepth;
  private final boolean shortcut;

  /**
   * @param activation behind the first two convolutions
   * @param depth null if no sample is ever lost
   */
  MBConv(Plan plan, Supplier<Activation> activation, Style style, StochasticDepth depth) {
    ConvNorm.Options point = ConvNorm.Options.kernel(1).norm(style.norm);
    ConvNorm.Options depthwise =
        ConvNorm.Options.kernel(plan.kernel)
            .stride(plan.stride)
            .groups(plan.expanded)
            .norm(style.norm);
    List<Layer> layers = new ArrayList<>();
    if (plan.expanded != plan.in) {
      layers.add(new ConvNorm(plan.in, plan.expanded, point.then(activation.get())));
    }
    layers.add(new ConvNorm(plan.expanded, plan.expanded, depthwise.then(activation.get())));
    if (plan.squeezed > 0) {
      layers.add(
          new SqueezeExcitation(plan.expanded, plan.squeezed, style.inner.get(), style.gate.get()));
    }
    layers.add(new ConvNorm(plan.expanded, plan.out, point));
    block = child("block", new Sequential(layers.toArray(Layer[]::new)));
    stochasticDepth = depth == null ? null : child("stochastic_depth", depth);
    shortcut = plan.stride == 1 && plan.in == plan.out;
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = block.apply(x);
    if (!shortcut) {
      return y;
    }
    return stochasticDepth == null ? y.add(x) : stochasticDepth.apply(y).add(x);
  }
}

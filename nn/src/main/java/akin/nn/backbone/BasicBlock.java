package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Conv2d;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Sequential;
import akin.tensor.Tensor;

/**
 * The residual block of ResNet-18 and -34: y = relu(bn2(conv2(relu(bn1(conv1 x)))) + shortcut x),
 * 3×3 convolutions, the first with the stride. The shortcut is x itself, or a strided 1×1
 * convolution with batch norm ({@code downsample}) where sizes differ. [N,in,H,W] →
 * [N,out,⌈H/stride⌉,⌈W/stride⌉].
 *
 * <p>Source: He et al., "Deep residual learning", CVPR 2016; names as in torchvision.
 */
public final class BasicBlock extends Layer {
  private final Layer conv1;
  private final BatchNorm bn1;
  private final Activation relu = Activation.relu();
  private final Layer conv2;
  private final Layer bn2;
  private final Layer downsample;

  /** A block from {@code in} to {@code out} channels. */
  public BasicBlock(int in, int out, int stride) {
    conv1 = child("conv1", convolution(in, out, 3, stride));
    bn1 = child("bn1", new BatchNorm(out));
    conv2 = child("conv2", convolution(out, out, 3, 1));
    bn2 = child("bn2", new BatchNorm(out));
    downsample =
        in == out && stride == 1
            ? null
            : child(
                "downsample", new Sequential(convolution(in, out, 1, stride), new BatchNorm(out)));
  }

  /** Without bias, padded to keep the size, begun as torchvision's ResNet (fan out). */
  static Conv2d convolution(int in, int out, int kernel, int stride) {
    Conv2d.Options options = Conv2d.Options.kernel(kernel).window(stride, kernel / 2).unbiased();
    Conv2d conv = new Conv2d(in, out, options);
    conv.weight().startWith(Initializer.kaimingNormal((long) out * kernel * kernel));
    return conv;
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = bn1.apply(conv1.apply(x), relu);
    y = bn2.apply(conv2.apply(y));
    return y.add(downsample == null ? x : downsample.apply(x)).relu();
  }
}

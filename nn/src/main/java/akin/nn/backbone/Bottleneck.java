package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Conv2d;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Sequential;
import akin.tensor.Tensor;

/**
 * The residual block of deeper ResNets: 1×1 to the inner width, 3×3 in groups, 1×1 to four times
 * the stage's width, each with batch norm, ReLU between; plus the shortcut, then ReLU. [N,in,H,W] →
 * [N,out,⌈H/stride⌉,⌈W/stride⌉].
 *
 * <p>The stride sits in the 3×3 convolution (torchvision), or in the first (the paper, Keras).
 *
 * <p>Source: He et al., "Deep residual learning", CVPR 2016; names as in torchvision.
 */
final class Bottleneck extends Layer {
  static final int EXPANSION = 4;

  private final Layer conv1;
  private final BatchNorm bn1;
  private final Activation relu = Activation.relu();
  private final Layer conv2;
  private final BatchNorm bn2;
  private final Layer conv3;
  private final Layer bn3;
  private final Layer downsample;

  Bottleneck(int in, int inner, int out, int stride, int groups, boolean strideFirst) {
    conv1 = child("conv1", BasicBlock.convolution(in, inner, 1, strideFirst ? stride : 1));
    bn1 = child("bn1", new BatchNorm(inner));
    Conv2d middle =
        new Conv2d(
            inner,
            inner,
            Conv2d.Options.kernel(3).window(strideFirst ? 1 : stride, 1).groups(groups).unbiased());
    middle.weight().startWith(Initializer.kaimingNormal((long) inner * 9));
    conv2 = child("conv2", middle);
    bn2 = child("bn2", new BatchNorm(inner));
    conv3 = child("conv3", BasicBlock.convolution(inner, out, 1, 1));
    bn3 = child("bn3", new BatchNorm(out));
    downsample =
        in == out && stride == 1
            ? null
            : child(
                "downsample",
                new Sequential(BasicBlock.convolution(in, out, 1, stride), new BatchNorm(out)));
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = bn1.apply(conv1.apply(x), relu);
    y = bn2.apply(conv2.apply(y), relu);
    y = bn3.apply(conv3.apply(y));
    return y.add(downsample == null ? x : downsample.apply(x)).relu();
  }
}

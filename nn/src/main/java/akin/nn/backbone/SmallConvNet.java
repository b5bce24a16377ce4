package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Layer;
import akin.nn.Sequential;
import akin.tensor.Tensor;

/**
 * A small residual network to be trained from nothing on pictures of 32 to 96 pixels: [N,C,H,W] →
 * [N, features].
 *
 * <pre>
 * conv1 3×3, stride 2 · bn1 · ReLU            [w0, H/2, W/2]
 * layer1: blocks of width w0                  [w0, H/2, W/2]
 * layer2 …: blocks of width wᵢ, stride 2      [wᵢ, H/2ⁱ⁺¹, W/2ⁱ⁺¹]
 * mean over all positions                     [features = the last width]
 * </pre>
 *
 * <p>With the standard widths a 64×64 picture takes 16 million multiplications. Names are those of
 * torchvision's ResNet.
 */
public final class SmallConvNet extends Layer implements FeatureMaps {
  private final Layer conv1;
  private final BatchNorm bn1;
  private final Activation relu = Activation.relu();
  private final Sequential[] stages;
  private final int width;

  /**
   * Sizes.
   *
   * @param channels C of the pictures
   * @param widths channels of each stage
   * @param blocks residual blocks of each stage
   */
  public record Options(int channels, int[] widths, int blocks) {
    /** RGB; widths 16, 32, 64, 128, one block each. */
    public static Options standard() {
      return new Options(3, new int[] {16, 32, 64, 128}, 1);
    }
  }

  /** The network, not yet initialised. */
  public SmallConvNet(Options options) {
    int[] widths = options.widths;
    conv1 = child("conv1", BasicBlock.convolution(options.channels, widths[0], 3, 2));
    bn1 = child("bn1", new BatchNorm(widths[0]));
    stages = new Sequential[widths.length];
    for (int i = 0; i < widths.length; i++) {
      Layer[] blocks = new Layer[options.blocks];
      for (int j = 0; j < blocks.length; j++) {
        boolean first = j == 0 && i > 0;
        blocks[j] = new BasicBlock(first ? widths[i - 1] : widths[i], widths[i], first ? 2 : 1);
      }
      stages[i] = child("layer" + (i + 1), new Sequential(blocks));
    }
    width = widths[widths.length - 1];
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int stride() {
    return 1 << stages.length;
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    return maps(pictures).mean(false, 2, 3);
  }

  @Override
  public Tensor maps(Tensor x) {
    Tensor y = bn1.apply(conv1.apply(x), relu);
    for (Sequential stage : stages) {
      y = stage.apply(y);
    }
    return y;
  }
}

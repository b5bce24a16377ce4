package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Conv2d;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Sequential;

/**
 * Convolution without bias {@code 0}, batch norm {@code 1}, and an activation {@code 2} if there is
 * one: [N,in,H,W] → [N,out,⌈H/stride⌉,⌈W/stride⌉]. Names and first values (normal, fan out) are
 * those of torchvision's Conv2dNormActivation.
 */
final class ConvNorm extends Sequential {
  /**
   * What follows what.
   *
   * @param kernel side of the kernel, odd; padded to keep the size at stride 1
   * @param same whether the padding is TensorFlow's; see {@link Conv2d.Options#same}
   * @param norm the batch norm's eps and momentum
   * @param activation null for none
   */
  record Options(
      int kernel, int stride, int groups, boolean same, Norm norm, Activation activation) {
    /** Stride 1, one group, torch's padding, PyTorch's batch norm, no activation. */
    static Options kernel(int size) {
      return new Options(size, 1, 1, false, new Norm(1e-5, 0.1), null);
    }

    Options stride(int step) {
      return new Options(kernel, step, groups, same, norm, activation);
    }

    Options groups(int count) {
      return new Options(kernel, stride, count, same, norm, activation);
    }

    Options same(boolean fitted) {
      return new Options(kernel, stride, groups, fitted, norm, activation);
    }

    Options norm(Norm other) {
      return new Options(kernel, stride, groups, same, other, activation);
    }

    Options then(Activation f) {
      return new Options(kernel, stride, groups, same, norm, f);
    }
  }

  /**
   * How a batch norm is told to behave.
   *
   * @param eps added to the variance
   * @param momentum share of the batch in the running statistics
   */
  record Norm(double eps, double momentum) {
    BatchNorm of(int channels) {
      return new BatchNorm(channels, eps, momentum);
    }
  }

  ConvNorm(int in, int out, Options options) {
    super(layers(in, out, options));
  }

  private static Layer[] layers(int in, int out, Options o) {
    Conv2d conv = convolution(in, out, o);
    BatchNorm norm = o.norm.of(out);
    return o.activation == null ? new Layer[] {conv, norm} : new Layer[] {conv, norm, o.activation};
  }

  private static Conv2d convolution(int in, int out, Options o) {
    Conv2d.Options window =
        Conv2d.Options.kernel(o.kernel).window(o.stride, o.kernel / 2).groups(o.groups).unbiased();
    Conv2d conv = new Conv2d(in, out, o.same ? window.same() : window);
    conv.weight().startWith(Initializer.kaimingNormal((long) out * o.kernel * o.kernel));
    return conv;
  }
}

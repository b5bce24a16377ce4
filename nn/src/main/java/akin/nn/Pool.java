package akin.nn;

import akin.tensor.Tensor;
import akin.tensor.backend.PoolShape;
import akin.tensor.op.Pool2d;
import java.util.function.UnaryOperator;

/** Pools planes of [N, C, H, W]. */
public final class Pool extends Layer {
  private final UnaryOperator<Tensor> pooling;

  /** Whether it takes maxima. */
  final boolean maximum;

  private Pool(boolean maximum, UnaryOperator<Tensor> pooling) {
    this.maximum = maximum;
    this.pooling = pooling;
  }

  /** Any sliding window. */
  public static Pool of(Pool2d window) {
    return new Pool(window.kind() == PoolShape.Kind.MAX, x -> x.pool2d(window));
  }

  /** The maximum of each kernel×kernel window. */
  public static Pool max(int kernel, int stride, int padding) {
    return new Pool(true, x -> x.maxPool2d(kernel, stride, padding));
  }

  /** The mean of each kernel×kernel window; padding counts as zeros. */
  public static Pool average(int kernel, int stride, int padding) {
    return new Pool(false, x -> x.avgPool2d(kernel, stride, padding));
  }

  /** The mean over windows chosen so that h×w values come out; they may overlap. */
  public static Pool adaptiveAverage(int h, int w) {
    return new Pool(false, x -> x.adaptiveAvgPool2d(h, w));
  }

  /** The maximum over windows chosen so that h×w values come out; they may overlap. */
  public static Pool adaptiveMax(int h, int w) {
    return new Pool(true, x -> x.adaptiveMaxPool2d(h, w));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return pooling.apply(x);
  }
}

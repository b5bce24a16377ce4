package akin.nn;

import akin.tensor.Tensor;
import akin.tensor.op.Pool2d;
import java.util.function.UnaryOperator;

/** Pools planes of [N, C, H, W]. */
public final class Pool extends Layer {
  private final UnaryOperator<Tensor> pooling;

  private Pool(UnaryOperator<Tensor> pooling) {
    this.pooling = pooling;
  }

  /** Any sliding window. */
  public static Pool of(Pool2d window) {
    return new Pool(x -> x.pool2d(window));
  }

  /** The maximum of each kernel×kernel window. */
  public static Pool max(int kernel, int stride, int padding) {
    return new Pool(x -> x.maxPool2d(kernel, stride, padding));
  }

  /** The mean of each kernel×kernel window; padding counts as zeros. */
  public static Pool average(int kernel, int stride, int padding) {
    return new Pool(x -> x.avgPool2d(kernel, stride, padding));
  }

  /** The mean over windows chosen so that h×w values come out; they may overlap. */
  public static Pool adaptiveAverage(int h, int w) {
    return new Pool(x -> x.adaptiveAvgPool2d(h, w));
  }

  /** The maximum over windows chosen so that h×w values come out; they may overlap. */
  public static Pool adaptiveMax(int h, int w) {
    return new Pool(x -> x.adaptiveMaxPool2d(h, w));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return pooling.apply(x);
  }
}

package akin.cuda.teach;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.PoolShape;
import java.util.ArrayList;
import java.util.List;

/** Calls on pictures. */
final class PictureExamples {
  private PictureExamples() {}

  private static final int CHANNELS = 8;
  private static final int FEATURES = 128;
  private static final int SIDE = 14;

  private static Shape pictures(int n) {
    return Shape.of(Math.max(2, n / (CHANNELS * SIDE * SIDE)), CHANNELS, SIDE, SIDE);
  }

  static List<Example> convolution() {
    return List.of(
        convolved("3×3, each channel alone", Window.of(1, 1), CHANNELS, Activation.RELU),
        convolved("3×3, uneven padding, ReLU6", uneven(), 1, Activation.RELU6),
        new Example(
            "conv2dGradWeight of x [N,2,14,14], each channel alone, N ≥ 24",
            (b, on, n) -> {
              Shape input = Shape.of(Math.max(24, n / (2 * SIDE * SIDE)), 2, SIDE, SIDE);
              ConvShape s = ConvShape.of(input, Shape.of(2, 1, 3, 3), Window.of(1, 1), 2);
              on.conv2dGradWeight(s, b.drawn(input.count()), b.drawn(input.count()), b.out(18));
            }));
  }

  private static Window uneven() {
    return new Window(2, 2, 0, 1, 0, 1, 1, 1);
  }

  private static Example convolved(String how, Window window, int groups, Activation act) {
    return new Example(
        "conv2d and its gradients of x [N,8,14,14], " + how,
        (b, on, n) -> {
          Shape kernel = Shape.of(CHANNELS, CHANNELS / groups, 3, 3);
          ConvShape s = ConvShape.of(pictures(n), kernel, window, groups);
          Buffer x = b.drawn(s.input().count());
          Buffer w = b.drawn(kernel.count());
          Buffer bias = b.drawn(CHANNELS);
          Buffer residual = b.drawn(s.output().count());
          on.conv2d(s, x, w, bias, residual, act, b.out(s.output().count()));
          Buffer dy = b.drawn(s.output().count());
          on.conv2dGradInput(s, dy, w, b.out(s.input().count()));
          on.conv2dGradWeight(s, x, dy, b.out(kernel.count()));
        });
  }

  static List<Example> pool() {
    List<Example> all = new ArrayList<>();
    for (PoolShape.Kind kind : PoolShape.Kind.values()) {
      all.add(
          new Example(
              "pool2d and pool2dGrad (" + kind + ", 3×3, stride 2) of x [N,8,14,14]",
              (b, on, n) -> {
                PoolShape s =
                    PoolShape.sliding(kind, pictures(n), 3, 3, Window.of(2, 1), false, true, 0);
                long outputs = (long) s.planes() * s.outH() * s.outW();
                long inputs = pictures(n).count();
                Buffer x = b.drawn(inputs);
                Buffer y = b.out(outputs);
                on.pool2d(s, x, y);
                on.pool2dGrad(s, x, y, b.drawn(outputs), b.out(inputs));
              }));
    }
    return all;
  }

  static List<Example> batchNorm() {
    return List.of(
        normed("in training, ReLU, x [N,8,14,14]", true, CHANNELS, SIDE * SIDE),
        normed("in training, ReLU, x [N,128]", true, FEATURES, 1),
        normed("by running statistics, ReLU, x [N,8,14,14]", false, CHANNELS, SIDE * SIDE));
  }

  private static Example normed(String how, boolean training, int channels, int inner) {
    return new Example(
        "batchNorm and batchNormGrad " + how,
        (b, on, n) -> {
          int outer = Math.max(2, n / (channels * inner));
          long count = (long) outer * channels * inner;
          Backend.Norm s =
              new Backend.Norm(outer, channels, inner, 1e-5, 0.1, training, 1, Activation.RELU);
          Buffer x = b.drawn(count);
          Buffer gamma = b.drawn(channels);
          Buffer beta = b.drawn(channels);
          Buffer mean = b.out(channels);
          Buffer scale = b.out(channels);
          Buffer moved = b.out(b.drawn(channels));
          Buffer spread = b.out(b.drawn(channels, 0.5, 2));
          on.batchNorm(x, gamma, beta, moved, spread, b.out(count), mean, scale, s);
          Buffer dy = b.drawn(count);
          Buffer dx = b.out(count);
          Buffer dGamma = b.out(channels);
          on.batchNormGrad(x, gamma, beta, mean, scale, dy, dx, dGamma, b.out(channels), s);
        });
  }
}

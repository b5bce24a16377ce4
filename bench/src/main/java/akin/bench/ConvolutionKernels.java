package akin.bench;

import akin.bench.Kernel.Operands;
import akin.bench.Row.Cost;
import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.PoolShape.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every convolution of ResNet-50 and MobileNetV2 in its three directions, and pools. */
final class ConvolutionKernels {
  private static final int BATCH = 8;

  private ConvolutionKernels() {}

  static List<Kernel> all() {
    List<Kernel> all = new ArrayList<>();
    Set<ConvShape> layers = new LinkedHashSet<>(Convolutions.of("resnet50", BATCH).keySet());
    layers.addAll(Convolutions.of("mobilenet_v2", BATCH).keySet());
    for (ConvShape s : layers) {
      all.add(
          convolution(
              s,
              "forward",
              (o, x, w, y) -> o.backend().conv2d(s, x, w, null, null, Activation.IDENTITY, y)));
      all.add(convolution(s, "dx", (o, x, w, y) -> o.backend().conv2dGradInput(s, y, w, x)));
      all.add(convolution(s, "dw", (o, x, w, y) -> o.backend().conv2dGradWeight(s, x, y, w)));
    }
    Shape early = Shape.of(BATCH, 64, 112, 112);
    pool(
        all,
        "max pool 3×3/2 ",
        early,
        PoolShape.sliding(Kind.MAX, early, 3, 3, Window.of(2, 1), false, false, 0));
    Shape late = Shape.of(BATCH, 2048, 7, 7);
    pool(all, "mean pool ", late, PoolShape.adaptive(Kind.AVERAGE, late, 1, 1));
    Shape digits = Shape.of(128, 64, 3, 3);
    pool(all, "mean pool to 2×2 ", digits, PoolShape.adaptive(Kind.AVERAGE, digits, 2, 2));
    Shape wide = Shape.of(BATCH, 256, 28, 28);
    pool(all, "mean pool to 7×7 ", wide, PoolShape.adaptive(Kind.AVERAGE, wide, 7, 7));
    pool(
        all,
        "mean pool 3×3/2 ",
        wide,
        PoolShape.sliding(Kind.AVERAGE, wide, 3, 3, Window.of(2, 1), false, false, 0));
    return all;
  }

  /** A convolution or one of its gradients, on input, weight and output. */
  @FunctionalInterface
  private interface Direction {
    void run(Operands o, Buffer x, Buffer w, Buffer y);
  }

  private static Kernel convolution(ConvShape s, String way, Direction direction) {
    double x = s.input().count();
    double w = s.kernel().count();
    double y = s.output().count();
    return new Kernel(
        String.format(
            "conv %d×%d%s %d→%d, %d×%d/%d %s",
            s.kh(),
            s.kw(),
            s.groups() == 1 ? "" : " depthwise",
            s.c(),
            s.o(),
            s.h(),
            s.w(),
            s.window().strideH(),
            way),
        new Cost(Convolutions.flops(s), Float.BYTES * (x + w + y)),
        Math.max(x, y),
        o -> {
          Buffer in = o.normal(x);
          Buffer weight = o.normal(w);
          Buffer out = o.normal(y);
          return () -> direction.run(o, in, weight, out);
        });
  }

  private static void pool(List<Kernel> all, String name, Shape input, PoolShape s) {
    double n = input.count();
    double outputs = (double) s.planes() * s.outH() * s.outW();
    all.add(
        Kernel.moving(
            name + input,
            n,
            n + outputs,
            o -> {
              Buffer x = o.normal(n);
              Buffer y = o.empty(outputs);
              return () -> o.backend().pool2d(s, x, y);
            }));
    all.add(
        Kernel.moving(
            name + input + " gradient",
            n,
            (s.kind() == Kind.MAX ? 2 : 1) * (n + outputs),
            o -> {
              Buffer x = o.normal(n);
              Buffer y = o.empty(outputs);
              Buffer dy = o.normal(outputs);
              Buffer dx = o.empty(n);
              o.backend().pool2d(s, x, y);
              return () -> o.backend().pool2dGrad(s, x, y, dy, dx);
            }));
  }
}

package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.PoolShape;
import akin.tensor.op.AdaptivePool2d;
import akin.tensor.op.Conv2d;
import akin.tensor.op.Pool2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Cases of convolutions and pools over pictures [N,C,H,W]. */
final class PictureCases {
  private PictureCases() {}

  static List<CaseGenerator> all() {
    List<CaseGenerator> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      all.add(CaseGenerator.operator(kind.label, Conv2d.class, draw -> conv(kind, draw)));
    }
    for (PoolShape.Kind kind : PoolShape.Kind.values()) {
      String name = kind == PoolShape.Kind.MAX ? "max pool" : "average pool";
      all.add(CaseGenerator.operator(name, Pool2d.class, d -> pool(kind, false, false, d)));
      all.add(
          CaseGenerator.operator(
              name + ", ceil mode", Pool2d.class, d -> pool(kind, true, false, d)));
      all.add(
          CaseGenerator.operator(
              name + ", adaptive", AdaptivePool2d.class, d -> adaptive(kind, false, d)));
    }
    PoolShape.Kind max = PoolShape.Kind.MAX;
    all.add(
        CaseGenerator.operator(
            "max pool, tied", Pool2d.class, draw -> pool(max, draw.coin(), true, draw)));
    all.add(
        CaseGenerator.operator(
            "max pool, adaptive, tied", AdaptivePool2d.class, d -> adaptive(max, true, d)));
    return all;
  }

  private enum Kind {
    PLAIN("conv2d"),
    STRIDED("conv2d, strides"),
    GROUPED("conv2d, groups"),
    DEPTHWISE("conv2d, depthwise"),
    DILATED("conv2d, dilated"),
    UNEVEN("conv2d, unequal padding"),
    POINTWISE("conv2d, 1×1");

    final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  private static GradientCase conv(Kind kind, Draw draw) {
    int kh = kind == Kind.POINTWISE ? 1 : draw.between(1, 3);
    int kw = kind == Kind.POINTWISE ? 1 : draw.between(1, 3);
    int groups =
        switch (kind) {
          case GROUPED -> draw.between(2, 3);
          case DEPTHWISE -> draw.extent();
          default -> 1;
        };
    int perGroup = kind == Kind.DEPTHWISE ? 1 : draw.extent(1, kind == Kind.GROUPED ? 8 : 64);
    int outputs = groups * (kind == Kind.DEPTHWISE ? draw.between(1, 2) : draw.extent(1, 64));
    Window window = window(kind, draw);
    int reachH = window.dilationH() * (kh - 1) + 1 - window.top() - window.bottom();
    int reachW = window.dilationW() * (kw - 1) + 1 - window.left() - window.right();
    int h = Math.max(1, reachH) + draw.extent(1, 64) - 1;
    int w = Math.max(1, reachW) + draw.extent(1, 64) - 1;
    List<Input> inputs = new ArrayList<>();
    inputs.add(draw.input(Shape.of(draw.extent(1, 3), groups * perGroup, h, w)));
    inputs.add(draw.input(Shape.of(outputs, perGroup, kh, kw)));
    if (draw.coin()) {
      inputs.add(draw.input(Shape.of(outputs)));
    }
    if (draw.below(4) == 0) {
      int frozen = draw.below(inputs.size());
      inputs.set(frozen, inputs.get(frozen).constant());
    }
    return GradientCase.of(new Conv2d(window, groups), inputs.toArray(new Input[0]));
  }

  private static Window window(Kind kind, Draw draw) {
    return switch (kind) {
      case STRIDED -> new Window(draw.between(1, 3), 2, 1, 1, 0, 0, 1, 1);
      case DILATED -> new Window(1, draw.between(1, 2), 1, 1, 1, 1, 2, draw.between(1, 3));
      case UNEVEN ->
          new Window(
              draw.between(1, 2),
              1,
              draw.below(3),
              draw.below(2),
              draw.below(2),
              draw.below(3),
              1,
              1);
      case POINTWISE -> Window.of(draw.between(1, 2), 0);
      default -> Window.of(draw.between(1, 2), draw.below(2));
    };
  }

  private static GradientCase pool(PoolShape.Kind kind, boolean ceil, boolean tied, Draw draw) {
    int kh = draw.between(1, 3);
    int kw = draw.between(1, 3);
    boolean max = kind == PoolShape.Kind.MAX;
    int dilation = max && draw.below(4) == 0 ? 2 : 1;
    Window window =
        new Window(
            draw.between(1, 3),
            draw.between(1, 3),
            draw.below(kh / 2 + 1),
            draw.below(kh / 2 + 1),
            draw.below(kw / 2 + 1),
            draw.below(kw / 2 + 1),
            dilation,
            dilation);
    int h = dilation * (kh - 1) + draw.extent(1, 64);
    int w = dilation * (kw - 1) + draw.extent(1, 64);
    Shape x = Shape.of(draw.extent(1, 2), draw.extent(1, 8), h, w);
    boolean count = draw.coin();
    int divisor = !max && draw.below(4) == 0 ? draw.between(1, 7) : 0;
    Pool2d op = new Pool2d(kind, kh, kw, window, ceil, count, divisor);
    PoolShape s = PoolShape.sliding(kind, x, kh, kw, window, ceil, count, divisor);
    return pooled(GradientCase.of(op, input(x, tied, draw)), s, tied).chained(kh * kw + kh * kw);
  }

  private static GradientCase adaptive(PoolShape.Kind kind, boolean tied, Draw draw) {
    Shape x =
        Shape.of(draw.extent(1, 2), draw.extent(1, 8), draw.extent(1, 64), draw.extent(1, 64));
    int outH = draw.between(1, 4);
    int outW = draw.between(1, 4);
    GradientCase made = GradientCase.of(new AdaptivePool2d(kind, outH, outW), input(x, tied, draw));
    return pooled(made, PoolShape.adaptive(kind, x, outH, outW), tied);
  }

  private static Input input(Shape x, boolean tied, Draw draw) {
    Input input = draw.input(x);
    return tied
        ? input.with(Arrays.stream(input.values()).map(v -> v < 0 ? -1 : 1).toArray())
        : input;
  }

  private static GradientCase pooled(GradientCase made, PoolShape s, boolean tied) {
    if (tied) {
      return made.atKink();
    }
    return s.kind() == PoolShape.Kind.MAX ? made.awayFrom(v -> leastLead(s, v[0])) : made;
  }

  /** The smallest best − second of any window; 0 if a window meets no cell at all. */
  private static double leastLead(PoolShape s, double[] x) {
    double least = Double.POSITIVE_INFINITY;
    for (int plane = 0; plane < s.planes(); plane++) {
      for (int i = 0; i < s.outH(); i++) {
        for (int j = 0; j < s.outW(); j++) {
          double[] window = window(s, x, plane, i, j);
          least = Math.min(least, window.length == 0 ? 0 : Distant.lead(window));
        }
      }
    }
    return least;
  }

  private static double[] window(PoolShape s, double[] x, int plane, int i, int j) {
    return IntStream.iterate(s.rowStart(i), row -> row < s.rowEnd(i), row -> row + s.rowStep())
        .filter(row -> row >= 0 && row < s.h())
        .boxed()
        .flatMapToDouble(
            row ->
                IntStream.iterate(s.colStart(j), col -> col < s.colEnd(j), col -> col + s.colStep())
                    .filter(col -> col >= 0 && col < s.w())
                    .mapToDouble(col -> x[(plane * s.h() + row) * s.w() + col]))
        .toArray();
  }
}

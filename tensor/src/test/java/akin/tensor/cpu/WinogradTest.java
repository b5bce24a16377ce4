package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.check.WinogradBound;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Winograd on shapes where it would not be chosen too, against its derived bound. */
class WinogradTest {
  private static final double ROUNDING = 0x1p-24;

  private static final Window[] WINDOWS = {
    Window.plain(),
    Window.of(1, 1),
    Window.of(1, 2),
    new Window(1, 1, 0, 2, 1, 3, 1, 1),
    new Window(1, 1, 2, 0, 4, 1, 1, 1)
  };

  private static List<ConvShape> shapes() {
    List<ConvShape> shapes = new ArrayList<>();
    int[] channels = {1, 3, 7, 8, 13, 64};
    for (int h = 1; h <= 13; h++) {
      for (Window w : WINDOWS) {
        int width = 1 + 5 * h % 13;
        int c = channels[(h + w.top()) % 6];
        int o = channels[(2 * h + w.left()) % 6];
        if (h + w.top() + w.bottom() >= 3 && width + w.left() + w.right() >= 3) {
          int groups = h % 4 == 0 ? 2 : 1;
          Shape x = Shape.of(1 + h % 3, c * groups, h, width);
          shapes.add(ConvShape.of(x, Shape.of(o * groups, c, 3, 3), w, groups));
        }
      }
    }
    shapes.add(shape(30, 16, 7, 7, 20));
    shapes.add(shape(1, 20, 61, 58, 33));
    return shapes;
  }

  private static ConvShape shape(int n, int c, int h, int w, int o) {
    return ConvShape.of(Shape.of(n, c, h, w), Shape.of(o, c, 3, 3), Window.of(1, 1), 1);
  }

  /** Output, gradient of the input, gradient of the kernel. */
  private record Results(float[] y, float[] dx, float[] dw) {
    float[][] all() {
      return new float[][] {y, dx, dw};
    }
  }

  private record Operands(float[] x, float[] w, float[] dy) {
    static Operands of(ConvShape s) {
      return new Operands(
          Case.normal("x", (int) s.input().count()),
          Case.normal("w", (int) s.kernel().count()),
          Case.normal("dy", (int) s.output().count()));
    }
  }

  private static Results winograd(int threads, ConvShape s, Operands in) {
    try (Workers workers = new Workers(threads)) {
      return new Results(
          run(workers, WinogradPass.forward(s), in.x, in.w, in.dy.length),
          run(workers, WinogradPass.backward(s), in.dy, in.w, in.x.length),
          gradient(workers, new WinogradGradient(s), in));
    }
  }

  private static float[] run(
      Workers workers, Convolutions.Pass pass, float[] x, float[] w, int length) {
    float[] packed = new float[(int) pass.packedLength()];
    float[] y = new float[length];
    pass.pack(workers, w, packed);
    Scratch scratch = new Scratch(workers.threads());
    pass.run(workers, scratch, x, packed, Sweep.Epilogue.NONE, y);
    return y;
  }

  private static float[] gradient(
      Workers workers, Convolutions.KernelGradient gradient, Operands in) {
    float[] dw = new float[in.w.length];
    gradient.run(workers, new Scratch(workers.threads()), in.x, in.dy, dw);
    return dw;
  }

  private static double[][] exact(ConvShape s, Operands in) {
    try (ReferenceBackend reference = new ReferenceBackend();
        Case.Lab lab = new Case.Lab(reference)) {
      Buffer x = lab.in(in.x);
      Buffer w = lab.in(in.w);
      Buffer dy = lab.in(in.dy);
      Buffer y = lab.out(in.dy.length);
      Buffer dx = lab.out(in.x.length);
      Buffer dw = lab.out(in.w.length);
      reference.conv2d(s, x, w, null, null, Activation.IDENTITY, y);
      reference.conv2dGradInput(s, dy, w, dx);
      reference.conv2dGradWeight(s, x, dy, dw);
      return lab.get(y, dx, dw);
    }
  }

  private static double[] wide(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  private static double[][] bounds(ConvShape s, Operands in) {
    return new double[][] {
      WinogradBound.forward(s, wide(in.x), wide(in.w)),
      WinogradBound.gradInput(s, wide(in.dy), wide(in.w)),
      WinogradBound.gradWeight(s, wide(in.x), wide(in.dy))
    };
  }

  /** The largest error as a share of its bound. */
  private static double worst(float[] actual, double[] exact, double[] bound) {
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      double error = Math.abs(actual[i] - exact[i]);
      double share = error == 0 ? 0 : error / (ROUNDING * bound[i]);
      worst = Math.max(worst, Double.isNaN(share) ? Double.POSITIVE_INFINITY : share);
    }
    return worst;
  }

  @Test
  void theErrorStaysWithinItsBoundAndTheBoundIsNotIdle() {
    double largest = 0;
    for (ConvShape s : shapes()) {
      Operands in = Operands.of(s);
      float[][] actual = winograd(1, s, in).all();
      double[][] exact = exact(s, in);
      double[][] bounds = bounds(s, in);
      for (int i = 0; i < 3; i++) {
        double worst = worst(actual[i], exact[i], bounds[i]);
        assertTrue(worst <= 1, s + ", result " + i + ": " + worst + " of the bound");
        largest = Math.max(largest, worst);
      }
    }
    // chains of 18 roundings and more seldom point the same way: a thousandth would be idle
    assertTrue(largest > 1e-3, "largest error: " + largest + " of its bound");
  }

  @Test
  void plainSumsAgreeWithinBothBounds() {
    for (ConvShape s : List.of(shape(2, 40, 13, 9, 33), shape(3, 64, 7, 7, 32))) {
      Operands in = Operands.of(s);
      try (Workers workers = new Workers(1)) {
        float[] plain = run(workers, Sweep.forward(s), in.x, in.w, in.dy.length);
        float[] other = run(workers, WinogradPass.forward(s), in.x, in.w, in.dy.length);
        double[] terms = exact(s, new Operands(Case.abs(in.x), Case.abs(in.w), in.dy))[0];
        double[] bound = WinogradBound.forward(s, wide(in.x), wide(in.w));
        boolean differ = false;
        for (int i = 0; i < plain.length; i++) {
          double allowed = ROUNDING * (bound[i] + s.channelsPerGroup() * 9 * terms[i]);
          assertTrue(Math.abs(plain[i] - other[i]) <= allowed, s + ", element " + i);
          differ |= plain[i] != other[i];
        }
        assertTrue(differ, "two ways, the same bits: is one of them not used?");
      }
    }
  }

  @Test
  void theBitsDoNotDependOnThreads() {
    for (ConvShape s : List.of(shape(1, 40, 13, 9, 70), shape(9, 33, 14, 14, 32))) {
      Operands in = Operands.of(s);
      float[][] expected = winograd(1, s, in).all();
      for (int threads = 2; threads <= 3; threads++) {
        float[][] actual = winograd(threads, s, in).all();
        for (int i = 0; i < 3; i++) {
          assertArrayEquals(expected[i], actual[i], s + ", result " + i);
        }
      }
    }
  }

  @Test
  void anInfinitySpoilsItsTilesAndNoOthers() {
    ConvShape s = shape(1, 1, 16, 16, 1);
    Operands in = Operands.of(s);
    in.x[5 * 16 + 5] = Float.POSITIVE_INFINITY; // in patches of the tiles 0 and 1 of each axis
    float[] y = winograd(1, s, in).y;
    for (int i = 0; i < y.length; i++) {
      boolean near = Math.abs(i / 16 - 5) <= 1 && Math.abs(i % 16 - 5) <= 1;
      boolean tile = i / 16 / 4 == 1 && i % 16 / 4 == 1;
      if (near) {
        assertFalse(Float.isFinite(y[i]), "element " + i + " saw the infinity");
      }
      if (i / 16 >= 8 || i % 16 >= 8) {
        assertTrue(Float.isFinite(y[i]), "element " + i + " is of another tile");
      }
      assertTrue(!tile || !Float.isFinite(y[i]), "element " + i + " shares the tile");
    }
  }
}

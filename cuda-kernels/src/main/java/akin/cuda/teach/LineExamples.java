package akin.cuda.teach;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;
import java.util.ArrayList;
import java.util.List;

/** Calls that go along rows, lines and axes. */
final class LineExamples {
  private LineExamples() {}

  private static Example reduced(Reduction r, String shape, Sizes sizes) {
    return new Example(
        "reduce(" + r + ", x " + shape + ")",
        (b, on, n) -> {
          long[] s = sizes.of(n);
          on.reduce(r, b.drawn(s[0] * s[1] * s[2]), b.out(s[0] * s[2]), s[0], s[1], s[2]);
        });
  }

  /** Outer, axis, inner. */
  private interface Sizes {
    long[] of(int n);
  }

  static List<Example> reduce() {
    List<Example> all = new ArrayList<>();
    for (Reduction r : Reduction.values()) {
      all.add(reduced(r, "[N,208,1]", n -> new long[] {Example.rows(n), Example.WIDTH, 1}));
      all.add(reduced(r, "[N,7,1]", n -> new long[] {Math.max(1, n / 7), 7, 1}));
      all.add(reduced(r, "[1,N,1]", n -> new long[] {1, n, 1}));
      all.add(reduced(r, "[1,N,208]", n -> new long[] {1, Example.rows(n), Example.WIDTH}));
      all.add(reduced(r, "[N,9,24]", n -> new long[] {Example.rows(n), 9, 24}));
    }
    return all;
  }

  static List<Example> arrange() {
    return List.of(
        permuted("[N,208] → [208,N]", n -> new long[] {Example.rows(n), Example.WIDTH}, 1, 0),
        permuted("[N,9,23] → [9,N,23]", n -> new long[] {Example.rows(n), 9, 23}, 1, 0, 2),
        permuted("[N,9,23] → [N,23,9]", n -> new long[] {Example.rows(n), 9, 23}, 0, 2, 1),
        permuted("[N,9,23] → [23,9,N]", n -> new long[] {Example.rows(n), 9, 23}, 2, 1, 0),
        permuted(
            "[3,N,9,2] → [9,2,N,3]", n -> new long[] {3, Math.max(1, n / 54), 9, 2}, 2, 3, 1, 0),
        gathered(Example.WIDTH),
        gathered(Example.WIDTH - 1),
        scattered(Example.WIDTH),
        scattered(Example.WIDTH - 1),
        new Example(
            "copy2d of the middle columns of x [N,208]",
            (b, on, n) ->
                on.copy2d(
                    b.drawn(Example.rows(n) * Example.WIDTH),
                    48,
                    Example.WIDTH,
                    b.out(Example.rows(n) * 100),
                    0,
                    100,
                    Example.rows(n),
                    100)),
        new Example(
            "copy2d of every third column",
            (b, on, n) ->
                on.copy2d(
                    b.drawn(Example.rows(n) * 3),
                    1,
                    3,
                    b.out(Example.rows(n)),
                    0,
                    1,
                    Example.rows(n),
                    1)));
  }

  private static Example gathered(int width) {
    return new Example(
        "gatherRows(x [N," + width + "], rows, y)",
        (b, on, n) -> {
          int rows = Example.rows(n);
          long count = (long) rows * width;
          on.gatherRows(b.drawn(count), b.rows(rows, rows), b.out(count), width);
        });
  }

  private static Example scattered(int width) {
    return new Example(
        "scatterAddRows(x [N," + width + "], rows, y)",
        (b, on, n) -> {
          int rows = Example.rows(n);
          long count = (long) rows * width;
          on.scatterAddRows(b.drawn(count), b.rows(rows, rows), b.out(count), rows, width);
        });
  }

  private static Example permuted(String how, Sizes sizes, int... order) {
    return new Example(
        "permute(x " + how + ")",
        (b, on, n) -> {
          long[] s = sizes.of(n);
          long count = Shape.of(s).count();
          on.permute(b.drawn(count), b.out(count), s, order);
        });
  }

  static List<Example> select() {
    return List.of(
        selected("x [N,208], k = 10", Example.WIDTH, 10),
        selected("x [N,9000], k = 10", 9000, 10),
        selected("x [N,9000], k = 3000", 9000, 3000));
  }

  private static Example selected(String how, int cols, int k) {
    return new Example(
        "topK(" + how + ")",
        (b, on, n) -> {
          int rows = Math.max(1, n / cols);
          on.topK(b.drawn((long) rows * cols), rows, cols, k, true, b.out(new int[rows * k]));
        });
  }

  static List<Example> layerNorm() {
    return List.of(normed(Example.WIDTH), normed(2000), normed(5000));
  }

  private static Example normed(int width) {
    return new Example(
        "layerNorm and layerNormGrad of x [N," + width + "]",
        (b, on, n) -> {
          int rows = Math.max(1, n / width);
          long count = (long) rows * width;
          Buffer x = b.drawn(count);
          Buffer gamma = b.drawn(width);
          Buffer mean = b.out(rows);
          Buffer scale = b.out(rows);
          on.layerNorm(x, gamma, b.drawn(width), b.out(count), mean, scale, rows, width, 1e-5);
          Buffer dx = b.out(count);
          on.layerNormGrad(
              x, gamma, mean, scale, b.drawn(count), dx, b.out(width), b.out(width), rows, width);
        });
  }

  static List<Example> unitLines() {
    return List.of(
        unit("[N,208,1]", n -> new long[] {Example.rows(n), Example.WIDTH, 1}),
        unit("[N,9,24]", n -> new long[] {Example.rows(n), 9, 24}),
        unit("[N,2000,1]", n -> new long[] {Math.max(1, n / 2000), 2000, 1}),
        unit("[1,N,2], N ≥ 5000", n -> new long[] {1, Math.max(5000, n / 2), 2}));
  }

  private static Example unit(String shape, Sizes sizes) {
    return new Example(
        "normalize and normalizeGrad of x " + shape,
        (b, on, n) -> {
          long[] s = sizes.of(n);
          long count = s[0] * s[1] * s[2];
          Buffer y = b.out(count);
          Buffer norm = b.out(s[0] * s[2]);
          on.normalize(b.drawn(count), y, norm, s[0], s[1], s[2], 1e-12);
          on.normalizeGrad(y, norm, b.drawn(count), b.out(count), s[0], s[1], s[2], 1e-12);
        });
  }
}

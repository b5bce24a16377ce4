package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Distance;
import akin.tensor.op.Distances;
import akin.tensor.op.MatMul;
import akin.tensor.op.TripletHinge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Cases of matrix products and of distances between rows. */
final class AlgebraCases {
  /**
   * Cosines are tried on rows no shorter than this: their gradient's terms are as large as 1/‖x‖
   * and cancel.
   */
  private static final double LEAST_NORM = 0.3;

  private AlgebraCases() {}

  static List<CaseGenerator> all() {
    List<CaseGenerator> all = new ArrayList<>();
    for (int form = 0; form < 4; form++) {
      boolean transA = form >= 2;
      boolean transB = form % 2 == 1;
      String name = "matmul" + (transA ? " Aᵀ" : " A") + (transB ? "Bᵀ" : "B");
      all.add(CaseGenerator.operator(name, MatMul.class, draw -> matMul(transA, transB, draw)));
    }
    all.add(CaseGenerator.operator("matmul XXᵀ", MatMul.class, AlgebraCases::gram));
    for (Distance f : Distance.values()) {
      String name = "distances " + f.name().toLowerCase(Locale.ROOT);
      all.add(CaseGenerator.operator(name, Distances.class, draw -> distances(f, draw)));
      all.add(
          CaseGenerator.operator(
              name + ", among themselves", Distances.class, draw -> among(f, draw)));
    }
    all.add(
        CaseGenerator.operator("triplet hinge", TripletHinge.class, AlgebraCases::tripletHinge));
    for (Distance f : List.of(Distance.EUCLIDEAN, Distance.L1)) {
      String name = "distances " + f.name().toLowerCase(Locale.ROOT) + ", coinciding";
      all.add(CaseGenerator.operator(name, Distances.class, draw -> coinciding(f, draw)));
    }
    return all;
  }

  private static GradientCase matMul(boolean transA, boolean transB, Draw draw) {
    int m = draw.extent();
    int k = draw.extent();
    int n = draw.extent();
    long[] batch = new long[draw.below(3)];
    Arrays.setAll(batch, i -> draw.extent(1, 3));
    Input a = draw.input(transA ? matrix(batch, k, m) : matrix(batch, m, k));
    Input b = draw.input(transB ? matrix(batch, n, k) : matrix(batch, k, n));
    if (draw.below(4) == 0) {
      if (draw.coin()) {
        a = a.constant();
      } else {
        b = b.constant();
      }
    }
    return GradientCase.of(new MatMul(transA, transB), a, b);
  }

  private static Shape matrix(long[] batch, int rows, int cols) {
    long[] sizes = Arrays.copyOf(batch, batch.length + 2);
    sizes[batch.length] = rows;
    sizes[batch.length + 1] = cols;
    return Shape.of(sizes);
  }

  private static GradientCase gram(Draw draw) {
    boolean left = draw.coin();
    MatMul op = new MatMul(left, !left);
    return GradientCase.of(
        op + " of x and x", in -> Tensor.apply(op, in[0], in[0]), draw.input(draw.shape(2)));
  }

  private static GradientCase distances(Distance f, Draw draw) {
    int d = draw.extent();
    Input a = draw.input(Shape.of(draw.extent(), d));
    Input b = draw.input(Shape.of(draw.extent(), d));
    GradientCase made =
        GradientCase.of(new Distances(f), a, b).awayFrom(v -> clearance(f, v[0], v[1], d, false));
    return switch (f) {
      case EUCLIDEAN, SQUARED, L1 ->
          made.obeying(
              new Law(
                  "distances: moving everything alike changes nothing",
                  (x, g) ->
                      IntStream.range(0, d)
                          .mapToObj(column -> Law.Balance.of(columns(g, column, d)))
                          .toList()));
      case DOT ->
          made.obeying(
              new Law(
                  "dot: of degree 1 in either argument",
                  (x, g) -> List.of(Law.Balance.of(degrees(x, g)))));
      case COSINE ->
          made.scaled(1 / LEAST_NORM)
              .obeying(
                  new Law(
                      "cosine distance: the gradient is orthogonal to x",
                      (x, g) ->
                          IntStream.range(0, x[0].length / d)
                              .mapToObj(row -> Law.Balance.of(products(x[0], g[0], row, d)))
                              .toList()));
    };
  }

  private static double[] columns(double[][] g, int column, int d) {
    return Arrays.stream(g)
        .flatMapToDouble(
            part -> IntStream.range(0, part.length / d).mapToDouble(r -> part[r * d + column]))
        .toArray();
  }

  /** The terms of Σ a·da − Σ b·db, which vanishes by Euler's theorem. */
  private static double[] degrees(double[][] x, double[][] g) {
    double[] left = IntStream.range(0, x[0].length).mapToDouble(i -> x[0][i] * g[0][i]).toArray();
    double[] right = IntStream.range(0, x[1].length).mapToDouble(i -> -x[1][i] * g[1][i]).toArray();
    return DoubleStream.concat(Arrays.stream(left), Arrays.stream(right)).toArray();
  }

  private static double[] products(double[] x, double[] g, int row, int d) {
    return IntStream.range(row * d, row * d + d).mapToDouble(i -> x[i] * g[i]).toArray();
  }

  private static GradientCase tripletHinge(Draw draw) {
    int n = draw.extent();
    int p = draw.extent();
    int m = draw.extent();
    TripletHinge op = new TripletHinge(draw.real(0.05, 2));
    return GradientCase.of(op, draw.input(Shape.of(n, p)), draw.input(Shape.of(n, m)))
        .awayFrom(v -> nearestHinge(op.margin(), v[0], v[1], n, p, m))
        .obeying(
            new Law(
                "triplet hinge: moving all of an anchor's distances alike changes nothing",
                (x, g) ->
                    IntStream.range(0, n)
                        .mapToObj(
                            i ->
                                Law.Balance.of(
                                    DoubleStream.concat(
                                            Arrays.stream(g[0], i * p, (i + 1) * p),
                                            Arrays.stream(g[1], i * m, (i + 1) * m))
                                        .toArray()))
                        .toList()));
  }

  /** The smallest |near − far + margin| of any triplet. */
  private static double nearestHinge(
      double margin, double[] near, double[] far, int n, int p, int m) {
    double[] hinges =
        IntStream.range(0, n * p * m)
            .mapToDouble(t -> near[t / m] - far[t / (p * m) * m + t % m] + margin)
            .toArray();
    return Distant.from(new double[] {0}, hinges);
  }

  private static GradientCase among(Distance f, Draw draw) {
    int d = draw.extent();
    Distances op = new Distances(f);
    return GradientCase.of(
            op + " of x and x",
            in -> Tensor.apply(op, in[0], in[0]),
            draw.input(Shape.of(draw.extent(), d)))
        .awayFrom(v -> clearance(f, v[0], v[0], d, true))
        .scaled(f == Distance.COSINE ? 1 / LEAST_NORM : 1);
  }

  private static GradientCase coinciding(Distance f, Draw draw) {
    Input a = draw.input(Shape.of(1, draw.extent()));
    double[] b = a.values().clone();
    if (f == Distance.L1 && b.length > 1) { // coincide in some coordinates only
      b[0] += 1;
    }
    return GradientCase.of(new Distances(f), a, a.with(b)).atKink();
  }

  /** How far pairs of rows are from where their distance has no derivative. */
  private static double clearance(Distance f, double[] a, double[] b, int d, boolean skipDiagonal) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < a.length / d; i++) {
      for (int j = 0; j < b.length / d; j++) {
        // A row's cosine with itself is smooth, but only away from the zero row.
        if (!skipDiagonal || i != j || f == Distance.COSINE) {
          least = Math.min(least, clearance(f, row(a, i, d), row(b, j, d)));
        }
      }
    }
    return least;
  }

  private static double clearance(Distance f, double[] x, double[] y) {
    double[] apart = IntStream.range(0, x.length).mapToDouble(k -> x[k] - y[k]).toArray();
    return switch (f) {
      case SQUARED, DOT -> Double.POSITIVE_INFINITY;
      case EUCLIDEAN -> Distant.unless(norm(apart) < 0.05);
      case COSINE -> Distant.unless(Math.min(norm(x), norm(y)) < LEAST_NORM);
      case L1 -> Distant.from(new double[] {0}, apart);
    };
  }

  private static double[] row(double[] x, int i, int d) {
    return Arrays.copyOfRange(x, i * d, i * d + d);
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
  }
}

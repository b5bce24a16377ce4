package akin.nn.check;

import akin.nn.metric.Distance;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import akin.tensor.Shape;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import akin.tensor.check.Law;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Gradient cases of the distances between embeddings, every norm and power, with and without
 * normalising; away from equal vectors, and at them.
 */
public final class DistanceCases implements CaseProvider {
  private static final List<Double> NORMS = List.of(1.0, 1.5, 2.0, 3.0);
  private static final double LEAST_PART = 0.01; // of a coordinate, where |x|ᵖ is bent at 0

  /** For {@link java.util.ServiceLoader}. */
  public DistanceCases() {}

  @Override
  public List<CaseGenerator> generators() {
    List<CaseGenerator> all = new ArrayList<>();
    for (double p : NORMS) {
      all.add(CaseGenerator.loss("distance, p = " + p, LpDistance.class, draw -> plain(p, draw)));
      all.add(
          CaseGenerator.loss(
              "distance, p = " + p + ", normalised",
              LpDistance.class,
              draw -> normalised(p, draw)));
      all.add(
          CaseGenerator.loss(
              "distance, p = " + p + ", of equal vectors",
              LpDistance.class,
              draw -> equal(p, draw)));
    }
    all.add(CaseGenerator.loss("dot product", DotProduct.class, DistanceCases::dotProduct));
    all.add(CaseGenerator.loss("cosine", DotProduct.class, DistanceCases::cosine));
    all.add(CaseGenerator.loss("signal-to-noise", SnrDistance.class, DistanceCases::noise));
    all.add(
        CaseGenerator.loss(
            "signal-to-noise, normalised", SnrDistance.class, DistanceCases::normalisedNoise));
    return all;
  }

  private static GradientCase plain(double p, Draw draw) {
    LpDistance distance = new LpDistance(p, draw.pick(List.of(1.0, 1.5, 2.0)), false);
    int width = draw.between(1, 5);
    return drawn(distance, width, draw)
        .awayFrom(values -> clearance(p, values[0], values[1], width))
        .scaled(Math.pow(4 * width, distance.power())) // each coordinate's difference is below 4
        .obeying(translation(width));
  }

  private static GradientCase normalised(double p, Draw draw) {
    LpDistance distance = new LpDistance(p, draw.pick(List.of(1.0, 1.5, 2.0)), true);
    int width = draw.between(2, 5);
    return drawn(distance, width, draw)
        .awayFrom(
            values ->
                Math.min(
                    Distant.unless(bent(p, values) || shortest(p, values, width) < Points.LEAST),
                    clearance(p, unit(p, values[0], width), unit(p, values[1], width), width)))
        .scaled(Math.pow(2, distance.power()) / Points.LEAST)
        .obeying(Points.scale(0, width), Points.scale(1, width));
  }

  /** The same vector, or, where lengths play no part, one along it. */
  private static GradientCase equal(double p, Draw draw) {
    LpDistance distance = new LpDistance(p, 1, draw.coin());
    Input a = draw.input(Shape.of(1, draw.between(1, 5)), 0.5, 2);
    double[] b = a.values().clone();
    if (distance.normalize()) {
      Arrays.setAll(b, k -> 2 * b[k]);
    }
    return of(distance, a, Input.of(a.shape(), b)).atKink();
  }

  private static GradientCase dotProduct(Draw draw) {
    return drawn(DotProduct.plain(), draw.between(1, 5), draw)
        .obeying(
            new Law(
                "both are linear: x·∂L/∂x = y·∂L/∂y",
                (x, g) -> List.of(Law.Balance.of(products(x, g)))));
  }

  private static double[] products(double[][] x, double[][] g) {
    return DoubleStream.concat(
            IntStream.range(0, x[0].length).mapToDouble(i -> x[0][i] * g[0][i]),
            IntStream.range(0, x[1].length).mapToDouble(i -> -x[1][i] * g[1][i]))
        .toArray();
  }

  private static GradientCase cosine(Draw draw) {
    int width = draw.between(1, 5);
    return drawn(DotProduct.cosine(), width, draw)
        .awayFrom(values -> Distant.unless(shortest(2, values, width) < Points.LEAST))
        .scaled(1 / Points.LEAST)
        .obeying(Points.scale(0, width), Points.scale(1, width));
  }

  private static GradientCase noise(Draw draw) {
    int width = draw.between(2, 5);
    return spread(drawn(new SnrDistance(false), width, draw), width)
        .obeying(levels(0, width), levels(1, width));
  }

  private static GradientCase normalisedNoise(Draw draw) {
    int width = draw.between(2, 5);
    return spread(drawn(new SnrDistance(true), width, draw), width)
        .obeying(Points.scale(0, width), Points.scale(1, width));
  }

  /** Away from vectors whose coordinates are nearly equal. */
  private static GradientCase spread(GradientCase of, int width) {
    return of.awayFrom(
            values -> {
              double[][] noise =
                  Arrays.stream(values).map(x -> centred(x, width)).toArray(double[][]::new);
              return Distant.unless(shortest(2, noise, width) < 3 * Points.LEAST);
            })
        .scaled(1 / (Points.LEAST * Points.LEAST));
  }

  private static double[] centred(double[] x, int width) {
    double[] centred = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i / width * width;
      centred[i] = x[i] - Arrays.stream(x, row, row + width).average().orElseThrow();
    }
    return centred;
  }

  /** The same number added to all coordinates of a vector changes no variance. */
  private static Law levels(int input, int width) {
    return new Law(
        "level: the gradient of each vector sums to 0",
        (x, g) ->
            IntStream.range(0, g[input].length / width)
                .mapToObj(
                    row ->
                        Law.Balance.of(
                            Arrays.copyOfRange(g[input], row * width, (row + 1) * width)))
                .toList());
  }

  // ---- what they share ----

  private static GradientCase drawn(Distance distance, int width, Draw draw) {
    return of(
        distance,
        draw.input(Shape.of(draw.between(1, 4), width)),
        draw.input(Shape.of(draw.between(1, 4), width)));
  }

  private static GradientCase of(Distance distance, Input a, Input b) {
    return GradientCase.of(distance.toString(), in -> distance.of(in[0], in[1]), a, b);
  }

  /** From equal vectors and, for p &lt; 2, from equal coordinates. */
  private static double clearance(double p, double[] a, double[] b, int width) {
    boolean unsafe = false;
    for (int i = 0; i < a.length; i += width) {
      for (int j = 0; j < b.length; j += width) {
        double[] difference = new double[width];
        for (int k = 0; k < width; k++) {
          difference[k] = a[i + k] - b[j + k];
        }
        unsafe |= norm(p, difference) < Points.LEAST || bent(p, difference);
      }
    }
    return Distant.unless(unsafe);
  }

  private static boolean bent(double p, double[]... values) {
    return p < 2
        && Arrays.stream(values)
            .flatMapToDouble(Arrays::stream)
            .anyMatch(v -> Math.abs(v) < LEAST_PART);
  }

  private static double shortest(double p, double[][] values, int width) {
    double least = Double.POSITIVE_INFINITY;
    for (double[] x : values) {
      for (int i = 0; i < x.length; i += width) {
        least = Math.min(least, norm(p, Arrays.copyOfRange(x, i, i + width)));
      }
    }
    return least;
  }

  private static double[] unit(double p, double[] x, int width) {
    double[] unit = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i / width * width;
      unit[i] = x[i] / norm(p, Arrays.copyOfRange(x, row, row + width));
    }
    return unit;
  }

  private static double norm(double p, double... x) {
    return Math.pow(Arrays.stream(x).map(v -> Math.pow(Math.abs(v), p)).sum(), 1 / p);
  }

  private static Law translation(int width) {
    return new Law(
        "translation: the gradients of all vectors sum to 0",
        (x, g) ->
            IntStream.range(0, width)
                .mapToObj(
                    k ->
                        Law.Balance.of(
                            Arrays.stream(g)
                                .flatMapToDouble(
                                    each ->
                                        IntStream.range(0, each.length / width)
                                            .mapToDouble(row -> each[row * width + k]))
                                .toArray()))
                .toList());
  }
}

package akin.nn.check;

import akin.nn.Layer;
import akin.nn.StateDict;
import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.Relation;
import akin.nn.metric.SelfSupervisedLoss;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.pair.TripletLoss;
import akin.nn.metric.rank.DynamicSoftMarginLoss;
import akin.nn.metric.rank.FastApLoss;
import akin.nn.metric.rank.HistogramLoss;
import akin.nn.metric.rank.PnpLoss;
import akin.nn.metric.rank.RankedListLoss;
import akin.nn.metric.rank.SmoothApLoss;
import akin.nn.metric.rank.SurrogatePrecisionLoss;
import akin.nn.metric.rank.VicRegLoss;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
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
import java.util.function.DoubleUnaryOperator;

/**
 * Gradient cases of losses of rankings, histograms and moments, away from the places where bins,
 * sets or nearest samples change; on a node of a histogram the slope must be one of both sides'.
 */
public final class RankLossCases implements CaseProvider {
  private static final double SHORTEST = 0.5; // a norm: directions then turn at most twice as fast

  /** For {@link java.util.ServiceLoader}. */
  public RankLossCases() {}

  @Override
  public List<CaseGenerator> generators() {
    List<CaseGenerator> all = new ArrayList<>();
    for (PnpLoss.Variant variant : PnpLoss.Variant.values()) {
      all.add(
          CaseGenerator.loss("PNP loss, " + variant, PnpLoss.class, draw -> pnp(variant, draw)));
    }
    all.add(CaseGenerator.loss("Smooth-AP loss", SmoothApLoss.class, RankLossCases::smoothAp));
    all.add(
        CaseGenerator.loss(
            "Smooth-AP loss of cosines", SmoothApLoss.class, RankLossCases::smoothApOfCosines));
    all.add(
        CaseGenerator.loss(
            "surrogate precision loss",
            SurrogatePrecisionLoss.class,
            RankLossCases::surrogatePrecision));
    all.add(CaseGenerator.loss("FastAP loss", FastApLoss.class, RankLossCases::fastAp));
    all.add(
        CaseGenerator.loss("FastAP loss on a node", FastApLoss.class, RankLossCases::fastApOnNode));
    all.add(CaseGenerator.loss("histogram loss", HistogramLoss.class, RankLossCases::histogram));
    all.add(
        CaseGenerator.loss(
            "histogram loss on a node", HistogramLoss.class, RankLossCases::histogramOnNode));
    all.add(CaseGenerator.loss("ranked list loss", RankedListLoss.class, RankLossCases::list));
    all.add(CaseGenerator.loss("VICReg loss", VicRegLoss.class, RankLossCases::vicReg));
    all.add(
        CaseGenerator.loss(
            "VICReg loss at its hinge", VicRegLoss.class, RankLossCases::vicRegAtHinge));
    all.add(
        CaseGenerator.loss(
            "dynamic soft margin loss",
            DynamicSoftMarginLoss.class,
            RankLossCases::dynamicSoftMargin));
    all.add(
        CaseGenerator.loss(
            "dynamic soft margin loss of views",
            DynamicSoftMarginLoss.class,
            RankLossCases::dynamicSoftMarginOfViews));
    all.add(
        CaseGenerator.loss(
            "self-supervised loss", SelfSupervisedLoss.class, RankLossCases::selfSupervised));
    return all;
  }

  // ---- rankings ----

  private static GradientCase smoothAp(Draw draw) {
    SmoothApLoss loss = SmoothApLoss.ofDistances(draw.pick(List.of(0.1, 0.5)));
    int[] labels = Points.labels(draw);
    int anchors = draw.coin() ? 0 : draw.between(1, labels.length);
    int width = draw.between(1, 5);
    Input x = draw.input(Shape.of(labels.length, width));
    return GradientCase.of(
            loss + " " + anchors + " anchors of " + Arrays.toString(labels),
            in -> loss.of(Batch.of(in[0], labels).first(anchors)).value(),
            x)
        .awayFrom(values -> Distant.unless(Points.closest(values[0], width) < Points.LEAST))
        .scaled(2 * Points.norm(x.values()) / loss.temperature())
        .obeying(Points.translation(width));
  }

  private static GradientCase smoothApOfCosines(Draw draw) {
    double temperature = draw.pick(List.of(0.1, 0.5));
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    return labelled(new SmoothApLoss(temperature, DotProduct.cosine()), labels, width, draw)
        .awayFrom(values -> Distant.unless(Points.shortest(values[0], width) < Points.LEAST))
        .scaled(1 / temperature)
        .obeying(Points.scale(0, width));
  }

  private static GradientCase surrogatePrecision(Draw draw) {
    double order = draw.pick(List.of(0.1, 0.5));
    SurrogatePrecisionLoss usual = SurrogatePrecisionLoss.usual(draw.between(1, 4));
    SurrogatePrecisionLoss loss =
        new SurrogatePrecisionLoss(usual.k(), draw.real(0.5, 2), order, usual.distance());
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    Input x = draw.input(Shape.of(labels.length, width));
    return GradientCase.of(
            loss + " " + Arrays.toString(labels), in -> loss.of(in[0], labels).value(), x)
        .awayFrom(values -> Distant.unless(Points.closest(values[0], width) < Points.LEAST))
        .scaled(2 * Points.norm(x.values()) / order)
        .obeying(Points.translation(width));
  }

  private static GradientCase pnp(PnpLoss.Variant variant, Draw draw) {
    double temperature = draw.pick(List.of(0.1, 0.5));
    PnpLoss loss = new PnpLoss(variant, draw.real(1, 3), draw.real(0.5, 2), temperature);
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    return labelled(loss, labels, width, draw)
        .awayFrom(values -> Distant.unless(Points.shortest(values[0], width) < Points.LEAST))
        .scaled(1 / temperature)
        .obeying(Points.scale(0, width));
  }

  private static GradientCase list(Draw draw) {
    RankedListLoss loss =
        new RankedListLoss(
            draw.real(0.2, 0.6),
            draw.real(1, 1.4),
            draw.pick(List.of(0.0, 2.0)),
            draw.pick(List.of(1.0, 10.0)),
            draw.real(0, 1));
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    return labelled(loss, labels, width, draw)
        .awayFrom(values -> fromRadius(loss, values[0], labels, width))
        .scaled(20)
        .obeying(Points.scale(0, width));
  }

  /** How far the nearest pair is from entering or leaving its set, where the loss jumps. */
  private static double fromRadius(RankedListLoss loss, double[] raw, int[] labels, int width) {
    double[] x = Points.unit(raw, width);
    double least = regular(raw, width);
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < i; j++) {
        double bound = labels[i] == labels[j] ? loss.radius() - loss.margin() : loss.radius();
        least = Math.min(least, Math.abs(Points.distance(x, i, j, width) - bound));
      }
    }
    return least / 4;
  }

  // ---- histograms ----

  private static GradientCase fastAp(Draw draw) {
    FastApLoss loss = new FastApLoss(draw.pick(List.of(4, 10)));
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    // A nearly empty bin bends 1/H within the step of a difference quotient.
    DoubleUnaryOperator phase = d -> fromNode(d, 4.0 / loss.bins());
    return labelled(loss, labels, width, draw)
        .awayFrom(
            values -> {
              double least = least(values[0], width, d -> phase.applyAsDouble(d * d));
              return least < 0.01 ? 0 : least / 4;
            })
        .scaled(20)
        .obeying(Points.scale(0, width));
  }

  private static GradientCase fastApOnNode(Draw draw) {
    // rows 0 and 1 are at right angles, d² = 2 exactly; row 2 is not on a node
    FastApLoss loss = new FastApLoss(draw.pick(List.of(4, 8)));
    return onNode(loss, draw);
  }

  private static GradientCase histogram(Draw draw) {
    HistogramLoss loss = new HistogramLoss(draw.pick(List.of(4, 10, 20)));
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    return labelled(loss, labels, width, draw)
        .awayFrom(
            values -> least(values[0], width, d -> fromNode(1 - d * d / 2, 2.0 / loss.bins())) / 4)
        .scaled(4.0 * loss.bins())
        .obeying(Points.scale(0, width));
  }

  private static GradientCase histogramOnNode(Draw draw) {
    return onNode(new HistogramLoss(draw.pick(List.of(4, 8))), draw);
  }

  /** One pair, at right angles, lies on a node. */
  private static GradientCase onNode(Loss loss, Draw draw) {
    double a = draw.real(0.3, 0.6);
    Input x = Input.of(Shape.of(3, 2), 1, 0, 0, 1, Math.cos(a), Math.sin(a));
    int[] labels = draw.coin() ? new int[] {0, 0, 1} : new int[] {0, 1, 0};
    return GradientCase.of(
            loss + " " + Arrays.toString(labels), in -> loss.of(in[0], labels).value(), x)
        .scaled(32)
        .atKink();
  }

  private static GradientCase dynamicSoftMargin(Draw draw) {
    double lowest = draw.pick(List.of(-2.0, -1.5));
    Remembering remembering = new Remembering(lowest, draw);
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    return GradientCase.of(
            remembering + " " + Arrays.toString(labels),
            in -> remembering.of(Batch.of(in[0], labels)),
            draw.input(Shape.of(labels.length, width)))
        .awayFrom(values -> remembering.fromJump(values[0], labels, width) / 8)
        .scaled(20)
        .obeying(Points.scale(0, width));
  }

  private static GradientCase dynamicSoftMarginOfViews(Draw draw) {
    Remembering remembering = new Remembering(-2, draw);
    int n = draw.between(1, 4);
    int width = draw.between(1, 5);
    Relation views = Relation.ofViews(n);
    return GradientCase.of(
            remembering + " of " + n + " views",
            in -> remembering.of(Batch.of(in[0], in[1], views)),
            draw.input(Shape.of(n, width)),
            draw.input(Shape.of(n, width)))
        .awayFrom(values -> remembering.fromJumpOfViews(values, n, width) / 8)
        .scaled(20)
        .obeying(Points.scale(0, width), Points.scale(1, width));
  }

  /** A loss with a history, which every evaluation begins with: it plays no part in gradients. */
  private static final class Remembering {
    private final double lowest;
    private final int bins;
    private final double momentum;
    private final boolean training;
    private final double[] histogram;

    Remembering(double lowest, Draw draw) {
      this.lowest = lowest;
      bins = draw.pick(List.of(5, 10));
      momentum = draw.real(0.01, 0.9);
      boolean empty = draw.below(4) == 0;
      training = draw.below(3) > 0;
      histogram = empty ? new double[bins] : draw.reals(bins, 0.1, 1);
      double sum = empty ? 1 : Arrays.stream(histogram).sum();
      Arrays.setAll(histogram, i -> histogram[i] / sum);
    }

    Tensor of(Batch batch) {
      DynamicSoftMarginLoss loss = new DynamicSoftMarginLoss(lowest, bins, momentum);
      try (Layer layer = loss.layer().orElseThrow()) {
        layer.allocate(Scope.current().backend());
        StateDict state = StateDict.of(layer);
        state.put("histogram", StateDict.Value.of(Shape.of(bins), histogram));
        state.into(layer, "a gradient case");
        if (!training) {
          layer.eval();
        }
        return loss.of(batch).value();
      }
    }

    private double fromNode(double x) {
      return RankLossCases.fromNode(x - lowest, -2 * lowest / bins);
    }

    double fromJump(double[] raw, int[] labels, int width) {
      double[] x = Points.unit(raw, width);
      double least = regular(raw, width);
      for (int a = 0; a < labels.length; a++) {
        for (int p = 0; p < labels.length; p++) {
          for (int n = 0; n < labels.length; n++) {
            if (p != a && labels[p] == labels[a] && labels[n] != labels[a]) {
              double near = Points.distance(x, a, p, width);
              least = Math.min(least, fromNode(near - Points.distance(x, a, n, width)));
            }
          }
        }
      }
      return least;
    }

    double fromJumpOfViews(double[][] raw, int n, int width) {
      double[] both = Arrays.copyOf(raw[0], 2 * n * width);
      System.arraycopy(raw[1], 0, both, n * width, n * width);
      double[] x = Points.unit(both, width);
      double least = regular(both, width);
      for (int i = 0; i < n; i++) {
        List<Double> far = new ArrayList<>();
        for (int j = 0; j < n; j++) {
          if (j != i) {
            far.add(-Points.distance(x, i, n + j, width));
            far.add(-Points.distance(x, j, n + i, width));
          }
        }
        double[] farther = far.stream().mapToDouble(Double::doubleValue).toArray();
        if (farther.length > 0) {
          double nearest = -Arrays.stream(farther).max().orElseThrow();
          least = Math.min(least, Distant.lead(farther));
          least = Math.min(least, fromNode(Points.distance(x, i, n + i, width) - nearest));
        }
      }
      return least;
    }

    @Override
    public String toString() {
      return "x₀ %s, %d bins, momentum %s, training %s, H %s"
          .formatted(lowest, bins, momentum, training, Arrays.toString(histogram));
    }
  }

  // ---- two views ----

  private static GradientCase vicReg(Draw draw) {
    VicRegLoss loss = new VicRegLoss(draw.real(1, 25), draw.real(1, 25), draw.real(0.5, 2), 1e-4);
    int n = draw.between(1, 6);
    int width = draw.between(1, 5);
    Relation views = Relation.ofViews(n);
    return GradientCase.of(
            loss + " of " + n,
            in -> loss.of(Batch.of(in[0], in[1], views)).value(),
            draw.input(Shape.of(n, width)),
            draw.input(Shape.of(n, width)))
        .awayFrom(values -> fromSpread(values, n, width))
        .scaled(25.0 * 16 * n)
        .obeying(together(width));
  }

  /** How far the nearest coordinate's deviation is from 1; a small one bends too much. */
  private static double fromSpread(double[][] views, int n, int width) {
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; n > 1 && k < 2 * width; k++) {
      double[] column = new double[n];
      for (int i = 0; i < n; i++) {
        column[i] = views[k / width][i * width + k % width];
      }
      double mean = Arrays.stream(column).average().orElseThrow();
      double var = Arrays.stream(column).map(v -> (v - mean) * (v - mean)).sum() / (n - 1);
      least = Math.min(least, var < 0.05 ? 0 : Math.abs(1 - Math.sqrt(var)) / 4);
    }
    return least;
  }

  /** Moving both views alike changes nothing. */
  private static Law together(int width) {
    return new Law(
        "translation: the gradients of all samples of both views sum to 0",
        (x, g) -> {
          List<Law.Balance> sums = new ArrayList<>();
          for (int k = 0; k < width; k++) {
            List<Double> terms = new ArrayList<>();
            for (int i = k; i < g[0].length; i += width) {
              terms.add(g[0][i]);
              terms.add(g[1][i]);
            }
            sums.add(Law.Balance.of(terms.stream().mapToDouble(Double::doubleValue).toArray()));
          }
          return sums;
        });
  }

  private static GradientCase vicRegAtHinge(Draw draw) {
    VicRegLoss loss = VicRegLoss.usual();
    double a = Math.sqrt((1 - loss.eps()) / 2); // the variance of ±a is 1 − ε
    Relation views = Relation.ofViews(2);
    Input other = Input.of(Shape.of(2, 1), draw.real(0, 0.1), draw.real(0.3, 0.5));
    return GradientCase.of(
            loss + " at √(var + ε) = 1",
            in -> loss.of(Batch.of(in[0], in[1], views)).value(),
            Input.of(Shape.of(2, 1), a, -a),
            other)
        .scaled(25)
        .atKink();
  }

  private static GradientCase selfSupervised(Draw draw) {
    TripletLoss smooth = new TripletLoss(0.1, false, true, DotProduct.cosine());
    SelfSupervisedLoss loss = new SelfSupervisedLoss(smooth, draw.coin());
    int n = draw.between(1, 5);
    int width = draw.between(1, 5);
    Relation views = Relation.ofViews(n);
    return GradientCase.of(
            loss + " of " + n,
            in -> loss.of(Batch.of(in[0], in[1], views)).value(),
            draw.input(Shape.of(n, width)),
            draw.input(Shape.of(n, width)))
        .awayFrom(
            values ->
                Distant.unless(
                    Math.min(Points.shortest(values[0], width), Points.shortest(values[1], width))
                        < Points.LEAST))
        .scaled(10)
        .obeying(Points.scale(0, width), Points.scale(1, width));
  }

  // ---- what they share ----

  private static GradientCase labelled(Loss loss, int[] labels, int width, Draw draw) {
    return GradientCase.of(
        loss + " " + Arrays.toString(labels),
        in -> loss.of(in[0], labels).value(),
        draw.input(Shape.of(labels.length, width)));
  }

  /** The least of f(distance of normalised rows), 0 if rows are too short for differences. */
  private static double least(double[] raw, int width, DoubleUnaryOperator f) {
    double[] x = Points.unit(raw, width);
    double least = Distant.unless(Points.shortest(raw, width) < SHORTEST);
    for (int i = 0; i < x.length / width; i++) {
      for (int j = 0; j < i; j++) {
        least = Math.min(least, f.applyAsDouble(Points.distance(x, i, j, width)));
      }
    }
    return least;
  }

  /** How far x is from the nearest multiple of a bin's width. */
  private static double fromNode(double x, double width) {
    return Math.abs(x - width * Math.rint(x / width));
  }

  /** 0 where a vector is too short, or two directions too near, for difference quotients. */
  private static double regular(double[] raw, int width) {
    boolean bad =
        Points.shortest(raw, width) < SHORTEST
            || Points.closest(Points.unit(raw, width), width) < Points.LEAST;
    return Distant.unless(bad);
  }
}

package akin.nn.check;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Pairs;
import akin.nn.metric.Reducer;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import akin.nn.metric.pair.BatchHardSoftMarginLoss;
import akin.nn.metric.pair.CircleLoss;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.pair.Hap2sLoss;
import akin.nn.metric.pair.IntraPairVarianceLoss;
import akin.nn.metric.pair.MarginLoss;
import akin.nn.metric.pair.Penalty;
import akin.nn.metric.pair.ThresholdConsistentMarginLoss;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Gradient cases of losses with margins, hardest pairs and weights without gradient. */
public final class MarginLossCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public MarginLossCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss(
            "circle loss, weights frozen", CircleLoss.class, MarginLossCases::circle),
        CaseGenerator.loss(
            "signal-to-noise contrastive loss", ContrastiveLoss.class, MarginLossCases::noise),
        CaseGenerator.loss(
            "threshold-consistent margin loss",
            ThresholdConsistentMarginLoss.class,
            MarginLossCases::threshold),
        CaseGenerator.loss(
            "threshold-consistent margin loss at a hinge",
            ThresholdConsistentMarginLoss.class,
            MarginLossCases::thresholdAtHinge),
        CaseGenerator.loss("margin loss", MarginLoss.class, MarginLossCases::margin),
        CaseGenerator.loss(
            "margin loss at a hinge", MarginLoss.class, MarginLossCases::marginAtHinge),
        CaseGenerator.loss(
            "intra-pair variance loss", IntraPairVarianceLoss.class, MarginLossCases::variance),
        CaseGenerator.loss(
            "batch hard loss", BatchHardSoftMarginLoss.class, MarginLossCases::batchHard),
        CaseGenerator.loss(
            "batch hard loss at a tie",
            BatchHardSoftMarginLoss.class,
            MarginLossCases::batchHardAtTie),
        CaseGenerator.loss(
            "batch hard loss at its hinge",
            BatchHardSoftMarginLoss.class,
            MarginLossCases::batchHardAtHinge),
        CaseGenerator.loss("HAP2S loss", Hap2sLoss.class, MarginLossCases::hap2s));
  }

  // ---- weights without gradient ----

  /** Values move as if the weights stood still; the gradient is the loss's own. */
  private static GradientCase circle(Draw draw) {
    CircleLoss loss = new CircleLoss(draw.real(0.1, 0.5), draw.real(5, 80));
    DrawnBatch batch = DrawnBatch.any(draw);
    double[][] at = Arrays.stream(batch.inputs()).map(Input::values).toArray(double[][]::new);
    return GradientCase.of(
            batch.of(loss).about(),
            in -> {
              Tensor value = loss.of(batch.of(in)).value();
              return value.sub(value.detach()).add(frozen(loss, batch, at, in).detach());
            },
            batch.inputs())
        .awayFrom(batch::regular)
        .scaled(6 * loss.gamma())
        .obeying(batch.scale());
  }

  /** The circle loss by its definition, with the weights of the point {@code at}. */
  private static Tensor frozen(CircleLoss loss, DrawnBatch drawn, double[][] at, Tensor... in) {
    Batch batch = drawn.of(in);
    Pairs pairs = batch.pairs();
    double[][] d = drawn.distances(DotProduct.cosine(), at); // −s
    Tensor s = DotProduct.cosine().of(batch.anchors(), batch.items());
    Shape shape = s.shape();
    double[] none = new double[Math.toIntExact(shape.count())];
    Arrays.fill(none, LogSumExp.NOTHING);
    double[] pull = new double[none.length];
    double[] push = new double[none.length];
    double[] near = none.clone();
    double[] far = none.clone();
    for (int k = 0; k < pairs.anchors().length; k++) {
      int cell = pairs.anchors()[k] * shape.dim(1) + pairs.positives()[k];
      double weight = 1 + loss.margin() + d[pairs.anchors()[k]][pairs.positives()[k]];
      pull[cell] = -loss.gamma() * Math.max(weight, 0);
      near[cell] = -pull[cell] * (1 - loss.margin());
    }
    for (int k = 0; k < pairs.negatives().length; k++) {
      int cell = pairs.negativeAnchors()[k] * shape.dim(1) + pairs.negatives()[k];
      double weight = loss.margin() - d[pairs.negativeAnchors()[k]][pairs.negatives()[k]];
      push[cell] = loss.gamma() * Math.max(weight, 0);
      far[cell] = -push[cell] * loss.margin();
    }
    Tensor p = s.mul(Tensor.of(shape, pull)).add(Tensor.of(shape, near));
    Tensor n = s.mul(Tensor.of(shape, push)).add(Tensor.of(shape, far));
    double[] each = LogSumExp.onePlus(LogSumExp.of(p).add(LogSumExp.of(n))).toDoubles();
    return Tensor.scalar(Arrays.stream(each).filter(l -> l > 0).average().orElse(0));
  }

  // ---- hinges ----

  private static GradientCase noise(Draw draw) {
    Distance distance = new SnrDistance(draw.coin());
    ContrastiveLoss loss = new ContrastiveLoss(draw.real(0, 0.5), draw.real(0.5, 4), distance);
    DrawnBatch batch = DrawnBatch.any(draw);
    return batch
        .of(loss)
        .awayFrom(
            values ->
                Math.min(
                    spread(values, batch.width()),
                    bounds(batch, batch.distances(distance, values), loss) / 100))
        .scaled(100);
  }

  /** 0 where the coordinates of a vector are too equal. */
  private static double spread(double[][] values, int width) {
    double[] all = Arrays.stream(values).flatMapToDouble(DoubleStream::of).toArray();
    for (int row = 0; row < all.length; row += width) {
      double mean = Arrays.stream(all, row, row + width).average().orElseThrow();
      for (int k = row; k < row + width; k++) {
        all[k] -= mean;
      }
    }
    return Distant.unless(Points.shortest(all, width) < 5 * Points.LEAST);
  }

  private static double bounds(DrawnBatch batch, double[][] d, ContrastiveLoss loss) {
    Pairs pairs = batch.tuples().pairs();
    return Math.min(
        Distant.from(new double[] {loss.positive()}, near(d, pairs)),
        Distant.from(new double[] {loss.negative()}, far(d, pairs)));
  }

  private static double[] near(double[][] d, Pairs pairs) {
    return IntStream.range(0, pairs.anchors().length)
        .mapToDouble(k -> d[pairs.anchors()[k]][pairs.positives()[k]])
        .toArray();
  }

  private static double[] far(double[][] d, Pairs pairs) {
    return IntStream.range(0, pairs.negatives().length)
        .mapToDouble(k -> d[pairs.negativeAnchors()[k]][pairs.negatives()[k]])
        .toArray();
  }

  private static GradientCase threshold(Draw draw) {
    ThresholdConsistentMarginLoss loss =
        new ThresholdConsistentMarginLoss(
            draw.real(0.5, 2), draw.real(0.5, 2), draw.real(0.3, 0.9), draw.real(0.1, 0.6));
    DrawnBatch batch = DrawnBatch.any(draw);
    Pairs pairs = batch.tuples().pairs();
    return batch
        .of(loss)
        .awayFrom(
            values -> {
              double[][] d = batch.distances(DotProduct.cosine(), values);
              double positives = Distant.from(new double[] {-loss.positive()}, near(d, pairs));
              double negatives = Distant.from(new double[] {-loss.negative()}, far(d, pairs));
              return Math.min(batch.regular(values), Math.min(positives, negatives) / 4);
            })
        .scaled(4)
        .obeying(batch.scale());
  }

  private static GradientCase thresholdAtHinge(Draw draw) {
    int width = draw.between(2, 5);
    Input x = draw.input(Shape.of(3, width));
    DrawnBatch batch = new DrawnBatch(new int[] {0, 0, 1}, null, false, width, x);
    double[] unit = Points.unit(x.values(), width);
    ThresholdConsistentMarginLoss loss =
        new ThresholdConsistentMarginLoss(
            1, 1, Points.dot(unit, 0, 1, width), Points.dot(unit, 0, 2, width));
    return batch.reduced(loss, Reducer.SUM).scaled(4).atKink();
  }

  private static GradientCase margin(Draw draw) {
    Distance distance = draw.pick(List.of(DotProduct.cosine(), LpDistance.euclidean()));
    double beta = distance.similarity() ? draw.real(-0.2, 0.5) : draw.real(0.8, 1.4);
    MarginLoss.Options options = new MarginLoss.Options(draw.real(0.05, 0.4), beta, 0, 0, distance);
    DrawnBatch batch = DrawnBatch.any(draw);
    Pairs pairs = batch.tuples().triplets().pairs();
    double boundary = distance.similarity() ? -beta : beta;
    return batch
        .of(new MarginLoss(options))
        .awayFrom(
            values -> {
              double[][] d = batch.distances(distance, values);
              double least =
                  Math.min(
                      Distant.from(new double[] {boundary - options.margin()}, near(d, pairs)),
                      Distant.from(new double[] {boundary + options.margin()}, far(d, pairs)));
              return Math.min(batch.regular(values), least / 4);
            })
        .scaled(4)
        .obeying(batch.scale());
  }

  private static GradientCase marginAtHinge(Draw draw) {
    int width = draw.between(2, 5);
    Input x = draw.input(Shape.of(3, width));
    DrawnBatch batch = new DrawnBatch(new int[] {0, 0, 1}, null, false, width, x);
    double[] unit = Points.unit(x.values(), width);
    MarginLoss.Options options =
        new MarginLoss.Options(0, Points.dot(unit, 0, 1, width), 0, 0, DotProduct.cosine());
    return batch.reduced(new MarginLoss(options), Reducer.SUM).scaled(4).atKink();
  }

  private static GradientCase variance(Draw draw) {
    Distance distance = draw.pick(List.of(DotProduct.cosine(), LpDistance.euclidean()));
    IntraPairVarianceLoss loss =
        new IntraPairVarianceLoss(draw.real(0.01, 0.3), draw.real(0.01, 0.3), distance);
    DrawnBatch batch = DrawnBatch.any(draw);
    Pairs pairs = batch.tuples().pairs();
    double sign = distance.similarity() ? -1 : 1;
    return batch
        .of(loss)
        .awayFrom(
            values -> {
              double[][] d = batch.distances(distance, values);
              double[] near = near(d, pairs);
              double[] far = far(d, pairs);
              double bound = mean(near) * (1 + sign * loss.positive());
              double other = mean(far) * (1 - sign * loss.negative());
              double least =
                  Math.min(
                      Distant.from(new double[] {bound}, near),
                      Distant.from(new double[] {other}, far));
              return Math.min(batch.regular(values), least / 8);
            })
        .scaled(8)
        .obeying(batch.scale());
  }

  private static double mean(double... x) {
    return Arrays.stream(x).average().orElse(0);
  }

  // ---- the hardest, and those near it ----

  private static Penalty penalty(Draw draw) {
    return draw.coin() ? Penalty.softMargin() : Penalty.hinge(draw.real(0.1, 2));
  }

  private static LpDistance euclidean(boolean normalize) {
    return new LpDistance(2, 1, normalize);
  }

  private static GradientCase batchHard(Draw draw) {
    BatchHardSoftMarginLoss loss =
        new BatchHardSoftMarginLoss(penalty(draw), euclidean(draw.coin()));
    DrawnBatch batch = DrawnBatch.any(draw);
    GradientCase made =
        batch
            .of(loss)
            .awayFrom(values -> Math.min(batch.regular(values), hardest(loss, batch, values) / 20))
            .scaled(20);
    return loss.distance().normalize() ? made.obeying(batch.scale()) : moved(made, batch);
  }

  private static GradientCase moved(GradientCase made, DrawnBatch batch) {
    return batch.itemLabels() == null ? made.obeying(Points.translation(batch.width())) : made;
  }

  /** From the nearest tie of an anchor's hardest, or from its hinge. */
  private static double hardest(BatchHardSoftMarginLoss loss, DrawnBatch batch, double[][] values) {
    double[][] d = batch.distances(loss.distance(), values);
    Pairs pairs = batch.tuples().pairs();
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a < d.length; a++) {
      double[] row = d[a];
      double[] near = items(a, pairs.anchors(), pairs.positives()).map(i -> row[(int) i]).toArray();
      double[] far =
          items(a, pairs.negativeAnchors(), pairs.negatives()).map(i -> -row[(int) i]).toArray();
      if (near.length > 0 && far.length > 0) {
        double z = Arrays.stream(near).max().orElseThrow() + Arrays.stream(far).max().orElseThrow();
        double hinge = loss.penalty().soft() ? 1 : Math.abs(z + loss.penalty().margin());
        least = Math.min(least, Math.min(hinge, Math.min(Distant.lead(near), Distant.lead(far))));
      }
    }
    return least;
  }

  private static DoubleStream items(int anchor, int[] anchors, int[] items) {
    return IntStream.range(0, anchors.length)
        .filter(k -> anchors[k] == anchor)
        .map(k -> items[k])
        .distinct()
        .asDoubleStream();
  }

  /** An anchor between two positives, and between two negatives, equally far. */
  private static GradientCase batchHardAtTie(Draw draw) {
    double near = draw.real(0.5, 1);
    double far = draw.real(1.5, 2);
    Input x = Input.of(Shape.of(5, 1), 0, near, -near, far, -far);
    DrawnBatch batch = new DrawnBatch(new int[] {0, 0, 0, 1, 1}, null, false, 1, x);
    return batch.of(new BatchHardSoftMarginLoss(Penalty.softMargin(), euclidean(false))).atKink();
  }

  private static GradientCase batchHardAtHinge(Draw draw) {
    double near = draw.real(0.5, 1);
    double far = draw.real(2.5, 3);
    Input x = Input.of(Shape.of(3, 1), 0, near, -far);
    DrawnBatch batch = new DrawnBatch(new int[] {0, 0, 1}, null, false, 1, x);
    Penalty hinge = Penalty.hinge(far - near); // z + m of sample 0 is 0
    return batch.of(new BatchHardSoftMarginLoss(hinge, euclidean(false))).atKink();
  }

  private static GradientCase hap2s(Draw draw) {
    Hap2sLoss.Weights weights =
        draw.coin()
            ? Hap2sLoss.Weights.polynomial(draw.real(2, 10))
            : Hap2sLoss.Weights.exponential(draw.real(0.3, 1));
    Hap2sLoss loss =
        new Hap2sLoss(
            weights, draw.coin() ? 0 : 1e-6, Penalty.softMargin(), euclidean(draw.coin()));
    DrawnBatch batch = DrawnBatch.any(draw);
    GradientCase made = batch.of(loss).awayFrom(batch::regular).scaled(200);
    return loss.distance().normalize() ? made.obeying(batch.scale()) : moved(made, batch);
  }
}

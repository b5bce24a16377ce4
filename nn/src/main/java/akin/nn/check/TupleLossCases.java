package akin.nn.check;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Pairs;
import akin.nn.metric.SumOfLosses;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.pair.AngularLoss;
import akin.nn.metric.pair.GeneralizedLiftedStructureLoss;
import akin.nn.metric.pair.LiftedStructureLoss;
import akin.nn.metric.pair.MultiSimilarityLoss;
import akin.nn.metric.pair.NPairsLoss;
import akin.nn.metric.pair.NTXentLoss;
import akin.nn.metric.pair.NcaLoss;
import akin.nn.metric.pair.SupConLoss;
import akin.nn.metric.pair.TupletMarginLoss;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Gradient cases of losses that sum exponentials over many pairs. */
public final class TupleLossCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public TupleLossCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        smooth("NT-Xent loss", NTXentLoss.class, 60, TupleLossCases::ntXent),
        smooth("SupCon loss", SupConLoss.class, 40, TupleLossCases::supCon),
        smooth("NCA loss", NcaLoss.class, 20, TupleLossCases::nca),
        smooth("multi-similarity loss", MultiSimilarityLoss.class, 60, TupleLossCases::similarity),
        smooth("weighted losses", SumOfLosses.class, 120, TupleLossCases::sum),
        smooth("N-pairs loss, normalised", NPairsLoss.class, 4, d -> new NPairsLoss(distance(d))),
        CaseGenerator.loss("N-pairs loss", NPairsLoss.class, TupleLossCases::nPairs),
        CaseGenerator.loss("angular loss", AngularLoss.class, TupleLossCases::angular),
        CaseGenerator.loss("tuplet margin loss", TupletMarginLoss.class, TupleLossCases::tuplet),
        CaseGenerator.loss(
            "lifted structure loss", LiftedStructureLoss.class, TupleLossCases::lifted),
        CaseGenerator.loss(
            "generalised lifted structure loss",
            GeneralizedLiftedStructureLoss.class,
            TupleLossCases::generalizedLifted),
        CaseGenerator.loss(
            "generalised lifted structure loss at its hinge",
            GeneralizedLiftedStructureLoss.class,
            TupleLossCases::generalizedLiftedAtHinge));
  }

  private static Distance distance(Draw draw) {
    return draw.pick(List.of(DotProduct.cosine(), LpDistance.euclidean(), LpDistance.squared()));
  }

  // ---- smooth ones, of directions only ----

  private static CaseGenerator smooth(
      String name, Class<?> type, double scale, Function<Draw, Loss> maker) {
    return CaseGenerator.loss(
        name,
        type,
        draw -> {
          Loss loss = maker.apply(draw);
          DrawnBatch batch = DrawnBatch.any(draw);
          return batch.of(loss).awayFrom(batch::regular).scaled(scale).obeying(batch.scale());
        });
  }

  private static Loss ntXent(Draw draw) {
    return new NTXentLoss(draw.real(0.07, 1), distance(draw));
  }

  private static Loss supCon(Draw draw) {
    return new SupConLoss(draw.real(0.1, 1), distance(draw));
  }

  private static Loss nca(Draw draw) {
    return new NcaLoss(draw.real(0.5, 5), distance(draw));
  }

  private static Loss similarity(Draw draw) {
    return new MultiSimilarityLoss(
        draw.real(1, 5), draw.real(1, 20), draw.real(0, 1), distance(draw));
  }

  private static Loss sum(Draw draw) {
    return new SumOfLosses(
        SumOfLosses.Part.of(draw.real(0.1, 2), ntXent(draw)),
        SumOfLosses.Part.of(draw.real(0.1, 2), nca(draw)));
  }

  // ---- vectors as they are ----

  private static GradientCase nPairs(Draw draw) {
    return DrawnBatch.any(draw).of(new NPairsLoss(DotProduct.plain())).scaled(40);
  }

  private static GradientCase angular(Draw draw) {
    DrawnBatch batch = DrawnBatch.any(draw);
    return batch.of(new AngularLoss(draw.real(30, 50))).awayFrom(batch::regular).scaled(80);
  }

  // ---- kinks ----

  private static GradientCase tuplet(Draw draw) {
    DrawnBatch batch = DrawnBatch.any(draw);
    return batch
        .of(new TupletMarginLoss(draw.real(1, 30), draw.real(5, 64)))
        .awayFrom(values -> Math.min(batch.regular(values), angles(batch, values)))
        .scaled(200)
        .obeying(batch.scale());
  }

  /** How far all positives' cosines are from ±1. */
  private static double angles(DrawnBatch batch, double[][] values) {
    double[][] s = batch.distances(DotProduct.cosine(), values);
    Pairs pairs = batch.tuples().pairs();
    return IntStream.range(0, pairs.anchors().length)
        .mapToDouble(k -> 0.99 - Math.abs(s[pairs.anchors()[k]][pairs.positives()[k]]))
        .min()
        .orElse(1);
  }

  private static GradientCase lifted(Draw draw) {
    LiftedStructureLoss loss =
        new LiftedStructureLoss(draw.real(0.5, 2), draw.real(0, 0.5), distance(draw));
    DrawnBatch batch = DrawnBatch.any(draw);
    return batch
        .of(loss)
        .awayFrom(values -> Math.min(batch.regular(values), hinge(loss, batch, values) / 4))
        .scaled(20)
        .obeying(batch.scale());
  }

  /** The smallest bracket of a pair. */
  private static double hinge(LiftedStructureLoss loss, DrawnBatch batch, double[][] values) {
    double sign = loss.distance().similarity() ? -1 : 1;
    double[][] d = batch.distances(loss.distance(), values);
    Pairs pairs = batch.tuples().pairs();
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < pairs.anchors().length; k++) {
      int a = pairs.anchors()[k];
      int p = pairs.positives()[k];
      double[] negatives =
          IntStream.range(0, pairs.negatives().length)
              .filter(
                  j ->
                      pairs.negativeAnchors()[j] == a
                          || batch.itemLabels() == null && pairs.negativeAnchors()[j] == p)
              .mapToDouble(
                  j -> sign * loss.negative() - d[pairs.negativeAnchors()[j]][pairs.negatives()[j]])
              .toArray();
      double z = logSumExp(negatives) + d[a][p] - sign * loss.positive();
      least = Math.min(least, Math.abs(z));
    }
    return least;
  }

  private static double logSumExp(double[] x) {
    return x.length == 0 ? 0 : Math.log(Arrays.stream(x).map(Math::exp).sum());
  }

  private static GradientCase generalizedLifted(Draw draw) {
    GeneralizedLiftedStructureLoss loss =
        new GeneralizedLiftedStructureLoss(draw.real(0.5, 2), draw.real(0, 0.5), distance(draw));
    DrawnBatch batch = DrawnBatch.any(draw);
    return batch
        .of(loss)
        .awayFrom(
            values ->
                Math.min(
                    batch.regular(values),
                    Arrays.stream(brackets(loss, batch, values)).map(Math::abs).min().orElse(1)
                        / 4))
        .scaled(20)
        .obeying(batch.scale());
  }

  private static GradientCase generalizedLiftedAtHinge(Draw draw) {
    DrawnBatch batch = DrawnBatch.any(draw);
    GeneralizedLiftedStructureLoss zero =
        new GeneralizedLiftedStructureLoss(0, 0, DotProduct.cosine());
    double[][] values = batch.inputs().length == 1 ? values(batch, 0) : values(batch, 0, 1);
    double first = brackets(zero, batch, values)[0];
    // with similarities the bracket is that of no margins, plus m_p − m_n: the first anchor's is 0
    GeneralizedLiftedStructureLoss loss =
        new GeneralizedLiftedStructureLoss(first, 0, DotProduct.cosine());
    return batch.of(loss).scaled(20).atKink();
  }

  private static double[][] values(DrawnBatch batch, int... inputs) {
    return IntStream.of(inputs).mapToObj(i -> batch.inputs()[i].values()).toArray(double[][]::new);
  }

  /** What the hinge is taken of, for each anchor. */
  private static double[] brackets(
      GeneralizedLiftedStructureLoss loss, DrawnBatch drawn, double[][] values) {
    double sign = loss.distance().similarity() ? -1 : 1;
    double[][] d = drawn.distances(loss.distance(), values);
    Batch batch = drawn.tuples();
    Pairs pairs = batch.pairs();
    double[] z = new double[batch.size()];
    for (int a = 0; a < z.length; a++) {
      double[] row = d[a];
      double[] near =
          of(a, pairs.anchors(), pairs.positives())
              .mapToDouble(p -> row[p] - sign * loss.positive())
              .toArray();
      double[] far =
          of(a, pairs.negativeAnchors(), pairs.negatives())
              .mapToDouble(n -> sign * loss.negative() - row[n])
              .toArray();
      z[a] = near.length + far.length == 0 ? 1 : logSumExp(near) + logSumExp(far);
    }
    return z;
  }

  /** The items of an anchor's pairs, each once. */
  private static IntStream of(int anchor, int[] anchors, int[] items) {
    return IntStream.range(0, anchors.length)
        .filter(k -> anchors[k] == anchor)
        .map(k -> items[k])
        .distinct();
  }
}

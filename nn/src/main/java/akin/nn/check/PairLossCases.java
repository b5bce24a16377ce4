package akin.nn.check;

import akin.nn.metric.Distance;
import akin.nn.metric.LabelLoss;
import akin.nn.metric.MinedLoss;
import akin.nn.metric.Miner;
import akin.nn.metric.Reducer;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.miner.HardClusterMiner;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.pair.TripletLoss;
import akin.nn.metric.reduce.LpRegularizer;
import akin.tensor.Shape;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Gradient cases of losses of pairs and triplets, away from their hinges. */
public final class PairLossCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public PairLossCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss("contrastive loss", ContrastiveLoss.class, PairLossCases::contrastive),
        CaseGenerator.loss("triplet loss", TripletLoss.class, PairLossCases::triplet),
        CaseGenerator.loss("mined loss", MinedLoss.class, PairLossCases::mined),
        CaseGenerator.loss("loss of clusters", MinedLoss.class, PairLossCases::clusters));
  }

  private static GradientCase contrastive(Draw draw) {
    Distance distance = distance(draw);
    ContrastiveLoss loss = new ContrastiveLoss(draw.real(0, 0.5), draw.real(0.5, 1), distance);
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    return labelled(loss, labels, draw.input(Shape.of(labels.length, width)))
        .awayFrom(
            values -> {
              double[] x = Points.unit(values[0], width);
              double least = regular(values[0], width);
              for (int i = 0; i < labels.length; i++) {
                for (int j = 0; j < i; j++) {
                  double bound = labels[i] == labels[j] ? loss.positive() : loss.negative();
                  double d = measured(distance, x, i, j, width);
                  least = Math.min(least, Math.abs(d - bound));
                }
              }
              return least / 4;
            })
        .scaled(20)
        .obeying(Points.scale(0, width));
  }

  private static GradientCase triplet(Draw draw) {
    Distance distance = distance(draw);
    boolean smooth = draw.coin();
    TripletLoss loss = new TripletLoss(draw.real(0.05, 0.5), draw.coin(), smooth, distance);
    int[] labels = Points.labels(draw);
    int width = draw.between(2, 5);
    return labelled(loss, labels, draw.input(Shape.of(labels.length, width)))
        .awayFrom(values -> hinge(loss, values[0], labels, width) / 4)
        .scaled(20)
        .obeying(Points.scale(0, width));
  }

  /** How far the nearest triplet is from its hinge, and from where its swap turns over. */
  private static double hinge(TripletLoss loss, double[] raw, int[] labels, int width) {
    double least = regular(raw, width);
    double[] x = Points.unit(raw, width);
    double sign = loss.distance().similarity() ? -1 : 1;
    for (int a = 0; a < labels.length; a++) {
      for (int p = 0; p < labels.length; p++) {
        for (int n = 0; n < labels.length; n++) {
          if (p != a && labels[p] == labels[a] && labels[n] != labels[a]) {
            double near = sign * measured(loss.distance(), x, a, p, width);
            double far = sign * measured(loss.distance(), x, a, n, width);
            double swapped = sign * measured(loss.distance(), x, p, n, width);
            least = Math.min(least, loss.swap() ? Math.abs(far - swapped) : least);
            double used = loss.swap() ? Math.min(far, swapped) : far;
            least = Math.min(least, Math.abs(near - used + loss.margin()));
          }
        }
      }
    }
    return least;
  }

  private static GradientCase mined(Draw draw) {
    TripletLoss smooth = new TripletLoss(0.1, false, true, DotProduct.cosine());
    double weight = draw.real(0.1, 1);
    Miner everySecond = batch -> batch.triplets().only(i -> i % 2 == 0);
    MinedLoss loss =
        new MinedLoss(everySecond, smooth, Reducer.SUM, new LpRegularizer(2, 1), weight);
    int[] labels = Points.labels(draw);
    int width = draw.between(1, 5);
    return labelled(loss, labels, draw.input(Shape.of(labels.length, width)))
        .awayFrom(values -> regular(values[0], width))
        .scaled(100);
  }

  /** Three samples of each class: of two, both are equally far from their mean. */
  private static GradientCase clusters(Draw draw) {
    TripletLoss smooth = new TripletLoss(0.1, false, true, DotProduct.cosine());
    int classes = draw.between(2, 3);
    int[] labels = IntStream.range(0, 3 * classes).map(i -> i % classes).toArray();
    int width = draw.between(2, 4);
    Input x = draw.input(Shape.of(labels.length, width));
    return labelled(MinedLoss.of(HardClusterMiner.usual(), smooth), labels, x)
        .awayFrom(values -> fromOtherClusters(values[0], classes, width) / 4)
        .scaled(100);
  }

  /** By how much the farthest samples and the nearest centres lead. */
  private static double fromOtherClusters(double[] x, int classes, int width) {
    double[] centres = new double[classes * width];
    for (int i = 0; i < x.length; i++) {
      centres[i % centres.length] += x[i] / 3;
    }
    double least =
        Distant.unless(
            Math.min(Points.shortest(x, width), Points.shortest(centres, width))
                < 3 * Points.LEAST);
    double[] all = Arrays.copyOf(centres, centres.length + x.length);
    System.arraycopy(x, 0, all, centres.length, x.length);
    for (int c = 0; c < classes; c++) {
      int of = c;
      least =
          Math.min(
              least,
              Distant.lead(
                  IntStream.range(1, 4)
                      .mapToDouble(k -> Points.distance(all, of, of + k * classes, width))
                      .toArray()));
      least =
          Math.min(
              least,
              Distant.lead(
                  IntStream.range(0, classes)
                      .filter(other -> other != of)
                      .mapToDouble(other -> -Points.distance(all, of, other, width))
                      .toArray()));
    }
    return least;
  }

  private static Distance distance(Draw draw) {
    return draw.pick(List.of(LpDistance.euclidean(), LpDistance.squared(), DotProduct.cosine()));
  }

  private static double measured(Distance distance, double[] unit, int i, int j, int width) {
    if (distance.similarity()) {
      return Points.dot(unit, i, j, width);
    }
    return Math.pow(Points.distance(unit, i, j, width), ((LpDistance) distance).power());
  }

  /** 0 where a vector is too short, or two directions too near, for difference quotients. */
  private static double regular(double[] raw, int width) {
    boolean bad =
        Points.shortest(raw, width) < 2 * Points.LEAST
            || Points.closest(Points.unit(raw, width), width) < Points.LEAST;
    return Distant.unless(bad);
  }

  private static GradientCase labelled(LabelLoss loss, int[] labels, Input embeddings) {
    return GradientCase.of(
        loss + " " + Arrays.toString(labels), in -> loss.of(in[0], labels).value(), embeddings);
  }
}

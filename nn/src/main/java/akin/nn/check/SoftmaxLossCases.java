package akin.nn.check;

import akin.nn.metric.proxy.AdaCosLoss;
import akin.nn.metric.proxy.AdaFaceLoss;
import akin.nn.metric.proxy.ArcFaceLoss;
import akin.nn.metric.proxy.CosFaceLoss;
import akin.nn.metric.proxy.CurricularFaceLoss;
import akin.nn.metric.proxy.DynMArcFaceLoss;
import akin.nn.metric.proxy.LargeMarginSoftmaxLoss;
import akin.nn.metric.proxy.LiArcFaceLoss;
import akin.nn.metric.proxy.NormalizedSoftmaxLoss;
import akin.nn.metric.proxy.SphereFaceLoss;
import akin.nn.metric.proxy.SubCenterArcFaceLoss;
import akin.tensor.Shape;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Gradient cases of margin softmax: away from where a margin falls back, an angle is 0 or π, or
 * vectors of a class are equally near. What has no gradient (AdaCos' s, CurricularFace's t,
 * AdaFace's g) is held fast here; that the losses detach it is tested with them.
 */
public final class SoftmaxLossCases implements CaseProvider {
  private static final double FLAT = 0.95; // a cosine beyond it is too near to an angle of 0 or π
  private static final double FASTEST = 20; // as an angle's cosine moves there, over inputs

  /** For {@link java.util.ServiceLoader}. */
  public SoftmaxLossCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss(
            "normalised softmax loss", NormalizedSoftmaxLoss.class, SoftmaxLossCases::normalized),
        CaseGenerator.loss("CosFace loss", CosFaceLoss.class, SoftmaxLossCases::cosFace),
        CaseGenerator.loss(
            "large-margin softmax loss",
            LargeMarginSoftmaxLoss.class,
            SoftmaxLossCases::largeMargin),
        CaseGenerator.loss("SphereFace loss", SphereFaceLoss.class, SoftmaxLossCases::sphereFace),
        CaseGenerator.loss("ArcFace loss", ArcFaceLoss.class, SoftmaxLossCases::arcFace),
        CaseGenerator.loss(
            "sub-center ArcFace loss", SubCenterArcFaceLoss.class, SoftmaxLossCases::subCenter),
        CaseGenerator.loss(
            "sub-center ArcFace loss at a tie",
            SubCenterArcFaceLoss.class,
            SoftmaxLossCases::subCenterAtTie),
        CaseGenerator.loss("DynM-ArcFace loss", DynMArcFaceLoss.class, SoftmaxLossCases::dynM),
        CaseGenerator.loss("Li-ArcFace loss", LiArcFaceLoss.class, SoftmaxLossCases::liArc),
        CaseGenerator.loss("AdaCos loss, s held", AdaCosLoss.class, SoftmaxLossCases::adaCos),
        CaseGenerator.loss(
            "CurricularFace loss, t held", CurricularFaceLoss.class, SoftmaxLossCases::curricular),
        CaseGenerator.loss("AdaFace loss, g held", AdaFaceLoss.class, SoftmaxLossCases::adaFace));
  }

  private static double scale(Draw draw) {
    return draw.pick(List.of(1.0, 4.0, 10.0));
  }

  private static GradientCase normalized(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    double s = scale(draw);
    return cosines(at, at.of(new NormalizedSoftmaxLoss(at.classes(), at.width(), 1 / s)), s);
  }

  private static GradientCase cosFace(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    double s = scale(draw);
    double m = draw.real(0, 0.5);
    return cosines(at, at.of(new CosFaceLoss(at.classes(), at.width(), m, s)), s);
  }

  /** Lengths play no part in losses of cosines. */
  private static GradientCase cosines(ClassPoints at, GradientCase drawn, double s) {
    return drawn.scaled(10 * s).obeying(at.scaleOfEmbeddings(), at.scaleOfVectors());
  }

  private static GradientCase largeMargin(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    int m = draw.between(1, 4);
    double s = draw.real(0.5, 1);
    return at.of(new LargeMarginSoftmaxLoss(at.classes(), at.width(), m, s))
        .awayFrom(values -> Math.min(at.regular(values), sector(at, values, m)))
        .scaled(100 * s);
  }

  private static GradientCase sphereFace(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    int m = draw.between(1, 4);
    double s = draw.real(0.5, 2);
    return at.of(new SphereFaceLoss(at.classes(), at.width(), m, s))
        .awayFrom(values -> Math.min(at.regular(values), sector(at, values, m)))
        .scaled(100 * s)
        .obeying(at.scaleOfVectors());
  }

  /** How far own cosines are from where k changes: the second derivative jumps there. */
  private static double sector(ClassPoints at, double[][] values, int m) {
    double[] edges = IntStream.range(1, m).mapToDouble(j -> Math.cos(j * Math.PI / m)).toArray();
    return at.own(values, c -> Distant.from(edges, c)) / 4;
  }

  private static GradientCase arcFace(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    double s = scale(draw);
    double m = draw.real(0.1, 1.2);
    boolean easy = draw.coin();
    ArcFaceLoss loss =
        new ArcFaceLoss(at.classes(), at.width(), ArcFaceLoss.Options.of(m, s, easy));
    double jump = easy ? 0 : -Math.cos(m);
    return cosines(at, at.of(loss).awayFrom(v -> away(at, v, c -> Math.abs(c - jump))), s);
  }

  /** Away from angles of 0 and π, and from what {@code distance} says of own cosines. */
  private static double away(ClassPoints at, double[][] values, DoubleUnaryOperator distance) {
    double apart = at.own(values, c -> Math.min(distance.applyAsDouble(c), FLAT - Math.abs(c)));
    return Math.min(at.regular(values), apart / FASTEST);
  }

  private static GradientCase subCenter(Draw draw) {
    int centers = draw.between(1, 4);
    ClassPoints at = ClassPoints.draw(draw, 1, centers, true);
    double s = scale(draw);
    double m = draw.real(0.1, 1.2);
    SubCenterArcFaceLoss loss = new SubCenterArcFaceLoss(at.classes(), at.width(), centers, m, s);
    return cosines(
        at,
        at.of(loss)
            .awayFrom(
                values -> {
                  double least = away(at, values, c -> Math.abs(c + Math.cos(m)));
                  for (int i = 0; i < at.labels().length; i++) {
                    for (int c = 0; c < at.classes(); c++) {
                      least = Math.min(least, Distant.lead(at.cosines(values, i, c)) / FASTEST);
                    }
                  }
                  return least;
                }),
        s);
  }

  /** Both vectors of the own class are equal: the gradient may go to either, or to both. */
  private static GradientCase subCenterAtTie(Draw draw) {
    int width = draw.between(2, 4);
    Input x = draw.input(Shape.of(1, width), 0.5, 1);
    Input w = draw.input(Shape.of(width, 4));
    double[] tied = w.values().clone();
    for (int k = 0; k < width; k++) {
      tied[4 * k] = draw.real(-1, -0.5) * (k % 2 == 0 ? 1 : -1);
      tied[4 * k + 1] = tied[4 * k];
    }
    int[] labels = {0};
    ClassPoints at = new ClassPoints(labels, 2, 2, width, true, x, w.with(tied), null);
    return at.of(new SubCenterArcFaceLoss(2, width, 2, 0.3, 4)).atKink();
  }

  private static GradientCase dynM(Draw draw) {
    int centers = draw.between(1, 2);
    ClassPoints at = ClassPoints.draw(draw, 1, centers, true);
    int[] counts = IntStream.range(0, at.classes()).map(c -> draw.below(50)).toArray();
    double s = scale(draw);
    DynMArcFaceLoss loss = new DynMArcFaceLoss(counts, at.width(), centers, 0.2, 0.5, s);
    return cosines(
        at,
        at.of(loss)
            .awayFrom(
                values -> {
                  double least = away(at, values, c -> 1);
                  for (int i = 0; i < at.labels().length; i++) {
                    double own = at.cosine(values, i, at.labels()[i]);
                    double jump = -Math.cos(loss.margins()[at.labels()[i]]);
                    least = Math.min(least, Math.abs(own - jump) / FASTEST);
                    for (int c = 0; c < at.classes(); c++) {
                      least = Math.min(least, Distant.lead(at.cosines(values, i, c)) / FASTEST);
                    }
                  }
                  return least;
                }),
        s);
  }

  private static GradientCase liArc(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    double s = scale(draw);
    double m = draw.real(0, 1);
    return cosines(
        at,
        at.of(new LiArcFaceLoss(at.classes(), at.width(), m, s))
            .awayFrom(values -> Math.min(at.regular(values), largest(at, values, FLAT))),
        s);
  }

  /** By how much all cosines stay below a bound. */
  private static double largest(ClassPoints at, double[][] values, double bound) {
    double least = bound;
    for (int i = 0; i < at.labels().length; i++) {
      for (int c = 0; c < at.classes(); c++) {
        least = Math.min(least, bound - Math.abs(at.cosine(values, i, c)));
      }
    }
    return least;
  }

  private static GradientCase adaCos(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 3, 1, true);
    AdaCosLoss loss = new AdaCosLoss(at.classes(), at.width(), draw.coin());
    double s = draw.real(1, 10);
    return cosines(
        at,
        at.of(
            loss + " s = " + s,
            in -> AdaCosLoss.losses(loss.cosines(in[0], in[1]), at.labels(), s)),
        s);
  }

  private static GradientCase curricular(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    double s = scale(draw);
    double m = draw.real(0.1, 1);
    double t = draw.real(-0.2, 1);
    CurricularFaceLoss loss = new CurricularFaceLoss(at.classes(), at.width(), m, s);
    return cosines(
        at,
        at.of(loss + " t = " + t, in -> loss.losses(loss.cosines(in[0], in[1]), at.labels(), t))
            .awayFrom(
                values -> {
                  double least = away(at, values, c -> Math.abs(c + Math.cos(m)));
                  for (int i = 0; i < at.labels().length; i++) {
                    double own = at.cosine(values, i, at.labels()[i]);
                    double shifted = Math.cos(Math.acos(own) + m);
                    for (int c = 0; c < at.classes(); c++) {
                      double apart = Math.abs(at.cosine(values, i, c) - shifted);
                      least = Math.min(least, apart / FASTEST);
                    }
                  }
                  return least;
                }),
        s);
  }

  private static GradientCase adaFace(Draw draw) {
    ClassPoints at = ClassPoints.draw(draw, 1, 1, true);
    double s = scale(draw);
    double m = draw.real(0.1, 1);
    double[] g = draw.reals(at.labels().length, -1, 1);
    AdaFaceLoss loss =
        new AdaFaceLoss(at.classes(), at.width(), new AdaFaceLoss.Options(m, 0.333, 1, s));
    return cosines(
        at,
        at.of("AdaFace m = " + m, in -> loss.losses(loss.cosines(in[0], in[1]), at.labels(), g))
            .awayFrom(
                values -> {
                  double least = away(at, values, c -> 1);
                  least = Math.min(least, largest(at, values, 0.999) / 4);
                  for (int i = 0; i < g.length; i++) {
                    double angle = Math.acos(at.cosine(values, i, at.labels()[i])) - m * g[i];
                    double clipped = Distant.from(new double[] {1e-3, Math.PI - 1e-3}, angle);
                    least = Math.min(least, clipped / FASTEST);
                  }
                  return least;
                }),
        s);
  }
}

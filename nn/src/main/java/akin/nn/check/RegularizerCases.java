package akin.nn.check;

import akin.nn.metric.Regularizer;
import akin.nn.metric.reduce.CenterInvariantRegularizer;
import akin.nn.metric.reduce.LpRegularizer;
import akin.nn.metric.reduce.RegularFaceRegularizer;
import akin.nn.metric.reduce.SparseCentersRegularizer;
import akin.nn.metric.reduce.ZeroMeanRegularizer;
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

/** Gradient cases of regularisers. */
public final class RegularizerCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public RegularizerCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss("Lp regulariser", LpRegularizer.class, RegularizerCases::lp),
        CaseGenerator.loss(
            "zero-mean regulariser", ZeroMeanRegularizer.class, RegularizerCases::zeroMean),
        CaseGenerator.loss(
            "zero-mean regulariser at 0",
            ZeroMeanRegularizer.class,
            RegularizerCases::zeroMeanAtKink),
        CaseGenerator.loss(
            "centre-invariant regulariser",
            CenterInvariantRegularizer.class,
            RegularizerCases::centerInvariant),
        CaseGenerator.loss(
            "RegularFace regulariser", RegularFaceRegularizer.class, RegularizerCases::regularFace),
        CaseGenerator.loss(
            "sparse centres regulariser",
            SparseCentersRegularizer.class,
            RegularizerCases::sparseCenters));
  }

  private static GradientCase of(Regularizer regularizer, Input vectors) {
    return GradientCase.of(regularizer.toString(), in -> regularizer.of(in[0]), vectors);
  }

  private static GradientCase lp(Draw draw) {
    int width = draw.between(1, 5);
    double p = draw.pick(List.of(2.0, 3.0));
    return of(new LpRegularizer(p, draw.between(1, 2)), draw.input(Shape.of(draw.extent(), width)))
        .awayFrom(values -> Distant.unless(Points.shortest(values[0], width) < Points.LEAST))
        .scaled(100);
  }

  private static GradientCase zeroMean(Draw draw) {
    int width = draw.between(1, 5);
    return of(new ZeroMeanRegularizer(), draw.input(Shape.of(draw.extent(), width)))
        .awayFrom(
            values ->
                IntStream.range(0, values[0].length / width)
                    .mapToDouble(
                        row ->
                            Math.abs(
                                Arrays.stream(values[0], row * width, (row + 1) * width).sum()))
                    .min()
                    .orElseThrow());
  }

  private static GradientCase zeroMeanAtKink(Draw draw) {
    double a = draw.real(0.5, 2);
    return of(new ZeroMeanRegularizer(), Input.of(Shape.of(2, 2), a, -a, -a, a)).atKink();
  }

  private static GradientCase centerInvariant(Draw draw) {
    return of(new CenterInvariantRegularizer(), draw.input(draw.shape(2))).scaled(1000);
  }

  private static GradientCase regularFace(Draw draw) {
    int width = draw.between(2, 5);
    int n = draw.between(1, 5);
    return of(new RegularFaceRegularizer(), draw.input(Shape.of(n, width)))
        .awayFrom(
            values -> {
              double[] unit = Points.unit(values[0], width);
              double least = Distant.unless(Points.shortest(values[0], width) < 2 * Points.LEAST);
              for (int i = 0; i < n; i++) {
                int row = i;
                double[] others =
                    IntStream.range(0, n)
                        .filter(j -> j != row)
                        .mapToDouble(j -> Points.dot(unit, row, j, width))
                        .toArray();
                least = Math.min(least, Distant.lead(others) / 4);
              }
              return least;
            })
        .scaled(20)
        .obeying(Points.scale(0, width));
  }

  private static GradientCase sparseCenters(Draw draw) {
    int width = draw.between(2, 5);
    int each = draw.between(2, 3);
    Shape shape = Shape.of((long) each * draw.between(1, 3), width);
    return of(new SparseCentersRegularizer(each), draw.input(shape))
        .awayFrom(
            values ->
                Distant.unless(
                    Points.shortest(values[0], width) < 2 * Points.LEAST
                        || Points.closest(Points.unit(values[0], width), width) < Points.LEAST))
        .scaled(100)
        .obeying(Points.scale(0, width));
  }
}

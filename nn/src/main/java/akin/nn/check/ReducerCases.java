package akin.nn.check;

import akin.nn.metric.Batch;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.reduce.ClassWeightedReducer;
import akin.nn.metric.reduce.DivisorReducer;
import akin.nn.metric.reduce.PerAnchorReducer;
import akin.nn.metric.reduce.ThresholdReducer;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gradient cases of every reducer, of losses above and below 0 and away from where one begins to
 * count: how many count is a constant there.
 */
public final class ReducerCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public ReducerCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss("mean of losses", Reducer.class, draw -> drawn(Reducer.MEAN, draw)),
        CaseGenerator.loss("sum of losses", Reducer.class, draw -> drawn(Reducer.SUM, draw)),
        CaseGenerator.loss(
            "mean of losses above 0", Reducer.class, draw -> drawn(Reducer.NON_ZERO, draw, 0)),
        CaseGenerator.loss(
            "sum of losses over a number",
            DivisorReducer.class,
            draw -> drawn(new DivisorReducer(draw.real(0.5, 20)), draw)),
        CaseGenerator.loss(
            "mean of anchors' mean losses",
            PerAnchorReducer.class,
            draw -> drawn(new PerAnchorReducer(), draw)),
        CaseGenerator.loss(
            "mean of losses weighted by class",
            ClassWeightedReducer.class,
            draw -> drawn(new ClassWeightedReducer(draw.reals(3, 0, 2)), draw)),
        CaseGenerator.loss(
            "mean of losses between bounds", ThresholdReducer.class, ReducerCases::bounded));
  }

  private static GradientCase bounded(Draw draw) {
    double low = draw.coin() ? Double.NEGATIVE_INFINITY : draw.real(-1, 0.5);
    double high = draw.coin() ? Double.POSITIVE_INFINITY : draw.real(0.5, 2);
    return drawn(new ThresholdReducer(low, high), draw, low, high);
  }

  private static GradientCase drawn(Reducer reducer, Draw draw, double... bounds) {
    int size = draw.between(1, 5);
    int[] labels = IntStream.range(0, size).map(i -> draw.below(3)).toArray();
    int[] anchors = IntStream.range(0, draw.between(1, 8)).map(i -> draw.below(size)).toArray();
    return GradientCase.of(
            reducer.getClass().getSimpleName() + " of " + anchors.length,
            in ->
                reducer.of(
                    Terms.of(in[0], anchors), Batch.of(Tensor.zeros(Shape.of(size, 1)), labels)),
            draw.input(Shape.of(anchors.length)))
        .awayFrom(values -> Distant.from(bounds, values[0]));
  }
}

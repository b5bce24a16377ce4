package akin.nn.check;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Reducer;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.check.Distant;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import akin.tensor.check.Law;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A batch of a gradient case: samples of up to three classes, by themselves or against other items,
 * with all tuples or some of them, of which pairs may stand there more than once.
 *
 * @param itemLabels null where the items are the anchors
 * @param mined whether every third triplet is left out
 */
record DrawnBatch(int[] labels, int[] itemLabels, boolean mined, int width, Input... inputs) {
  /** Any batch of vectors of at least two numbers. */
  static DrawnBatch any(Draw draw) {
    int[] labels = Points.labels(draw);
    int[] itemLabels = draw.below(3) == 0 ? Points.labels(draw) : null;
    int width = draw.between(2, 5);
    Input anchors = draw.input(Shape.of(labels.length, width));
    return itemLabels == null
        ? new DrawnBatch(labels, null, draw.coin(), width, anchors)
        : new DrawnBatch(
            labels,
            itemLabels,
            draw.coin(),
            width,
            anchors,
            draw.input(Shape.of(itemLabels.length, width)));
  }

  /** The batch of these tensors. */
  Batch of(Tensor... in) {
    Batch batch =
        itemLabels == null ? Batch.of(in[0], labels) : Batch.of(in[0], labels, in[1], itemLabels);
    return mined ? batch.with(batch.triplets().only(i -> i % 3 != 2)) : batch;
  }

  /** The loss of this batch, reduced as published. */
  GradientCase of(Loss loss) {
    return reduced(loss, loss.reducer());
  }

  /** The loss of this batch. */
  GradientCase reduced(Loss loss, Reducer reducer) {
    String about =
        loss
            + " "
            + Arrays.toString(labels)
            + (mined ? ", mined " : " ")
            + Arrays.toString(itemLabels);
    return GradientCase.of(about, in -> loss.reduced(of(in), reducer).value(), inputs);
  }

  /** Lengths of vectors play no part. */
  Law[] scale() {
    return IntStream.range(0, inputs.length)
        .mapToObj(input -> Points.scale(input, width))
        .toArray(Law[]::new);
  }

  /** What the reference backend makes of a batch of {@code values}. */
  double[] measure(double[][] values, Function<Batch, Tensor> what) {
    try (ReferenceBackend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      Tensor[] in = new Tensor[values.length];
      Arrays.setAll(in, i -> Tensor.of(inputs[i].shape(), values[i]));
      return what.apply(of(in)).toDoubles();
    }
  }

  /** Distances [N, M] at {@code values}, row by row; similarities negated. */
  double[][] distances(Distance distance, double[][] values) {
    double sign = distance.similarity() ? -1 : 1;
    double[] all = measure(values, b -> distance.of(b.anchors(), b.items()).mul(sign));
    int m = all.length / labels.length;
    return IntStream.range(0, labels.length)
        .mapToObj(a -> Arrays.copyOfRange(all, a * m, (a + 1) * m))
        .toArray(double[][]::new);
  }

  /** Pairs and triplets by themselves, without vectors. */
  Batch tuples() {
    try (ReferenceBackend backend = new ReferenceBackend();
        Scope scope = Scope.open(backend)) {
      return of(Arrays.stream(inputs).map(i -> Tensor.zeros(i.shape())).toArray(Tensor[]::new));
    }
  }

  /** 0 where a vector is too short, or two too near in direction, for difference quotients. */
  double regular(double[][] values) {
    double[] all = Arrays.stream(values).flatMapToDouble(DoubleStream::of).toArray();
    return Distant.unless(
        Points.shortest(all, width) < 2 * Points.LEAST
            || Points.closest(Points.unit(all, width), width) < Points.LEAST);
  }
}

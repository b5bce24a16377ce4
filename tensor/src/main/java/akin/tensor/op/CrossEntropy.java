package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;
import java.util.Arrays;

/**
 * Y[i] = −Σ_c T[i,c]·log p[i,c] with p = softmax(X) along c: logits X [N,C], weights of the classes
 * T [N,C], such as one-hot rows → Y [N].
 *
 * <p>dX[i,c] = dY[i]·(p[i,c]·Σ_k T[i,k] − T[i,c]), the familiar p − T when T sums to 1. dT[i,c] =
 * −dY[i]·log p[i,c].
 */
public record CrossEntropy() implements Op {
  @Override
  public Shape shape(Shape... in) {
    ShapeException.check(
        in[0].rank() == 2 && in[0].equals(in[1]),
        () ->
            ShapeException.of("cross entropy: targets are not like the logits")
                .with("logits", in[0])
                .with("targets", in[1])
                .needed("[N,C] both"));
    return in[0].without(1);
  }

  @Override
  public void forward(Context c) {
    Backend backend = c.backend();
    AxisView rows = AxisView.of(c.shape(0), 1);
    Buffer logP = c.save(c.shape(0).count());
    backend.softmax(true, c.in(0), logP, rows.outer(), rows.axis(), 1);
    Buffer terms = c.temp(c.shape(0).count());
    backend.binary(Binary.MUL, c.in(1), logP, terms, Broadcast.of(c.shape(0), c.shape(0)));
    rows.reduce(c, Reduction.SUM, terms, c.out());
    backend.affine(-1, c.out(), 0, c.out());
  }

  @Override
  public void backward(Context c) {
    Buffer logP = c.saved(0);
    if (c.wants(0)) {
      AxisView rows = AxisView.of(c.shape(0), 1);
      Buffer dLogP = minusGradTimes(c, c.in(1));
      Buffer dx = c.temp(c.shape(0).count());
      c.backend().softmaxGrad(true, logP, dLogP, dx, rows.outer(), rows.axis(), 1);
      c.accumulate(0, dx);
    }
    if (c.wants(1)) {
      c.accumulate(1, minusGradTimes(c, logP));
    }
  }

  /**
   * Smoothed one-hot rows T [N,C]: T[i,c] = (1 − s)·[c = label i] + s/C.
   *
   * @param smoothing s, 0 for plain one-hot rows
   */
  public static Tensor targets(int[] labels, int classes, double smoothing) {
    double[] rows = new double[Math.multiplyExact(labels.length, classes)];
    Arrays.fill(rows, smoothing / classes);
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      ShapeException.check(
          label >= 0 && label < classes,
          () ->
              ShapeException.of("cross entropy: no such class")
                  .needed("0 ≤ label < " + classes + ";  label = " + label));
      rows[i * classes + label] += 1 - smoothing;
    }
    return Tensor.of(Shape.of(labels.length, classes), rows);
  }

  /** −dY[i]·z[i,c]. */
  private static Buffer minusGradTimes(Context c, Buffer z) {
    Buffer minusDy = c.temp(c.outShape().count());
    c.backend().affine(-1, c.grad(), 0, minusDy);
    Buffer product = c.temp(c.shape(0).count());
    Broadcast s = Broadcast.of(c.shape(0), c.shape(0).with(1, 1));
    c.backend().binary(Binary.MUL, z, minusDy, product, s);
    return product;
  }
}

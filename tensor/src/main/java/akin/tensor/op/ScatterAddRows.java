package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Buffer;
import java.util.Arrays;

/**
 * Y[r] = Σ X[k] over the k with rows[k] = r, 0 where there is none: X [K,…] → Y [count,…]. dX[k] =
 * dY[rows[k]]. The adjoint of {@link GatherRows}.
 */
public record ScatterAddRows(int[] rows, int count) implements Op {
  /** The row numbers are copied. */
  public ScatterAddRows {
    rows = rows.clone();
  }

  @Override
  public Shape shape(Shape... in) {
    ShapeException.check(
        in[0].size(0) == rows.length,
        () ->
            ShapeException.of("scatter: one row number for each row")
                .with("input", in[0])
                .with("rows", Arrays.toString(rows))
                .needed(
                    "rows of the input = row numbers;  " + in[0].size(0) + " ≠ " + rows.length));
    GatherRows.check("scatter", rows, count, in[0]);
    return in[0].with(0, count);
  }

  @Override
  public void forward(Context c) {
    long width = AxisView.of(c.shape(0), 0).inner();
    c.backend().scatterAddRows(c.in(0), rows, c.out(), count, width);
  }

  @Override
  public void backward(Context c) {
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().gatherRows(c.grad(), rows, dx, AxisView.of(c.shape(0), 0).inner());
    c.accumulate(0, dx);
  }

  @Override
  public String toString() {
    return "ScatterAddRows" + Arrays.toString(rows) + " of " + count;
  }
}

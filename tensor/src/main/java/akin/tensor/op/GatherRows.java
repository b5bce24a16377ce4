package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Buffer;
import java.util.Arrays;

/**
 * Y[k] = X[rows[k]]: X [R,…] → Y [K,…], where a row may come several times or never. dX[r] = Σ
 * dY[k] over the k with rows[k] = r.
 */
public record GatherRows(int... rows) implements Op {
  /** The row numbers are copied. */
  public GatherRows {
    rows = rows.clone();
  }

  @Override
  public Shape shape(Shape... in) {
    check("gather", rows, in[0].size(0), in[0]);
    return in[0].with(0, rows.length);
  }

  @Override
  public void forward(Context c) {
    c.backend().gatherRows(c.in(0), rows, c.out(), AxisView.of(c.shape(0), 0).inner());
  }

  @Override
  public void backward(Context c) {
    AxisView v = AxisView.of(c.shape(0), 0);
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().scatterAddRows(c.grad(), rows, dx, v.axis(), v.inner());
    c.accumulate(0, dx);
  }

  /** Every row number is in [0, count). */
  static void check(String name, int[] rows, long count, Shape in) {
    for (int row : rows) {
      if (row < 0 || row >= count) {
        throw ShapeException.of(name + ": no such row")
            .with("input", in)
            .needed("0 ≤ row < " + count + ";  row = " + row);
      }
    }
  }

  @Override
  public String toString() {
    return "GatherRows" + Arrays.toString(rows);
  }
}

package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;
import java.util.Arrays;
import java.util.List;

/**
 * Y = Σ, mean, max or min of X over {@code axes} (none given: over all). X [2,3,4] over axes 0, 2 →
 * Y [3], or [1,3,1] where the reduced axes are kept.
 *
 * <p>Every element x that y was made of receives: dY for the sum; dY/n for the mean of n; for max
 * and min dY·[x = y]/t, shared equally by the t elements that tie.
 */
public record Reduce(Reduction f, boolean keep, int... axes) implements Op {
  /** The axes are copied. */
  public Reduce {
    axes = axes.clone();
  }

  @Override
  public Shape shape(Shape... in) {
    Shape kept = kept(in[0]);
    ShapeException.check(
        f == Reduction.SUM || in[0].count() > 0 || kept.count() == 0,
        () ->
            ShapeException.of(name() + ": nothing to reduce")
                .with("input", in[0])
                .needed("at least one element for each of the output " + kept));
    if (keep) {
      return kept;
    }
    boolean[] reduced = reduced(in[0]);
    Shape out = kept;
    for (int i = reduced.length - 1; i >= 0; i--) { // from the last, so that numbers stay valid
      out = reduced[i] ? out.without(i) : out;
    }
    return out;
  }

  @Override
  public void forward(Context c) {
    List<AxisView> views = AxisView.over(c.shape(0), reduced(c.shape(0)));
    if (views.isEmpty()) {
      c.share(0);
    }
    Buffer x = c.in(0);
    for (int i = 0; i < views.size(); i++) {
      AxisView view = views.get(i);
      Buffer y = i == views.size() - 1 ? c.out() : c.temp(view.outer() * view.inner());
      view.reduce(c, f, x, y);
      x = y;
    }
  }

  @Override
  public void backward(Context c) {
    Shape full = c.shape(0);
    Shape kept = kept(full);
    Buffer dx = c.temp(full.count());
    if (f == Reduction.SUM || f == Reduction.MEAN) {
      double n = f == Reduction.SUM ? 1 : (double) full.count() / kept.count();
      Stretch.to(c, c.grad(), kept, 1 / n, dx, full);
    } else {
      Broadcast s = Broadcast.of(full, kept);
      Buffer winners = c.temp(full.count());
      c.backend().binary(Binary.EQUAL, c.in(0), c.out(), winners, s);
      Buffer ties = Stretch.sumTo(c, winners, full, kept);
      Buffer share = c.temp(kept.count());
      c.backend().binary(Binary.DIV, c.grad(), ties, share, Broadcast.of(kept, kept));
      c.backend().binary(Binary.MUL, winners, share, dx, s);
    }
    c.accumulate(0, dx);
  }

  private boolean[] reduced(Shape in) {
    boolean[] reduced = new boolean[in.rank()];
    Arrays.fill(reduced, axes.length == 0);
    for (int axis : axes) {
      reduced[in.axis(axis)] = true;
    }
    return reduced;
  }

  private Shape kept(Shape in) {
    boolean[] reduced = reduced(in);
    Shape kept = in;
    for (int i = 0; i < reduced.length; i++) {
      kept = reduced[i] ? kept.with(i, 1) : kept;
    }
    return kept;
  }

  @Override
  public String name() {
    return f.name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public String toString() {
    return "Reduce " + name() + Arrays.toString(axes) + (keep ? " kept" : "");
  }
}

package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.op.Context;
import akin.tensor.op.CustomOp;
import akin.tensor.op.Op;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/**
 * The mistakes that people make in a backward, made mechanically in any operator's: a gradient
 * check that misses one is worth nothing.
 */
public enum Mutation {
  /** dX comes out as −dX. */
  SIGN,
  /** dX comes out as 2·dX. */
  FACTOR_TWO,
  /** One element of dY is forgotten. */
  MISSING_TERM,
  /** One step of backward, a call of the backend, is left out. */
  SKIPPED_STEP,
  /** The contribution to one input is never accumulated. */
  DROPPED_INPUT,
  /** dX is written with two axes exchanged. */
  TRANSPOSED_AXES,
  /** The second contribution to an input replaces the first. */
  OVERWRITTEN,
  /** Every element of dX gets its neighbour's value. */
  NEIGHBOUR;

  /** Backwards take up to about this many steps. */
  private static final int MOST_STEPS = 6;

  /**
   * {@code op} with this mistake.
   *
   * @param input the input whose gradient comes out wrong
   * @param which the element of dY that is forgotten, or the step that is left out
   */
  Op in(Op op, int input, int which) {
    return new Mutated(op, this, input, which, new HashMap<>());
  }

  /**
   * An operator with a mistake in its backward.
   *
   * @param before contributions of the calls already played back, by input
   */
  private record Mutated(
      Op op, Mutation mutation, int input, int which, Map<Integer, double[]> before)
      implements CustomOp {
    @Override
    public Shape shape(Shape... in) {
      return op.shape(in);
    }

    @Override
    public void forward(Context c) {
      before.clear();
      op.forward(c);
    }

    @Override
    public void backward(Context c) {
      op.backward(new Mistaken(c, this));
    }

    @Override
    public boolean differentiable() {
      return op.differentiable();
    }

    @Override
    public String name() {
      return op.name() + " with mutation " + mutation;
    }
  }

  /** Passes everything on, but spoils dY or what is accumulated. */
  private static final class Mistaken implements Context {
    private final Context c;
    private final Mutated mutated;
    private Buffer spoiltGrad;
    private int steps;

    Mistaken(Context c, Mutated mutated) {
      this.c = c;
      this.mutated = mutated;
    }

    @Override
    public Buffer grad() {
      if (mutated.mutation != MISSING_TERM) {
        return c.grad();
      }
      if (spoiltGrad == null) {
        spoiltGrad = c.temp(c.grad().length());
        double[] dy = new double[Math.toIntExact(c.grad().length())];
        c.backend().download(c.grad(), dy);
        dy[mutated.which % dy.length] = 0;
        c.backend().upload(dy, spoiltGrad);
      }
      return spoiltGrad;
    }

    @Override
    public void accumulate(int i, Buffer g) {
      boolean spoils = mutated.mutation != MISSING_TERM && mutated.mutation != SKIPPED_STEP;
      if (i != mutated.input || !spoils) {
        c.accumulate(i, g);
      } else if (mutated.mutation != DROPPED_INPUT) {
        c.accumulate(i, spoilt(i, g));
      }
    }

    private Buffer spoilt(int i, Buffer g) {
      Backend backend = c.backend();
      long n = g.length();
      Buffer bad = c.temp(n);
      switch (mutated.mutation) {
        case SIGN -> backend.affine(-1, g, 0, bad);
        case FACTOR_TWO -> backend.affine(2, g, 0, bad);
        case TRANSPOSED_AXES -> exchange(g, bad, c.shape(i));
        case OVERWRITTEN -> overwrite(i, g, bad);
        case NEIGHBOUR -> {
          backend.copy2d(g, 1, n, bad, 0, n, 1, n - 1);
          backend.copy2d(g, 0, n, bad, n - 1, n, 1, 1);
        }
        default -> throw new AssertionError(mutated.mutation);
      }
      return bad;
    }

    /** Writes g with the last two axes that are longer than 1 exchanged. */
    private void exchange(Buffer g, Buffer bad, Shape shape) {
      int[] order = java.util.stream.IntStream.range(0, shape.rank()).toArray();
      int last = longAxisBefore(shape, shape.rank());
      int other = longAxisBefore(shape, Math.max(last, 0));
      if (other >= 0) {
        order[last] = other;
        order[other] = last;
      }
      c.backend().permute(g, bad, shape.toArray(), order);
    }

    private static int longAxisBefore(Shape shape, int end) {
      int axis = end - 1;
      while (axis >= 0 && shape.size(axis) == 1) {
        axis--;
      }
      return axis;
    }

    /** Takes back what earlier calls gave, so that in the sum only {@code g} is left. */
    private void overwrite(int i, Buffer g, Buffer bad) {
      double[] now = new double[Math.toIntExact(g.length())];
      c.backend().download(g, now);
      double[] earlier = mutated.before.put(i, now);
      c.backend().upload(earlier == null ? new double[now.length] : earlier, bad);
      Shape flat = Shape.of(now.length);
      c.backend().binary(Binary.SUB, g, bad, bad, Broadcast.of(flat, flat));
    }

    /** Where a step is left out: a backend that does not do its n-th call. */
    @Override
    public Backend backend() {
      if (mutated.mutation != SKIPPED_STEP) {
        return c.backend();
      }
      Class<?>[] as = {Backend.class};
      return (Backend)
          Proxy.newProxyInstance(
              Backend.class.getClassLoader(),
              as,
              (proxy, method, arguments) ->
                  method.getReturnType() == void.class && steps++ == mutated.which % MOST_STEPS
                      ? null
                      : method.invoke(c.backend(), arguments));
    }

    @Override
    public boolean recording() {
      return c.recording();
    }

    @Override
    public int inputs() {
      return c.inputs();
    }

    @Override
    public Shape shape(int i) {
      return c.shape(i);
    }

    @Override
    public Buffer in(int i) {
      return c.in(i);
    }

    @Override
    public Shape outShape() {
      return c.outShape();
    }

    @Override
    public Buffer out() {
      return c.out();
    }

    @Override
    public void share(int i) {
      c.share(i);
    }

    @Override
    public Buffer save(long length) {
      return c.save(length);
    }

    @Override
    public Buffer saved(int i) {
      return c.saved(i);
    }

    @Override
    public Buffer temp(long length) {
      Buffer scratch = c.temp(length);
      c.backend().fill(scratch, 0); // what a step that is left out did not write
      return scratch;
    }

    @Override
    public Buffer gradOrTemp() {
      return temp(c.grad().length());
    }

    @Override
    public boolean wants(int i) {
      return c.wants(i);
    }
  }
}

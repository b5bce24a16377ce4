package akin.bench;

import akin.bench.Row.Cost;
import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Noise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One method of the backend at one size.
 *
 * @param elements of its largest operand or result, for the rate
 * @param prepare fills operands, and gives what is timed
 */
record Kernel(
    String name, Cost cost, double elements, Function<Kernel.Operands, Runnable> prepare) {

  /** A kernel that is bound by what it moves: elements of all operands and results. */
  static Kernel moving(
      String name, double elements, double moved, Function<Operands, Runnable> prepare) {
    return new Kernel(name, new Cost(0, Float.BYTES * moved), elements, prepare);
  }

  /** Every kernel, in the order in which they are printed. */
  static List<Kernel> all() {
    List<Kernel> all = new ArrayList<>(ProductKernels.all());
    all.addAll(ConvolutionKernels.all());
    all.addAll(RowKernels.all());
    all.addAll(ElementKernels.all());
    return all;
  }

  /** Where a kernel's operands lie. */
  record Operands(Backend backend) {
    /** Normal numbers. */
    Buffer normal(double length) {
      Buffer x = empty(length);
      backend.random(Noise.NORMAL, RandomStream.of(1, "kernel"), 0, 1, x);
      return x;
    }

    /** Ones. */
    Buffer ones(double length) {
      Buffer x = empty(length);
      backend.fill(x, 1);
      return x;
    }

    /** Room for a result. */
    Buffer empty(double length) {
      return backend.allocate((long) length);
    }
  }
}

package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;
import java.util.HashMap;
import java.util.Map;

/** Convolutions and their gradients; how a shape is cut up is worked out once. */
final class Convolutions {
  /** Shapes remembered; a data set of pictures of all sizes must not fill the memory. */
  private static final int REMEMBERED = 500;

  private final Workers workers;
  private final Scratch scratch;
  private final Map<ConvShape, Plan> plans = new HashMap<>();

  Convolutions(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  /**
   * One way through a convolution: forward, or a part of the input gradient. It reads the kernel in
   * an order of its own, which is made anew for each call or once for a plan.
   */
  interface Pass {
    /** Floats of the kernel in the pass's order. */
    long packedLength();

    /** Writes the kernel w in the pass's order. */
    void pack(Workers workers, float[] w, float[] packed);

    /** Reads x through the kernel and writes y, which is not empty. */
    void run(
        Workers workers,
        Scratch scratch,
        float[] x,
        float[] packed,
        Sweep.Epilogue epilogue,
        float[] y);
  }

  /** The way back to the kernel. */
  interface KernelGradient {
    /** Computes dw from x and dy. */
    void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw);
  }

  /** How the three kernels of a shape are done. */
  private record Plan(Pass forward, Pass[] backward, KernelGradient gradient) {}

  private Plan plan(ConvShape s) {
    if (plans.size() > REMEMBERED) {
      plans.clear();
    }
    return plans.computeIfAbsent(s, Convolutions::choose);
  }

  private static Plan choose(ConvShape s) {
    if (s.channelsPerGroup() == 1) {
      return new Plan(PlanePass.forward(s), PlanePass.backward(s), new PlaneGradient(s));
    }
    if (Pointwise.fits(s)) {
      return pointwise(s);
    }
    if (StridedPointwise.fits(s)) {
      StridedPointwise strided = new StridedPointwise(s);
      Plan dense = pointwise(strided.picked());
      Pass[] backward = {strided.backward(dense.backward[0])};
      return new Plan(strided.forward(dense.forward), backward, strided.gradient(dense.gradient));
    }
    if (Winograd.pays(s)) {
      Pass[] backward = {WinogradPass.backward(s)};
      return new Plan(WinogradPass.forward(s), backward, new WinogradGradient(s));
    }
    if (CellPass.fits(s)) {
      return new Plan(CellPass.forward(s), CellPass.backward(s), new CellGradient(s));
    }
    return new Plan(Sweep.forward(s), Sweep.backward(s), new Correlation(s));
  }

  private static Plan pointwise(ConvShape s) {
    KernelGradient gradient =
        PointwiseGradient.fits(s) ? new PointwiseGradient(s) : new PointwiseProduct(s);
    return new Plan(Pointwise.of(s, false), new Pass[] {Pointwise.of(s, true)}, gradient);
  }

  /** The way forward through a shape, for those who pack a kernel once. */
  Pass forward(ConvShape s) {
    return plan(s).forward;
  }

  /**
   * Whether {@link #inBlocks} knows a way, with blocks that divide the channels. Others read what
   * is in blocks only after it was turned over.
   */
  static boolean goesInBlocks(ConvShape s) {
    return s.groups() == 1 && (StridedPointwise.fits(s) || Winograd.pays(s) || CellPass.fits(s));
  }

  /** The way forward with pictures, results and residuals in blocks of channels. */
  Pass inBlocks(ConvShape s) {
    if (StridedPointwise.fits(s)) {
      return new BlockPointwise(s);
    }
    return Winograd.pays(s) ? WinogradPass.inBlocks(s) : CellPass.inBlocks(s);
  }

  /** Floats that {@code pass} wants packed; fills them from w. */
  void pack(Pass pass, float[] w, float[] packed) {
    pass.pack(workers, w, packed);
  }

  /** One way forward with a packed kernel. */
  void run(Pass pass, float[] x, float[] packed, Sweep.Epilogue epilogue, float[] y) {
    pass.run(workers, scratch, x, packed, epilogue, y);
  }

  /** A whole chain with packed kernels. */
  void run(Bottleneck chain, float[] x, float[] packed, float[] residual, float[] y) {
    chain.run(workers, scratch, x, packed, residual, y);
  }

  /** y = act(x ∗ w + bias + residual). */
  void forward(
      ConvShape s,
      float[] x,
      float[] w,
      float[] bias,
      float[] residual,
      Activation act,
      float[] y) {
    once(plan(s).forward, x, w, new Sweep.Epilogue(bias, residual, act), y);
  }

  void gradInput(ConvShape s, float[] dy, float[] w, float[] dx) {
    for (Pass pass : plan(s).backward) {
      once(pass, dy, w, Sweep.Epilogue.NONE, dx);
    }
  }

  private void once(Pass pass, float[] x, float[] w, Sweep.Epilogue epilogue, float[] y) {
    if (y.length > 0) {
      float[] packed = scratch.take(0, Scratch.Use.LEFT, pass.packedLength());
      pack(pass, w, packed);
      run(pass, x, packed, epilogue, y);
    }
  }

  void gradWeight(ConvShape s, float[] x, float[] dy, float[] dw) {
    plan(s).gradient.run(workers, scratch, x, dy, dw);
  }
}

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

  /** How the three kernels of a shape are cut up. */
  private record Plan(Sweep forward, Sweep[] backward, Correlation correlation) {}

  private Plan plan(ConvShape s) {
    if (plans.size() > REMEMBERED) {
      plans.clear();
    }
    return plans.computeIfAbsent(
        s, shape -> new Plan(Sweep.forward(shape), Sweep.backward(shape), new Correlation(shape)));
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
    Sweep.Epilogue epilogue = new Sweep.Epilogue(bias, residual, act);
    plan(s).forward.run(workers, scratch, x, w, epilogue, y);
  }

  void gradInput(ConvShape s, float[] dy, float[] w, float[] dx) {
    for (Sweep sweep : plan(s).backward) {
      sweep.run(workers, scratch, dy, w, Sweep.Epilogue.NONE, dx);
    }
  }

  void gradWeight(ConvShape s, float[] x, float[] dy, float[] dw) {
    plan(s).correlation.run(workers, scratch, x, dy, dw);
  }
}

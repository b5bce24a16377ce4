package akin.cuda.sim;

import akin.cuda.device.Dnn;
import akin.cuda.sim.memory.GlobalMemory;
import java.util.Arrays;

/**
 * What Akin uses of cuDNN in plain loops: sums in float64, rounded once. It refuses what cuDNN's
 * documentation forbids.
 */
final class PlainDnn implements Dnn {
  private final GlobalMemory memory;

  PlainDnn(GlobalMemory memory) {
    this.memory = memory;
  }

  private PlainMemory call(String name) {
    return new PlainMemory(memory, name);
  }

  // ---- convolution ----

  @Override
  public void convolution(Conv s, long x, long w, long y) {
    PlainMemory call = call("cudnnConvolutionForward");
    Counts n = Counts.of(s, call);
    double[] result = forward(call, s, n, x, w, y);
    call.write("y", y, result);
  }

  @Override
  public boolean convolutionBias(Conv s, long x, long w, long bias, long residual, long y) {
    PlainMemory call = call("cudnnConvolutionBiasActivationForward");
    Counts n = Counts.of(s, call);
    double[] result = forward(call, s, n, x, w, y);
    double[] b = call.read("bias", bias, s.o());
    double[] z = residual == 0 ? new double[n.y] : call.read("z", residual, n.y);
    int plane = s.outH() * s.outW();
    for (int i = 0; i < n.y; i++) {
      result[i] += b[i / plane % s.o()] + z[i];
    }
    call.write("y", y, result);
    return true;
  }

  private static double[] forward(PlainMemory call, Conv s, Counts n, long x, long w, long y) {
    call.apart("y", y, n.y, x, n.x);
    call.apart("y", y, n.y, w, n.w);
    return new PlainConvolution(s).forward(call.read("x", x, n.x), call.read("w", w, n.w));
  }

  @Override
  public void convolutionGradInput(Conv s, long dy, long w, long dx) {
    PlainMemory call = call("cudnnConvolutionBackwardData");
    Counts n = Counts.of(s, call);
    call.apart("dx", dx, n.x, dy, n.y);
    call.apart("dx", dx, n.x, w, n.w);
    double[] gradients = call.read("dy", dy, n.y);
    call.write("dx", dx, new PlainConvolution(s).gradInput(gradients, call.read("w", w, n.w)));
  }

  @Override
  public void convolutionGradWeight(Conv s, long x, long dy, long dw) {
    PlainMemory call = call("cudnnConvolutionBackwardFilter");
    Counts n = Counts.of(s, call);
    call.apart("dw", dw, n.w, x, n.x);
    call.apart("dw", dw, n.w, dy, n.y);
    double[] pictures = call.read("x", x, n.x);
    double[] gradients = call.read("dy", dy, n.y);
    call.write("dw", dw, new PlainConvolution(s).gradWeight(pictures, gradients));
  }

  /** Elements of each tensor of a convolution. */
  private record Counts(int x, int w, int y) {
    static Counts of(Conv s, PlainMemory call) {
      call.require(Math.min(s.padH(), s.padW()) >= 0, "padding ≥ 0");
      call.require(Math.min(s.strideH(), s.strideW()) >= 1, "stride ≥ 1");
      call.require(Math.min(s.dilationH(), s.dilationW()) >= 1, "dilation ≥ 1");
      call.require(
          s.groups() >= 1 && s.c() % s.groups() == 0 && s.o() % s.groups() == 0,
          "channels of input and output divisible by the group count");
      return new Counts(
          count(call, "x", s.n(), s.c(), s.h(), s.w()),
          count(call, "w", s.o(), s.c() / s.groups(), s.kernelH(), s.kernelW()),
          count(call, "y", s.n(), s.o(), s.outH(), s.outW()));
    }
  }

  /** Elements of a tensor as a descriptor takes it. */
  private static int count(PlainMemory call, String what, long... sizes) {
    call.require(Arrays.stream(sizes).allMatch(size -> size >= 1), "sizes of " + what + " ≥ 1");
    double count = Arrays.stream(sizes).asDoubleStream().reduce(1, (a, b) -> a * b);
    call.require(count <= Integer.MAX_VALUE, what + " of less than 2³¹ elements");
    return (int) count;
  }

  // ---- softmax ----

  @Override
  public void softmax(boolean log, long x, long y, int outer, int axis, int inner) {
    PlainMemory call = call("cudnnSoftmaxForward");
    int count = count(call, "x", outer, axis, inner);
    double[] v = call.read("x", x, count);
    eachLine(outer, axis, inner, (from, to) -> softmax(log, v, from, to, inner));
    call.write("y", y, v);
  }

  private static void softmax(boolean log, double[] v, int from, int to, int step) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < to; i += step) {
      max = Math.max(max, v[i]);
    }
    double sum = 0;
    for (int i = from; i < to; i += step) {
      sum += Math.exp(v[i] - max);
    }
    double logSum = Math.log(sum);
    for (int i = from; i < to; i += step) {
      v[i] = log ? v[i] - max - logSum : Math.exp(v[i] - max) / sum;
    }
  }

  @Override
  public void softmaxGrad(boolean log, long y, long dy, long dx, int outer, int axis, int inner) {
    PlainMemory call = call("cudnnSoftmaxBackward");
    int count = count(call, "y", outer, axis, inner);
    double[] v = call.read("y", y, count);
    double[] g = call.read("dy", dy, count);
    eachLine(
        outer,
        axis,
        inner,
        (from, to) -> {
          double sum = 0;
          for (int i = from; i < to; i += inner) {
            sum += log ? g[i] : g[i] * v[i];
          }
          for (int i = from; i < to; i += inner) {
            g[i] = log ? g[i] - Math.exp(v[i]) * sum : v[i] * (g[i] - sum);
          }
        });
    call.write("dx", dx, g);
  }

  /** A line along the middle axis: from one element until before another. */
  private interface Line {
    void at(int from, int to);
  }

  private static void eachLine(int outer, int axis, int inner, Line line) {
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        int from = o * axis * inner + i;
        line.at(from, (o + 1) * axis * inner);
      }
    }
  }
}

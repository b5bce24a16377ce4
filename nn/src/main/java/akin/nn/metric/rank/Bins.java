package akin.nn.metric.rank;

import akin.tensor.Tensor;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Numbers in bins of equal width, each shared between the two nodes beside it. Which bin a number
 * lies in is a constant for the gradient; the shares are not.
 *
 * @param index n bins
 * @param lower [n] in [0, 1]: what goes to the node below
 * @param upper [n] in [0, 1]: what goes to the node above
 */
record Bins(int[] index, Tensor lower, Tensor upper) {
  /** Of x [n]; what lies outside the bins 0 … {@code last} goes to the outermost node. */
  static Bins of(Tensor x, double from, double width, int last) {
    int[] index = index(x, from, width, last);
    Tensor upper = share(x, 1 / width, r -> from + r * width, index);
    return new Bins(index, upper.neg().add(1), upper);
  }

  /** ⌊(x − from)/width⌋, but not below 0 nor above {@code last}. */
  static int[] index(Tensor x, double from, double width, int last) {
    return DoubleStream.of(x.toDoubles())
        .mapToInt(v -> (int) Math.max(0, Math.min(last, Math.floor((v - from) / width))))
        .toArray();
  }

  /** (x − node of its bin)·slope, in [0, 1]. */
  static Tensor share(Tensor x, double slope, IntToDoubleFunction node, int[] index) {
    double[] nodes = IntStream.of(index).mapToDouble(node).toArray();
    return x.sub(Tensor.of(x.shape(), nodes)).mul(slope).clamp(0, 1);
  }

  /** [nodes]: the shares added up; what would go beyond the last node goes to it. */
  Tensor histogram(int nodes) {
    return histograms(new int[index.length], 1, nodes).reshape(nodes);
  }

  /** [groups, nodes]: a histogram of each group of numbers. */
  Tensor histograms(int[] group, int groups, int nodes) {
    int n = index.length;
    int[] below = new int[n];
    int[] above = new int[n];
    for (int k = 0; k < n; k++) {
      below[k] = group[k] * nodes + index[k];
      above[k] = group[k] * nodes + Math.min(index[k] + 1, nodes - 1);
    }
    Tensor to = upper.reshape(n, 1).scatterAddRows(above, groups * nodes);
    Tensor from = lower.reshape(n, 1).scatterAddRows(below, groups * nodes);
    return to.add(from).reshape(groups, nodes);
  }
}

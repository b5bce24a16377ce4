package akin.bench;

import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend.Norm;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Distance;
import java.util.ArrayList;
import java.util.List;

/** What works row by row or channel by channel: norms, softmax, distances, selection. */
final class RowKernels {
  private static final double EPS = 1e-5;

  private RowKernels() {}

  static List<Kernel> all() {
    List<Kernel> all = new ArrayList<>();
    batchNorm(all, new Norm(8, 256, 56 * 56, EPS, 0.1, true, 1, Activation.IDENTITY));
    batchNorm(all, new Norm(8, 256, 56 * 56, EPS, 0.1, true, 1, Activation.RELU));
    batchNorm(all, new Norm(8, 256, 56 * 56, EPS, 0.1, false, 1, Activation.IDENTITY));
    batchNorm(all, new Norm(256, 300, 1, EPS, 0.1, true, 1, Activation.IDENTITY));
    layerNorm(all, 197, 768); // ViT-B/16, one picture
    layerNorm(all, 1576, 768); // eight
    softmax(all, 18_912, 197);
    softmax(all, 12 * 197, 197);
    softmax(all, 12 * 50, 50);
    softmax(all, 64, 1000);
    normalize(all, 64, 300);
    normalize(all, 4096, 300);
    distances(all, 256, 256, 128);
    distances(all, 256, 10_000, 300);
    distances(all, 128, 128, 256);
    topK(all, 256, 100_000, 10);
    return all;
  }

  private static void batchNorm(List<Kernel> all, Norm s) {
    double n = (double) s.outer() * s.channels() * s.inner();
    int channels = s.channels();
    String name =
        "batch norm [%d,%d,%d] %s %s"
            .formatted(
                s.outer(), channels, s.inner(), s.training() ? "training" : "evaluation", s.act());
    all.add(
        Kernel.moving(
            name,
            n,
            (s.training() ? 3 : 2) * n, // statistics first
            o -> {
              Buffer x = o.normal(n);
              Buffer y = o.empty(n);
              Buffer gamma = o.ones(channels);
              Buffer beta = o.normal(channels);
              Buffer mean = o.normal(channels);
              Buffer variance = o.ones(channels);
              Buffer own = o.empty(channels);
              Buffer scale = o.empty(channels);
              return () -> o.backend().batchNorm(x, gamma, beta, mean, variance, y, own, scale, s);
            }));
    if (s.training()) {
      all.add(
          Kernel.moving(
              name + " gradient",
              n,
              5 * n,
              o -> {
                Buffer x = o.normal(n);
                Buffer dy = o.normal(n);
                Buffer dx = o.empty(n);
                Buffer gamma = o.ones(channels);
                Buffer beta = o.normal(channels);
                Buffer mean = o.normal(channels);
                Buffer scale = o.ones(channels);
                Buffer dGamma = o.empty(channels);
                Buffer dBeta = o.empty(channels);
                return () ->
                    o.backend()
                        .batchNormGrad(x, gamma, beta, mean, scale, dy, dx, dGamma, dBeta, s);
              }));
    }
  }

  private static void layerNorm(List<Kernel> all, int rows, int width) {
    double n = (double) rows * width;
    String name = "layer norm [" + rows + "," + width + "]";
    all.add(
        Kernel.moving(
            name,
            n,
            2 * n,
            o -> {
              Buffer x = o.normal(n);
              Buffer y = o.empty(n);
              Buffer gamma = o.ones(width);
              Buffer beta = o.normal(width);
              Buffer mean = o.empty(rows);
              Buffer scale = o.empty(rows);
              return () -> o.backend().layerNorm(x, gamma, beta, y, mean, scale, rows, width, EPS);
            }));
    all.add(
        Kernel.moving(
            name + " gradient",
            n,
            3 * n,
            o -> {
              Buffer x = o.normal(n);
              Buffer dy = o.normal(n);
              Buffer dx = o.empty(n);
              Buffer gamma = o.ones(width);
              Buffer mean = o.normal(rows);
              Buffer scale = o.ones(rows);
              Buffer dGamma = o.empty(width);
              Buffer dBeta = o.empty(width);
              return () ->
                  o.backend()
                      .layerNormGrad(x, gamma, mean, scale, dy, dx, dGamma, dBeta, rows, width);
            }));
  }

  private static void softmax(List<Kernel> all, int rows, int width) {
    double n = (double) rows * width;
    String name = "softmax [" + rows + "," + width + "]";
    all.add(
        Kernel.moving(
            name,
            n,
            2 * n,
            o -> {
              Buffer x = o.normal(n);
              Buffer y = o.empty(n);
              return () -> o.backend().softmax(false, x, y, rows, width, 1);
            }));
    all.add(
        Kernel.moving(
            name + " gradient",
            n,
            3 * n,
            o -> {
              Buffer y = o.normal(n);
              Buffer dy = o.normal(n);
              Buffer dx = o.empty(n);
              return () -> o.backend().softmaxGrad(false, y, dy, dx, rows, width, 1);
            }));
  }

  /** As the operator does it: on a device it is made of others. */
  private static void normalize(List<Kernel> all, int rows, int width) {
    double n = (double) rows * width;
    all.add(
        Kernel.moving(
            "normalise [" + rows + "," + width + "]",
            n,
            2 * n,
            o -> {
              Scope scope = Scope.open(o.backend());
              Tensor x = Numbers.normal(Shape.of(rows, width)).keepIn(scope);
              return () -> {
                try (Scope call = Scope.open()) {
                  x.normalize(1, 1e-12);
                }
              };
            }));
  }

  private static void distances(List<Kernel> all, int n, int m, int d) {
    double pairs = (double) n * m;
    // A difference, and a multiplication with addition.
    Row.Cost cost = new Row.Cost(3 * pairs * d, Float.BYTES * (pairs + (double) (n + m) * d));
    String name = "distances " + n + "x" + m + " of " + d;
    all.add(
        new Kernel(
            name,
            cost,
            pairs,
            o -> {
              Buffer a = o.normal((double) n * d);
              Buffer b = o.normal((double) m * d);
              Buffer y = o.empty(pairs);
              return () -> o.backend().distances(Distance.EUCLIDEAN, a, b, y, n, m, d);
            }));
    all.add(
        new Kernel(
            name + " gradient",
            cost,
            pairs,
            o -> {
              Buffer a = o.normal((double) n * d);
              Buffer b = o.normal((double) m * d);
              Buffer y = o.ones(pairs);
              Buffer dy = o.normal(pairs);
              Buffer da = o.empty((double) n * d);
              return () ->
                  o.backend().distancesGrad(Distance.EUCLIDEAN, a, b, y, dy, false, da, n, m, d);
            }));
  }

  private static void topK(List<Kernel> all, int rows, int width, int k) {
    double n = (double) rows * width;
    all.add(
        Kernel.moving(
            "top " + k + " of [" + rows + "," + width + "]",
            n,
            n,
            o -> {
              Buffer x = o.normal(n);
              int[] best = new int[rows * k];
              return () -> o.backend().topK(x, rows, width, k, false, best);
            }));
  }
}

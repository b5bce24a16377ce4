package akin.tests;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Distance;
import java.util.Map;
import java.util.function.Function;

/** The losses of the golden values, composed of Akin's operators. */
final class GoldenLosses {
  private GoldenLosses() {}

  static void addTo(Map<String, Function<GoldenRun, Tensor>> table) {
    table.put("softmax", run -> run.x().softmax(run.whole("dim")));
    table.put("log_softmax", run -> run.x().logSoftmax(run.whole("dim")));
    table.put(
        "logsumexp",
        run -> {
          int dim = run.whole("dim");
          Tensor top = run.x().detach().amax(true, dim);
          Tensor sum = run.x().sub(top).exp().sum(true, dim);
          return sum.log().add(top).reshape(run.shape("y"));
        });
    table.put("cross_entropy", GoldenLosses::crossEntropy);
    table.put("cross_entropy_probabilities", run -> run.x().crossEntropy(run.in("target")).mean());
    table.put("mse_loss", run -> reduced(run, run.a().sub(run.b()).square()));
    table.put("l1_loss", run -> reduced(run, run.a().sub(run.b()).abs()));
    table.put(
        "smooth_l1_loss",
        run -> {
          double beta = run.real("beta");
          Tensor d = run.a().sub(run.b()).abs();
          Tensor cut = d.min(Tensor.scalar(beta));
          return reduced(run, cut.mul(d.sub(cut.mul(0.5))).div(beta));
        });
    table.put(
        "binary_cross_entropy_with_logits",
        run -> reduced(run, run.x().softplus().sub(run.x().mul(run.in("target")))));
    table.put(
        "pairwise_distance", run -> distance(run.a(), run.b(), run.real("p"), run.real("eps")));
    table.put("cdist", run -> distances(run.a(), run.b(), run.real("p")));
    table.put(
        "cosine_similarity", run -> cosine(run.a(), run.b(), run.whole("dim"), run.real("eps")));
    table.put(
        "cosine_embedding_loss",
        run -> {
          Tensor positive = run.in("target").equalTo(Tensor.scalar(1));
          Tensor cos = cosine(run.a(), run.b(), 1, 1e-8);
          Tensor apart = cos.sub(run.real("margin")).relu();
          Tensor near = cos.neg().add(1);
          return reduced(run, positive.mul(near).add(positive.neg().add(1).mul(apart)));
        });
    table.put(
        "triplet_margin_loss",
        run -> {
          double p = run.real("p");
          double eps = run.real("eps");
          Tensor near = distance(run.a(), run.in("p"), p, eps);
          Tensor far = distance(run.a(), run.in("n"), p, eps);
          if (run.flag("swap")) {
            far = far.min(distance(run.in("p"), run.in("n"), p, eps));
          }
          return reduced(run, near.sub(far).add(run.real("margin")).relu());
        });
  }

  private static Tensor reduced(GoldenRun run, Tensor each) {
    switch (run.text("reduction")) {
      case "sum":
        return each.sum();
      case "none":
        return each;
      default:
        return run.shape("y").rank() == 0 ? each.mean() : each;
    }
  }

  /** Weights, smoothing and ignored targets all go into the rows of the target. */
  private static Tensor crossEntropy(GoldenRun run) {
    Shape s = run.x().shape();
    int classes = s.dim(1);
    Tensor rows = run.x();
    if (s.rank() > 2) {
      rows = rows.reshape(s.dim(0), classes, -1).permute(0, 2, 1).reshape(-1, classes);
    }
    int[] labels = run.ints("target");
    double smoothing = run.real("label_smoothing");
    int ignored = run.has("ignore_index") ? run.whole("ignore_index") : -1;
    double[] weight = run.orFull("weight", Shape.of(classes), 1).toDoubles();
    double[] target = new double[labels.length * classes];
    double total = 0;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      if (label != ignored) {
        for (int c = 0; c < classes; c++) {
          double share = smoothing / classes + (c == label ? 1 - smoothing : 0);
          target[i * classes + c] = share * weight[c];
        }
        total += weight[label];
      }
    }
    Tensor losses = rows.crossEntropy(Tensor.of(Shape.of(labels.length, classes), target));
    return run.text("reduction").equals("mean") ? losses.sum().div(total) : reduced(run, losses);
  }

  /** ‖a − b + eps‖_p per row. */
  private static Tensor distance(Tensor a, Tensor b, double p, double eps) {
    return norm(a.sub(b).add(eps), p);
  }

  private static Tensor norm(Tensor d, double p) {
    if (p == 1) {
      return d.abs().sum(false, -1);
    }
    return p == 2 ? d.square().sum(false, -1).sqrt() : d.abs().pow(p).sum(false, -1).pow(1 / p);
  }

  private static Tensor distances(Tensor a, Tensor b, double p) {
    if (a.shape().rank() == 3) {
      Tensor[] each = new Tensor[a.dim(0)];
      for (int i = 0; i < each.length; i++) {
        Tensor rows = a.slice(0, i, i + 1L).reshape(a.dim(1), a.dim(2));
        each[i] = distances(rows, b.slice(0, i, i + 1L).reshape(b.dim(1), b.dim(2)), p);
      }
      return Tensor.stack(0, each);
    }
    if (p == 3) {
      return norm(a.reshape(a.dim(0), 1, a.dim(1)).sub(b), p);
    }
    return a.distances(b, p == 1 ? Distance.L1 : Distance.EUCLIDEAN);
  }

  private static Tensor cosine(Tensor a, Tensor b, int dim, double eps) {
    return a.div(length(a, dim, eps)).mul(b.div(length(b, dim, eps))).sum(false, dim);
  }

  /**
   * max(‖x‖, eps) as PyTorch 1.13 has it in cosine_similarity: below eps the slope stays x/eps, as
   * if nothing were clamped. (Akin's own Normalize has the slope 0 there.)
   */
  private static Tensor length(Tensor x, int dim, double eps) {
    Tensor squares = x.square().sum(true, dim);
    Tensor lift = squares.detach().neg().add(eps * eps).relu();
    return squares.add(lift).sqrt();
  }
}

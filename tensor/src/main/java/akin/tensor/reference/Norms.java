package akin.tensor.reference;

import akin.tensor.backend.Backend.Norm;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Batch, layer and length normalisation; variances in two passes, about the mean. */
final class Norms {
  private Norms() {}

  static void batch(
      double[] x,
      double[] gamma,
      double[] beta,
      double[] runningMean,
      double[] runningVar,
      double[] y,
      double[] mean,
      double[] invStd,
      Norm s) {
    double m = s.outer() / s.parts() * s.inner();
    for (int c = 0; c < s.channels(); c++) {
      for (int part = 0; part < s.parts(); part++) {
        int at = part * s.channels() + c;
        if (s.training()) {
          double mu = sum(s, part, c, i -> x[i]) / m;
          double squares = sum(s, part, c, i -> (x[i] - mu) * (x[i] - mu));
          mean[at] = mu;
          invStd[at] = 1 / Math.sqrt(squares / m + s.eps());
          runningMean[c] += s.momentum() * (mu - runningMean[c]);
          runningVar[c] += s.momentum() * (squares / (m - 1) - runningVar[c]);
        } else {
          mean[at] = runningMean[c];
          invStd[at] = 1 / Math.sqrt(runningVar[c] + s.eps());
        }
        int channel = c;
        forEach(
            s,
            part,
            c,
            i -> {
              double normed = (x[i] - mean[at]) * invStd[at];
              y[i] = s.act().value(gamma[channel] * normed + beta[channel]);
            });
      }
    }
  }

  static void batchGrad(
      double[] x,
      double[] gamma,
      double[] beta,
      double[] mean,
      double[] invStd,
      double[] dy,
      double[] dx,
      double[] dGamma,
      double[] dBeta,
      Norm s) {
    double m = s.outer() / s.parts() * s.inner();
    Arrays.fill(dBeta, 0);
    Arrays.fill(dGamma, 0);
    for (int c = 0; c < s.channels(); c++) {
      for (int part = 0; part < s.parts(); part++) {
        double mu = mean[part * s.channels() + c];
        double r = invStd[part * s.channels() + c];
        double scale = gamma[c] * r;
        double shift = beta[c];
        IntToDoubleFunction g = i -> dy[i] * s.act().slope(scale * (x[i] - mu) + shift);
        double db = sum(s, part, c, g);
        double dg = sum(s, part, c, i -> g.applyAsDouble(i) * (x[i] - mu) * r);
        dBeta[c] += db;
        dGamma[c] += dg;
        double ofMean = s.training() ? db / m : 0;
        double ofX = s.training() ? r * dg / m : 0;
        forEach(s, part, c, i -> dx[i] = scale * (g.applyAsDouble(i) - ofMean - (x[i] - mu) * ofX));
      }
    }
  }

  /** What is done at element i of x. */
  private interface Visit {
    void at(int i);
  }

  private static void forEach(Norm s, int part, int channel, Visit visit) {
    long rows = s.outer() / s.parts();
    for (long o = part * rows; o < (part + 1) * rows; o++) {
      long start = (o * s.channels() + channel) * s.inner();
      for (long i = 0; i < s.inner(); i++) {
        visit.at((int) (start + i));
      }
    }
  }

  private static double sum(Norm s, int part, int channel, IntToDoubleFunction term) {
    double[] sum = new double[1];
    forEach(s, part, channel, i -> sum[0] += term.applyAsDouble(i));
    return sum[0];
  }

  static void layer(
      double[] x,
      double[] gamma,
      double[] beta,
      double[] y,
      double[] mean,
      double[] invStd,
      int rows,
      int width,
      double eps) {
    for (int row = 0; row < rows; row++) {
      int start = row * width;
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += x[start + i];
      }
      double mu = sum / width;
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += (x[start + i] - mu) * (x[start + i] - mu);
      }
      double r = 1 / Math.sqrt(squares / width + eps);
      for (int i = 0; i < width; i++) {
        y[start + i] = gamma[i] * (x[start + i] - mu) * r + beta[i];
      }
      mean[row] = mu;
      invStd[row] = r;
    }
  }

  static void layerGrad(
      double[] x,
      double[] gamma,
      double[] mean,
      double[] invStd,
      double[] dy,
      double[] dx,
      double[] dGamma,
      double[] dBeta,
      int rows,
      int width) {
    Arrays.fill(dGamma, 0);
    Arrays.fill(dBeta, 0);
    for (int row = 0; row < rows; row++) {
      int start = row * width;
      double meanG = 0;
      double meanGx = 0;
      for (int i = 0; i < width; i++) {
        double normed = (x[start + i] - mean[row]) * invStd[row];
        double g = gamma[i] * dy[start + i];
        dBeta[i] += dy[start + i];
        dGamma[i] += dy[start + i] * normed;
        meanG += g / width;
        meanGx += g * normed / width;
      }
      for (int i = 0; i < width; i++) {
        double normed = (x[start + i] - mean[row]) * invStd[row];
        dx[start + i] = invStd[row] * (gamma[i] * dy[start + i] - meanG - normed * meanGx);
      }
    }
  }

  static void unit(double[] x, double[] y, double[] norm, int axis, int inner, double eps) {
    for (int line = 0; line < norm.length; line++) {
      int start = line / inner * axis * inner + line % inner;
      double squares = 0;
      for (int i = start; i < start + axis * inner; i += inner) {
        squares += x[i] * x[i];
      }
      norm[line] = Math.max(Math.sqrt(squares), eps);
      for (int i = start; i < start + axis * inner; i += inner) {
        y[i] = x[i] / norm[line];
      }
    }
  }

  static void unitGrad(
      double[] y, double[] norm, double[] dy, double[] dx, int axis, int inner, double eps) {
    for (int line = 0; line < norm.length; line++) {
      int start = line / inner * axis * inner + line % inner;
      double along = 0;
      for (int i = start; i < start + axis * inner; i += inner) {
        along += dy[i] * y[i];
      }
      double lost = norm[line] > eps ? along : 0;
      for (int i = start; i < start + axis * inner; i += inner) {
        dx[i] = (dy[i] - y[i] * lost) / norm[line];
      }
    }
  }
}

package akin.tensor.check;

import akin.tensor.backend.Backend.Norm;
import akin.tensor.backend.Buffer;
import java.util.Arrays;
import java.util.List;

/** Cases for batch and layer normalisation and their gradients. */
final class NormContract {
  private static final double EPS = (float) 1e-5;

  private NormContract() {}

  static void addTo(List<ContractCase> cases) {
    int[][] sizes = {
      {2, 1, 1},
      {3, 7, 1},
      {64, 13, 1},
      {1, 3, 8},
      {8, 3, 49},
      {207, 2, 1},
      {2, 64, 13},
      {702, 1, 1},
      {3, 5, 207},
      {2, 8, 169},
      {1, 2, 702},
      {13, 702, 1},
      {64, 5, 257}
    };
    for (int[] s : sizes) {
      for (boolean training : new boolean[] {true, false}) {
        for (double centre : new double[] {0, 10}) {
          Norm norm = new Norm(s[0], s[1], s[2], EPS, 0.125, training);
          String name = Arrays.toString(s) + (training ? " in training" : "") + " around " + centre;
          cases.add(new ContractCase("batchNorm", name, t -> batch(t, norm, centre)));
          cases.add(new ContractCase("batchNormGrad", name, t -> batchGrad(t, norm, centre)));
        }
      }
    }
    for (int[] s :
        new int[][] {
          {1, 1},
          {3, 7},
          {7, 8},
          {8, 13},
          {64, 64},
          {13, 207},
          {3, 702},
          {702, 3},
          {2053, 33},
          {0, 8}
        }) {
      for (double centre : new double[] {0, 10}) {
        String name = Arrays.toString(s) + " around " + centre;
        cases.add(new ContractCase("layerNorm", name, t -> layer(t, s[0], s[1], centre)));
        cases.add(new ContractCase("layerNormGrad", name, t -> layerGrad(t, s[0], s[1], centre)));
      }
    }
  }

  /**
   * The numbers that are normalised together: their mean, r = 1/√(σ² + eps), the largest |x|, and
   * how many they are.
   */
  private record Line(double mean, double r, double variance, double largest, int m) {
    static Line of(double... x) {
      double mean = Arrays.stream(x).average().orElse(0);
      double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElse(0);
      double largest = Arrays.stream(x).map(Math::abs).max().orElse(0);
      return new Line(mean, 1 / Math.sqrt(variance + EPS), variance, largest, x.length);
    }

    /**
     * A mean that is off by δ = m·u·max|x| adds δ² to the variance: its share relative to the m
     * roundings of the sum. It counts where all numbers are nearly equal.
     */
    double shifted() {
      return 1 + m * 0x1p-24 * (largest * r) * (largest * r);
    }

    /** Bound of |x̂| with what cancels in x − μ. */
    double normed() {
      return (largest + Math.abs(mean)) * r * shifted();
    }
  }

  /** The numbers of channel {@code c} of x [outer,C,inner]. */
  private static double[] channel(double[] x, Norm s, int c) {
    double[] y = new double[(int) (s.outer() * s.inner())];
    for (int o = 0; o < s.outer(); o++) {
      int start = (int) ((o * s.channels() + c) * s.inner());
      System.arraycopy(x, start, y, (int) (o * s.inner()), (int) s.inner());
    }
    return y;
  }

  private static int channelOf(int i, Norm s) {
    return (int) (i / s.inner() % s.channels());
  }

  /** Numbers around {@code centre}; where there are several channels, the last is constant. */
  private static double[] picture(ContractBench t, Norm s, double centre) {
    double[] x = t.normal(s.outer() * s.channels() * s.inner());
    int constant = s.channels() > 1 ? s.channels() - 1 : -1;
    Arrays.setAll(
        x, i -> channelOf(i, s) == constant ? (float) (centre + 0.3) : (float) (x[i] + centre));
    return x;
  }

  // ---- batch ----

  private static void batch(ContractBench t, Norm s, double centre) {
    int channels = s.channels();
    double[] x = picture(t, s, centre);
    double[] gamma = t.normal(channels);
    double[] beta = t.normal(channels);
    double[] oldMean = t.normal(channels);
    double[] oldVar = t.uniform(channels, 0.5, 2);
    Buffer runningMean = t.in(oldMean);
    Buffer runningVar = t.in(oldVar);
    Buffer y = t.out(x.length);
    Buffer mean = t.out(channels);
    Buffer invStd = t.out(channels);
    t.backend()
        .batchNorm(t.in(x), t.in(gamma), t.in(beta), runningMean, runningVar, y, mean, invStd, s);
    Line[] lines = new Line[channels];
    for (int c = 0; c < channels; c++) {
      Line batch = Line.of(channel(x, s, c));
      double r = 1 / Math.sqrt(oldVar[c] + EPS);
      lines[c] = s.training() ? batch : new Line(oldMean[c], r, 0, batch.largest(), 0);
    }
    double m = s.training() ? s.outer() * s.inner() : 0;
    t.check("mean", mean, Bound.of(m, each(lines, Line::largest)));
    t.check("invStd", invStd, Bound.of(m + 8, each(lines, l -> l.r() * l.shifted())));
    double[] ofY = new double[x.length];
    for (int i = 0; i < ofY.length; i++) {
      int c = channelOf(i, s);
      ofY[i] = Math.abs(gamma[c]) * lines[c].normed() + Math.abs(beta[c]);
    }
    t.check("y", y, Bound.of(m + 12, ofY));
    if (s.training()) {
      double[] ofMean = each(lines, Line::largest);
      double[] ofVar =
          each(lines, l -> 2 * (l.variance() + m * 0x1p-24 * l.largest() * l.largest()));
      for (int c = 0; c < channels; c++) {
        ofMean[c] += Math.abs(oldMean[c]);
        ofVar[c] += oldVar[c];
      }
      t.check("running mean", runningMean, Bound.of(m + 4, ofMean));
      t.check("running variance", runningVar, Bound.of(m + 8, ofVar));
    } // otherwise they are inputs, and must stay
  }

  /** A number of each line. */
  private interface OfLine {
    double from(Line line);
  }

  private static double[] each(Line[] lines, OfLine number) {
    return Arrays.stream(lines).mapToDouble(number::from).toArray();
  }

  private static void batchGrad(ContractBench t, Norm s, double centre) {
    int channels = s.channels();
    double m = s.outer() * s.inner();
    double[] x = picture(t, s, centre);
    double[] gamma = t.normal(channels);
    double[] dy = t.normal(x.length);
    double[] mean = new double[channels];
    double[] invStd = new double[channels];
    double[] ofGamma = new double[channels];
    double[] ofBeta = new double[channels];
    double[] ofX = new double[channels];
    for (int c = 0; c < channels; c++) {
      Line line = Line.of(channel(x, s, c));
      mean[c] = (float) line.mean();
      invStd[c] = (float) line.r();
      ofBeta[c] = Arrays.stream(channel(dy, s, c)).map(Math::abs).sum();
      ofGamma[c] = ofBeta[c] * line.normed();
      double normed = line.normed();
      double largest = Line.of(channel(dy, s, c)).largest();
      ofX[c] = gamma[c] * invStd[c] * (largest + ofBeta[c] / m + normed * ofGamma[c] / m);
    }
    Buffer dx = t.out(x.length);
    Buffer dGamma = t.out(channels);
    Buffer dBeta = t.out(channels);
    t.backend()
        .batchNormGrad(
            t.in(x), t.in(gamma), t.in(mean), t.in(invStd), t.in(dy), dx, dGamma, dBeta, s);
    t.check("dGamma", dGamma, Bound.of(m + 4, ofGamma));
    t.check("dBeta", dBeta, Bound.of(m, ofBeta));
    double[] each = new double[x.length];
    Arrays.setAll(each, i -> ofX[channelOf(i, s)]);
    t.check("dx", dx, Bound.of(s.training() ? m + 12 : 4, each));
  }

  // ---- layer ----

  private static double[] rows(ContractBench t, int rows, int width, double centre) {
    double[] x = t.normal((long) rows * width);
    Arrays.setAll(x, i -> rows > 2 && i / width == 1 ? centre : (float) (x[i] + centre));
    return x;
  }

  private static Line row(double[] x, int row, int width) {
    return Line.of(Arrays.copyOfRange(x, row * width, (row + 1) * width));
  }

  private static void layer(ContractBench t, int rows, int width, double centre) {
    double[] x = rows(t, rows, width, centre);
    double[] gamma = t.normal(width);
    double[] beta = t.normal(width);
    Buffer y = t.out(x.length);
    Buffer mean = t.out(rows);
    Buffer invStd = t.out(rows);
    t.backend().layerNorm(t.in(x), t.in(gamma), t.in(beta), y, mean, invStd, rows, width, EPS);
    Line[] lines = new Line[rows];
    Arrays.setAll(lines, row -> row(x, row, width));
    double[] ofY = new double[x.length];
    for (int i = 0; i < ofY.length; i++) {
      int column = i % width;
      ofY[i] = Math.abs(gamma[column]) * lines[i / width].normed() + Math.abs(beta[column]);
    }
    t.check("mean", mean, Bound.of(width, each(lines, Line::largest)));
    t.check("invStd", invStd, Bound.of(width + 8, each(lines, l -> l.r() * l.shifted())));
    t.check("y", y, Bound.of(width + 12, ofY));
  }

  private static void layerGrad(ContractBench t, int rows, int width, double centre) {
    double[] x = rows(t, rows, width, centre);
    double[] gamma = t.normal(width);
    double[] dy = t.normal(x.length);
    double[] mean = new double[rows];
    double[] invStd = new double[rows];
    double[] ofX = new double[x.length];
    double[] ofGamma = new double[width];
    double[] ofBeta = new double[width];
    double steepest = Line.of(gamma).largest() * Line.of(dy).largest();
    for (int row = 0; row < rows; row++) {
      Line line = row(x, row, width);
      mean[row] = (float) line.mean();
      invStd[row] = (float) line.r();
      double normed = line.normed();
      for (int column = 0; column < width; column++) {
        int i = row * width + column;
        ofBeta[column] += Math.abs(dy[i]);
        ofGamma[column] += Math.abs(dy[i]) * normed;
        ofX[i] = line.r() * steepest * (2 + normed * normed);
      }
    }
    Buffer dx = t.out(x.length);
    Buffer dGamma = t.out(width);
    Buffer dBeta = t.out(width);
    t.backend()
        .layerNormGrad(
            t.in(x),
            t.in(gamma),
            t.in(mean),
            t.in(invStd),
            t.in(dy),
            dx,
            dGamma,
            dBeta,
            rows,
            width);
    t.check("dGamma", dGamma, Bound.of(rows + 4, ofGamma));
    t.check("dBeta", dBeta, Bound.of(Math.max(1, rows), ofBeta));
    t.check("dx", dx, Bound.of(width + 12, ofX));
  }
}

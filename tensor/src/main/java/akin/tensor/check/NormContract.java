package akin.tensor.check;

import static akin.tensor.check.BackendContract.TURNS;

import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend.Norm;
import akin.tensor.backend.Buffer;
import java.util.Arrays;
import java.util.List;

/** Cases for batch and layer normalisation and their gradients. */
final class NormContract {
  private static final double EPS = (float) 1e-5;

  /**
   * A mean so many σ from 0 that float32 has no digit of the variance left in a mean of squares:
   * 2²⁴ of its last place.
   */
  private static final double FAR = 4096;

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
        for (Activation act : Activation.values()) {
          for (double centre : new double[] {0, 10}) {
            add(cases, new Norm(s[0], s[1], s[2], EPS, 0.125, training, 1, act), centre);
          }
        }
      }
      add(cases, new Norm(s[0], s[1], s[2], EPS, 0.125, true, 1, Activation.IDENTITY), FAR);
    }
    for (int[] s : new int[][] {{513, 1, 31}, {40, 1, 29}, {2, 3, 140}, {25, 2, 1}}) {
      add(cases, new Norm(s[0], s[1], s[2], EPS, 0.125, true, 1, Activation.RELU), 10);
    }
    add(cases, new Norm(0, 5, 4, EPS, 0.125, false, 1, Activation.RELU), 0);
    add(cases, new Norm(3, 0, 4, EPS, 0.125, false, 1, Activation.RELU), 0);
    int[][] joined = {{4, 1, 1, 2}, {6, 7, 1, 3}, {128, 13, 1, 2}, {4, 3, 8, 2}, {6, 2, 49, 3}};
    for (int[] s : joined) {
      for (Activation act : Activation.values()) {
        Norm norm = new Norm(s[0], s[1], s[2], EPS, 0.125, true, s[3], act);
        String name = Arrays.toString(s) + " joined batches are those of a call each, " + act;
        cases.add(new ContractCase("batchNorm", name, t -> joined(t, norm)));
        cases.add(new ContractCase("batchNormGrad", name, t -> joinedGrad(t, norm)));
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
          {3, 4003},
          {3, 5000},
          {0, 8}
        }) {
      for (double centre : new double[] {0, 10}) {
        addLayer(cases, s[0], s[1], centre);
      }
    }
    addLayer(cases, 512, 1, 10);
    for (int width : TURNS) {
      addLayer(cases, 1, width, 10);
    }
  }

  private static void addLayer(List<ContractCase> cases, int rows, int width, double centre) {
    String name = "[" + rows + ", " + width + "] around " + centre;
    cases.add(new ContractCase("layerNorm", name, t -> layer(t, rows, width, centre)));
    cases.add(new ContractCase("layerNormGrad", name, t -> layerGrad(t, rows, width, centre)));
  }

  private static void add(List<ContractCase> cases, Norm s, double centre) {
    String sizes = "[" + s.outer() + ", " + s.channels() + ", " + s.inner() + "]";
    String name = sizes + (s.training() ? " in training" : "") + " around " + centre;
    name += s.act() == Activation.IDENTITY ? "" : ", " + s.act();
    String title = name;
    cases.add(new ContractCase("batchNorm", title, t -> batch(t, s, centre)));
    cases.add(new ContractCase("batchNormGrad", title, t -> batchGrad(t, s, centre)));
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
    double[] beta = t.normal(channels);
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
      silence(dy, x, c, gamma[c] * invStd[c], mean[c], beta[c], s);
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
            t.in(x),
            t.in(gamma),
            t.in(beta),
            t.in(mean),
            t.in(invStd),
            t.in(dy),
            dx,
            dGamma,
            dBeta,
            s);
    t.check("dGamma", dGamma, Bound.of(m + 4, ofGamma));
    t.check("dBeta", dBeta, Bound.of(m, ofBeta));
    double[] each = new double[x.length];
    Arrays.setAll(each, i -> ofX[channelOf(i, s)]);
    t.check("dx", dx, Bound.of(s.training() ? m + 12 : 4, each));
    Buffer both = t.out(x.length);
    t.backend().upload(dy, both);
    t.backend()
        .batchNormGrad(
            t.in(x),
            t.in(gamma),
            t.in(beta),
            t.in(mean),
            t.in(invStd),
            both,
            both,
            t.out(channels),
            t.out(channels),
            s);
    t.holds("dx over dy", Arrays.equals(values(t, dx), values(t, both)));
  }

  /**
   * In channel c, dy = 0 where the activation's argument is so near a bound that its four roundings
   * decide whether it goes through.
   */
  private static void silence(
      double[] dy, double[] x, int c, double scale, double mean, double beta, Norm s) {
    int inner = (int) s.inner();
    for (int o = 0; o < s.outer(); o++) {
      int start = (o * s.channels() + c) * inner;
      for (int i = start; i < start + inner; i++) {
        double line = scale * (x[i] - mean) + beta;
        double off =
            4 * 0x1p-23 * (Math.abs(scale) * (Math.abs(x[i]) + Math.abs(mean)) + Math.abs(beta));
        if (Math.abs(line - s.act().low()) <= off || Math.abs(line - s.act().high()) <= off) {
          dy[i] = 0;
        }
      }
    }
  }

  // ---- joined batches ----

  /** No drawn number is larger, so no mean; and what a variance of such numbers is made of. */
  private static final double MOST = 3.5;

  private static final double SPREAD = 2 * MOST * MOST;

  private static Norm single(Norm s) {
    long outer = s.outer() / s.parts();
    return new Norm(
        outer, s.channels(), s.inner(), s.eps(), s.momentum(), s.training(), 1, s.act());
  }

  private static double[] part(double[] all, int part, int parts) {
    int n = all.length / parts;
    return Arrays.copyOfRange(all, part * n, (part + 1) * n);
  }

  private static double[] values(ContractBench t, Buffer x) {
    double[] values = new double[Math.toIntExact(x.length())];
    t.backend().download(x, values);
    return values;
  }

  private static boolean equal(ContractBench t, Buffer joined, int part, int parts, Buffer own) {
    return Arrays.equals(part(values(t, joined), part, parts), values(t, own));
  }

  private static void joined(ContractBench t, Norm s) {
    int channels = s.channels();
    double[] x = t.normal(s.outer() * channels * s.inner());
    Buffer gamma = t.in(t.normal(channels));
    Buffer beta = t.in(t.normal(channels));
    double[] oldMean = t.normal(channels);
    double[] oldVar = t.uniform(channels, 0.5, 2);
    Buffer[] running = {t.in(oldMean), t.in(oldVar), t.in(oldMean), t.in(oldVar)};
    long stats = (long) s.parts() * channels;
    Buffer[] out = {t.out(x.length), t.out(stats), t.out(stats)};
    t.backend().batchNorm(t.in(x), gamma, beta, running[0], running[1], out[0], out[1], out[2], s);
    for (int part = 0; part < s.parts(); part++) {
      Buffer own = t.in(part(x, part, s.parts()));
      Buffer[] each = {t.out(own.length()), t.out(channels), t.out(channels)};
      t.backend()
          .batchNorm(
              own, gamma, beta, running[2], running[3], each[0], each[1], each[2], single(s));
      for (int i = 0; i < out.length; i++) {
        t.holds("output " + i + " of part " + part, equal(t, out[i], part, s.parts(), each[i]));
      }
    }
    double m = (double) s.outer() / s.parts() * s.inner();
    t.check("running mean", running[0], Bound.of(m + 4 * s.parts(), MOST));
    t.check("running variance", running[1], Bound.of(m + 8 * s.parts(), SPREAD));
    t.check("running mean, one by one", running[2], Bound.of(m + 4 * s.parts(), MOST));
    t.check("running variance, one by one", running[3], Bound.of(m + 8 * s.parts(), SPREAD));
  }

  private static void joinedGrad(ContractBench t, Norm s) {
    int channels = s.channels();
    double[] x = t.normal(s.outer() * channels * s.inner());
    double[] dy = t.normal(x.length);
    double[] mean = t.normal((long) s.parts() * channels);
    double[] invStd = t.uniform((long) s.parts() * channels, 0.5, 2);
    Buffer gamma = t.in(t.normal(channels));
    Buffer beta = t.in(t.normal(channels));
    Buffer[] out = {t.out(x.length), t.out(channels), t.out(channels)};
    t.backend()
        .batchNormGrad(
            t.in(x), gamma, beta, t.in(mean), t.in(invStd), t.in(dy), out[0], out[1], out[2], s);
    for (int part = 0; part < s.parts(); part++) {
      Buffer own = t.in(part(x, part, s.parts()));
      Buffer ownMean = t.in(part(mean, part, s.parts()));
      Buffer ownR = t.in(part(invStd, part, s.parts()));
      Buffer ownDy = t.in(part(dy, part, s.parts()));
      Buffer[] each = {t.out(own.length()), t.out(channels), t.out(channels)};
      t.backend()
          .batchNormGrad(
              own, gamma, beta, ownMean, ownR, ownDy, each[0], each[1], each[2], single(s));
      t.holds("dx of part " + part, equal(t, out[0], part, s.parts(), each[0]));
    }
    double m = (double) s.outer() * s.inner();
    t.check("dGamma", out[1], Bound.of(m + 4 * s.parts(), m * MOST * 2 * MOST * 2));
    t.check("dBeta", out[2], Bound.of(m + s.parts(), m * MOST));
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

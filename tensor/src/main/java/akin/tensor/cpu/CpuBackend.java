package akin.tensor.cpu;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Distance;
import akin.tensor.backend.MemoryReport;
import akin.tensor.backend.Noise;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.Reduction;
import akin.tensor.backend.Runner;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Unary;
import akin.tensor.backend.Update;
import akin.tensor.backend.Vectors;
import akin.tensor.plan.Blocking;
import akin.tensor.plan.Interpreter;
import akin.tensor.plan.Program;

/**
 * The processor, in float32, with the Vector API and threads. This class only unwraps buffers and
 * delegates; each kernel stands in a file of its own.
 */
public final class CpuBackend implements Backend {
  private final Workers workers;
  private final Pool pool = new Pool(Runtime.getRuntime().maxMemory() / 2);
  private final Scratch scratch;
  private final Gemm gemm;
  private final Elements elements;
  private final Pairs pairs;
  private final Reductions reductions;
  private final Arrange arrange;
  private final Rows rows;
  private final Distances distances;
  private final Triplets triplets;
  private final Convolutions convolutions;
  private final Pools pools;
  private final BatchNorms batchNorms;
  private final LayerNorms layerNorms;
  private final UnitLines unitLines;
  private final Updates updates;
  private final Preparation preparation;

  /**
   * @param threads how many threads compute, the caller's included; at least 1
   */
  public CpuBackend(int threads) {
    if (threads < 1) {
      throw UserError.of("the cpu backend needs a thread")
          .rule("threads ≥ 1; threads = " + threads)
          .mend("--threads 0 takes all processors");
    }
    workers = new Workers(threads);
    scratch = new Scratch(threads);
    gemm = new Gemm(workers, scratch);
    elements = new Elements(workers, scratch);
    pairs = new Pairs(workers, scratch);
    reductions = new Reductions(workers, scratch);
    arrange = new Arrange(workers);
    rows = new Rows(workers, scratch);
    distances = new Distances(workers, scratch, gemm);
    triplets = new Triplets(workers, scratch);
    convolutions = new Convolutions(workers, scratch);
    pools = new Pools(workers, scratch);
    batchNorms = new BatchNorms(workers, scratch);
    layerNorms = new LayerNorms(workers, scratch);
    unitLines = new UnitLines(workers, scratch);
    updates = new Updates(workers);
    preparation = new Preparation(pool, convolutions, gemm);
  }

  private static float[] data(Buffer buffer) {
    return Pool.own(buffer).data;
  }

  private static float[] dataOrNull(Buffer buffer) {
    return buffer == null ? null : data(buffer);
  }

  private static int size(long n) {
    return Math.toIntExact(n);
  }

  @Override
  public String name() {
    String lanes = Simd.BITS == 0 ? "scalar" : Simd.BITS + "-bit vectors";
    return "cpu (" + lanes + ", " + workers.threads() + " threads)";
  }

  @Override
  public int elementBytes() {
    return Float.BYTES;
  }

  // ---- memory ----

  @Override
  public Buffer allocate(long length) {
    return pool.allocate(length);
  }

  @Override
  public void release(Buffer buffer) {
    pool.release(buffer);
  }

  @Override
  public MemoryReport memory() {
    return pool.report();
  }

  @Override
  public void upload(double[] x, Buffer y) {
    float[] to = data(y);
    for (int i = 0; i < x.length; i++) {
      to[i] = (float) x[i];
    }
  }

  @Override
  public void upload(float[] x, Buffer y) {
    System.arraycopy(x, 0, data(y), 0, x.length);
  }

  @Override
  public void download(Buffer x, double[] y) {
    float[] from = data(x);
    for (int i = 0; i < y.length; i++) {
      y[i] = from[i];
    }
  }

  @Override
  public void download(Buffer x, float[] y) {
    System.arraycopy(data(x), 0, y, 0, y.length);
  }

  @Override
  public void copy2d(
      Buffer x,
      long xStart,
      long xPitch,
      Buffer y,
      long yStart,
      long yPitch,
      long rows,
      long cols) {
    arrange.copy2d(
        new Arrange.Place(data(x), size(xStart), size(xPitch)),
        new Arrange.Place(data(y), size(yStart), size(yPitch)),
        size(rows),
        size(cols));
  }

  @Override
  public void synchronize() {
    // every method returns when its work is done
  }

  // ---- elementwise ----

  @Override
  public void fill(Buffer y, double value) {
    elements.fill(data(y), (float) value);
  }

  @Override
  public void unary(Unary f, double a, double b, Buffer x, Buffer y) {
    elements.unary(f, a, b, data(x), data(y));
  }

  @Override
  public void unaryGrad(Unary f, double a, double b, Buffer x, Buffer y, Buffer dy, Buffer dx) {
    elements.unaryGrad(f, a, b, data(x), data(y), data(dy), data(dx));
  }

  @Override
  public void binary(Binary f, Buffer a, Buffer b, Buffer y, Broadcast s) {
    pairs.value(f, data(a), data(b), data(y), s);
  }

  @Override
  public void binaryGrad(
      Binary f, boolean first, Buffer a, Buffer b, Buffer y, Buffer dy, Buffer g, Broadcast s) {
    pairs.gradient(f, first, data(a), data(b), data(y), data(dy), data(g), s);
  }

  @Override
  public void affine(double alpha, Buffer x, double beta, Buffer y) {
    elements.affine((float) alpha, data(x), (float) beta, data(y));
  }

  // ---- reduce, arrange ----

  @Override
  public void reduce(Reduction r, Buffer x, Buffer y, long outer, long axis, long inner) {
    reductions.reduce(r, data(x), data(y), size(outer), size(axis), size(inner));
  }

  @Override
  public void permute(Buffer x, Buffer y, long[] sizes, int[] order) {
    arrange.permute(data(x), data(y), sizes, order);
  }

  @Override
  public void gatherRows(Buffer x, int[] rows, Buffer y, long width) {
    arrange.gatherRows(data(x), rows, data(y), size(width));
  }

  @Override
  public void scatterAddRows(Buffer x, int[] rows, Buffer y, long yRows, long width) {
    arrange.scatterAddRows(data(x), rows, data(y), size(yRows), size(width));
  }

  @Override
  public void topK(Buffer x, int rows, int cols, int k, boolean largest, int[] index) {
    this.rows.topK(data(x), rows, cols, k, largest, index);
  }

  // ---- algebra ----

  @Override
  public void matmul(
      Buffer a,
      boolean transA,
      Buffer b,
      boolean transB,
      Buffer y,
      long batch,
      int m,
      int k,
      int n) {
    gemm.matmul(data(a), transA, data(b), transB, data(y), size(batch), new Gemm.Sizes(m, k, n));
  }

  @Override
  public void distances(Distance f, Buffer a, Buffer b, Buffer y, int n, int m, int d) {
    distances.forward(f, data(a), data(b), data(y), n, m, d);
  }

  @Override
  public void distancesGrad(
      Distance f,
      Buffer a,
      Buffer b,
      Buffer y,
      Buffer dy,
      boolean swapped,
      Buffer da,
      int n,
      int m,
      int d) {
    distances.gradient(
        f, data(a), data(b), data(y), data(dy), swapped, data(da), new Gemm.Sizes(n, d, m));
  }

  @Override
  public void tripletHinge(double margin, Buffer near, Buffer far, Buffer y, int n, int p, int m) {
    triplets.forward((float) margin, data(near), data(far), data(y), n, p, m);
  }

  @Override
  public void tripletHingeGrad(
      double margin,
      Buffer near,
      Buffer far,
      Buffer dy,
      Buffer dNear,
      Buffer dFar,
      int n,
      int p,
      int m) {
    triplets.gradient(
        (float) margin, data(near), data(far), data(dy), data(dNear), data(dFar), n, p, m);
  }

  // ---- networks ----

  @Override
  public void conv2d(
      ConvShape s, Buffer x, Buffer w, Buffer bias, Buffer residual, Activation act, Buffer y) {
    convolutions.forward(s, data(x), data(w), dataOrNull(bias), dataOrNull(residual), act, data(y));
  }

  @Override
  public void conv2dGradInput(ConvShape s, Buffer dy, Buffer w, Buffer dx) {
    convolutions.gradInput(s, data(dy), data(w), data(dx));
  }

  @Override
  public void conv2dGradWeight(ConvShape s, Buffer x, Buffer dy, Buffer dw) {
    convolutions.gradWeight(s, data(x), data(dy), data(dw));
  }

  @Override
  public void pool2d(PoolShape s, Buffer x, Buffer y) {
    pools.forward(s, data(x), data(y));
  }

  @Override
  public void pool2dGrad(PoolShape s, Buffer x, Buffer y, Buffer dy, Buffer dx) {
    pools.gradient(s, data(x), data(y), data(dy), data(dx));
  }

  @Override
  public void batchNorm(
      Buffer x,
      Buffer gamma,
      Buffer beta,
      Buffer runningMean,
      Buffer runningVar,
      Buffer y,
      Buffer mean,
      Buffer invStd,
      Norm s) {
    batchNorms.forward(
        data(x),
        new BatchNorms.Channels(
            data(gamma), data(beta), data(runningMean), data(runningVar), data(mean), data(invStd)),
        data(y),
        s);
  }

  @Override
  public void batchNormGrad(
      Buffer x,
      Buffer gamma,
      Buffer beta,
      Buffer mean,
      Buffer invStd,
      Buffer dy,
      Buffer dx,
      Buffer dGamma,
      Buffer dBeta,
      Norm s) {
    batchNorms.gradient(
        data(x),
        new BatchNorms.Channels(data(gamma), data(beta), null, null, data(mean), data(invStd)),
        data(dy),
        data(dx),
        data(dGamma),
        data(dBeta),
        s);
  }

  @Override
  public void layerNorm(
      Buffer x,
      Buffer gamma,
      Buffer beta,
      Buffer y,
      Buffer mean,
      Buffer invStd,
      long rows,
      int width,
      double eps) {
    layerNorms.forward(
        data(x),
        new LayerNorms.Stats(data(gamma), data(beta), data(mean), data(invStd)),
        data(y),
        size(rows),
        width,
        eps);
  }

  @Override
  public void layerNormGrad(
      Buffer x,
      Buffer gamma,
      Buffer mean,
      Buffer invStd,
      Buffer dy,
      Buffer dx,
      Buffer dGamma,
      Buffer dBeta,
      long rows,
      int width) {
    layerNorms.gradient(
        data(x),
        new LayerNorms.Stats(data(gamma), null, data(mean), data(invStd)),
        data(dy),
        data(dx),
        data(dGamma),
        data(dBeta),
        size(rows),
        width);
  }

  @Override
  public void normalize(
      Buffer x, Buffer y, Buffer norm, long outer, long axis, long inner, double eps) {
    unitLines.forward(
        data(x), data(y), data(norm), size(outer), size(axis), size(inner), (float) eps);
  }

  @Override
  public void normalizeGrad(
      Buffer y, Buffer norm, Buffer dy, Buffer dx, long outer, long axis, long inner, double eps) {
    unitLines.gradient(
        data(y), data(norm), data(dy), data(dx), size(outer), size(axis), size(inner), (float) eps);
  }

  @Override
  public void softmax(boolean log, Buffer x, Buffer y, long outer, long axis, long inner) {
    rows.softmax(log, data(x), data(y), size(outer), size(axis), size(inner));
  }

  @Override
  public void softmaxGrad(
      boolean log, Buffer y, Buffer dy, Buffer dx, long outer, long axis, long inner) {
    rows.softmaxGrad(log, data(y), data(dy), data(dx), size(outer), size(axis), size(inner));
  }

  // ---- training, search ----

  @Override
  public void update(Update u, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {
    updates.update(u, data(parameter), data(gradient), dataOrNull(m), dataOrNull(v));
  }

  @Override
  public void random(Noise noise, RandomStream stream, double a, double b, Buffer y) {
    elements.random(noise, stream, a, b, data(y));
  }

  @Override
  public Blocking blocking() {
    return preparation;
  }

  @Override
  public Runner plan(Program program) {
    return Interpreter.of(this, program, step -> preparation.of(program, step));
  }

  @Override
  public Searcher searcher(Vectors gallery, Distance f, SearchForm form) {
    return new Search(workers, scratch, gallery, f, form);
  }

  @Override
  public void close() {
    MemoryReport report = pool.report();
    if (report.liveBuffers() > 0) {
      System.err.println(
          "akin: cpu backend closed with "
              + report.liveBuffers()
              + " buffers in use ("
              + report.liveBytes()
              + " bytes)");
    }
    pool.clear();
    workers.close();
  }
}

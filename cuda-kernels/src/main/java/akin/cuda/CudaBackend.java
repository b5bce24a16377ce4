package akin.cuda;

import akin.cuda.device.Device;
import akin.tensor.RandomStream;
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
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Unary;
import akin.tensor.backend.Update;
import akin.tensor.backend.Vectors;
import java.util.List;

/**
 * A card, in float32: own kernels, cuBLAS and cuDNN. This class only unwraps buffers and delegates;
 * each subject stands in a file of its own, with its kernels under resources.
 */
public final class CudaBackend implements Backend {
  private final String name;
  private final Device device;
  private final DevicePool pool;
  private final Launcher launcher;
  private final Elements elements;
  private final Pairs pairs;
  private final Updates updates;
  private final Randoms randoms;
  private final Reductions reductions;
  private final Arrange arrange;
  private final Selection selection;
  private final Products products;
  private final Distances distances;
  private final Triplets triplets;
  private final Convolutions convolutions;
  private final Pools pools;
  private final BatchNorms batchNorms;
  private final LayerNorms layerNorms;
  private final UnitLines unitLines;
  private final Softmaxes softmaxes;

  /**
   * Takes the device over, and closes it when it is closed.
   *
   * @param name what {@link #name} tells before the card, such as {@code cuda}
   * @param cap the most bytes of the device's memory that are used
   */
  public CudaBackend(String name, Device device, long cap) {
    this.name = name + " (" + device.info().name() + ", " + device.info().architecture() + ")";
    this.device = device;
    pool = new DevicePool(device, cap);
    launcher = new Launcher(device, pool);
    elements = new Elements(launcher);
    pairs = new Pairs(launcher);
    updates = new Updates(launcher);
    randoms = new Randoms(launcher);
    reductions = new Reductions(launcher);
    arrange = new Arrange(launcher);
    selection = new Selection(launcher);
    products = new Products(launcher);
    distances = new Distances(launcher, products, elements);
    triplets = new Triplets(launcher);
    convolutions = new Convolutions(launcher, Chunks.OF_32_BITS);
    pools = new Pools(launcher);
    batchNorms = new BatchNorms(launcher, Chunks.OF_32_BITS);
    layerNorms = new LayerNorms(launcher);
    unitLines = new UnitLines(launcher);
    softmaxes = new Softmaxes(launcher, Chunks.OF_32_BITS);
  }

  private CudaBuffer own(Buffer buffer) {
    return CudaBuffer.own(buffer, pool);
  }

  private CudaBuffer ownOrNull(Buffer buffer) {
    return buffer == null ? null : own(buffer);
  }

  @Override
  public String name() {
    return name;
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
    float[] rounded = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      rounded[i] = (float) x[i];
    }
    upload(rounded, y);
  }

  @Override
  public void upload(float[] x, Buffer y) {
    launcher.upload(x, 0, x.length, own(y).address);
  }

  @Override
  public void download(Buffer x, double[] y) {
    float[] values = new float[y.length];
    download(x, values);
    for (int i = 0; i < y.length; i++) {
      y[i] = values[i];
    }
  }

  @Override
  public void download(Buffer x, float[] y) {
    launcher.download(own(x).address, y, 0, y.length);
  }

  @Override
  public void synchronize() {
    device.synchronize();
  }

  @Override
  public void fill(Buffer y, double value) {
    CudaBuffer to = own(y);
    if (to.length > 0) {
      device.fill32(to.address, Float.floatToRawIntBits((float) value), to.length);
    }
  }

  // ---- computing ----

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
    arrange.copy2d(own(x), xStart, xPitch, own(y), yStart, yPitch, rows, cols);
  }

  @Override
  public void unary(Unary f, double a, double b, Buffer x, Buffer y) {
    elements.unary(f, a, b, own(x), own(y));
  }

  @Override
  public void unaryGrad(Unary f, double a, double b, Buffer x, Buffer y, Buffer dy, Buffer dx) {
    elements.unaryGrad(f, a, b, own(x), own(y), own(dy), own(dx));
  }

  @Override
  public void binary(Binary f, Buffer a, Buffer b, Buffer y, Broadcast s) {
    pairs.binary(f, own(a), own(b), own(y), s);
  }

  @Override
  public void binaryGrad(
      Binary f, boolean first, Buffer a, Buffer b, Buffer y, Buffer dy, Buffer g, Broadcast s) {
    pairs.binaryGrad(f, first, own(a), own(b), own(y), own(dy), own(g), s);
  }

  @Override
  public void affine(double alpha, Buffer x, double beta, Buffer y) {
    elements.affine(alpha, own(x), beta, own(y));
  }

  @Override
  public void reduce(Reduction r, Buffer x, Buffer y, long outer, long axis, long inner) {
    reductions.reduce(r, own(x), own(y), outer, axis, inner);
  }

  @Override
  public void permute(Buffer x, Buffer y, long[] sizes, int[] order) {
    arrange.permute(own(x), own(y), sizes, order);
  }

  @Override
  public void gatherRows(Buffer x, int[] rows, Buffer y, long width) {
    arrange.gatherRows(own(x), rows, own(y), width);
  }

  @Override
  public void scatterAddRows(Buffer x, int[] rows, Buffer y, long yRows, long width) {
    arrange.scatterAddRows(own(x), rows, own(y), yRows, width);
  }

  @Override
  public void topK(Buffer x, int rows, int cols, int k, boolean largest, int[] index) {
    selection.topK(own(x), rows, cols, k, largest, index);
  }

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
    products.matmul(own(a), transA, own(b), transB, own(y), batch, m, k, n);
  }

  @Override
  public void distances(Distance f, Buffer a, Buffer b, Buffer y, int n, int m, int d) {
    distances.distances(f, own(a), own(b), own(y), n, m, d);
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
    distances.distancesGrad(f, own(a), own(b), own(y), own(dy), swapped, own(da), n, m, d);
  }

  @Override
  public void conv2d(
      ConvShape s, Buffer x, Buffer w, Buffer bias, Buffer residual, Activation act, Buffer y) {
    convolutions.conv2d(s, own(x), own(w), ownOrNull(bias), ownOrNull(residual), act, own(y));
  }

  @Override
  public void conv2dGradInput(ConvShape s, Buffer dy, Buffer w, Buffer dx) {
    convolutions.conv2dGradInput(s, own(dy), own(w), own(dx));
  }

  @Override
  public void conv2dGradWeight(ConvShape s, Buffer x, Buffer dy, Buffer dw) {
    convolutions.conv2dGradWeight(s, own(x), own(dy), own(dw));
  }

  @Override
  public void pool2d(PoolShape s, Buffer x, Buffer y) {
    pools.pool2d(s, own(x), own(y));
  }

  @Override
  public void pool2dGrad(PoolShape s, Buffer x, Buffer y, Buffer dy, Buffer dx) {
    pools.pool2dGrad(s, own(x), own(dy), own(dx)); // whose maxima are found anew, with their places
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
    batchNorms.batchNorm(
        own(x),
        own(gamma),
        own(beta),
        own(runningMean),
        own(runningVar),
        own(y),
        own(mean),
        own(invStd),
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
    batchNorms.batchNormGrad(
        own(x),
        own(gamma),
        own(beta),
        own(mean),
        own(invStd),
        own(dy),
        own(dx),
        own(dGamma),
        own(dBeta),
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
    layerNorms.layerNorm(
        own(x), own(gamma), own(beta), own(y), own(mean), own(invStd), rows, width, eps);
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
    layerNorms.layerNormGrad(
        own(x),
        own(gamma),
        own(mean),
        own(invStd),
        own(dy),
        own(dx),
        own(dGamma),
        own(dBeta),
        rows,
        width);
  }

  @Override
  public void normalize(
      Buffer x, Buffer y, Buffer norm, long outer, long axis, long inner, double eps) {
    unitLines.normalize(own(x), own(y), own(norm), outer, axis, inner, eps);
  }

  @Override
  public void normalizeGrad(
      Buffer y, Buffer norm, Buffer dy, Buffer dx, long outer, long axis, long inner, double eps) {
    unitLines.normalizeGrad(own(y), own(norm), own(dy), own(dx), outer, axis, inner, eps);
  }

  @Override
  public void softmax(boolean log, Buffer x, Buffer y, long outer, long axis, long inner) {
    softmaxes.softmax(log, own(x), own(y), outer, axis, inner);
  }

  @Override
  public void softmaxGrad(
      boolean log, Buffer y, Buffer dy, Buffer dx, long outer, long axis, long inner) {
    softmaxes.softmaxGrad(log, own(y), own(dy), own(dx), outer, axis, inner);
  }

  @Override
  public void update(Update u, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {
    updateAll(List.of(new Step(u, parameter, gradient, m, v)));
  }

  @Override
  public void updateAll(List<Step> steps) {
    updates.update(steps, buffer -> buffer == null ? 0 : own(buffer).address);
  }

  @Override
  public void random(Noise noise, RandomStream stream, double a, double b, Buffer y) {
    randoms.random(noise, stream, a, b, own(y));
  }

  @Override
  public void tripletHinge(double margin, Buffer near, Buffer far, Buffer y, int n, int p, int m) {
    triplets.tripletHinge(margin, own(near), own(far), own(y), n, p, m);
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
    triplets.tripletHingeGrad(margin, own(near), own(far), own(dy), own(dNear), own(dFar), n, p, m);
  }

  // ---- search ----

  @Override
  public Searcher searcher(Vectors gallery, Distance f, SearchForm form) {
    return new CudaSearcher(launcher, distances, gallery(gallery, f));
  }

  /** A gallery on the device, whole or in pieces. */
  GalleryRows gallery(Vectors gallery, Distance f) {
    return new GalleryRows(launcher, distances, gallery, f);
  }

  @Override
  public void close() {
    MemoryReport report = pool.report();
    if (report.liveBuffers() > 0 && !device.failed()) {
      System.err.println(
          "akin: cuda backend closed with "
              + report.liveBuffers()
              + " buffers in use ("
              + report.liveBytes()
              + " bytes)");
    }
    try {
      pool.clear();
    } finally {
      device.close();
    }
  }
}

package akin.tensor.reference;

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
import java.util.Arrays;

/**
 * The textbook: each method of {@link Backend} in float64, by its definition, with plain loops and
 * sums in order. It has no pool and one thread.
 */
public final class ReferenceBackend implements Backend {
  private long liveBuffers;
  private long liveElements;
  private long allocated;

  /** A backend without buffers. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int elementBytes() {
    return Double.BYTES;
  }

  // ---- memory ----

  @Override
  public Buffer allocate(long length) {
    Buffer buffer = new ReferenceBuffer(this, length);
    liveBuffers++;
    liveElements += length;
    allocated++;
    return buffer;
  }

  @Override
  public void release(Buffer buffer) {
    own(buffer).release();
    liveBuffers--;
    liveElements -= buffer.length();
  }

  @Override
  public MemoryReport memory() {
    return new MemoryReport(liveBuffers, liveElements * Double.BYTES, 0, allocated);
  }

  @Override
  public void upload(double[] x, Buffer y) {
    System.arraycopy(x, 0, of(y), 0, x.length);
  }

  @Override
  public void upload(float[] x, Buffer y) {
    double[] to = of(y);
    for (int i = 0; i < x.length; i++) {
      to[i] = x[i];
    }
  }

  @Override
  public void download(Buffer x, double[] y) {
    System.arraycopy(of(x), 0, y, 0, y.length);
  }

  @Override
  public void download(Buffer x, float[] y) {
    double[] from = of(x);
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) from[i];
    }
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
    double[] from = of(x);
    double[] to = of(y);
    for (long r = 0; r < rows; r++) {
      for (long c = 0; c < cols; c++) {
        to[(int) (yStart + r * yPitch + c)] = from[(int) (xStart + r * xPitch + c)];
      }
    }
  }

  @Override
  public void synchronize() {
    // Work is done when a method returns.
  }

  @Override
  public void close() {
    if (liveBuffers > 0) {
      System.err.println(
          "akin: reference backend closed with "
              + liveBuffers
              + " buffers ("
              + liveElements
              + " elements) still in use");
    }
  }

  private ReferenceBuffer own(Buffer buffer) {
    if (buffer instanceof ReferenceBuffer && ((ReferenceBuffer) buffer).owner == this) {
      return (ReferenceBuffer) buffer;
    }
    throw new IllegalArgumentException("a buffer of another backend: " + buffer);
  }

  private double[] of(Buffer buffer) {
    return own(buffer).values();
  }

  private double[] ofNullable(Buffer buffer) {
    return buffer == null ? null : of(buffer);
  }

  // ---- elementwise ----

  @Override
  public void fill(Buffer y, double value) {
    Arrays.fill(of(y), value);
  }

  @Override
  public void unary(Unary f, double a, double b, Buffer x, Buffer y) {
    Elements.unary(f, a, b, of(x), of(y));
  }

  @Override
  public void unaryGrad(Unary f, double a, double b, Buffer x, Buffer y, Buffer dy, Buffer dx) {
    Elements.unaryGrad(f, a, b, of(x), of(y), of(dy), of(dx));
  }

  @Override
  public void binary(Binary f, Buffer a, Buffer b, Buffer y, Broadcast s) {
    Elements.binary(f, of(a), of(b), of(y), s);
  }

  @Override
  public void binaryGrad(
      Binary f, boolean first, Buffer a, Buffer b, Buffer y, Buffer dy, Buffer g, Broadcast s) {
    Elements.binaryGrad(f, first, of(a), of(b), of(y), of(dy), of(g), s);
  }

  @Override
  public void affine(double alpha, Buffer x, double beta, Buffer y) {
    Elements.affine(alpha, of(x), beta, of(y));
  }

  @Override
  public void update(Update u, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {
    Elements.update(u, of(parameter), of(gradient), ofNullable(m), ofNullable(v));
  }

  @Override
  public void random(Noise noise, RandomStream stream, double a, double b, Buffer y) {
    Elements.random(noise, stream, a, b, of(y));
  }

  // ---- reduce, arrange ----

  @Override
  public void reduce(Reduction r, Buffer x, Buffer y, long outer, long axis, long inner) {
    Rows.reduce(r, of(x), of(y), (int) outer, (int) axis, (int) inner);
  }

  @Override
  public void permute(Buffer x, Buffer y, long[] sizes, int[] order) {
    Rows.permute(of(x), of(y), sizes, order);
  }

  @Override
  public void gatherRows(Buffer x, int[] rows, Buffer y, long width) {
    Rows.gather(of(x), rows, of(y), (int) width);
  }

  @Override
  public void scatterAddRows(Buffer x, int[] rows, Buffer y, long yRows, long width) {
    Rows.scatterAdd(of(x), rows, of(y), (int) yRows, (int) width);
  }

  @Override
  public void topK(Buffer x, int rows, int cols, int k, boolean largest, int[] index) {
    Rows.topK(of(x), rows, cols, k, largest, index);
  }

  @Override
  public void normalize(
      Buffer x, Buffer y, Buffer norm, long outer, long axis, long inner, double eps) {
    Norms.unit(of(x), of(y), of(norm), (int) axis, (int) inner, eps);
  }

  @Override
  public void normalizeGrad(
      Buffer y, Buffer norm, Buffer dy, Buffer dx, long outer, long axis, long inner, double eps) {
    Norms.unitGrad(of(y), of(norm), of(dy), of(dx), (int) axis, (int) inner, eps);
  }

  @Override
  public void softmax(boolean log, Buffer x, Buffer y, long outer, long axis, long inner) {
    Rows.softmax(log, of(x), of(y), (int) outer, (int) axis, (int) inner);
  }

  @Override
  public void softmaxGrad(
      boolean log, Buffer y, Buffer dy, Buffer dx, long outer, long axis, long inner) {
    Rows.softmaxGrad(log, of(y), of(dy), of(dx), (int) outer, (int) axis, (int) inner);
  }

  // ---- algebra ----

  /**
   * y[b,i,j] = Σ_l op(A)[b,i,l]·op(B)[b,l,j]: a transposed operand is read with swapped strides.
   */
  @Override
  public void matmul(
      Buffer bufferA,
      boolean transA,
      Buffer bufferB,
      boolean transB,
      Buffer bufferY,
      long batch,
      int m,
      int k,
      int n) {
    Products.multiply(of(bufferA), transA, of(bufferB), transB, of(bufferY), (int) batch, m, k, n);
  }

  @Override
  public void distances(Distance f, Buffer a, Buffer b, Buffer y, int n, int m, int d) {
    Distances.forward(f, of(a), of(b), of(y), n, m, d);
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
    Distances.backward(f, of(a), of(b), of(y), of(dy), swapped, of(da), n, m, d);
  }

  @Override
  public void tripletHinge(double margin, Buffer near, Buffer far, Buffer y, int n, int p, int m) {
    Triplets.forward(margin, of(near), of(far), of(y), n, p, m);
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
    Triplets.backward(margin, of(near), of(far), of(dy), of(dNear), of(dFar), n, p, m);
  }

  @Override
  public Searcher searcher(Vectors gallery, Distance f, SearchForm form) {
    return new ReferenceSearcher(gallery, f);
  }

  // ---- networks ----

  @Override
  public void conv2d(
      ConvShape s, Buffer x, Buffer w, Buffer bias, Buffer residual, Activation act, Buffer y) {
    Convolutions.forward(s, of(x), of(w), ofNullable(bias), ofNullable(residual), act, of(y));
  }

  @Override
  public void conv2dGradInput(ConvShape s, Buffer dy, Buffer w, Buffer dx) {
    Convolutions.gradInput(s, of(dy), of(w), of(dx));
  }

  @Override
  public void conv2dGradWeight(ConvShape s, Buffer x, Buffer dy, Buffer dw) {
    Convolutions.gradWeight(s, of(x), of(dy), of(dw));
  }

  @Override
  public void pool2d(PoolShape s, Buffer x, Buffer y) {
    Pools.forward(s, of(x), of(y));
  }

  @Override
  public void pool2dGrad(PoolShape s, Buffer x, Buffer y, Buffer dy, Buffer dx) {
    Pools.backward(s, of(x), of(dy), of(dx));
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
    Norms.batch(
        of(x),
        of(gamma),
        of(beta),
        of(runningMean),
        of(runningVar),
        of(y),
        of(mean),
        of(invStd),
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
    Norms.batchGrad(
        of(x), of(gamma), of(beta), of(mean), of(invStd), of(dy), of(dx), of(dGamma), of(dBeta), s);
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
    Norms.layer(of(x), of(gamma), of(beta), of(y), of(mean), of(invStd), (int) rows, width, eps);
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
    Norms.layerGrad(
        of(x),
        of(gamma),
        of(mean),
        of(invStd),
        of(dy),
        of(dx),
        of(dGamma),
        of(dBeta),
        (int) rows,
        width);
  }
}

package akin.tensor.backend;

import akin.tensor.RandomStream;
import akin.tensor.plan.Blocking;
import akin.tensor.plan.Interpreter;
import akin.tensor.plan.Program;
import java.util.List;

/**
 * What a device must do: about thirty methods at the grain of cuBLAS, cuDNN and of a hand-written
 * kernel.
 *
 * <p><b>Contract.</b> Buffers are dense and row-major (pictures NCHW), in the backend's own
 * precision. Shapes are already checked. Outputs are distinct from inputs, except that elementwise
 * methods (unary, unaryGrad, binary without stretching, affine) may write onto an input, and
 * batchNormGrad's dx may be dy. Outputs are overwritten whatever they held. Buffers have the length
 * of their shape; in a {@linkplain #plan program} those of conv2d, pool2d, matmul and softmax may
 * be longer, and the rest stays. Work is done in order as if on one stream, and may be asynchronous
 * until {@link #download} or {@link #synchronize}. Sums are partitioned by shape, never by thread:
 * the same call gives the same bits at any thread count, cold or warm. One thread at a time uses a
 * backend.
 *
 * <p>docs/backend.md says for each method how a CUDA backend does it.
 */
public interface Backend extends AutoCloseable {
  /** {@code reference}, {@code cpu} or {@code cuda}, with details such as the vector width. */
  String name();

  /** Bytes of one element: 8 for float64, 4 for float32. */
  int elementBytes();

  // ---- memory ----

  /** A buffer of {@code length} elements with undefined content, from the pool if it has one. */
  Buffer allocate(long length);

  /**
   * Gives a buffer back to the pool.
   *
   * @throws IllegalStateException if it was given back before
   */
  void release(Buffer buffer);

  /** What is in use and what waits in the pool. */
  MemoryReport memory();

  /** y[i] = x[i] for all i &lt; x.length, the rest of y stays; rounds if the backend is float32. */
  void upload(double[] x, Buffer y);

  /** y[i] = x[i] for all i &lt; x.length; the rest of y stays. */
  void upload(float[] x, Buffer y);

  /** y[i] = x[i] for all i &lt; y.length. */
  void download(Buffer x, double[] y);

  /** y[i] = x[i] for all i &lt; y.length; rounds if the backend is float64. */
  void download(Buffer x, float[] y);

  /**
   * y[yStart + r·yPitch + c] = x[xStart + r·xPitch + c] for r &lt; rows, c &lt; cols; the rest of y
   * stays. Pitches are at least cols.
   */
  void copy2d(
      Buffer x, long xStart, long xPitch, Buffer y, long yStart, long yPitch, long rows, long cols);

  /** Waits until all work is done. */
  void synchronize();

  // ---- elementwise ----

  /** y = value everywhere. */
  void fill(Buffer y, double value);

  /** y = f(x; a, b). */
  void unary(Unary f, double a, double b, Buffer x, Buffer y);

  /** dx = dy·f′(x; a, b), where y = f(x; a, b). */
  void unaryGrad(Unary f, double a, double b, Buffer x, Buffer y, Buffer dy, Buffer dx);

  /** y = f(a, b), both stretched over {@code s}. */
  void binary(Binary f, Buffer a, Buffer b, Buffer y, Broadcast s);

  /**
   * g = dy·∂f/∂a (or ∂f/∂b), over the whole common shape; the caller sums it over stretched axes.
   *
   * @param first whether with respect to a
   */
  void binaryGrad(
      Binary f, boolean first, Buffer a, Buffer b, Buffer y, Buffer dy, Buffer g, Broadcast s);

  /** y = α·x + β. */
  void affine(double alpha, Buffer x, double beta, Buffer y);

  // ---- reduce, arrange ----

  /**
   * y[o,i] = r over j of x[o,j,i]; x [outer,axis,inner], y [outer,inner]; axis ≥ 1 for MAX, MIN.
   */
  void reduce(Reduction r, Buffer x, Buffer y, long outer, long axis, long inner);

  /**
   * y = x with axes reordered: axis k of y is axis order[k] of x, whose sizes are {@code sizes}.
   */
  void permute(Buffer x, Buffer y, long[] sizes, int[] order);

  /** y[k,·] = x[rows[k],·], each row {@code width} long. */
  void gatherRows(Buffer x, int[] rows, Buffer y, long width);

  /** y = 0 ([yRows,width]), then y[rows[k],·] += x[k,·] in order of k. */
  void scatterAddRows(Buffer x, int[] rows, Buffer y, long yRows, long width);

  /**
   * The k ≤ cols largest (or smallest) of each row of x [rows,cols], best first, ties by column,
   * NaN last whichever way; −0 equals 0.
   *
   * @param index receives [rows,k] column numbers, on the host
   */
  void topK(Buffer x, int rows, int cols, int k, boolean largest, int[] index);

  // ---- algebra ----

  /**
   * Y_b = op(A_b)·op(B_b) for b &lt; batch: op(A) [m,k], op(B) [k,n], Y [m,n]; op transposes where
   * asked (then A is stored [k,m], B [n,k]).
   */
  void matmul(
      Buffer a,
      boolean transA,
      Buffer b,
      boolean transB,
      Buffer y,
      long batch,
      int m,
      int k,
      int n);

  /**
   * y[i,j] = distance of row i of a [n,d] and row j of b [m,d], by the definition (differences, not
   * the expanded square, which cancels; {@link Distance#DOT} is a product).
   */
  void distances(Distance f, Buffer a, Buffer b, Buffer y, int n, int m, int d);

  /**
   * da[i,·] = Σ_j dy[i,j]·∂distance(a_i, b_j)/∂a_i, by differences where the distance is one of
   * differences.
   *
   * @param swapped y and dy are stored [m,n]: the gradient of the second argument is asked for, and
   *     the caller swapped a and b
   */
  void distancesGrad(
      Distance f,
      Buffer a,
      Buffer b,
      Buffer y,
      Buffer dy,
      boolean swapped,
      Buffer da,
      int n,
      int m,
      int d);

  /**
   * y[0,i] = Σ_{j,k} [near[i,j] − far[i,k] + margin]₊, and y[1,i] = how many of these terms are
   * above 0; near [n,p], far [n,m], y [2,n]. A term that is NaN makes its sum NaN.
   */
  void tripletHinge(double margin, Buffer near, Buffer far, Buffer y, int n, int p, int m);

  /**
   * dNear[i,j] = dy[0,i]·#{k : near[i,j] − far[i,k] + margin &gt; 0} and dFar[i,k] = −dy[0,i]·#{j :
   * …}; dy is like y, but y[1,·] are constants, so dy[1,·] is not looked at.
   */
  void tripletHingeGrad(
      double margin,
      Buffer near,
      Buffer far,
      Buffer dy,
      Buffer dNear,
      Buffer dFar,
      int n,
      int p,
      int m);

  // ---- networks ----

  /**
   * y = act(x ∗ w + bias[o] + residual), cross-correlation. This and its gradients may be computed
   * by Winograd's filtering where the kernel is 3×3 with stride and dilation 1 and 64 channels or
   * more in and out of a group, within {@link akin.tensor.check.WinogradBound}; an infinity or NaN
   * may then spoil outputs up to five cells away.
   *
   * @param bias [O] or null
   * @param residual like y, or null
   */
  void conv2d(
      ConvShape s, Buffer x, Buffer w, Buffer bias, Buffer residual, Activation act, Buffer y);

  /** dx[n,c,·,·] = Σ over outputs that saw it of dy·w; rows the kernel never reaches get 0. */
  void conv2dGradInput(ConvShape s, Buffer dy, Buffer w, Buffer dx);

  /** dw[o,c,·,·] = Σ over n and positions of dy·x. */
  void conv2dGradWeight(ConvShape s, Buffer x, Buffer dy, Buffer dw);

  /** y = the maximum or average of each window; a maximum that meets NaN is NaN. */
  void pool2d(PoolShape s, Buffer x, Buffer y);

  /**
   * dx = dy sent back: to the first maximum of each window (the first NaN if it has one), or shared
   * by all its cells.
   */
  void pool2dGrad(PoolShape s, Buffer x, Buffer y, Buffer dy, Buffer dx);

  /**
   * Batch normalisation of x [outer,C,inner] per channel: y = act(γ·(x − μ)·r + β), r = 1/√(σ² +
   * eps). In training (outer·inner ≥ 2) μ, σ² are the batch's (biased), and running statistics move
   * by {@code momentum} towards μ and the unbiased variance; otherwise μ, σ² are the running ones.
   *
   * <p>Several batches that stand one after the other along outer (parts ≥ 2, in training) are
   * normalised as by one call each, in order: by statistics of their own, and the running ones move
   * once for each.
   *
   * @param gamma [C]
   * @param beta [C]
   * @param mean receives μ [parts,C]
   * @param invStd receives r [parts,C]
   */
  void batchNorm(
      Buffer x,
      Buffer gamma,
      Buffer beta,
      Buffer runningMean,
      Buffer runningVar,
      Buffer y,
      Buffer mean,
      Buffer invStd,
      Norm s);

  /**
   * With x̂ = (x − μ)·r, m = outer·inner and g = dy·act′(γ·x̂ + β): dβ = Σ g, dγ = Σ g·x̂, and dx =
   * γ·r·(g − dβ/m − x̂·dγ/m) in training, γ·r·g otherwise. Of several parts dx is that of each by
   * itself, dβ and dγ are added up, in order. dx may be dy.
   */
  void batchNormGrad(
      Buffer x,
      Buffer gamma,
      Buffer beta,
      Buffer mean,
      Buffer invStd,
      Buffer dy,
      Buffer dx,
      Buffer dGamma,
      Buffer dBeta,
      Norm s);

  /**
   * Sizes of a batch normalisation.
   *
   * @param outer N
   * @param channels C
   * @param inner H·W, or 1
   * @param parts how many batches of equal size N is made of; 1 unless in training
   * @param act what follows
   */
  record Norm(
      long outer,
      int channels,
      long inner,
      double eps,
      double momentum,
      boolean training,
      int parts,
      Activation act) {}

  /**
   * Layer normalisation of each row of x [rows,width]: y = γ·(x − μ)·r + β, biased variance.
   *
   * @param mean receives μ [rows]
   * @param invStd receives r [rows]
   */
  void layerNorm(
      Buffer x,
      Buffer gamma,
      Buffer beta,
      Buffer y,
      Buffer mean,
      Buffer invStd,
      long rows,
      int width,
      double eps);

  /** dβ = Σ dy, dγ = Σ dy·x̂; dx = r·(g − mean(g) − x̂·mean(g·x̂)) with g = γ·dy. */
  void layerNormGrad(
      Buffer x,
      Buffer gamma,
      Buffer mean,
      Buffer invStd,
      Buffer dy,
      Buffer dx,
      Buffer dGamma,
      Buffer dBeta,
      long rows,
      int width);

  /**
   * Every line along the axis of x [outer,axis,inner] made as long as 1: y = x/n, n = max(‖x‖,
   * eps).
   *
   * @param norm receives n [outer,inner]
   */
  void normalize(Buffer x, Buffer y, Buffer norm, long outer, long axis, long inner, double eps);

  /** dx = (dy − y·⟨dy, y⟩)/n along the axis; where n ≤ eps, dx = dy/n. */
  void normalizeGrad(
      Buffer y, Buffer norm, Buffer dy, Buffer dx, long outer, long axis, long inner, double eps);

  /** Along the axis of x [outer,axis,inner]: y = e^(x−max)/Σ e^(x−max), or its logarithm. */
  void softmax(boolean log, Buffer x, Buffer y, long outer, long axis, long inner);

  /** dx = y·(dy − Σ dy·y); for the logarithm dx = dy − e^y·Σ dy. */
  void softmaxGrad(boolean log, Buffer y, Buffer dy, Buffer dx, long outer, long axis, long inner);

  // ---- training, search ----

  /**
   * One step of an optimiser; see {@link Update}.
   *
   * @param m first state, or null where the rule has none
   * @param v second state, or null
   */
  void update(Update u, Buffer parameter, Buffer gradient, Buffer m, Buffer v);

  /**
   * {@link #update} of each, in any order or all at once: no buffer that one writes is another's.
   */
  default void updateAll(List<Step> steps) {
    steps.forEach(s -> update(s.rule, s.parameter, s.gradient, s.m, s.v));
  }

  /** What one {@link #update} takes. */
  record Step(Update rule, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {}

  /** y[i] = element i of the stream's {@code noise}; see {@link Noise#at}. */
  void random(Noise noise, RandomStream stream, double a, double b, Buffer y);

  /**
   * Which convolutions this backend prefers with their values in blocks of channels; a program for
   * {@link #plan} has values in blocks at these alone.
   */
  default Blocking blocking() {
    return Blocking.NONE;
  }

  /**
   * Prepares a program for inference. Whatever the runner prepares (weights in an order of its own,
   * a recorded list of kernels) stays inside it; it gives what {@link Interpreter} gives, to
   * rounding. The program's constants stay as they are while the runner is used.
   */
  default Runner plan(Program program) {
    return Interpreter.of(this, program, step -> null);
  }

  /** Prepares a gallery [n,d] for exact search; it is not copied and must not be changed. */
  default Searcher searcher(float[] gallery, int n, int d, Distance f) {
    return searcher(Vectors.of(gallery, n, d), f, SearchForm.INT8);
  }

  /** Prepares a gallery for exact search. The form changes time and memory, never an answer. */
  Searcher searcher(Vectors gallery, Distance f, SearchForm form);

  /** Gives everything back; buffers still in use are counted and reported on stderr. */
  @Override
  void close();
}

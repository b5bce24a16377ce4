package akin.tensor.cpu;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.op.Context;
import akin.tensor.plan.Blocking;
import akin.tensor.plan.Fused;
import akin.tensor.plan.FusedConv2d;
import akin.tensor.plan.FusedMatMul;
import akin.tensor.plan.InvertedResidual;
import akin.tensor.plan.Node;
import akin.tensor.plan.Prepared;
import akin.tensor.plan.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done once for a step of a program: constant weights are packed as their kernel reads
 * them; and which steps have kernels for blocks of channels.
 */
final class Preparation implements Blocking {
  private final Pool pool;
  private final Convolutions convolutions;
  private final Gemm gemm;

  Preparation(Pool pool, Convolutions convolutions, Gemm gemm) {
    this.pool = pool;
    this.convolutions = convolutions;
    this.gemm = gemm;
  }

  @Override
  public int channels() {
    return Simd.BLOCKS.lanes();
  }

  /** Convolutions with constant weights, where blocks divide the channels of both sides. */
  @Override
  public boolean takes(Node node) {
    FusedConv2d conv = FusedConv2d.of(node);
    if (conv == null || !node.inputs().get(1).isConstant()) {
      return false;
    }
    int n = node.inputs().size();
    return divides(node.inputs().get(0))
        && divides(node.output())
        && (!conv.residual() || divides(node.inputs().get(n - 1)))
        && Convolutions.goesInBlocks(conv.shape(node));
  }

  /** A step with its weights packed, or null if it has none. */
  Prepared of(Program program, Program.Step step) {
    Node node = step.node();
    if (node.work() instanceof InvertedResidual chain) {
      return chain(chain, program, step);
    }
    Fused work = Fused.of(node);
    Buffer weights = program.constant(step, 1);
    if (work == null || weights == null || node.output().shape().count() == 0) {
      return null;
    }
    float[] w = Pool.own(weights).data;
    return work instanceof FusedMatMul product
        ? new Product(product, node, w)
        : new Convolution((FusedConv2d) work, node, w);
  }

  /** A step whose weights lie in a buffer of its own. */
  private abstract class WithWeights implements Prepared {
    private final Fused work;
    final CpuBuffer packed;

    WithWeights(Fused work, long length) {
      this.work = work;
      packed = pool.allocate(length);
    }

    @Override
    public final void run(Context c) {
      float[] bias = work.biased() ? data(c, 2) : null;
      float[] residual = work.residual() ? data(c, work.biased() ? 3 : 2) : null;
      run(data(c, 0), bias, residual, Pool.own(c.out()).data);
    }

    abstract void run(float[] x, float[] bias, float[] residual, float[] y);

    private static float[] data(Context c, int i) {
      return Pool.own(c.in(i)).data;
    }

    @Override
    public final boolean reads(int i) {
      return i != 1;
    }

    @Override
    public final void close() {
      pool.release(packed);
    }
  }

  private Convolutions.Pass pass(ConvShape s, boolean inBlocks) {
    return inBlocks ? convolutions.inBlocks(s) : convolutions.forward(s);
  }

  private final class Convolution extends WithWeights {
    private final FusedConv2d work;
    private final Convolutions.Pass pass;

    Convolution(FusedConv2d work, Node node, float[] w) {
      this(work, pass(work.shape(node), node.output().block() > 1), w);
    }

    private Convolution(FusedConv2d work, Convolutions.Pass pass, float[] w) {
      super(work, pass.packedLength());
      this.work = work;
      this.pass = pass;
      convolutions.pack(pass, w, packed.data);
    }

    @Override
    void run(float[] x, float[] bias, float[] residual, float[] y) {
      Sweep.Epilogue epilogue = new Sweep.Epilogue(bias, residual, work.act());
      convolutions.run(pass, x, packed.data, epilogue, y);
    }
  }

  private Prepared chain(InvertedResidual chain, Program program, Program.Step step) {
    List<float[]> weights = new ArrayList<>();
    List<float[]> biases = new ArrayList<>();
    List<Activation> acts = new ArrayList<>();
    for (int i = 0; i < chain.parts().size(); i++) {
      FusedConv2d part = chain.parts().get(i);
      Buffer w = program.constant(step, chain.weights(i));
      Buffer bias = part.biased() ? program.constant(step, chain.weights(i) + 1) : null;
      if (w == null || part.biased() && bias == null) {
        return null;
      }
      weights.add(Pool.own(w).data);
      biases.add(bias == null ? null : Pool.own(bias).data);
      acts.add(part.act());
    }
    Bottleneck pass = new Bottleneck(chain.shapes(step.node()), acts);
    CpuBuffer packed = pool.allocate(pass.packedLength());
    pass.pack(weights, biases, packed.data);
    return new Chain(chain, pass, packed);
  }

  private final class Chain implements Prepared {
    private final InvertedResidual work;
    private final Bottleneck pass;
    private final CpuBuffer packed;

    Chain(InvertedResidual work, Bottleneck pass, CpuBuffer packed) {
      this.work = work;
      this.pass = pass;
      this.packed = packed;
    }

    @Override
    public void run(Context c) {
      float[] residual = work.last().residual() ? Pool.own(c.in(work.residual())).data : null;
      float[] y = Pool.own(c.out()).data;
      convolutions.run(pass, Pool.own(c.in(0)).data, packed.data, residual, y);
    }

    @Override
    public boolean reads(int i) {
      return i == 0 || i == work.residual();
    }

    @Override
    public void close() {
      pool.release(packed);
    }
  }

  private final class Product extends WithWeights {
    private static final Gemm.Kind KIND = Gemm.Kind.PRODUCT;

    private final FusedMatMul work;
    private final Gemm.Sizes sizes;
    private final Packed weights;

    Product(FusedMatMul work, Node node, float[] w) {
      this(work, sizes(work, node), w);
    }

    private Product(FusedMatMul work, Gemm.Sizes sizes, float[] w) {
      super(work, Gemm.packedCols(KIND, sizes.k(), sizes.n()));
      this.work = work;
      this.sizes = sizes;
      boolean turned = work.transposed();
      Matrix matrix = new Matrix(w, 0, turned ? sizes.k() : sizes.n(), turned);
      weights = gemm.packCols(KIND, matrix, sizes.k(), sizes.n(), packed.data);
    }

    private static Gemm.Sizes sizes(FusedMatMul work, Node node) {
      Shape w = node.inputs().get(1).shape();
      int n = w.dim(work.transposed() ? 0 : 1);
      return new Gemm.Sizes(
          Math.toIntExact(node.output().shape().count() / n), w.dim(work.transposed() ? 1 : 0), n);
    }

    @Override
    void run(float[] x, float[] bias, float[] residual, float[] y) {
      Ending ending = new Ending(bias, 0, true, residual, work.act());
      Matrix rows = new Matrix(x, 0, sizes.k(), false);
      gemm.run(new Gemm.Call(KIND, rows, weights, y, 0, sizes.m(), sizes.k(), sizes.n(), ending));
    }
  }
}

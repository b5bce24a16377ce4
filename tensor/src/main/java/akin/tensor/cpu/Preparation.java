package akin.tensor.cpu;

import akin.tensor.backend.Buffer;
import akin.tensor.op.Context;
import akin.tensor.plan.FusedConv2d;
import akin.tensor.plan.Node;
import akin.tensor.plan.Prepared;
import akin.tensor.plan.Program;

/** What is done once for a step of a program: weights are packed as its kernel reads them. */
final class Preparation {
  private final Pool pool;
  private final Convolutions convolutions;

  Preparation(Pool pool, Convolutions convolutions) {
    this.pool = pool;
    this.convolutions = convolutions;
  }

  /** A step with its weights packed, or null if it has none. */
  Prepared of(Program program, Program.Step step) {
    Node node = step.node();
    FusedConv2d work = FusedConv2d.of(node);
    Buffer w = program.constant(step, 1);
    boolean packable = work != null && w != null && node.output().shape().count() > 0;
    return packable ? new Convolution(work, node, Pool.own(w).data) : null;
  }

  /** A convolution whose kernel is packed. */
  private final class Convolution implements Prepared {
    private final FusedConv2d work;
    private final Convolutions.Pass pass;
    private final CpuBuffer packed;

    Convolution(FusedConv2d work, Node node, float[] w) {
      this.work = work;
      pass = convolutions.forward(work.shape(node));
      packed = pool.allocate(pass.packedLength());
      convolutions.pack(pass, w, packed.data);
    }

    @Override
    public void run(Context c) {
      float[] bias = work.biased() ? data(c, 2) : null;
      float[] residual = work.residual() ? data(c, work.biased() ? 3 : 2) : null;
      Sweep.Epilogue epilogue = new Sweep.Epilogue(bias, residual, work.act());
      convolutions.run(pass, data(c, 0), packed.data, epilogue, Pool.own(c.out()).data);
    }

    private float[] data(Context c, int i) {
      return Pool.own(c.in(i)).data;
    }

    @Override
    public boolean reads(int i) {
      return i != 1;
    }

    @Override
    public void close() {
      pool.release(packed);
    }
  }
}

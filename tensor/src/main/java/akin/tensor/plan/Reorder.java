package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.op.Context;

/**
 * Puts the channels of pictures into blocks, [N,C,H,W] → [N, C/B, H, W, B], or back.
 *
 * @param block channels of a block, B
 * @param into whether into blocks
 */
public record Reorder(int block, boolean into) implements Work {
  @Override
  public void forward(Context c) {
    Shape s = c.outShape();
    long blocks = (long) s.dim(0) * s.dim(1) / block;
    long cells = (long) s.dim(2) * s.dim(3);
    long[] sizes = into ? new long[] {blocks, block, cells} : new long[] {blocks, cells, block};
    c.backend().permute(c.in(0), c.out(), sizes, new int[] {0, 2, 1});
  }

  @Override
  public String name() {
    return into ? "Into blocks of channels" : "Out of blocks of channels";
  }
}

package akin.nn.head;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Conv2d;
import akin.nn.Flatten;
import akin.nn.Linear;
import akin.nn.Sequential;

/**
 * Maps to embeddings that know where on the map something was, the simple model beside {@link
 * GlobalDescriptors}: [N,C,H,W] → Conv 1×1 512 · swish · Conv 1×1 128 · swish → flattened [N,
 * 128·H·W] → Linear 1024 · swish · BatchNorm · Linear D → [N,D], of any length.
 *
 * <p>The maps' size is part of its weights.
 */
public final class FlatHead extends Sequential {
  private static final int FIRST = 512;
  private static final int SECOND = 128;
  private static final int HIDDEN = 1024;

  /**
   * From C maps of H × W cells to D numbers.
   *
   * @param cells H·W
   */
  public FlatHead(int channels, int cells, int embedding) {
    super(
        new Conv2d(channels, FIRST, Conv2d.Options.kernel(1)),
        Activation.silu(),
        new Conv2d(FIRST, SECOND, Conv2d.Options.kernel(1)),
        Activation.silu(),
        new Flatten(),
        new Linear(Math.multiplyExact(SECOND, cells), HIDDEN),
        Activation.silu(),
        new BatchNorm(HIDDEN),
        new Linear(HIDDEN, embedding));
  }
}

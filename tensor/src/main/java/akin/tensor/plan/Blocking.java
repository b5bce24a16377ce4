package akin.tensor.plan;

/**
 * Which nodes of a graph a backend does on values in blocks of channels, [N, C/B, H, W, B]: B
 * channels of a cell lie side by side, as vectors hold them, so that a kernel reads and writes
 * whole vectors wherever it begins. The reference backend does none.
 */
public interface Blocking {
  /** No node. */
  Blocking NONE =
      new Blocking() {
        @Override
        public int channels() {
          return 1;
        }

        @Override
        public boolean takes(Node node) {
          return false;
        }
      };

  /** Channels of a block, B. */
  int channels();

  /**
   * Whether the backend {@linkplain Prepared prepares} a node whose output and inputs, but
   * constants, are in blocks, where B divides their channels. Its output may lie where its residual
   * does.
   */
  boolean takes(Node node);

  /** Whether a value can be in blocks. */
  default boolean divides(Value value) {
    return !value.isConstant()
        && value.shape().rank() == 4
        && value.shape().dim(1) % channels() == 0
        && value.shape().count() > 0;
  }
}

package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;

/**
 * The kernel of a convolution with one tap, or of its input gradient, as a matrix [outputs, inputs]
 * for each group; and how its rows are cut into {@link Points tiles} and packed for them.
 */
final class PointKernel {
  private final int groups;
  private final boolean backward;
  private final int outputs; // per group, of this direction
  private final int inputs;
  private final Panels rows;

  PointKernel(ConvShape s, boolean backward) {
    this.backward = backward;
    groups = s.groups();
    int o = s.o() / groups;
    outputs = backward ? s.channelsPerGroup() : o;
    inputs = backward ? o : s.channelsPerGroup();
    rows = Panels.even(outputs, Simd.POINTS.tallest());
  }

  /** Outputs of a group. */
  int outputs() {
    return outputs;
  }

  /** Inputs of a group. */
  int inputs() {
    return inputs;
  }

  /** Tiles of a group. */
  int tiles() {
    return rows.count();
  }

  /** The first output of a tile. */
  int first(int tile) {
    return rows.start(tile);
  }

  /** How many outputs a tile has. */
  int height(int tile) {
    return rows.length(tile);
  }

  long packedLength() {
    return (long) groups * outputs * inputs;
  }

  /**
   * Writes the tiles one behind the other: tile t of group g begins at (g·outputs + first)·inputs.
   */
  void pack(Workers workers, float[] w, float[] packed) {
    workers.run(
        groups * tiles(),
        (i, worker) -> {
          int tile = i % tiles();
          int h = height(tile);
          int start = i / tiles() * outputs * inputs;
          Matrix kernel = new Matrix(w, start, backward ? outputs : inputs, backward);
          int to = start + first(tile) * inputs;
          kernel.packRows(first(tile), h, h, 0, inputs, packed, to);
        });
  }
}

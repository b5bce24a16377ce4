package akin.tensor.cpu;

import akin.tensor.UserError;

/**
 * Working space that kernels share from call to call, so that a training step allocates none after
 * the first: for each thread and purpose one array, grown to the longest ever asked for.
 */
final class Scratch {
  /** What an array is for; two of the same purpose are never needed at once by one thread. */
  enum Use {
    /** Packed rows of a left operand. */
    LEFT,
    /** Packed columns of a right operand. */
    RIGHT,
    /** A product before it is turned over. */
    TURNED,
    /** One register tile at an edge. */
    TILE,
    /** Pictures laid out for a convolution. */
    STAGE,
    /** A second stage: gradients beside pictures. */
    STAGE2,
    /** Every second cell of pictures, or every third. */
    PICKED,
    /** Partial sums, one per chunk. */
    PARTIAL,
    /** A strip of a stretched operand. */
    STRIP,
    /** A strip of the other stretched operand. */
    STRIP2,
    /** Sums over a few rows, and over all. */
    FEW,
    /** Of each column what is taken away first. */
    ABOUT,
    /** Of each column a factor. */
    SCALE,
    /** Of each column another factor. */
    SLOPE,
    /** Of each column what is added. */
    SHIFT,
    /** Weights of one row. */
    WEIGHTS
  }

  private final float[][][] arrays;
  private final double[][][] doubles;

  Scratch(int threads) {
    arrays = new float[threads][Use.values().length][0];
    doubles = new double[threads][Use.values().length][0];
  }

  /** An array of at least {@code length} elements with undefined content. */
  float[] take(int worker, Use use, long length) {
    if (length > Pool.LONGEST) {
      throw UserError.of("the working space of a kernel is too large for the cpu backend")
          .rule("at most " + Pool.LONGEST + " elements; " + length + " wanted")
          .mend("cut the rows of the pictures into pieces");
    }
    float[][] own = arrays[worker];
    int i = use.ordinal();
    if (own[i].length < length) {
      own[i] = new float[(int) length];
    }
    return own[i];
  }

  /** The same in double precision. */
  double[] doubles(int worker, Use use, int length) {
    double[][] own = doubles[worker];
    int i = use.ordinal();
    if (own[i].length < length) {
      own[i] = new double[length];
    }
    return own[i];
  }
}

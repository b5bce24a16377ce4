package akin.cuda;

import akin.cuda.device.Args;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Backend;

/**
 * How the numbers of each channel of x [outer,C,inner] are added up, by the shape alone: planes of
 * 32 elements or more in runs, a warp each; shorter ones as columns of a matrix, a thread each. See
 * {@code batch_norm.cu}.
 *
 * @param blocks of the launch
 * @param rows pictures of a part
 * @param width pieces that one block leaves of a channel
 * @param chunks pieces of a part, one after the other
 * @param segments runs of a plane; 0 for columns
 * @param length elements of a run; rows of a chunk for columns
 * @param runs of a piece
 */
record ChannelWalk(
    int blocks,
    int rows,
    int width,
    int chunks,
    int segments,
    int length,
    int runs,
    Backend.Norm norm) {
  /** From here on a warp reads along a plane. */
  private static final int LONG = 32;

  private static final int WARP = 32;
  private static final int WARPS = 8;

  /** The longest run: 32 numbers a lane. */
  private static final int RUN = 1024;

  /** Numbers of a channel that a block adds up, about: 64 a thread. */
  private static final int PIECE = 16384;

  /** Rows of a chunk of columns: 64 a thread. */
  private static final int ROWS = 512;

  static ChannelWalk of(Backend.Norm s) {
    int rows = Math.toIntExact(s.outer() / s.parts());
    if (s.inner() < LONG) {
      int width = (int) s.inner();
      int chunks = quotient(rows, ROWS);
      long blocks = (long) s.parts() * chunks * quotient((long) s.channels() * width, WARP);
      return new ChannelWalk(Math.toIntExact(blocks), rows, width, chunks, 0, ROWS, 0, s);
    }
    int segments = quotient(s.inner(), RUN);
    int length = quotient(s.inner(), segments);
    int runs = quotient(quotient(PIECE, length), WARPS) * WARPS;
    int chunks = quotient((long) rows * segments, runs);
    long blocks = (long) s.parts() * chunks * s.channels();
    return new ChannelWalk(Math.toIntExact(blocks), rows, 1, chunks, segments, length, runs, s);
  }

  /** How many pieces all channels have together. */
  long pieces() {
    return (long) norm.parts() * chunks * norm.channels() * width;
  }

  /**
   * Launches a kernel for runs or for columns.
   *
   * @param kernel the beginning of its name
   * @param args all that comes before the sizes
   */
  void launch(Launcher launcher, String kernel, Args args) {
    args.int32(norm.channels());
    if (segments == 0) {
      args.int32(width).int32(rows).int32(chunks).int32(length);
      Grid grid = new Grid(blocks, 1, WARP, WARPS, 0);
      launcher.launch(KernelFile.BATCH_NORM, kernel + "_columns", grid, args);
    } else {
      args.int64(norm.inner()).int32(rows).int32(chunks).int32(segments);
      args.int32(length).int32(runs);
      Grid grid = Grid.of(blocks, WARP * WARPS);
      launcher.launch(KernelFile.BATCH_NORM, kernel + "_runs", grid, args);
    }
  }

  private static int quotient(long count, int of) {
    return Math.toIntExact((count + of - 1) / of);
  }
}

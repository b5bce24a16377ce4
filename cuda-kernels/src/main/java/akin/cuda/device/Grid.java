package akin.cuda.device;

/**
 * How many threads a launch has: blocks × threads of each block.
 *
 * @param x blocks along the first axis, up to 2³¹ − 1
 * @param y blocks along the second axis, up to 65535
 * @param threads threads of a block along its first axis
 * @param threadsY threads of a block along its second axis; threads·threadsY ≤ 1024
 * @param sharedBytes dynamic shared memory of a block
 */
public record Grid(int x, int y, int threads, int threadsY, int sharedBytes) {
  /** Blocks and threads along one axis. */
  public static Grid of(int blocks, int threads) {
    return new Grid(blocks, 1, threads, 1, 0);
  }

  /** The same with dynamic shared memory. */
  public Grid shared(int bytes) {
    return new Grid(x, y, threads, threadsY, bytes);
  }
}

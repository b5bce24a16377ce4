package akin.tensor.cpu;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Products of matrices as in BLIS (Van Zee and van de Geijn, ACM TOMS 41, 2015): blocks of both
 * operands are packed into panels as the register tiles of {@link Tiles} read them, which also
 * serves transposed operands and edges.
 *
 * <p>An element of the result is Σ over blocks of k of Σ over k in the block, both in order; blocks
 * depend on k alone. So its bits depend on its row of A and its column of B only, not on the rest
 * of the shape and not on threads.
 */
final class Gemm {
  /** Longest block of k: a panel of B stays in the first cache. */
  static final int K_BLOCK = 512;

  /** Rows and columns that are packed at once, and of one chunk. */
  private static final int ROW_BLOCK = 3072;

  private static final int COL_BLOCK = 4096;
  private static final int ROW_CHUNK = 192;
  private static final int COL_CHUNK = 512;

  /** Chunks there should be, so that threads have something to share. */
  private static final int CHUNKS = 8;

  /** Fewer multiplications than this are not worth waking other threads. */
  private static final long ALONE = 1 << 16;

  /** Of a batch, products below this size are done one by each thread. */
  private static final long SMALL = 1 << 22;

  private static final Tiles TILES = Simd.TILES;
  private static final int COLS = TILES.cols();

  /** Where the rows of packed columns begin. */
  private static final int[] PACKED = IntStream.range(0, K_BLOCK).map(k -> k * COLS).toArray();

  private final Workers workers;
  private final Scratch scratch;

  Gemm(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  /** What is summed over k. */
  enum Kind {
    /** a·b. */
    PRODUCT,
    /** (a − b)². */
    SQUARES,
    /** |a − b|. */
    ABSOLUTES;

    int tallest() {
      return this == PRODUCT ? TILES.tallest() : Tiles.DIFFERENCE_ROWS;
    }

    int height(int rows) {
      return this == PRODUCT ? TILES.height(rows) : Tiles.DIFFERENCE_ROWS;
    }
  }

  /** One product: c[i·n + j] = Σ over k of a and b, from the given starts. */
  record Call(Kind kind, Operand a, Operand b, float[] c, int co, int m, int k, int n) {}

  /** Y_b = op(A_b)·op(B_b) for all b &lt; batch. */
  void matmul(float[] a, boolean transA, float[] b, boolean transB, float[] y, int batch, Sizes s) {
    boolean small = batch > 1 && (long) s.m * s.k * s.n < SMALL;
    int pitchA = transA ? s.m : s.k;
    int pitchB = transB ? s.k : s.n;
    Workers.Task one =
        (i, worker) -> {
          Matrix left = new Matrix(a, i * s.m * s.k, pitchA, transA);
          Matrix right = new Matrix(b, i * s.k * s.n, pitchB, transB);
          Call call = new Call(Kind.PRODUCT, left, right, y, i * s.m * s.n, s.m, s.k, s.n);
          if (small) {
            alone(call, worker);
          } else {
            run(call);
          }
        };
    if (small) {
      workers.run(batch, one);
    } else {
      for (int i = 0; i < batch; i++) {
        one.run(i, 0);
      }
    }
  }

  /**
   * Sizes of a product.
   *
   * @param m rows of the result
   * @param k terms of a sum
   * @param n columns of the result
   */
  record Sizes(int m, int k, int n) {}

  /** Does the product with all threads. */
  void run(Call call) {
    if ((long) call.m * call.n * call.k <= ALONE) {
      alone(call, 0);
    } else {
      blocks(call, workers::run, 0);
    }
  }

  /** Does the product with the calling thread alone, from inside a task. */
  void alone(Call call, int worker) {
    blocks(
        call,
        (chunks, task) -> {
          for (int i = 0; i < chunks; i++) {
            task.run(i, worker);
          }
        },
        worker);
  }

  /** Runs chunks, with one thread or many. */
  private interface Crew {
    void run(int chunks, Workers.Task task);
  }

  private void blocks(Call s, Crew crew, int owner) {
    if (s.k == 0) {
      Arrays.fill(s.c, s.co, s.co + s.m * s.n, 0);
      return;
    }
    int parts = (s.k + K_BLOCK - 1) / K_BLOCK;
    int longest = (s.k + parts - 1) / parts;
    for (int j = 0; j < s.n; j += COL_BLOCK) {
      int cols = Math.min(COL_BLOCK, s.n - j);
      for (int k = 0; k < s.k; k += longest) {
        int kc = Math.min(longest, s.k - k);
        for (int i = 0; i < s.m; i += ROW_BLOCK) {
          int rows = Math.min(ROW_BLOCK, s.m - i);
          block(s, crew, owner, new Block(i, rows, j, cols, k, kc));
        }
      }
    }
  }

  /** Rows i … i + rows − 1, columns j …, terms k … of one product. */
  private record Block(int i, int rows, int j, int cols, int k, int kc) {}

  private void block(Call s, Crew crew, int owner, Block at) {
    int tallest = s.kind.tallest();
    int panelsA = (at.rows + tallest - 1) / tallest;
    int panelsB = at.i > 0 ? 0 : (at.cols + COLS - 1) / COLS;
    float[] left = scratch.take(owner, Scratch.Use.LEFT, panelsA * tallest * at.kc);
    float[] right =
        scratch.take(owner, Scratch.Use.RIGHT, (at.cols + COLS - 1) / COLS * COLS * at.kc);
    int groupsA = (panelsA + 7) / 8;
    int groupsB = (panelsB + 3) / 4;
    crew.run(
        groupsA + groupsB,
        (chunk, worker) -> {
          if (chunk < groupsA) {
            int end = Math.min(panelsA, chunk * 8 + 8);
            for (int p = chunk * 8; p < end; p++) {
              int row = p * tallest;
              int rows = Math.min(tallest, at.rows - row);
              int h = s.kind.height(rows);
              s.a.packRows(at.i + row, rows, h, at.k, at.kc, left, row * at.kc);
            }
          } else {
            int first = (chunk - groupsA) * 4;
            int end = Math.min(panelsB, first + 4);
            for (int p = first; p < end; p++) {
              int col = p * COLS;
              int cols = Math.min(COLS, at.cols - col);
              s.b.packCols(at.j + col, cols, COLS, at.k, at.kc, right, col * at.kc);
            }
          }
        });
    int across = (at.cols + COL_CHUNK - 1) / COL_CHUNK;
    int wanted = (at.rows * across + CHUNKS - 1) / CHUNKS;
    int chunkRows = Math.min(ROW_CHUNK, wanted + tallest - 1) / tallest * tallest;
    int down = (at.rows + chunkRows - 1) / chunkRows;
    crew.run(
        down * across,
        (chunk, worker) -> {
          int row = chunk % down * chunkRows;
          int col = chunk / down * COL_CHUNK;
          int rowEnd = Math.min(at.rows, row + chunkRows);
          int colEnd = Math.min(at.cols, col + COL_CHUNK);
          float[] edge = scratch.take(worker, Scratch.Use.TILE, tallest * COLS);
          for (int j = col; j < colEnd; j += COLS) {
            for (int i = row; i < rowEnd; i += tallest) {
              tile(s, at, left, i, right, j, edge);
            }
          }
        });
  }

  private static void tile(
      Call s, Block at, float[] left, int i, float[] right, int j, float[] edge) {
    int rows = Math.min(s.kind.tallest(), at.rows - i);
    int cols = Math.min(COLS, at.cols - j);
    int h = s.kind.height(rows);
    boolean add = at.k > 0;
    int co = s.co + (at.i + i) * s.n + at.j + j;
    if (h == rows && cols == COLS) {
      kernel(s.kind, h, left, i * at.kc, right, j * at.kc, at.kc, s.c, co, s.n, add);
      return;
    }
    kernel(s.kind, h, left, i * at.kc, right, j * at.kc, at.kc, edge, 0, COLS, false);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        float sum = edge[r * COLS + c];
        int to = co + r * s.n + c;
        s.c[to] = add ? sum + s.c[to] : sum;
      }
    }
  }

  static void kernel(
      Kind kind,
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    switch (kind) {
      case PRODUCT:
        TILES.product(h, a, ao, b, bo, PACKED, kc, c, co, pitch, add);
        break;
      case SQUARES:
        TILES.squares(a, ao, b, bo, kc, c, co, pitch, add);
        break;
      default:
        TILES.absolutes(a, ao, b, bo, kc, c, co, pitch, add);
    }
  }
}

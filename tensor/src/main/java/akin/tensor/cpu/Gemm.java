package akin.tensor.cpu;

import java.util.Arrays;

/**
 * Products of matrices as in BLIS (Van Zee and van de Geijn, ACM TOMS 41, 2015): both operands are
 * packed into panels as the register tiles of {@link Tiles} read them, which also serves transposed
 * operands and edges. The shorter side of the result is packed first, all of it; the longer one is
 * cut into chunks, and each chunk packs its own panels just before it multiplies them, while they
 * are in the cache.
 *
 * <p>An element of the result is Σ over blocks of k of Σ over k in the block, both in order; blocks
 * depend on k alone. So its bits depend on its row of A and its column of B only, not on the rest
 * of the shape, not on threads, and not on whether an operand was packed ahead.
 */
final class Gemm {
  /** Longest block of k. */
  static final int K_BLOCK = Tiles.LONGEST;

  /** Panels that are packed first at once; more would not stay in any cache. */
  private static final int SHARED = 256;

  /** Panels of A that stay in the second cache while panels of B pass. */
  private static final int RESIDENT = 16;

  /**
   * Panels of a chunk at most, and chunks there should be, so that threads have something to share.
   */
  private static final int OWN = 4;

  private static final int CHUNKS = 8;

  /** Columns at least of a chunk of a single row. */
  private static final int ROW_LEAST = 512;

  /** Fewer multiplications than this are not worth waking other threads. */
  private static final long ALONE = 1 << 16;

  /** Of a batch, products below this size are done one by each thread. */
  private static final long SMALL = 1 << 22;

  private static final Tiles TILES = Simd.TILES;
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final int COLS = TILES.cols();

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
      return this == PRODUCT ? TILES.height(rows) : rows;
    }

    private Panels rows(int m) {
      return Panels.even(m, tallest());
    }

    private Panels cols(int n) {
      return Panels.full(n, COLS, this == PRODUCT ? COLS / 2 : COLS);
    }
  }

  /**
   * One product: c[co + i·n + j] = Σ over k of a and b, and what the ending makes of it.
   *
   * @param a the left operand, or its {@link Packed} rows
   * @param b the right operand, or its {@link Packed} columns
   * @param m rows of the result
   * @param k terms of a sum
   * @param n columns of the result
   */
  record Call(
      Kind kind, Operand a, Operand b, float[] c, int co, int m, int k, int n, Ending ending) {
    /** A product with no ending. */
    Call(Kind kind, Operand a, Operand b, float[] c, int co, int m, int k, int n) {
      this(kind, a, b, c, co, m, k, n, Ending.NONE);
    }
  }

  /**
   * Y_b = op(A_b)·op(B_b) for all b &lt; batch. With B transposed its rows are what a left operand
   * is packed from by copying; so A·Bᵀ is (B·Aᵀ)ᵀ where that turns fewer elements over.
   */
  void matmul(float[] a, boolean transA, float[] b, boolean transB, float[] y, int batch, Sizes s) {
    boolean small = batch > 1 && (long) s.m * s.k * s.n < SMALL;
    int pitchA = transA ? s.m : s.k;
    int pitchB = transB ? s.k : s.n;
    boolean turned = !small && transB && (long) s.m * (s.k + s.n) < (long) s.n * s.k;
    Workers.Task one =
        (i, worker) -> {
          Matrix left = new Matrix(a, i * s.m * s.k, pitchA, transA);
          Matrix right = new Matrix(b, i * s.k * s.n, pitchB, transB);
          if (turned) {
            turned(right.turned(), left.turned(), y, i * s.m * s.n, s);
            return;
          }
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

  /** y [m, n] = (left·right)ᵀ. */
  private void turned(Matrix left, Matrix right, float[] y, int at, Sizes s) {
    float[] product = scratch.take(0, Scratch.Use.TURNED, s.m * s.n);
    run(new Call(Kind.PRODUCT, left, right, product, 0, s.n, s.k, s.m));
    workers.range(
        s.m,
        TRANSPOSES.side(),
        (from, to) ->
            TRANSPOSES.turnExactly(product, from, s.m, s.n, to - from, y, at + from * s.n, s.n));
  }

  /**
   * Sizes of a product.
   *
   * @param m rows of the result
   * @param k terms of a sum
   * @param n columns of the result
   */
  record Sizes(int m, int k, int n) {}

  /** Floats of a packed left operand [m, k]. */
  static long packedRows(Kind kind, int m, int k) {
    return Packed.length(kind.rows(m), k);
  }

  /** Floats of a packed right operand [k, n]. */
  static long packedCols(Kind kind, int k, int n) {
    return Packed.length(kind.cols(n), k);
  }

  /** Packs a left operand [m, k] of products or differences into {@code to}. */
  Packed packRows(Kind kind, Operand a, int m, int k, float[] to) {
    return pack(new Side(a, kind.rows(m), true, false, null), k, to);
  }

  /** Packs a right operand [k, n] of products or differences into {@code to}. */
  Packed packCols(Kind kind, Operand b, int k, int n, float[] to) {
    return pack(new Side(b, kind.cols(n), false, false, null), k, to);
  }

  private Packed pack(Side side, int k, float[] to) {
    int count = side.panels.count();
    Packed packed = new Packed(side.panels, k, to);
    int longest = longest(k);
    for (int from = 0; from < k; from += longest) {
      int kc = Math.min(longest, k - from);
      int start = from;
      workers.run(
          count, (p, worker) -> side.pack(p, start, kc, packed.data(), packed.at(p, start, kc)));
    }
    return packed;
  }

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
    blocks(call, Crew.alone(worker), worker);
  }

  /** Length of the blocks of k, but of the last. */
  private static int longest(int k) {
    int parts = Math.max(1, (k + K_BLOCK - 1) / K_BLOCK);
    return Math.max(1, (k + parts - 1) / parts);
  }

  /**
   * An operand and its panels.
   *
   * @param rows whether it is the left one
   * @param lines whether each row of a panel is a line of its own
   * @param direct of a right operand, the matrix whose full panels are read where they lie, or null
   */
  private record Side(Operand operand, Panels panels, boolean rows, boolean lines, Matrix direct) {
    static Side left(Call s) {
      boolean lines = s.kind == Kind.PRODUCT && s.a.lines();
      return new Side(s.a, s.kind.rows(s.m), true, lines, null);
    }

    static Side right(Call s) {
      boolean direct = s.kind == Kind.PRODUCT && s.b instanceof Matrix b && !b.transposed();
      return new Side(s.b, s.kind.cols(s.n), false, false, direct ? (Matrix) s.b : null);
    }

    boolean direct(int p) {
      return direct != null && panels.length(p) == COLS;
    }

    void pack(int p, int k, int kc, float[] to, int at) {
      if (lines) {
        operand.packLines(panels.start(p), panels.length(p), k, kc, to, at);
      } else if (rows) {
        operand.packRows(panels.start(p), panels.length(p), panels.width(p), k, kc, to, at);
      } else if (!direct(p)) {
        operand.packCols(panels.start(p), panels.length(p), panels.width(p), k, kc, to, at);
      }
    }

    boolean packed() {
      return operand instanceof Packed;
    }
  }

  /** Some panels of a side, packed in an array: panel {@code first} begins at {@code at}. */
  private record Part(Side side, int first, int last, float[] data, int at, int unit) {
    int at(int p) {
      return at + (side.panels.start(p) - side.panels.start(first)) * unit;
    }
  }

  /** A block of k. */
  private record Block(Call call, int k, int kc) {
    boolean last() {
      return k + kc == call.k;
    }
  }

  private void blocks(Call s, Crew crew, int owner) {
    if (s.m == 0 || s.n == 0) {
      return;
    }
    if (s.k == 0) {
      Arrays.fill(s.c, s.co, s.co + s.m * s.n, 0);
      TILES.end(s.ending, s.c, s.co, s.n, 0, s.m, 0, s.n);
      return;
    }
    Side left = Side.left(s);
    Side right = Side.right(s);
    if (s.m == 1 && right.direct != null && !left.packed()) {
      row(s, false, right.direct, crew);
      return;
    }
    if (s.kind == Kind.PRODUCT
        && s.n == 1
        && !right.packed()
        && s.a instanceof Matrix a
        && a.transposed()) {
      row(s, true, a.turned(), crew);
      return;
    }
    Side shared = s.m > s.n ? right : left;
    Side own = s.m > s.n ? left : right;
    int longest = longest(s.k);
    for (int k = 0; k < s.k; k += longest) {
      Block block = new Block(s, k, Math.min(longest, s.k - k));
      int count = shared.panels.count();
      for (int p = 0; p < count; p += SHARED) {
        Part first = shared(block, shared, p, Math.min(count, p + SHARED), crew, owner);
        chunks(block, first, own, crew);
      }
    }
  }

  /**
   * One row times a matrix as it lies there: bound by reading it.
   *
   * @param column whether the result is a column, and the row the right operand turned over
   */
  private void row(Call s, boolean column, Matrix b, Crew crew) {
    int all = column ? s.m : s.n;
    int part = Math.max(ROW_LEAST, (all / CHUNKS + COLS - 1) / COLS * COLS);
    int longest = longest(s.k);
    crew.run(
        (all + part - 1) / part,
        (chunk, worker) -> {
          int j = chunk * part;
          int n = Math.min(part, all - j);
          float[] row = scratch.take(worker, Scratch.Use.LEFT, longest);
          float[] sum = scratch.take(worker, Scratch.Use.RIGHT, n);
          for (int k = 0; k < s.k; k += longest) {
            int kc = Math.min(longest, s.k - k);
            if (column) {
              s.b.packCols(0, 1, 1, k, kc, row, 0);
            } else {
              s.a.packRows(0, 1, 1, k, kc, row, 0);
            }
            int from = b.start() + k * b.pitch() + j;
            TILES.row(row, 0, b.data(), from, b.pitch(), kc, sum, 0, n);
            put(sum, n, s.c, s.co + j, n, 1, n, k > 0);
          }
          if (column) {
            TILES.end(s.ending, s.c, s.co + j, 1, j, n, 0, 1);
          } else {
            TILES.end(s.ending, s.c, s.co + j, n, 0, 1, j, n);
          }
        });
  }

  private Part shared(Block at, Side side, int first, int last, Crew crew, int owner) {
    Part part = part(at, side, first, last, owner);
    if (!side.packed()) {
      crew.run(
          (last - first + OWN - 1) / OWN,
          (chunk, worker) -> {
            int from = first + chunk * OWN;
            pack(at, side, part, from, Math.min(last, from + OWN));
          });
    }
    return part;
  }

  /** Panels of a side: where they are, or where they are to be packed. */
  private Part part(Block at, Side side, int first, int last, int worker) {
    if (side.operand instanceof Packed packed) {
      return new Part(side, first, last, packed.data(), packed.at(first, at.k, at.kc), at.kc);
    }
    int unit = side.lines ? Tiles.LINE : at.kc;
    Scratch.Use use = side.rows ? Scratch.Use.LEFT : Scratch.Use.RIGHT;
    float[] data = scratch.take(worker, use, side.panels.width(first, last) * unit);
    return new Part(side, first, last, data, 0, unit);
  }

  private static void pack(Block at, Side side, Part to, int first, int last) {
    for (int p = first; p < last; p++) {
      side.pack(p, at.k, at.kc, to.data, to.at(p));
    }
  }

  private void chunks(Block at, Part shared, Side side, Crew crew) {
    int count = side.panels.count();
    int most = Math.max(1, Math.min(OWN, count / CHUNKS));
    crew.run(
        (count + most - 1) / most,
        (chunk, worker) -> {
          int first = chunk * most;
          int last = Math.min(count, first + most);
          Part own = part(at, side, first, last, worker);
          if (!side.packed()) {
            pack(at, side, own, first, last);
          }
          multiply(at, side.rows ? own : shared, side.rows ? shared : own, worker);
        });
  }

  private void multiply(Block at, Part left, Part right, int worker) {
    float[] edge = scratch.take(worker, Scratch.Use.TILE, TILES.tallest() * COLS);
    for (int first = left.first; first < left.last; first += RESIDENT) {
      int last = Math.min(left.last, first + RESIDENT);
      for (int q = right.first; q < right.last; q++) {
        for (int p = first; p < last; p++) {
          tile(at, left, p, right, q, edge);
        }
      }
    }
  }

  private static void tile(Block at, Part left, int p, Part right, int q, float[] edge) {
    Call s = at.call;
    int i = left.side.panels.start(p);
    int h = left.side.panels.length(p);
    int j = right.side.panels.start(q);
    int cols = right.side.panels.length(q);
    int w = right.side.panels.width(q);
    boolean add = at.k > 0;
    int to = s.co + i * s.n + j;
    if (cols == w) {
      kernel(at, left, p, h, right, q, w, s.c, to, s.n, add);
    } else {
      kernel(at, left, p, h, right, q, w, edge, 0, w, false);
      put(edge, w, s.c, to, s.n, h, cols, add);
    }
    if (at.last() && s.ending != Ending.NONE) {
      TILES.end(s.ending, s.c, to, s.n, i, h, j, cols);
    }
  }

  private static void kernel(
      Block at,
      Part left,
      int p,
      int h,
      Part right,
      int q,
      int w,
      float[] c,
      int to,
      int pitch,
      boolean add) {
    boolean turned = !left.side.lines;
    int ao = left.at(p);
    if (right.side.direct(q)) {
      Matrix b = right.side.direct;
      int bo = b.start() + at.k * b.pitch() + right.side.panels.start(q);
      TILES.panel(h, w, turned, left.data, ao, b.data(), bo, b.pitch(), at.kc, c, to, pitch, add);
    } else if (turned) {
      kernel(at.call.kind, h, w, left.data, ao, right.data, right.at(q), at.kc, c, to, pitch, add);
    } else {
      TILES.panel(
          h, w, turned, left.data, ao, right.data, right.at(q), w, at.kc, c, to, pitch, add);
    }
  }

  private static void put(
      float[] edge, int w, float[] c, int to, int pitch, int rows, int cols, boolean add) {
    for (int r = 0; r < rows; r++) {
      if (add) {
        for (int j = 0; j < cols; j++) {
          c[to + r * pitch + j] = edge[r * w + j] + c[to + r * pitch + j];
        }
      } else {
        System.arraycopy(edge, r * w, c, to + r * pitch, cols);
      }
    }
  }

  /** The tile of a kind: c [h, w] (+)= a [kc, h], b [kc, w], both packed. */
  static void kernel(
      Kind kind,
      int h,
      int w,
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
        TILES.panel(h, w, true, a, ao, b, bo, w, kc, c, co, pitch, add);
        break;
      case SQUARES:
        TILES.squares(h, a, ao, b, bo, kc, c, co, pitch, add);
        break;
      default:
        TILES.absolutes(h, a, ao, b, bo, kc, c, co, pitch, add);
    }
  }
}

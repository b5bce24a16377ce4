package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Tiles with the Vector API: chooses the kernel of each height. */
final class VectorTiles implements Tiles {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  /** 32 registers hold 12·2 accumulators; 16 registers 6·2. */
  private static final int TALLEST = L == 16 ? 12 : 6;

  @Override
  public int cols() {
    return 2 * L;
  }

  @Override
  public int wideCols() {
    return 8 * L;
  }

  @Override
  public int tallest() {
    return TALLEST;
  }

  @Override
  public int height(int rows) {
    return rows;
  }

  @Override
  public void product(
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    if (add) {
      TapsAdd.rows(h, a, ao, b, bo, rows, kc, c, co, pitch);
    } else {
      TapsStore.rows(h, a, ao, b, bo, rows, kc, c, co, pitch);
    }
  }

  @Override
  public void panel(
      int h,
      int w,
      boolean turned,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int step,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    switch ((w == L ? 4 : 0) + (turned ? 2 : 0) + (add ? 1 : 0)) {
      case 0:
        WideStore.rows(h, a, ao, b, bo, step, kc, c, co, pitch);
        break;
      case 1:
        WideAdd.rows(h, a, ao, b, bo, step, kc, c, co, pitch);
        break;
      case 2:
        WideTurnedStore.rows(h, a, ao, b, bo, step, kc, c, co, pitch);
        break;
      case 3:
        WideTurnedAdd.rows(h, a, ao, b, bo, step, kc, c, co, pitch);
        break;
      case 4:
        NarrowStore.rows(h, a, ao, b, bo, step, kc, c, co, pitch);
        break;
      case 5:
        NarrowAdd.rows(h, a, ao, b, bo, step, kc, c, co, pitch);
        break;
      case 6:
        NarrowTurnedStore.rows(h, a, ao, b, bo, step, kc, c, co, pitch);
        break;
      default:
        NarrowTurnedAdd.rows(h, a, ao, b, bo, step, kc, c, co, pitch);
    }
  }

  @Override
  public void end(Ending ending, float[] c, int at, int pitch, int i, int rows, int j, int cols) {
    for (int r = 0; r < rows; r++) {
      int row = at + r * pitch;
      int s = 0;
      for (; s <= cols - L; s += L) {
        end(ending, c, row + s, i + r, j + s);
      }
      for (; s < cols; s++) {
        ending.one(c, row + s, i + r, j + s);
      }
    }
  }

  private static void end(Ending ending, float[] c, int at, int i, int j) {
    FloatVector x = FloatVector.fromArray(S, c, at);
    if (ending.bias() != null) {
      x =
          ending.perColumn()
              ? x.add(FloatVector.fromArray(S, ending.bias(), ending.start() + j))
              : x.add(ending.bias()[ending.start() + i]);
    }
    if (ending.residual() != null) {
      x = x.add(FloatVector.fromArray(S, ending.residual(), at));
    }
    if (ending.act() != Activation.IDENTITY) {
      x = x.max(0);
      if (ending.act() == Activation.RELU6) {
        x = x.min(6);
      }
    }
    x.intoArray(c, at);
  }

  /** Goes through eight rows of b at a time: that many streams the memory serves well. */
  @Override
  public void row(
      float[] a, int ao, float[] b, int bo, int pitch, int kc, float[] c, int co, int n) {
    java.util.Arrays.fill(c, co, co + n, 0);
    int whole = n - n % L;
    int k = 0;
    for (; k <= kc - 8; k += 8) {
      addRows(a, ao + k, b, bo + k * pitch, pitch, c, co, whole);
    }
    for (; k < kc; k++) {
      ScalarTiles.addRow(a[ao + k], b, bo + k * pitch, c, co, whole);
    }
    for (k = 0; k < kc && whole < n; k++) {
      ScalarTiles.addRow(a[ao + k], b, bo + k * pitch + whole, c, co + whole, n - whole);
    }
  }

  private static void addRows(
      float[] a, int ao, float[] b, int bo, int pitch, float[] c, int co, int n) {
    FloatVector a0 = FloatVector.broadcast(S, a[ao]);
    FloatVector a1 = FloatVector.broadcast(S, a[ao + 1]);
    FloatVector a2 = FloatVector.broadcast(S, a[ao + 2]);
    FloatVector a3 = FloatVector.broadcast(S, a[ao + 3]);
    FloatVector a4 = FloatVector.broadcast(S, a[ao + 4]);
    FloatVector a5 = FloatVector.broadcast(S, a[ao + 5]);
    FloatVector a6 = FloatVector.broadcast(S, a[ao + 6]);
    FloatVector a7 = FloatVector.broadcast(S, a[ao + 7]);
    for (int j = 0; j < n; j += L) {
      FloatVector sum =
          a0.fma(FloatVector.fromArray(S, b, bo + j), FloatVector.fromArray(S, c, co + j));
      sum = a1.fma(FloatVector.fromArray(S, b, bo + pitch + j), sum);
      sum = a2.fma(FloatVector.fromArray(S, b, bo + 2 * pitch + j), sum);
      sum = a3.fma(FloatVector.fromArray(S, b, bo + 3 * pitch + j), sum);
      sum = a4.fma(FloatVector.fromArray(S, b, bo + 4 * pitch + j), sum);
      sum = a5.fma(FloatVector.fromArray(S, b, bo + 5 * pitch + j), sum);
      sum = a6.fma(FloatVector.fromArray(S, b, bo + 6 * pitch + j), sum);
      sum = a7.fma(FloatVector.fromArray(S, b, bo + 7 * pitch + j), sum);
      sum.intoArray(c, co + j);
    }
  }

  @Override
  public void blocked(
      int h, float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch) {
    BlocksStore.rows(h, a, ao, b, bo, kc, c, co, pitch);
  }

  @Override
  public void cells(
      int h,
      int step,
      float[] a,
      int ao,
      int[] cells,
      int first,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch) {
    if (step == 1) {
      CellsAdd.rows(h, a, ao, cells, first, b, bo, kc, c, co, pitch);
    } else if (step == L) {
      NextCellsAdd.rows(h, a, ao, cells, first, b, bo, kc, c, co, pitch);
    } else {
      OtherCellsAdd.rows(h, a, ao, cells, first, b, bo, kc, c, co, pitch);
    }
  }

  @Override
  public void outer(
      int h,
      float[] a,
      int ao,
      int aPitch,
      float[] b,
      int bo,
      int bPitch,
      int kc,
      float[] c,
      int co,
      int pitch) {
    OutersAdd.rows(h, a, ao, aPitch, b, bo, bPitch, kc, c, co, pitch);
  }

  @Override
  public void wide(float[] a, int ao, float[] b, int bo, int[] rows, int kc, float[] c, int co) {
    VectorCorrelations.wide(a, ao, b, bo, rows, kc, c, co);
  }

  @Override
  public void correlate(
      int h,
      float[] x,
      int xo,
      int[] taps,
      int t,
      float[] b,
      int bo,
      int n,
      float[] c,
      int co,
      int pitch) {
    switch (h) {
      case 1:
        VectorCorrelations.taps1(x, xo, taps, t, b, bo, n, c, co, pitch);
        break;
      case 2:
        VectorCorrelations.taps2(x, xo, taps, t, b, bo, n, c, co, pitch);
        break;
      case 4:
        VectorCorrelations.taps4(x, xo, taps, t, b, bo, n, c, co, pitch);
        break;
      default:
        VectorCorrelations.taps8(x, xo, taps, t, b, bo, n, c, co, pitch);
    }
  }

  @Override
  public void squares(
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
    if (add) {
      DifferencesAdd.squares(h, a, ao, b, bo, kc, c, co, pitch);
    } else {
      DifferencesStore.squares(h, a, ao, b, bo, kc, c, co, pitch);
    }
  }

  @Override
  public void absolutes(
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
    if (add) {
      DifferencesAdd.absolutes(h, a, ao, b, bo, kc, c, co, pitch);
    } else {
      DifferencesStore.absolutes(h, a, ao, b, bo, kc, c, co, pitch);
    }
  }
}

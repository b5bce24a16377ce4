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
      float[] a,
      int ao,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    if (w == L) {
      if (add) {
        NarrowAdd.rows(h, a, ao, b, bo, kc, c, co, pitch);
      } else {
        NarrowStore.rows(h, a, ao, b, bo, kc, c, co, pitch);
      }
    } else if (add) {
      WideAdd.rows(h, a, ao, b, bo, kc, c, co, pitch);
    } else {
      WideStore.rows(h, a, ao, b, bo, kc, c, co, pitch);
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

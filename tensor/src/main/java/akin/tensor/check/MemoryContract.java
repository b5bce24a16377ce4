package akin.tensor.check;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.MemoryReport;
import java.util.Arrays;
import java.util.List;

/** Cases for identity, buffers and copies, which are exact unless a number must be rounded. */
final class MemoryContract {
  private MemoryContract() {}

  static void addTo(List<ContractCase> cases) {
    cases.add(new ContractCase("name", "lower-case word first", MemoryContract::name));
    cases.add(new ContractCase("elementBytes", "as numbers are rounded", MemoryContract::bytes));
    for (int n : new int[] {0, 1, 7, 702, 4099}) {
      cases.add(new ContractCase("allocate", "n=" + n, t -> allocate(t, n)));
      cases.add(new ContractCase("release", "n=" + n, t -> release(t, n)));
      cases.add(new ContractCase("memory", "n=" + n, t -> memory(t, n)));
      cases.add(new ContractCase("upload", "double[] of " + n, t -> uploadDoubles(t, n)));
      cases.add(new ContractCase("upload", "float[] of " + n, t -> uploadFloats(t, n)));
      cases.add(new ContractCase("download", "to double[] of " + n, t -> downloadDoubles(t, n)));
      cases.add(new ContractCase("download", "to float[] of " + n, t -> downloadFloats(t, n)));
      cases.add(new ContractCase("synchronize", "after fill of " + n, t -> synchronize(t, n)));
    }
    copies(cases);
  }

  /** The last case of all: closing, which must give everything back. */
  static void addCloseTo(List<ContractCase> cases) {
    cases.add(
        new ContractCase(
            "close",
            "with nothing in use",
            t -> {
              Buffer buffer = t.allocate(702);
              t.release(buffer);
              t.holds("no buffer in use before", t.backend().memory().liveBuffers() == 0);
              t.backend().close();
              MemoryReport after = t.backend().memory();
              t.holds("nothing held", after.liveBytes() == 0 && after.pooledBytes() == 0);
            }));
  }

  private static void name(ContractBench t) {
    t.holds("a word", t.backend().name().matches("(?s)[a-z]+\\b.*"));
  }

  /** A third has no short binary form: where it is cut tells the precision. */
  private static void bytes(ContractBench t) {
    double third = 1.0 / 3;
    double[] stored = new double[1];
    Buffer buffer = t.allocate(1);
    t.backend().upload(new double[] {third}, buffer);
    t.backend().download(buffer, stored);
    int bytes = t.backend().elementBytes();
    t.holds("4 or 8", bytes == Float.BYTES || bytes == Double.BYTES);
    t.holds("rounds so", stored[0] == (bytes == Float.BYTES ? (float) third : third));
  }

  private static void allocate(ContractBench t, int n) {
    Buffer first = t.allocate(n);
    Buffer second = t.allocate(n);
    t.holds("length " + n, first.length() == n && second.length() == n);
    t.backend().upload(t.normal(n), first);
    t.backend().upload(t.normal(n), second);
    t.check("first", first, Bound.EXACT);
    t.check("second", second, Bound.EXACT);
  }

  private static void release(ContractBench t, int n) {
    Buffer kept = t.in(t.normal(n));
    Buffer given = t.in(t.normal(n));
    MemoryReport before = t.backend().memory();
    t.release(given);
    t.holds("one less", t.backend().memory().liveBuffers() == before.liveBuffers() - 1);
    t.holds("a second release is refused", refused(() -> t.backend().release(given)));
    Buffer again = t.in(t.normal(n));
    t.check("a new buffer", again, Bound.EXACT);
    t.check("a kept buffer", kept, Bound.EXACT);
  }

  static boolean refused(Runnable action) {
    try {
      action.run();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static void memory(ContractBench t, int n) {
    MemoryReport before = t.backend().memory();
    Buffer first = t.allocate(n);
    Buffer second = t.allocate(2 * n);
    MemoryReport during = t.backend().memory();
    t.release(first);
    t.release(second);
    MemoryReport after = t.backend().memory();
    long bytes = 3L * n * t.backend().elementBytes();
    t.holds("two more", during.liveBuffers() == before.liveBuffers() + 2);
    t.holds("their bytes", during.liveBytes() == before.liveBytes() + bytes);
    t.holds("allocated grows by at most 2", during.allocated() <= before.allocated() + 2);
    t.holds("something was allocated", during.allocated() > 0);
    t.holds(
        "back as before",
        after.liveBuffers() == before.liveBuffers() && after.liveBytes() == before.liveBytes());
    t.holds("none allocated by release", after.allocated() == during.allocated());
  }

  private static final double[] SPECIAL = {
    0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0x1p-126, -0x1p127
  };

  /** Special numbers, then plain ones. */
  private static double[] special(ContractBench t, int n) {
    double[] x = t.normal(n);
    System.arraycopy(SPECIAL, 0, x, 0, Math.min(n, SPECIAL.length));
    return x;
  }

  private static void uploadDoubles(ContractBench t, int n) {
    double[] x = special(t, n);
    for (int i = 0; i < n; i++) {
      x[i] *= Math.PI; // a number that float32 must round
    }
    Buffer y = t.allocate(n + 3);
    t.backend().fill(y, 5);
    t.backend().upload(x, y);
    t.check("y", y, Bound.of(1, Arrays.copyOf(x, n + 3)));
  }

  private static void uploadFloats(ContractBench t, int n) {
    double[] x = special(t, n);
    Buffer y = t.allocate(n + 3);
    t.backend().fill(y, 5);
    t.backend().upload(floats(x), y);
    t.check("y", y, Bound.EXACT);
  }

  private static void downloadDoubles(ContractBench t, int n) {
    double[] y = new double[n];
    t.backend().download(t.in(special(t, n + 3)), y);
    t.check("y", y, Bound.EXACT);
  }

  private static void downloadFloats(ContractBench t, int n) {
    float[] y = new float[n];
    t.backend().download(t.in(special(t, n + 3)), y);
    t.check("y", doubles(y), Bound.EXACT);
  }

  static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  static double[] doubles(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  private static void synchronize(ContractBench t, int n) {
    Buffer y = t.allocate(n);
    t.backend().fill(y, 7);
    t.backend().synchronize();
    t.check("y", y, Bound.EXACT);
  }

  private static void copies(List<ContractCase> cases) {
    copy(cases, "all", 0, 13, 0, 13, 7, 13);
    copy(cases, "a slice of columns", 5, 64, 0, 3, 8, 3);
    copy(cases, "a slice into the middle", 3, 7, 11, 13, 8, 7);
    copy(cases, "a column", 6, 7, 2, 3, 13, 1);
    copy(cases, "a row", 207, 207, 0, 207, 1, 207);
    copy(cases, "many rows", 1, 3, 4, 8, 702, 2);
    copy(cases, "hundreds of rows", 0, 5, 0, 4, 300, 3);
    copy(cases, "wide rows", 702, 702, 9, 1404, 3, 702);
    copy(cases, "no row", 0, 8, 0, 8, 0, 8);
    copy(cases, "no column", 0, 8, 0, 8, 8, 0);
  }

  private static void copy(
      List<ContractCase> cases,
      String name,
      long xStart,
      long xPitch,
      long yStart,
      long yPitch,
      long rows,
      long cols) {
    cases.add(
        new ContractCase(
            "copy2d",
            name,
            t -> {
              Buffer x = t.in(t.normal(xStart + xPitch * rows + 5));
              Buffer y = t.in(t.normal(yStart + yPitch * rows + 5)); // what is around must stay
              Backend b = t.backend();
              b.copy2d(x, xStart, xPitch, y, yStart, yPitch, rows, cols);
              t.check("y", y, Bound.EXACT);
            }));
  }
}

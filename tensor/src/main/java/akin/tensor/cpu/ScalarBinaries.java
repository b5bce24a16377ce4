package akin.tensor.cpu;

import akin.tensor.backend.Binary;

/** Lines of numbers by plain loops; from an element on, so that they also serve as tails. */
final class ScalarBinaries implements Binaries {
  @Override
  public void value(Binary f, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    rest(f, a, ao, b, bo, y, yo, 0, n);
  }

  /** Elements i … n − 1. */
  static void rest(
      Binary f, float[] a, int ao, float[] b, int bo, float[] y, int yo, int i, int n) {
    switch (f) {
      case ADD:
        for (; i < n; i++) {
          y[yo + i] = a[ao + i] + b[bo + i];
        }
        break;
      case SUB:
        for (; i < n; i++) {
          y[yo + i] = a[ao + i] - b[bo + i];
        }
        break;
      case MUL:
        for (; i < n; i++) {
          y[yo + i] = a[ao + i] * b[bo + i];
        }
        break;
      case DIV:
        for (; i < n; i++) {
          y[yo + i] = a[ao + i] / b[bo + i];
        }
        break;
      case MAX:
        for (; i < n; i++) {
          y[yo + i] = Math.max(a[ao + i], b[bo + i]);
        }
        break;
      case MIN:
        for (; i < n; i++) {
          y[yo + i] = Math.min(a[ao + i], b[bo + i]);
        }
        break;
      case EQUAL:
        for (; i < n; i++) {
          y[yo + i] = a[ao + i] == b[bo + i] ? 1 : 0;
        }
        break;
      case GREATER:
        for (; i < n; i++) {
          y[yo + i] = a[ao + i] > b[bo + i] ? 1 : 0;
        }
        break;
      default:
        throw new AssertionError(f);
    }
  }
}

package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import java.math.BigDecimal;

/** How a result that is no floating-point number becomes one. */
enum Rounding {
  /** To the nearest; of two, to the even one. Java's own way. */
  NEAREST,
  /** Towards 0. */
  ZERO,
  /** Down. */
  DOWN,
  /** Up. */
  UP;

  /** The rounding that an instruction names; the nearest where it names none. */
  static Rounding of(Instruction i) {
    if (i.has("rz") || i.has("rzi")) {
      return ZERO;
    }
    if (i.has("rm") || i.has("rmi")) {
      return DOWN;
    }
    return i.has("rp") || i.has("rpi") ? UP : NEAREST;
  }

  /** A number without a fraction. */
  double whole(double value) {
    switch (this) {
      case ZERO:
        return value < 0 ? Math.ceil(value) : Math.floor(value);
      case DOWN:
        return Math.floor(value);
      case UP:
        return Math.ceil(value);
      default:
        return Math.rint(value);
    }
  }

  /**
   * Which way the nearest number has to move.
   *
   * @param error the sign of exact result − nearest
   * @return −1 for the next number down, 1 for the next up, 0 to stay
   */
  private int move(double nearest, int error) {
    boolean negative = nearest < 0 || nearest == 0 && error < 0;
    switch (this) {
      case DOWN:
        return error < 0 ? -1 : 0;
      case UP:
        return error > 0 ? 1 : 0;
      case ZERO:
        return negative && error > 0 ? 1 : !negative && error < 0 ? -1 : 0;
      default:
        return 0;
    }
  }

  /** The float32 of an exact result. */
  float round(float nearest, BigDecimal exact) {
    if (this == NEAREST || Float.isNaN(nearest)) {
      return nearest;
    }
    int move = move(nearest, error(nearest, exact));
    return move < 0 ? Math.nextDown(nearest) : move > 0 ? Math.nextUp(nearest) : nearest;
  }

  /** The float64 of an exact result. */
  double round(double nearest, BigDecimal exact) {
    if (this == NEAREST || Double.isNaN(nearest)) {
      return nearest;
    }
    int move = move(nearest, error(nearest, exact));
    return move < 0 ? Math.nextDown(nearest) : move > 0 ? Math.nextUp(nearest) : nearest;
  }

  private static int error(double nearest, BigDecimal exact) {
    if (Double.isInfinite(nearest)) {
      return nearest > 0 ? -1 : 1;
    }
    return exact.compareTo(new BigDecimal(nearest));
  }

  /** Whether both are finite, so that a sum or product is exact as a decimal. */
  static boolean finite(double... values) {
    for (double value : values) {
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        return false;
      }
    }
    return true;
  }
}

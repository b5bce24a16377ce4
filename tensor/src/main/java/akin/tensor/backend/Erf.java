package akin.tensor.backend;

/**
 * The error function in float64, to about one unit in the last place: the rational approximations
 * of W. J. Cody, "Rational Chebyshev approximation for the error function", Math. Comp. 23 (1969).
 */
final class Erf {
  private static final double[] A = {
    3.16112374387056560e00,
    1.13864154151050156e02,
    3.77485237685302021e02,
    3.20937758913846947e03,
    1.85777706184603153e-1
  };
  private static final double[] B = {
    2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03, 2.84423683343917062e03
  };
  private static final double[] C = {
    5.64188496988670089e-1,
    8.88314979438837594e00,
    6.61191906371416295e01,
    2.98635138197400131e02,
    8.81952221241769090e02,
    1.71204761263407058e03,
    2.05107837782607147e03,
    1.23033935479799725e03,
    2.15311535474403846e-8
  };
  private static final double[] D = {
    1.57449261107098347e01,
    1.17693950891312499e02,
    5.37181101862009858e02,
    1.62138957456669019e03,
    3.29079923573345963e03,
    4.36261909014324716e03,
    3.43936767414372164e03,
    1.23033935480374942e03
  };
  private static final double[] P = {
    3.05326634961232344e-1,
    3.60344899949804439e-1,
    1.25781726111229246e-1,
    1.60837851487422766e-2,
    6.58749161529837803e-4,
    1.63153871373020978e-2
  };
  private static final double[] Q = {
    2.56852019228982242e00,
    1.87295284992346725e00,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3
  };

  private Erf() {}

  /** 2/√π ∫₀ˣ e^(−t²) dt. */
  static double erf(double x) {
    if (Math.abs(x) > 0.46875) {
      return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
    }
    double s = x * x;
    double up = A[4] * s;
    double down = s;
    for (int i = 0; i < 3; i++) {
      up = (up + A[i]) * s;
      down = (down + B[i]) * s;
    }
    return x * (up + A[3]) / (down + B[3]);
  }

  /** 1 − erf(x), without cancellation for large x. */
  static double erfc(double x) {
    double z = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    if (z <= 0.46875) {
      return 1 - erf(x);
    }
    double r;
    if (z <= 4) {
      double up = C[8] * z;
      double down = z;
      for (int i = 0; i < 7; i++) {
        up = (up + C[i]) * z;
        down = (down + D[i]) * z;
      }
      r = (up + C[7]) / (down + D[7]);
    } else if (z > 27) {
      r = 0;
    } else {
      double s = 1 / (z * z);
      double up = P[5] * s;
      double down = s;
      for (int i = 0; i < 4; i++) {
        up = (up + P[i]) * s;
        down = (down + Q[i]) * s;
      }
      r = s * (up + P[4]) / (down + Q[4]);
      r = (0.56418958354775628695 - r) / z;
    }
    double coarse = (double) (long) (z * 16) / 16;
    double rest = (z - coarse) * (z + coarse);
    r *= Math.exp(-coarse * coarse) * Math.exp(-rest);
    return x < 0 ? 2 - r : r;
  }
}

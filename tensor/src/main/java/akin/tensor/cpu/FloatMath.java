package akin.tensor.cpu;

/**
 * Curves in float32 made of add, multiply, divide, fused multiply-add and bit operations alone,
 * which give the same bits interpreted and compiled ({@code Math.exp} and the transcendental
 * operations of the Vector API do not). {@link VectorMath} does the same operations lane by lane,
 * so the bits of a result do not depend on whether its element falls into a vector or the tail.
 *
 * <p>Errors against the exact value, in units in its last place, at most: exp, log, tanh 2; sigmoid
 * and erf 3; silu 4; gelu 8; geluTanh 4·(1 + |2u|), u being tanh's argument. Results below the
 * smallest normal number, and of silu and gelu below |x| of these, may be 0. Slopes, in units in
 * the last place of 1 or of the slope if that is larger: of erf 2; of gelu 3; of silu 2 + |x|; of
 * geluTanh 2 + |x|·d(2u)/dx. Polynomials marked "fitted" are least maximum relative error fits.
 */
final class FloatMath {
  static final float EXP_MAX = 89; // e⁸⁹ > the largest float
  static final float EXP_MIN = -104; // e⁻¹⁰⁴ < half of the smallest float
  static final float LOG2_E = 1.44269504f;

  /** Adding 1.5·2²³ rounds to a whole number and leaves it in the low bits. */
  static final float ROUND = 0x1.8p23f;

  /** The same, with the bias of a float's exponent. */
  static final float ROUND_BIASED = ROUND + 127;

  static final float LN2 = 0.693147182f;
  static final float LN2_REST = -1.90465421e-9f; // ln 2 − LN2

  // e^r = 1 + r + r²·P(r), |r| ≤ ln2/2; fitted, 3.3e-9
  static final float E0 = 0.49999994f;
  static final float E1 = 0.16666515f;
  static final float E2 = 0.041668456f;
  static final float E3 = 0.008369419f;
  static final float E4 = 0.0013813145f;

  // ln(1+f) = f − f²/2 + f³·P(f), √½ ≤ 1+f < √2: Moshier's Cephes, logf
  static final int ROOT_HALF_BITS = 0x3f3504f3;
  static final float LN2_HIGH = 0.693359375f; // nine bits: times an exponent it is exact
  static final float LN2_LOW = -2.12194440e-4f;
  static final float G0 = 3.3333331174e-1f;
  static final float G1 = -2.4999993993e-1f;
  static final float G2 = 2.0000714765e-1f;
  static final float G3 = -1.6668057665e-1f;
  static final float G4 = 1.4249322787e-1f;
  static final float G5 = -1.2420140846e-1f;
  static final float G6 = 1.1676998740e-1f;
  static final float G7 = -1.1514610310e-1f;
  static final float G8 = 7.0376836292e-2f;

  // tanh x = x + x³·P(x²), |x| < 0.625: Moshier's Cephes, tanhf
  static final float TANH_SMALL = 0.625f;
  static final float H0 = -3.33332819422e-1f;
  static final float H1 = 1.33314422036e-1f;
  static final float H2 = -5.37397155531e-2f;
  static final float H3 = 2.06390887954e-2f;
  static final float H4 = -5.70498872745e-3f;

  // erf x = x·P(x²), |x| ≤ 1; fitted, 1.3e-9
  static final float R0 = 1.1283791f;
  static final float R1 = -0.37612626f;
  static final float R2 = 0.11283585f;
  static final float R3 = -0.026853813f;
  static final float R4 = 0.0051883296f;
  static final float R5 = -0.0008010208f;
  static final float R6 = 0.000078539073f;

  // erfc z = e^(−z²)·P(u)/(1 + 2z), u = (z − 2.5)/(z + 2.5), 0 ≤ z ≤ 10.2; fitted, 1.7e-8
  static final float ERFC_MAX = 10.2f; // erfc(10.2) < half of the smallest float
  static final float ERFC_MIDDLE = 2.5f;
  static final float C0 = 1.2648382f;
  static final float C1 = -0.1223568f;
  static final float C2 = -0.09902283f;
  static final float C3 = 0.15763113f;
  static final float C4 = -0.1029898f;
  static final float C5 = 0.03274396f;
  static final float C6 = 0.0010351101f;
  static final float C7 = -0.0042911768f;
  static final float C8 = 0.00031406322f;
  static final float C9 = 0.00044760876f;

  static final float ROOT_HALF = 0.70710678f;
  static final float INV_ROOT_2PI = 0.39894228f;
  static final float TWO_OVER_ROOT_PI = 1.1283792f;
  static final float TWO_ROOT_2_OVER_PI = 1.5957691f; // 2·√(2/π)
  static final float GELU_CUBE = 0.044715f;

  private FloatMath() {}

  static float exp(float x) {
    x = x > EXP_MAX ? EXP_MAX : x;
    x = x < EXP_MIN ? EXP_MIN : x;
    float t = Math.fma(x, LOG2_E, ROUND);
    float n = t - ROUND;
    float r = Math.fma(n, -LN2, x);
    r = Math.fma(n, -LN2_REST, r);
    float p = Math.fma(E4, r, E3);
    p = Math.fma(p, r, E2);
    p = Math.fma(p, r, E1);
    p = Math.fma(p, r, E0);
    p = Math.fma(p, r * r, r) + 1;
    // in two steps, so that tiny results round once and 2^128 does not overflow
    float half = Math.fma(n, 0.5f, ROUND_BIASED);
    float rest = n - (half - ROUND_BIASED) + ROUND_BIASED;
    return p * power(half) * power(rest);
  }

  /** 2^n from n + {@link #ROUND_BIASED}, whose last bits are those of n + 127. */
  private static float power(float biased) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(biased) << 23);
  }

  static float log(float x) {
    boolean tiny = x < Float.MIN_NORMAL;
    float y = tiny ? x * 0x1p23f : x;
    int bits = Float.floatToRawIntBits(y);
    int e = (bits - ROOT_HALF_BITS) >> 23;
    float f = Float.intBitsToFloat(bits - (e << 23)) - 1;
    float n = tiny ? (float) e - 23 : (float) e;
    float s = f * f;
    float p = Math.fma(G8, f, G7);
    p = Math.fma(p, f, G6);
    p = Math.fma(p, f, G5);
    p = Math.fma(p, f, G4);
    p = Math.fma(p, f, G3);
    p = Math.fma(p, f, G2);
    p = Math.fma(p, f, G1);
    p = Math.fma(p, f, G0);
    float r = Math.fma(n, LN2_LOW, f * s * p);
    r = Math.fma(-0.5f, s, r);
    r = Math.fma(n, LN2_HIGH, f + r);
    r = x == 0 ? Float.NEGATIVE_INFINITY : r;
    r = x == Float.POSITIVE_INFINITY ? x : r;
    return x >= 0 ? r : Float.NaN;
  }

  static float tanh(float x) {
    float a = Math.abs(x);
    float s = x * x;
    float p = Math.fma(H4, s, H3);
    p = Math.fma(p, s, H2);
    p = Math.fma(p, s, H1);
    p = Math.fma(p, s, H0);
    float small = Math.fma(p * s, a, a);
    float large = 1 - 2 / (exp(a + a) + 1);
    return Math.copySign(a < TANH_SMALL ? small : large, x);
  }

  static float sigmoid(float x) {
    return 1 / (exp(-x) + 1);
  }

  static float erf(float x) {
    float a = Math.abs(x);
    float s = x * x;
    float p = Math.fma(R6, s, R5);
    p = Math.fma(p, s, R4);
    p = Math.fma(p, s, R3);
    p = Math.fma(p, s, R2);
    p = Math.fma(p, s, R1);
    p = Math.fma(p, s, R0);
    float z = a > ERFC_MAX ? ERFC_MAX : a;
    float large = 1 - expSquare(z, 1) * erfcx(z);
    return Math.copySign(a < 1 ? p * a : large, x);
  }

  /** e^(z²)·erfc z for 0 ≤ z ≤ 10.2. */
  private static float erfcx(float z) {
    float u = (z - ERFC_MIDDLE) / (z + ERFC_MIDDLE);
    float p = Math.fma(C9, u, C8);
    p = Math.fma(p, u, C7);
    p = Math.fma(p, u, C6);
    p = Math.fma(p, u, C5);
    p = Math.fma(p, u, C4);
    p = Math.fma(p, u, C3);
    p = Math.fma(p, u, C2);
    p = Math.fma(p, u, C1);
    p = Math.fma(p, u, C0);
    return p / Math.fma(2, z, 1);
  }

  /** e^(−scale·z²) with the rounding error of z² taken back; scale is a power of 2. */
  private static float expSquare(float z, float scale) {
    float square = z * z;
    float rest = Math.fma(z, z, -square);
    float e = exp(-scale * square);
    return Math.fma(e, -scale * rest, e);
  }

  /** Φ(x) = ½·erfc(−x/√2). */
  static float phi(float x) {
    float a = Math.abs(x);
    float limit = ERFC_MAX / ROOT_HALF;
    a = a > limit ? limit : a;
    float tail = expSquare(a, 0.5f) * erfcx(a * ROOT_HALF) * 0.5f;
    return x > 0 ? 1 - tail : tail;
  }

  static float gelu(float x) {
    return x * phi(x);
  }

  static float geluSlope(float x) {
    return Math.fma(x * INV_ROOT_2PI, exp(-0.5f * (x * x)), phi(x));
  }

  static float geluTanh(float x) {
    return x * sigmoid(geluArgument(x));
  }

  static float geluTanhSlope(float x) {
    float s = sigmoid(geluArgument(x));
    float slope = TWO_ROOT_2_OVER_PI * Math.fma(3 * GELU_CUBE * x, x, 1);
    slope = Math.min(slope, Float.MAX_VALUE); // where it overflows, what it multiplies is 0
    return Math.fma(x * s * (1 - s), slope, s);
  }

  /** 2·√(2/π)·(x + 0.044715x³): ½(1 + tanh u) is σ(2u), which keeps its digits for x ≪ 0. */
  private static float geluArgument(float x) {
    return TWO_ROOT_2_OVER_PI * (x * Math.fma(GELU_CUBE * x, x, 1));
  }

  static float silu(float x) {
    return x * sigmoid(x);
  }

  static float siluSlope(float x) {
    float s = sigmoid(x);
    return Math.fma(x * s, 1 - s, s);
  }

  static float erfSlope(float x) {
    return TWO_OVER_ROOT_PI * exp(-(x * x));
  }
}

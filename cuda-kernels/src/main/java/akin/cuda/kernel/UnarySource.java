package akin.cuda.kernel;

import akin.tensor.backend.Unary;

/**
 * Writes the sources of {@link KernelFile#UNARY} and {@link KernelFile#UNARY_GRAD}: a kernel for
 * each constant of {@link Unary}. The switches know every constant, or this file does not compile.
 */
final class UnarySource {
  private UnarySource() {}

  /** f(x; a, b) in CUDA C. */
  private static String value(Unary f) {
    return switch (f) {
      case NEG -> "-x";
      case ABS -> "fabsf(x)";
      case SQUARE -> "x * x";
      case SQRT -> "sqrtf(x)";
      case RSQRT -> "1.0f / sqrtf(x)";
      case RECIPROCAL -> "1.0f / x";
      case POW -> "power(x, a)";
      case EXP -> "expf(x)";
      case LOG -> "logf(x)";
      case LOG1P -> "log1pf(x)";
      case SIN -> "sinf(x)";
      case COS -> "cosf(x)";
      case ACOS -> "acosf(x)";
      case ERF -> "erff(x)";
      case SIGMOID -> "sigmoid(x)";
      case TANH -> "tanhf(x)";
      case SOFTPLUS -> "a * x > b ? x : softplus(a * x) / a";
      case RELU -> "x > 0.0f ? x : x != x ? x : 0.0f";
      case RELU6 -> "x > 6.0f ? 6.0f : x > 0.0f ? x : x != x ? x : 0.0f";
      case LEAKY_RELU -> "x > 0.0f ? x : a * x";
      case GELU -> "x * phi(x)";
      case GELU_TANH -> "x * sigmoid(gelu_argument(x))";
      case SILU -> "x * sigmoid(x)";
      case HARDSIGMOID -> "hardsigmoid(x)";
      case HARDSWISH -> "x * hardsigmoid(x)";
      case CLAMP -> "minimum(maximum(x, a), b)";
    };
  }

  /** f′(x; a, b) in CUDA C, where y = f(x; a, b). */
  private static String slope(Unary f) {
    return switch (f) {
      case NEG -> "-1.0f";
      case ABS -> "x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x";
      case SQUARE -> "2.0f * x";
      case SQRT -> "0.5f / y";
      case RSQRT -> "-0.5f * y / x";
      case RECIPROCAL -> "-y * y";
      case POW -> "a == 0.0f ? 0.0f : a * power(x, a - 1.0f)";
      case EXP -> "y";
      case LOG -> "1.0f / x";
      case LOG1P -> "1.0f / (1.0f + x)";
      case SIN -> "cosf(x)";
      case COS -> "-sinf(x)";
      case ACOS -> "-1.0f / sqrtf(fmaf(-x, x, 1.0f))";
      case ERF -> "1.12837917f * expf(-x * x)";
      case SIGMOID -> "y * (1.0f - y)";
      case TANH -> "fmaf(-y, y, 1.0f)";
      case SOFTPLUS -> "a * x > b ? 1.0f : sigmoid(a * x)";
      case RELU -> "x > 0.0f ? 1.0f : 0.0f";
      case RELU6 -> "x > 0.0f && x < 6.0f ? 1.0f : 0.0f";
      case LEAKY_RELU -> "x > 0.0f ? 1.0f : a";
      case GELU -> "phi(x) + x * (0.398942280f * expf(-0.5f * x * x))";
      case GELU_TANH -> "sigmoid(gelu_argument(x)) + gelu_share(x, x * bell(gelu_argument(x)))";
      case SILU -> "sigmoid(x) + x * bell(x)";
      case HARDSIGMOID -> "x > -3.0f && x < 3.0f ? 0.166666667f : 0.0f";
      case HARDSWISH -> "x < -3.0f ? 0.0f : x <= 3.0f ? x / 3.0f + 0.5f : 1.0f";
      case CLAMP -> "x >= a && x <= b ? 1.0f : 0.0f";
    };
  }

  /** {@code unary.cu}. */
  static String values() {
    StringBuilder text = new StringBuilder(Elementwise.head(UnarySource.class, Unary.class));
    text.append(
        """
        //
        // y[i] = f(x[i]; a, b) for i < n, a kernel for each f; and y = a x + b. x may be y.
        // Reads 4 bytes an element and writes 4, the least.

        """);
    text.append(Elementwise.LOOP).append('\n').append(Elementwise.FUNCTIONS);
    text.append(
        """

        #define UNARY(name, ...)                                                                    \\
          /* y[i] = __VA_ARGS__ for x = x[i]. */                                                    \\
          extern "C" __global__ void unary_##name(                                                  \\
              const float *x, float *y, long long n, float a, float b) {                            \\
            each(n, y, [=](long long i) { return x[i]; }, [=](float x) { return __VA_ARGS__; });    \\
          }

        UNARY(affine, fmaf(a, x, b))
        """);
    for (Unary f : Unary.values()) {
      text.append(Elementwise.use("UNARY(", f, value(f)));
    }
    return text.toString();
  }

  /** {@code unary_grad.cu}. */
  static String slopes() {
    StringBuilder text = new StringBuilder(Elementwise.head(UnarySource.class, Unary.class));
    text.append(
        """
        //
        // dx[i] = dy[i] f'(x[i]; a, b) for i < n, a kernel for each f, where y[i] = f(x[i]; a, b); dx may
        // be x, y or dy. Reads dy and of x and y only what the slope names, 4 bytes an element each, and
        // writes 4: the least. (The compiler drops loads whose value nobody takes.)

        """);
    text.append(Elementwise.LOOP).append('\n').append(Elementwise.FUNCTIONS);
    text.append(
        """

        struct Point {
          float x, y, dy;
        };

        #define SLOPE(name, ...)                                                                    \\
          __device__ __forceinline__ float slope_##name(float x, float y, float a, float b) {       \\
            return __VA_ARGS__;                                                                     \\
          }                                                                                         \\
          /* dx[i] = dy[i] * (__VA_ARGS__) at x = x[i], y = y[i]. */                                \\
          extern "C" __global__ void unary_grad_##name(                                             \\
              const float *x, const float *y, const float *dy, float *dx, long long n, float a,     \\
              float b) {                                                                            \\
            each(n, dx, [=](long long i) { return Point{x[i], y[i], dy[i]}; },                      \\
                 [=](Point p) { return p.dy * slope_##name(p.x, p.y, a, b); });                     \\
          }

        """);
    for (Unary f : Unary.values()) {
      text.append(Elementwise.use("SLOPE(", f, slope(f)));
    }
    return text.toString();
  }
}

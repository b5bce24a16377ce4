package akin.cuda.kernel;

import akin.tensor.backend.Binary;

/**
 * Writes the sources of {@link KernelFile#BINARY} and {@link KernelFile#BINARY_GRAD}: kernels for
 * each constant of {@link Binary}, plain and strided. The switches know every constant, or this
 * file does not compile.
 */
final class BinarySource {
  private BinarySource() {}

  /** f(a, b) in CUDA C. */
  private static String value(Binary f) {
    return switch (f) {
      case ADD -> "a + b";
      case SUB -> "a - b";
      case MUL -> "a * b";
      case DIV -> "a / b";
      case POW -> "power(a, b)";
      case MAX -> "maximum(a, b)";
      case MIN -> "minimum(a, b)";
      case EQUAL -> "a == b ? 1.0f : 0.0f";
      case GREATER -> "a > b ? 1.0f : 0.0f";
    };
  }

  /** ∂f/∂a in CUDA C, where y = f(a, b). */
  private static String slopeA(Binary f) {
    return switch (f) {
      case ADD, SUB -> "1.0f";
      case MUL -> "b";
      case DIV -> "1.0f / b";
      case POW -> "b == 0.0f ? 0.0f : b * power(a, b - 1.0f)";
      case MAX -> "a > b ? 1.0f : a == b ? 0.5f : 0.0f";
      case MIN -> "a < b ? 1.0f : a == b ? 0.5f : 0.0f";
      case EQUAL, GREATER -> "0.0f";
    };
  }

  /** ∂f/∂b in CUDA C, where y = f(a, b). */
  private static String slopeB(Binary f) {
    return switch (f) {
      case ADD -> "1.0f";
      case SUB -> "-1.0f";
      case MUL -> "a";
      case DIV -> "-y / b";
      case POW -> "a == 0.0f && b >= 0.0f ? 0.0f : y * logf(a)";
      case MAX -> "b > a ? 1.0f : a == b ? 0.5f : 0.0f";
      case MIN -> "b < a ? 1.0f : a == b ? 0.5f : 0.0f";
      case EQUAL, GREATER -> "0.0f";
    };
  }

  /** Where an element finds its operands. */
  private static final String PLACES =
      """
      // Element i of the common shape meets elements p.a and p.b of the operands. The shape has up to four
      // merged axes, counted from the innermost: sizes n0, n1, n2 (the last needs none) and of each the
      // elements between neighbours in a and in b, 0 where an operand repeats. An axis costs a division;
      // a scalar none, a row or a column repeated one, a channel of pictures two.
      #define AXES                                                                                \\
        int n, int axes, int n0, int a0, int b0, int n1, int a1, int b1, int n2, int a2, int b2,  \\
            int a3, int b3

      struct Place {
        unsigned a, b;
      };

      __device__ __forceinline__ void cross(unsigned &i, Place &p, int n, int a, int b) {
        const unsigned outer = i / n;
        const unsigned at = i - outer * n;
        p.a += at * a;
        p.b += at * b;
        i = outer;
      }

      #define PLACE(i)                            \\
        Place p{0, 0};                            \\
        if (axes > 1) cross(i, p, n0, a0, b0);    \\
        if (axes > 2) cross(i, p, n1, a1, b1);    \\
        if (axes > 3) cross(i, p, n2, a2, b2);    \\
        p.a += i * a3;                            \\
        p.b += i * b3;
      """;

  /** {@code binary.cu}. */
  static String values() {
    StringBuilder text = new StringBuilder(Elementwise.head(BinarySource.class, Binary.class));
    text.append(
        """
        //
        // y[i] = f(a[i], b[i]) for i < n, and the same with stretched operands, two kernels for each f. In
        // the plain form y may be a or b. Reads 8 bytes an element and writes 4, the least; of an operand
        // that repeats what the caches hold is read again.

        """);
    text.append(Elementwise.LOOP).append('\n').append(Elementwise.FUNCTIONS);
    text.append('\n').append(PLACES);
    text.append(
        """

        struct Pair {
          float a, b;
        };

        #define BINARY(name, ...)                                                                   \\
          __device__ __forceinline__ float value_##name(float a, float b) { return __VA_ARGS__; }   \\
          /* y[i] = __VA_ARGS__ for a = a[i], b = b[i]. */                                          \\
          extern "C" __global__ void binary_##name(                                                 \\
              const float *a, const float *b, float *y, long long n) {                              \\
            each(n, y, [=](long long i) { return Pair{a[i], b[i]}; },                               \\
                 [](Pair p) { return value_##name(p.a, p.b); });                                    \\
          }                                                                                         \\
          /* y[i] = __VA_ARGS__ for the a and b that meet in i, stretched to y's shape. */          \\
          extern "C" __global__ void binary_##name##_strided(                                       \\
              const float *a, const float *b, float *y, AXES) {                                     \\
            each((unsigned)n, y,                                                                    \\
                 [=](unsigned i) {                                                                  \\
                   PLACE(i)                                                                         \\
                   return Pair{a[p.a], b[p.b]};                                                     \\
                 },                                                                                 \\
                 [](Pair p) { return value_##name(p.a, p.b); });                                    \\
          }

        """);
    for (Binary f : Binary.values()) {
      text.append(Elementwise.use("BINARY(", f, value(f)));
    }
    return text.toString();
  }

  /** {@code binary_grad.cu}. */
  static String slopes() {
    StringBuilder text = new StringBuilder(Elementwise.head(BinarySource.class, Binary.class));
    text.append(
        """
        //
        // g[i] = dy[i] df/da (or df/db) at (a[i], b[i]) for i < n, where y[i] = f(a[i], b[i]), and the
        // same with stretched operands (g has the common shape; the caller sums it): four kernels for each
        // f. Reads dy and of a, b and y only what the slope names, 4 bytes an element each, and writes 4:
        // the least. (The compiler drops loads whose value nobody takes.)

        """);
    text.append(Elementwise.LOOP).append('\n').append(Elementwise.FUNCTIONS);
    text.append('\n').append(PLACES);
    text.append(
        """

        struct Point {
          float a, b, y, dy;
        };

        #define SLOPE(arg, name, ...)                                                               \\
          __device__ __forceinline__ float slope_##arg##_##name(float a, float b, float y) {        \\
            return __VA_ARGS__;                                                                     \\
          }                                                                                         \\
          /* g[i] = dy[i] * (__VA_ARGS__) at a = a[i], b = b[i], y = y[i]. */                       \\
          extern "C" __global__ void binary_grad_##arg##_##name(                                    \\
              const float *a, const float *b, const float *y, const float *dy, float *g,            \\
              long long n) {                                                                        \\
            each(n, g, [=](long long i) { return Point{a[i], b[i], y[i], dy[i]}; },                 \\
                 [](Point p) { return p.dy * slope_##arg##_##name(p.a, p.b, p.y); });               \\
          }                                                                                         \\
          /* g[i] = dy[i] * (__VA_ARGS__) at the a and b that meet in i, stretched to y's shape. */ \\
          extern "C" __global__ void binary_grad_##arg##_##name##_strided(                          \\
              const float *a, const float *b, const float *y, const float *dy, float *g, AXES) {    \\
            each((unsigned)n, g,                                                                    \\
                 [=](unsigned i) {                                                                  \\
                   const unsigned at = i;                                                           \\
                   PLACE(i)                                                                         \\
                   return Point{a[p.a], b[p.b], y[at], dy[at]};                                     \\
                 },                                                                                 \\
                 [](Point p) { return p.dy * slope_##arg##_##name(p.a, p.b, p.y); });               \\
          }

        """);
    for (Binary f : Binary.values()) {
      text.append(Elementwise.use("SLOPE(a, ", f, slopeA(f)));
      text.append(Elementwise.use("SLOPE(b, ", f, slopeB(f)));
    }
    return text.toString();
  }
}

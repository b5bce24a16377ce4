import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Writes those kernels of akin.tensor.cpu that keep a tile of sums in registers. The compiler keeps
 * a sum in a register only if it is a local variable with a name of its own, so a tile of 12 · 2
 * vectors is 24 variables and as many lines in each part of a kernel: too many to be written or
 * read. Here each such line stands once. Maven runs this before it compiles:
 *
 * <pre>java Kernels.java FOLDER</pre>
 *
 * No kernel calls a method on a sum. It comes out of a loop, where the compiler knows it as some
 * FloatVector only. Which width it is, and so whether the call can be inlined, the compiler would
 * then guess from what it happened to see before; guessing wrong, it allocates every sum in every
 * round, for the life of the process. As an argument of a vector of known width it is checked once
 * instead.
 */
final class Kernels {
  private Kernels() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0], "akin", "tensor", "cpu");
    Files.createDirectories(folder);
    write(folder, "VectorProducts", "Tiles of products", products());
    write(folder, "VectorCorrelations", "Tiles of correlations, and one wide row", correlations());
    write(folder, "VectorDifferences", "Tiles of differences", differences());
    write(folder, "VectorDotTiles", "Tiles of dot products of rows", dots());
  }

  /** The lines for each i &lt; n, which stands where they say {i}. */
  static String each(String i, int n, String lines) {
    return IntStream.range(0, n).mapToObj(number -> put(lines, i, number)).collect(joining());
  }

  static String put(String lines, String name, Object value) {
    return lines.replace("{" + name + "}", value.toString());
  }

  // Parts of tiles whose rows are two vectors, p and q.

  static final String ZERO =
      """
          FloatVector c{i}p = FloatVector.zero(S);
          FloatVector c{i}q = FloatVector.zero(S);
      """;

  static final String LOAD =
      """
            FloatVector p = FloatVector.fromArray(S, b, row);
            FloatVector q = FloatVector.fromArray(S, b, row + L);
      """;

  static final String FMA =
      """
            c{i}p = x{i}.fma(p, c{i}p);
            c{i}q = x{i}.fma(q, c{i}q);
      """;

  static final String ADD =
      """
          int to{i} = co + {i} * pitch;
          FloatVector.fromArray(S, c, to{i}).add(c{i}p).intoArray(c, to{i});
          FloatVector.fromArray(S, c, to{i} + L).add(c{i}q).intoArray(c, to{i} + L);
      """;

  /** c[i, j] (+)= Σₖ a[k, i]·b[rows[k] + j]. */
  static String products() {
    return """
          /** Leaves every number as it is when added, −0 too. */
          static final float NOTHING = -0f;

          /** Makes nothing of a tile of c, so that a sum may be added whether or not one is there. */
          static void clear(float[] c, int co, int pitch, int h) {
            FloatVector nothing = FloatVector.broadcast(S, NOTHING);
            for (int i = 0; i < h; i++) {
              nothing.intoArray(c, co + i * pitch);
              nothing.intoArray(c, co + i * pitch + L);
            }
          }
        """
        + IntStream.of(1, 2, 4, 6, 8, 12).mapToObj(Kernels::product).collect(joining());
  }

  static String product(int h) {
    String kernel =
        """

          static void rows{h}(
              float[] a, int ao, float[] b, int bo, int[] rows, int kc,
              float[] c, int co, int pitch, boolean add) {
            if (!add) {
              clear(c, co, pitch, {h});
            }
        """
            + each("i", h, ZERO)
            + """
            for (int k = 0; k < kc; k++) {
              int from = ao + k * {h};
              int row = bo + rows[k];
        """
            + LOAD
            + each(
                "i", h, "      FloatVector x{i} = FloatVector.broadcast(S, a[from + {i}]);\n" + FMA)
            + """
            }
        """
            + each("i", h, ADD)
            + """
          }
        """;
    return put(kernel, "h", h);
  }

  /** c[i, j] += Σₖ x[taps[t + i] + k]·b[k, j]; and one row of eight vectors. */
  static String correlations() {
    return """
          static void wide(
              float[] a, int ao, float[] b, int bo, int[] rows, int kc, float[] c, int co) {
        """
        + each("j", 8, "    FloatVector c{j} = FloatVector.zero(S);\n")
        + """
            for (int k = 0; k < kc; k++) {
              int row = bo + rows[k];
              FloatVector x = FloatVector.broadcast(S, a[ao + k]);
        """
        + each("j", 8, "      c{j} = x.fma(FloatVector.fromArray(S, b, row + {j} * L), c{j});\n")
        + """
            }
            FloatVector nothing = FloatVector.broadcast(S, VectorProducts.NOTHING);
        """
        + each("j", 8, "    nothing.add(c{j}).intoArray(c, co + {j} * L);\n")
        + """
          }
        """
        + IntStream.of(1, 2, 4, 8).mapToObj(Kernels::correlation).collect(joining());
  }

  static String correlation(int h) {
    String kernel =
        """

          static void taps{h}(
              float[] x, int xo, int[] taps, int t, float[] b, int bo, int n,
              float[] c, int co, int pitch) {
        """
            + each("i", h, "    int from{i} = xo + taps[t + {i}];\n")
            + each("i", h, ZERO)
            + """
            for (int k = 0; k < n; k++) {
              int row = bo + k * (2 * L);
        """
            + LOAD
            + each(
                "i",
                h,
                "      FloatVector x{i} = FloatVector.broadcast(S, x[from{i} + k]);\n" + FMA)
            + """
            }
        """
            + each("i", h, ADD)
            + """
          }
        """;
    return put(kernel, "h", h);
  }

  /** c[i, j] (+)= Σₖ (a[k, i] − b[k, j])², and the same of absolute values. */
  static String differences() {
    String squares =
        """
              FloatVector d{i}p = x{i}.sub(p);
              FloatVector d{i}q = x{i}.sub(q);
              c{i}p = d{i}p.fma(d{i}p, c{i}p);
              c{i}q = d{i}q.fma(d{i}q, c{i}q);
        """;
    String absolutes =
        """
              c{i}p = x{i}.sub(p).abs().add(c{i}p);
              c{i}q = x{i}.sub(q).abs().add(c{i}q);
        """;
    return difference("squares", squares) + "\n" + difference("absolutes", absolutes);
  }

  static String difference(String name, String step) {
    String kernel =
        """
          static void {name}(
              float[] a, int ao, float[] b, int bo, int kc,
              float[] c, int co, int pitch, boolean add) {
            if (!add) {
              VectorProducts.clear(c, co, pitch, 4);
            }
        """
            + each("i", 4, ZERO)
            + """
            for (int k = 0; k < kc; k++) {
              int from = ao + k * 4;
              int row = bo + k * (2 * L);
        """
            + LOAD
            + each(
                "i",
                4,
                "      FloatVector x{i} = FloatVector.broadcast(S, a[from + {i}]);\n" + step)
            + """
            }
        """
            + each("i", 4, ADD)
            + """
          }
        """;
    return put(kernel, "name", name);
  }

  /** Lane by lane sums[i, j] += Σₖ a[i, k]·b[j, k]. */
  static String dots() {
    return """
          private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);

          /** L times no bit, L times all bits: from the middle backwards a mask of upper lanes. */
          private static final int[] UPPER = new int[2 * L];

          static {
            java.util.Arrays.fill(UPPER, L, 2 * L, -1);
          }
        """
        + dot(3)
        + dot(6);
  }

  static String dot(int h) {
    String load =
        "    FloatVector s{i}{j} = FloatVector.fromArray(S, sums, at + ({i} * 4 + {j}) * L);\n";
    String store = "    s{i}{j}.intoArray(sums, at + ({i} * 4 + {j}) * L);\n";
    String kernel =
        """

          static void rows{h}(
              float[] a, int ao, int m, float[] b, int bo, int l, int pitch, int n,
              float[] sums, int at) {
        """
            + each("i", h, "    int a{i} = ao + Math.min({i}, m - 1) * pitch;\n")
            + each("j", 4, "    int b{j} = bo + Math.min({j}, l - 1) * pitch;\n")
            + each("i", h, each("j", 4, load))
            + """
            for (int k = 0; k < n; k += L) {
              int i = Math.min(k, n - L);
        """
            + each("j", 4, "      FloatVector q{j} = FloatVector.fromArray(S, b, b{j} + i);\n")
            + """
              if (i < k) { // what the vector before has counted
                IntVector part = IntVector.fromArray(I, UPPER, n - k);
        """
            + each(
                "j",
                4,
                "        q{j} = q{j}.reinterpretAsInts().and(part).reinterpretAsFloats();\n")
            + """
              }
        """
            + each(
                "i",
                h,
                "      FloatVector p{i} = FloatVector.fromArray(S, a, a{i} + i);\n"
                    + each("j", 4, "      s{i}{j} = p{i}.fma(q{j}, s{i}{j});\n"))
            + """
            }
        """
            + each("i", h, each("j", 4, store))
            + """
          }
        """;
    return put(kernel, "h", h);
  }

  /** Writes a class of kernels, unless the file is there and says the same. */
  static void write(Path folder, String name, String what, String kernels) throws IOException {
    String head =
        """
        package akin.tensor.cpu;

        import jdk.incubator.vector.*;

        /** {what} with the Vector API, written by src/main/kernels/Kernels.java. */
        final class {name} {
          private static final VectorSpecies<Float> S = VectorWidth.species();
          private static final int L = S.length();

          private {name}() {}

        """;
    String text = put(put(head, "name", name), "what", what) + kernels + "}\n";
    Path file = folder.resolve(name + ".java");
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }
}

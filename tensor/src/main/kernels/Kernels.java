import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
  static final Set<Path> WRITTEN = new HashSet<>();

  private Kernels() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0], "akin", "tensor", "cpu");
    Files.createDirectories(folder);
    for (boolean add : new boolean[] {false, true}) {
      String ending = add ? "Add" : "Store";
      String what = add ? ", added" : "";
      write(folder, "Wide" + ending, "Products" + what, products(Form.LINES, 2, add));
      write(folder, "Narrow" + ending, "Narrow products" + what, products(Form.LINES, 1, add));
      write(folder, "WideTurned" + ending, "Products" + what, products(Form.TURNED, 2, add));
      write(folder, "NarrowTurned" + ending, "Products" + what, products(Form.TURNED, 1, add));
      write(folder, "Taps" + ending, "Products over taps" + what, products(Form.TAPS, 2, add));
      write(folder, "Differences" + ending, "Differences" + what, differences(add));
    }
    write(folder, "BlocksStore", "Products of blocks", products(Form.BLOCKS, 2, false));
    write(folder, "OutersAdd", "Products of rows at a pitch", products(Form.OUTER, 2, true));
    write(folder, "CellsAdd", "Products of cells and channels", products(Form.CELLS, 2, true));
    write(folder, "NextCellsAdd", "Products of neighbours", products(Form.NEXT, 2, true));
    write(folder, "OtherCellsAdd", "Products of every other cell", products(Form.OTHER, 2, true));
    write(folder, "VectorCorrelations", "Tiles of correlations, and one wide row", correlations());
    write(folder, "VectorDotTiles", "Tiles of dot products of rows", dots());
    write(folder, "WidePoints", "Convolutions of one tap", points(2));
    write(folder, "NarrowPoints", "Narrow convolutions of one tap", points(1));
    for (int v = 1; v <= 2; v++) {
      String width = v == 1 ? "Narrow" : "Wide";
      write(folder, width + "FromPlanes", "Blocks of channels from planes", blocks(v, ""));
      write(
          folder,
          width + "FromOthers",
          "Blocks of channels from every other cell",
          blocks(v, " * 2"));
      write(folder, width + "FromBlocks", "Blocks of channels from blocks", blocks(v, " * L"));
    }
    write(folder, "VectorTaps", "Sums over the taps of one plane", taps());
    write(folder, "VectorGrids", "Sums over 3×3 neighbours", grids());
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(file -> !WRITTEN.contains(file)).toList()) {
        Files.delete(file); // what an earlier version of this program wrote
      }
    }
  }

  /** The lines for each i &lt; n, which stands where they say {i}. */
  static String each(String i, int n, String lines) {
    return IntStream.range(0, n).mapToObj(number -> put(lines, i, number)).collect(joining());
  }

  static String put(String lines, String name, Object value) {
    return lines.replace("{" + name + "}", value.toString());
  }

  // Parts of tiles of {h} rows of {v} vectors, a row a line.

  static String zero(int v) {
    return "    FloatVector " + commas(v, "c{i}{j} = FloatVector.zero(S)") + ";\n";
  }

  static String load(int v) {
    return each("j", v, "      FloatVector b{j} = FloatVector.fromArray(S, b, row + {j} * L);\n");
  }

  static String fma(int v) {
    return "     " + each("j", v, " c{i}{j} = x{i}.fma(b{j}, c{i}{j});") + "\n";
  }

  static String add(int v) {
    String to = "c, co + {i} * pitch + {j} * L";
    String line = "    FloatVector.fromArray(S, {to}).add(c{i}{j}).intoArray({to});\n";
    return each("j", v, line.replace("{to}", to));
  }

  /** −0 leaves every number as it is when added. */
  static String store(int v) {
    return each("j", v, "    nothing.add(c{i}{j}).intoArray(c, co + {i} * pitch + {j} * L);\n");
  }

  static final String NOTHING = "    FloatVector nothing = FloatVector.broadcast(S, -0f);\n";

  static String commas(int n, String words) {
    return IntStream.range(0, n).mapToObj(j -> put(words, "j", j)).collect(joining(", "));
  }

  /** How the factors lie: where term k of both begins, and row i of the left one from there. */
  enum Form {
    /** Each row of a in a line of its own; rows of b {step} apart. */
    LINES("int ao, ", "int step, ", "k", "{i} * Tiles.LINE", "k * step"),
    /** Term by term the rows of a side by side; rows of b as above. */
    TURNED("int ao, ", "int step, ", "k * {h}", "{i}", "k * step"),
    /** The same; rows of b begin anywhere. */
    TAPS("int ao, ", "int[] rows, ", "k * {h}", "{i}", "rows[k]"),
    /** a cut into blocks [h, L]; b in a panel. */
    BLOCKS("int ao, ", "", "k / L * ({h} * L) + k % L", "{i} * L", "k * (2 * L)"),
    /** Terms of both at any pitch. */
    OUTER("int ao, int aPitch, ", "int bPitch, ", "k * aPitch", "{i}", "k * bPitch"),
    /** Terms of a anywhere, its rows side by side; b in a panel. */
    CELLS("int ao, int[] cells, int first, ", "", "cells[first + k]", "{i}", "k * (2 * L)"),
    /** The same; rows of a in neighbouring cells. */
    NEXT("int ao, int[] cells, int first, ", "", "cells[first + k]", "{i} * L", "k * (2 * L)"),
    /** The same; rows of a in every other cell. */
    OTHER(
        "int ao, int[] cells, int first, ", "", "cells[first + k]", "{i} * (2 * L)", "k * (2 * L)");

    final String parameters;
    final String from;
    final String element;
    final String row;

    Form(String a, String b, String from, String element, String row) {
      parameters =
          "float[] a, " + a + "float[] b, int bo, " + b + "int kc, float[] c, int co, int pitch";
      this.from = from;
      this.element = element;
      this.row = row;
    }
  }

  /**
   * c[i, j] (+)= Σₖ a[i, k]·b[k, j] for every height up to 12. Storing and adding are two methods:
   * with both endings one is too large for the quick compiler.
   *
   * @param v vectors of a row
   */
  static String products(Form form, int v, boolean add) {
    String parameters = form.parameters;
    return choice("rows", 12, parameters)
        + IntStream.rangeClosed(1, 12)
            .mapToObj(h -> product("rows" + h + "(" + parameters + ")", h, form, v, add))
            .collect(joining());
  }

  /** The method that calls name1 … name{n} by the height. */
  static String choice(String name, int n, String parameters) {
    String arguments = parameters.replaceAll("(float|int)(\\[\\])? ", "");
    return "\n  static void "
        + name
        + "(int h, "
        + parameters
        + ") {\n    switch (h) {\n"
        + IntStream.range(1, n)
            .mapToObj(h -> "      case " + h + " -> " + name + h + "(" + arguments + ");\n")
            .collect(joining())
        + "      default -> "
        + name
        + n
        + "("
        + arguments
        + ");\n    }\n  }\n";
  }

  static String product(String head, int h, Form form, int v, boolean add) {
    String kernel =
        """

          static void {head} {
        """
            + each("i", h, zero(v))
            + """
            for (int k = 0; k < kc; k++) {
              int from = ao + {from};
              int row = bo + {row};
        """
            + load(v)
            + each(
                "i",
                h,
                "      FloatVector x{i} = FloatVector.broadcast(S, a[from + {element}]);\n"
                        .replace("{element}", form.element)
                    + fma(v))
            + """
            }
        """
            + (add ? each("i", h, add(v)) : NOTHING + each("i", h, store(v)))
            + """
          }
        """;
    String text = put(put(kernel, "head", head), "from", form.from);
    return put(put(text, "row", form.row), "h", h);
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
        """
        + NOTHING
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
            + each("i", h, zero(2))
            + """
            for (int k = 0; k < n; k++) {
              int row = bo + k * (2 * L);
        """
            + load(2)
            + each(
                "i",
                h,
                "      FloatVector x{i} = FloatVector.broadcast(S, x[from{i} + k]);\n" + fma(2))
            + """
            }
        """
            + each("i", h, add(2))
            + """
          }
        """;
    return put(kernel, "h", h);
  }

  /** c[i, j] (+)= Σₖ (a[k, i] − b[k, j])², or the same of absolute values, for heights up to 4. */
  static String differences(boolean add) {
    String squares =
        """
              FloatVector d{i}{j} = x{i}.sub(b{j});
              c{i}{j} = d{i}{j}.fma(d{i}{j}, c{i}{j});
        """;
    String absolutes =
        """
              c{i}{j} = x{i}.sub(b{j}).abs().add(c{i}{j});
        """;
    return difference("squares", squares, add) + difference("absolutes", absolutes, add);
  }

  static String difference(String name, String step, boolean add) {
    String parameters =
        "float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch";
    return choice(name, 4, parameters)
        + IntStream.rangeClosed(1, 4)
            .mapToObj(h -> difference(name + h + "(" + parameters + ")", h, step, add))
            .collect(joining());
  }

  static String difference(String head, int h, String step, boolean add) {
    String kernel =
        """

          static void {head} {
        """
            + each("i", h, zero(2))
            + """
            for (int k = 0; k < kc; k++) {
              int from = ao + k * {h};
              int row = bo + k * (2 * L);
        """
            + load(2)
            + each(
                "i",
                h,
                "      FloatVector x{i} = FloatVector.broadcast(S, a[from + {i}]);\n"
                    + each("j", 2, step))
            + """
            }
        """
            + (add ? each("i", h, add(2)) : NOTHING + each("i", h, store(2)))
            + """
          }
        """;
    return put(put(kernel, "head", head), "h", h);
  }

  /** Lane by lane sums[i, j] += Σₖ a[i, k]·b[j, k]. */
  static String dots() {
    return UPPER + dot(3) + dot(4);
  }

  static final String UPPER =
      """
        private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);

        /** L times no bit, L times all bits: from the middle backwards a mask of upper lanes. */
        private static final int[] UPPER = new int[2 * L];

        static {
          java.util.Arrays.fill(UPPER, L, 2 * L, -1);
        }
      """;

  static String dot(int h) {
    String load = "    FloatVector s{i}{j} = FloatVector.zero(S);\n";
    String store =
        "    FloatVector.fromArray(S, sums, at + ({i} * 4 + {j}) * L).add(s{i}{j})"
            + ".intoArray(sums, at + ({i} * 4 + {j}) * L);\n";
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

  /**
   * Sums over k &lt; count that begin with a bias: products of an element and a vector.
   *
   * @param row where a term's vectors begin in {@code rows}
   */
  record Sum(
      String count, String from, String element, String rows, String row, String bias, String to) {
    String method(String head, int h, int v) {
      String start = "    FloatVector " + commas(v, "c{i}{j} = " + bias) + ";\n";
      String term = "      FloatVector x{i} = FloatVector.broadcast(S, {element});\n";
      String kernel =
          "\n  static void {head} {\n"
              + each("i", h, start)
              + """
              for (int k = 0; k < {count}; k++) {
                int from = {from};
                int row = {row};
          """
              + load(v).replace("S, b,", "S, " + rows + ",")
              + each("i", h, put(term, "element", element) + fma(v))
              + "    }\n"
              + NOTHING
              + each("i", h, each("j", v, "    nothing.add(c{i}{j}).intoArray(y, " + to + ");\n"))
              + "  }\n";
      kernel = put(put(put(kernel, "head", head), "count", count), "from", from);
      return put(put(kernel, "row", row), "h", h);
    }

    String methods(String name, int most, String parameters, int v) {
      return choice(name, most, parameters)
          + IntStream.rangeClosed(1, most)
              .mapToObj(h -> method(name + h + "(" + parameters + ")", h, v))
              .collect(joining());
    }
  }

  /**
   * y[i, j] = bias[i] + Σₖ w[k, i]·x[k, j] for every height up to 12.
   *
   * @param v vectors of a row
   */
  static String points(int v) {
    String bias = "FloatVector.broadcast(S, bias[bo + {i}])";
    String to = "yo + {i} * pitch + {j} * L";
    return new Sum("kc", "wo + k * {h}", "w[from + {i}]", "x", "xo + k * step", bias, to)
        .methods(
            "rows",
            12,
            "float[] w, int wo, float[] x, int xo, int step, int kc, float[] bias, int bo, float[] y, int yo, int pitch",
            v);
  }

  /**
   * y[i, j] = bias[j] + Σₖ x[terms[k] + i]·w[k, j] for cells i, at most 7, and blocks j.
   *
   * @param v blocks
   * @param step from cell to cell of x
   */
  static String blocks(int v, String step) {
    String element = "x[from + {i}" + step + "]";
    String row = "wo + k * (" + v + " * L)";
    String bias = "FloatVector.fromArray(S, bias, bo + {j} * L)";
    String to = "yo + {i} * L + {j} * apart";
    return new Sum("terms.length", "xo + terms[k]", element, "w", row, bias, to)
        .methods(
            "cells",
            7,
            "float[] x, int xo, int[] terms, float[] w, int wo, float[] bias, int bo, float[] y, int yo, int apart",
            v);
  }

  static final String LEAST = "    FloatVector least = FloatVector.zero(S);\n";
  static final String MOST = "    FloatVector most = FloatVector.broadcast(S, 6);\n";

  /** Sums over the taps of one plane, and the products of such runs with one run. */
  static String taps() {
    return UPPER
        + nine()
        + IntStream.rangeClosed(1, 9).mapToObj(Kernels::products).collect(joining());
  }

  /** y[i] = bias + Σₖ w[k]·x[taps[k] + i] of nine taps, whose weights stay in registers. */
  static String nine() {
    return """

          static void nine(
              float[] x, int xo, int[] taps, float[] w, int wo, float[] y, int yo, int n,
              float bias) {
            FloatVector b = FloatVector.broadcast(S, bias);
        """
        + each(
            "k",
            9,
            """
                int x{k} = xo + taps[{k}];
                FloatVector w{k} = FloatVector.broadcast(S, w[wo + {k}]);
            """)
        + """
            for (int i = 0; i < n; i += 2 * L) {
              FloatVector p = b;
              FloatVector q = b;
        """
        + each(
            "k",
            9,
            """
                  p = w{k}.fma(FloatVector.fromArray(S, x, x{k} + i), p);
                  q = w{k}.fma(FloatVector.fromArray(S, x, x{k} + i + L), q);
            """)
        + """
              p.intoArray(y, yo + i);
              q.intoArray(y, yo + i + L);
            }
          }
        """;
  }

  /** The same of 3×3 neighbours. */
  static String grids() {
    return grid("grid", "s{r}")
        + grid("gridRelu", "least.max(s{r})")
        + grid("gridRelu6", "most.min(least.max(s{r}))");
  }

  /** Rows of a grid at once. Four are too many operations in one method: sums get allocated. */
  static final int GRID = 2;

  /** Some rows at once, which share the rows of x that they see. */
  static String grid(String name, String value) {
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < GRID + 2; row++) {
      String loads =
          "        FloatVector v{row}{c} = FloatVector.fromArray(S, x, at + {row} * pitch + {c});\n";
      rows.append(put(each("c", 3, loads), "row", row));
      for (int r = Math.max(0, row - 2); r <= Math.min(GRID - 1, row); r++) {
        for (int c = 0; c < 3; c++) {
          int tap = 3 * (row - r) + c;
          rows.append("        s%d = w%d.fma(v%d%d, s%d);\n".formatted(r, tap, row, c, r));
        }
      }
    }
    String store = "        " + value + ".intoArray(y, to + {r} * width);\n";
    return """

          static void {name}(
              float[] x, int xo, int pitch, float[] w, int wo, float[] y, int yo, int width, int n,
              int rows, float bias) {
            FloatVector b = FloatVector.broadcast(S, bias);
        """
            .replace("{name}", name)
        + (value.contains("least") ? LEAST : "")
        + (value.contains("most") ? MOST : "")
        + each("k", 9, "    FloatVector w{k} = FloatVector.broadcast(S, w[wo + {k}]);\n")
        + """
            for (int row = 0; row < rows; row += {GRID}) {
              for (int j = 0; j < n; j += L) {
                int i = n < L ? 0 : Math.min(j, n - L);
                int at = xo + row * pitch + i;
                int to = yo + row * width + i;
        """
            .replace("{GRID}", "" + GRID)
        + each("r", GRID, "        FloatVector s{r} = b;\n")
        + rows
        + each("r", GRID, store)
        + """
              }
            }
          }
        """;
  }

  /** Lane by lane sums[k] += Σ g[i]·x[taps[k] + i] over i &lt; n, which is at least a vector. */
  static String products(int taps) {
    String kernel =
        """

          static void taps{taps}(
              float[] x, int xo, int[] taps, int k, float[] g, int go, int n,
              float[] sums, int at) {
        """
            + each("t", taps, "    int x{t} = xo + taps[k + {t}];\n")
            + each(
                "t", taps, "    FloatVector s{t} = FloatVector.fromArray(S, sums, at + {t} * L);\n")
            + """
            for (int j = 0; j < n; j += L) {
              int i = Math.min(j, n - L);
              FloatVector v = FloatVector.fromArray(S, g, go + i);
              if (i < j) { // what the vector before has counted
                IntVector part = IntVector.fromArray(I, UPPER, n - j);
                v = v.reinterpretAsInts().and(part).reinterpretAsFloats();
              }
        """
            + each("t", taps, "      s{t} = v.fma(FloatVector.fromArray(S, x, x{t} + i), s{t});\n")
            + """
            }
        """
            + each("t", taps, "    s{t}.intoArray(sums, at + {t} * L);\n")
            + """
          }
        """;
    return put(kernel, "taps", taps);
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
    WRITTEN.add(file);
  }
}

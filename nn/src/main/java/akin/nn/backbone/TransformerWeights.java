package akin.nn.backbone;

import akin.nn.Resampling;
import akin.nn.StateDict;
import akin.nn.backbone.TransformerPlan.Trait;
import akin.tensor.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes weights of a {@link VisionTransformer} fit: other libraries' names, pictures of another
 * size.
 *
 * @param plan of the network
 * @param rows of its patches
 * @param columns of its patches
 * @param wanted its names and shapes
 */
record TransformerWeights(TransformerPlan plan, int rows, int columns, Map<String, Shape> wanted) {
  private static final String POSITIONS = "encoder.pos_embedding";
  private static final String NORM = "encoder.ln.";

  /** The weights under the network's names and in its shapes; what does not fit stays as it is. */
  StateDict adapt(StateDict weights, Consumer<String> report) {
    Renaming renaming = new Renaming(NameMaps.TRANSFORMER, this::ownName, this::isUseless);
    StateDict named = renaming.apply(weights, wanted, report);
    Resampling resampling = renaming.resampling(weights);
    StateDict adapted = new StateDict();
    int[] tables = {0};
    named
        .values()
        .forEach(
            (name, value) -> {
              if (name.equals(POSITIONS)) {
                adapted.put(name, positions(value, resampling, report));
              } else if (name.contains(".rel_pos_")) {
                StateDict.Value resized = relative(value, wanted.get(name));
                tables[0] += resized == value ? 0 : 1;
                adapted.put(name, resized);
              } else {
                adapted.put(name, Renaming.shaped(value, wanted.get(name)));
              }
            });
    if (tables[0] > 0) {
      report.accept(tables[0] + " tables of relative positions resized");
    }
    return adapted;
  }

  /** What this network was told to do without, and a bias of zeros where it has none. */
  private boolean isUseless(String name, StateDict.Value value) {
    return name.startsWith("pool.")
        || name.startsWith("neck.")
        || name.equals("heads.head.bias")
            && plan.outputs() > 0
            && !plan.has(Trait.OUTPUT_BIAS)
            && Renaming.isZero(value);
  }

  /** The last norm works on the feature where there is none on tokens. */
  private String ownName(String name) {
    boolean moved = name.startsWith(NORM) && !plan.has(Trait.NORM_TOKENS);
    return moved ? "ln." + name.substring(NORM.length()) : name;
  }

  /**
   * Positions [1, T, F], [T, F] or [1, rows, columns, F] on this network's grid; unchanged if they
   * come from no square grid. A class token without a position, as of timm's networks with
   * registers, whose class token already holds it, gets one of zeros.
   */
  private StateDict.Value positions(
      StateDict.Value value, Resampling resampling, Consumer<String> report) {
    Shape given = value.shape();
    int width = plan.size().width();
    int first = plan.has(Trait.CLASS_TOKEN) ? 1 : 0;
    Shape here = Shape.of(1, (long) first + rows * columns, width);
    if (given.rank() < 2 || given.size(-1) != width) {
      return value;
    }
    int tokens = Math.toIntExact(given.product(0, given.rank() - 1));
    boolean map = given.rank() == 4;
    int withClass = !map && first == 1 && isSquare(tokens - 1) ? 1 : 0;
    int side = (int) Math.round(Math.sqrt(tokens - withClass));
    int fromRows = map ? given.dim(1) : side;
    int fromColumns = map ? given.dim(2) : side;
    boolean fits = map ? fromRows == rows && fromColumns == columns : tokens == here.dim(1);
    if (fits && withClass == first) {
      return given.equals(here) ? value : value.reshaped(here);
    }
    if (!map && (side < 1 || side * side != tokens - withClass)) {
      return value;
    }
    double[] all = value.doubles();
    double[] grid = Arrays.copyOfRange(all, withClass * width, all.length);
    if (fromRows != rows || fromColumns != columns) {
      grid = resampling.resize(grid, fromRows, fromColumns, width, rows, columns);
      report.accept(told(fromRows, fromColumns));
    }
    double[] joined = new double[Math.toIntExact(here.count())];
    System.arraycopy(all, 0, joined, 0, withClass * width);
    System.arraycopy(grid, 0, joined, first * width, grid.length);
    return StateDict.Value.of(here, joined);
  }

  private static boolean isSquare(int count) {
    int side = (int) Math.round(Math.sqrt(count));
    return count > 0 && side * side == count;
  }

  private String told(int fromRows, int fromColumns) {
    int patch = plan.size().patch();
    return String.format(
        "%s resized from %d×%d to %d×%d patches: the weights are of pictures of %s pixels, the"
            + " network of %s",
        POSITIONS,
        fromRows,
        fromColumns,
        rows,
        columns,
        side(fromRows * patch, fromColumns * patch),
        side(rows * patch, columns * patch));
  }

  private static String side(int high, int wide) {
    return high == wide ? String.valueOf(high) : high + "×" + wide;
  }

  /** A table [2S − 1, d] of relative positions, for this network's S. */
  private static StateDict.Value relative(StateDict.Value value, Shape shape) {
    Shape given = value.shape();
    if (shape == null || given.equals(shape) || given.rank() != 2 || given.dim(1) != shape.dim(1)) {
      return value;
    }
    double[] resized =
        Resampling.LINEAR.resize(value.doubles(), 1, given.dim(0), given.dim(1), shape.dim(0));
    return StateDict.Value.of(shape, resized);
  }
}

package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.op.Concat;
import akin.tensor.op.Expand;
import akin.tensor.op.GatherRows;
import akin.tensor.op.Pad;
import akin.tensor.op.Permute;
import akin.tensor.op.Reshape;
import akin.tensor.op.ScatterAddRows;
import akin.tensor.op.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Cases of what moves elements about. */
final class ArrangeCases {
  private ArrangeCases() {}

  static List<CaseGenerator> all() {
    return List.of(
        CaseGenerator.operator("reshape", Reshape.class, ArrangeCases::reshape),
        CaseGenerator.operator("permute", Permute.class, ArrangeCases::permute),
        CaseGenerator.operator("expand", Expand.class, ArrangeCases::expand),
        CaseGenerator.operator("concat", Concat.class, ArrangeCases::concat),
        CaseGenerator.operator("slice", Slice.class, ArrangeCases::slice),
        CaseGenerator.operator("pad", Pad.class, ArrangeCases::pad),
        CaseGenerator.operator("gather rows", GatherRows.class, ArrangeCases::gather),
        CaseGenerator.operator("scatter-add rows", ScatterAddRows.class, ArrangeCases::scatter));
  }

  private static GradientCase reshape(Draw draw) {
    int a = draw.extent();
    int b = draw.extent();
    int c = draw.extent();
    Shape to =
        draw.pick(
            List.of(
                Shape.of(a * b, c), Shape.of(c, a, b), Shape.of(a * b * c), Shape.of(b, a * c)));
    return GradientCase.of(new Reshape(to), draw.input(Shape.of(a, b, c)));
  }

  private static GradientCase permute(Draw draw) {
    Shape x = draw.shape(draw.between(1, 4));
    int[] order = draw.permutation(x.rank());
    return GradientCase.of(new Permute(order), draw.input(x))
        .described("axes in order " + Arrays.toString(order));
  }

  private static GradientCase expand(Draw draw) {
    Shape to = draw.shape(draw.between(1, 4));
    Shape x = to;
    for (int axis = 0; axis < to.rank(); axis++) {
      x = draw.coin() ? x.with(axis, 1) : x;
    }
    while (x.rank() > 0 && draw.below(3) == 0) {
      x = x.without(0);
    }
    return GradientCase.of(new Expand(to), draw.input(x));
  }

  private static GradientCase concat(Draw draw) {
    Shape x = draw.shape(draw.between(1, 3));
    int axis = draw.below(x.rank());
    List<Input> parts = new ArrayList<>();
    for (int n = draw.between(1, 4); n > 0; n--) {
      Input part = draw.input(x.with(axis, draw.extent(1, 8)));
      parts.add(parts.isEmpty() || draw.below(4) > 0 ? part : part.constant());
    }
    int given = draw.coin() ? axis : axis - x.rank();
    return GradientCase.of(new Concat(given), parts.toArray(new Input[0]));
  }

  private static GradientCase slice(Draw draw) {
    Shape x = draw.shape(draw.between(1, 3));
    int axis = draw.below(x.rank());
    int from = draw.below(x.dim(axis));
    int to = draw.between(from + 1, x.dim(axis));
    return GradientCase.of(new Slice(axis, from, to), draw.input(x));
  }

  private static GradientCase pad(Draw draw) {
    Shape x = draw.shape(draw.between(1, 4));
    int axis = draw.below(x.rank());
    int most = x.dim(axis) - 1; // at least one element stays
    int before = draw.between(-Math.min(most, 1), 2);
    int after = draw.between(-Math.min(most - Math.max(0, -before), 2), 2);
    return GradientCase.of(new Pad(axis, before, after, draw.real(-1, 1)), draw.input(x));
  }

  private static GradientCase gather(Draw draw) {
    Shape x = draw.shape(draw.between(1, 3));
    int[] rows = rows(draw.extent(), x.dim(0), draw);
    return GradientCase.of(new GatherRows(rows), draw.input(x))
        .described("rows " + Arrays.toString(rows));
  }

  private static GradientCase scatter(Draw draw) {
    Shape x = draw.shape(draw.between(1, 3));
    int count = draw.extent();
    int[] rows = rows(x.dim(0), count, draw);
    return GradientCase.of(new ScatterAddRows(rows, count), draw.input(x))
        .described("to rows " + Arrays.toString(rows) + " of " + count);
  }

  /** Row numbers, some of them repeated. */
  private static int[] rows(int n, int count, Draw draw) {
    return IntStream.range(0, n).map(i -> draw.below(count)).toArray();
  }
}

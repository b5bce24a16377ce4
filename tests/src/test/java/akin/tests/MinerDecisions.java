package akin.tests;

import akin.nn.metric.Pairs;
import akin.nn.metric.Relation;
import akin.nn.metric.Tuples;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How far the decisions of a miner are from going the other way: the least difference of two
 * numbers that it compares, where it matters which is larger.
 */
final class MinerDecisions {
  private final double[] values; // [N, M]: distances or similarities
  private final Relation relation;

  MinerDecisions(double[] values, Relation relation) {
    this.values = values;
    this.relation = relation;
  }

  private double of(int anchor, int item) {
    return values[anchor * relation.items() + item];
  }

  private DoubleStream row(int anchor, int... items) {
    return IntStream.of(items).mapToDouble(i -> of(anchor, i));
  }

  private double[] all(IntFunction<int[]> items) {
    return IntStream.range(0, relation.anchors())
        .boxed()
        .flatMapToDouble(a -> row(a, items.apply(a)))
        .toArray();
  }

  /** What the decision of a miner of this call hangs on. */
  double least(PythonCall call, Tuples mined) {
    boolean similarity = GoldenMiners.distance(call).similarity();
    switch (call.name()) {
      case "BatchHardMiner":
        return picks(mined.pairs(), "hard", "hard");
      case "BatchEasyHardMiner":
        String positive = call.text("pos_strategy", "easy");
        String negative = call.text("neg_strategy", "semihard");
        return Math.min(
            picks(mined.pairs(), positive, negative),
            Math.min(
                bounds(relation::positives, numbers(call, "allowed_pos_range")),
                bounds(relation::negatives, numbers(call, "allowed_neg_range"))));
      case "HDCMiner":
        double share = call.real("filter_percentage", 0.5);
        return Math.min(
            cut(all(relation::positives), share, !similarity),
            cut(all(relation::negatives), share, similarity));
      case "MultiSimilarityMiner":
        return extremes(call.real("epsilon", 0.1), similarity ? -1 : 1);
      case "PairMarginMiner":
        return Math.min(
            bounds(relation::positives, call.real("pos_margin", 0.2)),
            bounds(relation::negatives, call.real("neg_margin", 0.8)));
      case "TripletMarginMiner":
        return gaps(similarity ? -1 : 1, 0, call.real("margin", 0.2));
      default:
        throw new IllegalArgumentException(call.toString());
    }
  }

  private static double[] numbers(PythonCall call, String range) {
    return call.has(range) ? GoldenMiners.numbers(call.text(range, "")) : new double[0];
  }

  /** Of the distances of one kind of pairs from constants. */
  private double bounds(IntFunction<int[]> items, double... bounds) {
    return Arrays.stream(all(items))
        .flatMap(v -> Arrays.stream(bounds).map(bound -> Math.abs(v - bound)))
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** Of sign·(d_an − d_ap) from constants. */
  private double gaps(double sign, double... bounds) {
    return IntStream.range(0, relation.anchors())
        .boxed()
        .flatMapToDouble(
            a ->
                row(a, relation.positives(a))
                    .flatMap(p -> row(a, relation.negatives(a)).map(n -> sign * (n - p))))
        .flatMap(gap -> Arrays.stream(bounds).map(bound -> Math.abs(gap - bound)))
        .min()
        .orElseThrow();
  }

  /** Of d_p + ε from the nearest negative, and of d_n − ε from the farthest positive. */
  private double extremes(double epsilon, double sign) {
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a < relation.anchors(); a++) {
      double[] p = row(a, relation.positives(a)).map(v -> sign * v).sorted().toArray();
      double[] n = row(a, relation.negatives(a)).map(v -> sign * v).sorted().toArray();
      for (int i = 0; i < p.length && n.length > 0; i++) {
        least = Math.min(least, Math.abs(p[i] + epsilon - n[0]));
      }
      for (int i = 0; i < n.length && p.length > 0; i++) {
        least = Math.min(least, Math.abs(n[i] - epsilon - p[p.length - 1]));
      }
    }
    return least;
  }

  /** Of the last that belongs to a share from the first that does not. */
  private static double cut(double[] values, double share, boolean largest) {
    double[] sorted = DoubleStream.of(values).map(v -> largest ? -v : v).sorted().toArray();
    int kept = (int) Math.ceil(share * sorted.length);
    return kept == sorted.length ? Double.POSITIVE_INFINITY : sorted[kept] - sorted[kept - 1];
  }

  /**
   * Of those picked from all that could have been picked in their place, and, where one is picked
   * by the distance of the other, of all from that distance. Where an anchor has nothing, any two
   * distances of its row might be compared.
   */
  private double picks(Pairs picked, String positive, String negative) {
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a < relation.anchors(); a++) {
      int[] p = relation.positives(a);
      int[] n = relation.negatives(a);
      int toP = item(a, picked.anchors(), picked.positives(), positive);
      int toN = item(a, picked.negativeAnchors(), picked.negatives(), negative);
      boolean nothing = toP == NONE || toN == NONE;
      if (nothing) {
        int[] row = IntStream.concat(IntStream.of(p), IntStream.of(n)).toArray();
        for (int item : p.length == 0 || n.length == 0 ? new int[0] : row) {
          least = Math.min(least, rivals(a, item, row));
        }
        continue;
      }
      least = Math.min(least, toP == ALL ? least : rivals(a, toP, p));
      least = Math.min(least, toN == ALL ? least : rivals(a, toN, n));
      least = Math.min(least, positive.equals("semihard") ? rivals(a, toN, p) : least);
      least = Math.min(least, negative.equals("semihard") ? rivals(a, toP, n) : least);
    }
    return least;
  }

  private static final int NONE = -1;
  private static final int ALL = -2;

  private static int item(int anchor, int[] anchors, int[] items, String pick) {
    return pick.equals("all")
        ? ALL
        : IntStream.range(0, anchors.length)
            .filter(k -> anchors[k] == anchor)
            .map(k -> items[k])
            .findFirst()
            .orElse(NONE);
  }

  private double rivals(int anchor, int item, int... others) {
    return IntStream.of(others)
        .filter(i -> i != item)
        .mapToDouble(i -> Math.abs(of(anchor, item) - of(anchor, i)))
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** Of ‖a − p‖² from tan²α·4‖n − c‖², within a batch, where values are squared distances. */
  double angular(double squaredTangent) {
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a < relation.anchors(); a++) {
      for (int p : relation.positives(a)) {
        for (int n : relation.negatives(a)) {
          double median = 2 * of(a, n) + 2 * of(p, n) - of(a, p);
          least = Math.min(least, Math.abs(of(a, p) - squaredTangent * median));
        }
      }
    }
    return least;
  }
}

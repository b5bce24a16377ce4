package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Relation;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Clusters instead of samples: the cluster of an anchor is itself and its positives, and of each
 * the hardest triplet is taken, its centre, the sample of it that lies farthest from the centre,
 * and the nearest centre of another cluster. Of equally far ones the first. So the loss draws in
 * the edge of every class and pushes whole classes apart.
 *
 * <p>In the batch that it {@linkplain #chosen chooses}, the centres [N, D] stand in the anchors'
 * place, and the items are those of the batch and then the centres, [M + N, D]; gradients go
 * through the means. The samples of a class have the same triplet, each once, so in a mean over
 * them a class weighs as many as it has. A cluster of a single sample, or one that no other is
 * negative to, has no triplet; a cluster is negative to an anchor if all of its samples are.
 *
 * <p>Source: the miner of hard clusters of Open Metric Learning, which asks for as many samples of
 * each class.
 *
 * @param distance of centres; Euclidean between vectors as they are, usually, as means are shorter
 */
public record HardClusterMiner(Distance distance) implements Miner {
  /** Euclidean between vectors as they are. */
  public static HardClusterMiner usual() {
    return new HardClusterMiner(LpDistance.plain());
  }

  /** The triplets of the {@linkplain #chosen chosen} batch. */
  @Override
  public Triplets mine(Batch batch) {
    try (Scope scope = Scope.open()) {
      Tensor anchors = batch.anchors().detach();
      Tensor items = batch.within() ? anchors : batch.items().detach();
      return triplets(batch, items, centres(batch.relation(), anchors, items));
    }
  }

  @Override
  public Batch chosen(Batch batch) {
    int m = batch.items().dim(0);
    int[][] members = members(batch);
    boolean[][] others = others(batch);
    Relation relation =
        Relation.of(
            batch.size(),
            m + batch.size(),
            (a, i) -> i < m ? has(members[a], i) ? 1 : 0 : others[a][i - m] ? -1 : 0);
    Tensor centres = centres(batch.relation(), batch.anchors(), batch.items());
    int[] labels = batch.labels();
    boolean known = labels != null && batch.itemLabels() != null;
    return new Batch(
        centres,
        Tensor.concat(0, batch.items(), centres),
        false,
        relation,
        labels,
        known ? join(batch.itemLabels(), labels) : null,
        mine(batch),
        batch.noise());
  }

  private Triplets triplets(Batch batch, Tensor items, Tensor centres) {
    int m = items.dim(0);
    int[][] members = members(batch);
    boolean[][] others = others(batch);
    Farness samples = Farness.of(distance, centres, items);
    Farness apart = Farness.of(distance, centres, centres);
    return Triplets.each(
        batch.size(),
        a ->
            batch.relation().positives(a).length == 0
                ? new int[0]
                : Farness.single(samples.farthest(a, members[a])),
        a -> {
          int[] far = IntStream.range(0, batch.size()).filter(b -> others[a][b]).toArray();
          int nearest = apart.nearest(a, far);
          return Farness.single(nearest < 0 ? nearest : m + nearest);
        });
  }

  /** The means of each anchor and its positives. */
  private static Tensor centres(Relation relation, Tensor anchors, Tensor items) {
    int n = relation.anchors();
    int m = relation.items();
    double[] shares = new double[n * m];
    double[] own = new double[n];
    for (int a = 0; a < n; a++) {
      int[] positives = relation.positives(a);
      own[a] = 1.0 / (1 + positives.length);
      for (int p : positives) {
        shares[a * m + p] = own[a];
      }
    }
    Tensor mean = Tensor.of(Shape.of(n, m), shares).matmul(items);
    return mean.add(anchors.mul(Tensor.of(Shape.of(n, 1), own)));
  }

  /** The items in each anchor's cluster, in order. */
  private static int[][] members(Batch batch) {
    return IntStream.range(0, batch.size())
        .mapToObj(
            a -> {
              int[] positives = batch.relation().positives(a);
              return batch.own() ? join(positives, a) : positives;
            })
        .map(each -> IntStream.of(each).sorted().toArray())
        .toArray(int[][]::new);
  }

  /** Whether cluster b is negative to anchor a. */
  private static boolean[][] others(Batch batch) {
    int[][] members = members(batch);
    boolean[][] others = new boolean[members.length][members.length];
    for (int a = 0; a < others.length; a++) {
      for (int b = 0; b < others.length; b++) {
        int anchor = a;
        others[a][b] =
            members[b].length > 0
                && IntStream.of(members[b]).allMatch(i -> batch.relation().negative(anchor, i));
      }
    }
    return others;
  }

  private static boolean has(int[] sorted, int item) {
    return Arrays.binarySearch(sorted, item) >= 0;
  }

  private static int[] join(int[] some, int... more) {
    return IntStream.concat(IntStream.of(some), IntStream.of(more)).toArray();
  }
}

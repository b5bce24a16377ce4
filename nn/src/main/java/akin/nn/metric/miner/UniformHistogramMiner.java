package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Pairs;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Pairs at all distances alike: the positive pairs' distances, from the least to the largest, fall
 * into bins of equal width, and from each bin that is not empty so many pairs are drawn, the same
 * pair perhaps more than once; so for the negative pairs. Bins hold their lower bound; the last one
 * holds its upper bound, too. Without positive pairs none of them is drawn; negatives likewise.
 *
 * <p>Drawn from the batch's noise: the same noise gives the same pairs.
 *
 * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020.
 *
 * @param bins how many; 100 is usual
 * @param positives pairs drawn from each bin; 10 is usual
 * @param negatives the same of negative pairs
 */
public record UniformHistogramMiner(int bins, int positives, int negatives, Distance distance)
    implements Miner {
  /** Checks the counts. */
  public UniformHistogramMiner {
    if (bins < 1 || positives < 0 || negatives < 0) {
      throw UserError.of(positives + " and " + negatives + " pairs of " + bins + " bins")
          .rule("there is at least one bin, and no count is below 0")
          .mend("100 bins, 10 and 10 pairs are usual");
    }
  }

  /** 100 bins, 10 pairs of each, Euclidean between normalised vectors. */
  public static UniformHistogramMiner usual() {
    return new UniformHistogramMiner(100, 10, 10, LpDistance.euclidean());
  }

  @Override
  public Pairs mine(Batch batch) {
    Farness d = Farness.of(distance, batch);
    Pairs all = Pairs.all(batch.relation());
    RandomStream noise = batch.noise().child("uniform histogram");
    int[] p =
        drawn(
            all.anchors().length,
            k -> d.of(all.anchors()[k], all.positives()[k]),
            positives,
            noise.child("positives"));
    int[] n =
        drawn(
            all.negatives().length,
            k -> d.of(all.negativeAnchors()[k], all.negatives()[k]),
            negatives,
            noise.child("negatives"));
    return all.picked(p, n);
  }

  /** Numbers of pairs, {@code each} of every bin. */
  private int[] drawn(int count, IntToDoubleFunction far, int each, RandomStream noise) {
    double[] values = IntStream.range(0, count).mapToDouble(far).toArray();
    double least = Arrays.stream(values).min().orElse(0);
    double width = (Arrays.stream(values).max().orElse(0) - least) / bins;
    List<IntStream.Builder> content = Stream.generate(IntStream::builder).limit(bins).toList();
    for (int k = 0; k < count; k++) {
      int bin = width > 0 ? (int) Math.min(bins - 1, (values[k] - least) / width) : 0;
      content.get(bin).add(k);
    }
    IntStream.Builder chosen = IntStream.builder();
    for (int bin = 0; bin < bins; bin++) {
      int[] pairs = content.get(bin).build().toArray();
      for (int i = 0; i < each && pairs.length > 0; i++) {
        chosen.add(pairs[noise.child(bin).below(i, pairs.length)]);
      }
    }
    return chosen.build().toArray();
  }
}

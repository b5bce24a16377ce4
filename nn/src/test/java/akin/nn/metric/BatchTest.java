package akin.nn.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.miner.HdcMiner;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.rank.FastApLoss;
import akin.nn.metric.rank.HistogramLoss;
import akin.nn.metric.rank.PnpLoss;
import akin.nn.metric.rank.SmoothApLoss;
import akin.nn.metric.rank.SurrogatePrecisionLoss;
import akin.nn.metric.reduce.ClassWeightedReducer;
import akin.nn.metric.reduce.PerAnchorReducer;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What mined tuples weigh, and losses that are no single sample's. */
class BatchTest {
  private Backend backend;
  private Scope scope;
  private Batch batch;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
    scope = Scope.open(backend);
    batch = Batch.of(Tensor.zeros(Shape.of(4, 2)), 0, 0, 1, 1);
  }

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  @Test
  void whatStandsInMoreTuplesWeighsMore() {
    Triplets triplets = new Triplets(new int[] {0, 0}, new int[] {1, 1}, new int[] {2, 3});
    assertArrayEquals(new double[] {1, 1, 0.5, 0.5}, batch.with(triplets).weights());
    Pairs pairs = new Pairs(new int[] {0}, new int[] {1}, new int[] {0, 0}, new int[] {2, 2});
    assertArrayEquals(new double[] {1, 1 / 3.0, 2 / 3.0, 0}, batch.with(pairs).weights());
  }

  @Test
  void withoutTuplesAllWeighTheSame() {
    double[] ones = {1, 1, 1, 1};
    assertArrayEquals(ones, batch.weights());
    Triplets none = new Triplets(new int[0], new int[0], new int[0]);
    assertArrayEquals(ones, batch.with(none).weights());
  }

  @Test
  void rowsOfOtherItemsAreNotCounted() {
    Tensor items = Tensor.zeros(Shape.of(6, 2));
    Batch other = Batch.of(batch.anchors(), batch.labels(), items, new int[] {0, 0, 0, 1, 1, 1});
    Triplets triplets = new Triplets(new int[] {0, 3}, new int[] {1, 5}, new int[] {5, 1});
    assertArrayEquals(new double[] {1, 0, 0, 1}, other.with(triplets).weights());
  }

  // ---- the first samples as anchors ----

  @Test
  void firstAnchorsKeepTheirTuplesAndStayItems() {
    Triplets mined = new Triplets(new int[] {0, 2, 3}, new int[] {1, 3, 2}, new int[] {2, 0, 1});
    Batch first = batch.with(mined).first(3);
    assertTrue(first.own() && !first.within());
    assertArrayEquals(new int[] {0, 2}, first.triplets().anchors());
    assertArrayEquals(new int[] {1, 3}, first.triplets().positives());
    assertArrayEquals(new double[] {1, 0.5, 1}, first.weights());
    Pairs pairs = batch.with(mined.pairs()).first(1).pairs();
    assertArrayEquals(new int[] {0}, pairs.anchors());
    assertArrayEquals(new int[] {2}, pairs.negatives());
  }

  /** What an anchor costs does not depend on who else is one. */
  @Test
  void firstAnchorsCostWhatTheyCostAmongAll() {
    RandomStream stream = RandomStream.of(5, "first");
    double[] values = IntStream.range(0, 7 * 3).mapToDouble(stream::gaussian).toArray();
    int[] labels = {0, 1, 2, 0, 1, 0, 1};
    Batch all = Batch.of(Tensor.of(Shape.of(7, 3), values), labels);
    for (Loss loss :
        List.of(
            PnpLoss.usual(),
            SurrogatePrecisionLoss.usual(2),
            SmoothApLoss.usual(),
            FastApLoss.usual())) {
      Terms each = loss.terms(all).get(0);
      Terms first = loss.terms(all.first(4)).get(0);
      int[] kept = IntStream.of(each.anchors()).filter(a -> a < 4).toArray();
      assertArrayEquals(new int[] {0, 1, 3}, kept);
      assertArrayEquals(kept, first.anchors(), loss.toString());
      double[] among = Arrays.copyOf(each.values().toDoubles(), kept.length);
      assertArrayEquals(among, first.values().toDoubles(), 1e-12, loss.toString());
    }
  }

  /** A pair of two anchors counts once, though each has it. */
  @Test
  void aPairOfFirstAnchorsIsOne() {
    double[] angles = {0, 0.3, 1.9};
    Tensor x =
        Tensor.of(
            Shape.of(3, 2),
            Arrays.stream(angles)
                .flatMap(a -> DoubleStream.of(Math.cos(a), Math.sin(a)))
                .toArray());
    Batch all = Batch.of(x, 0, 0, 1);
    HistogramLoss loss = HistogramLoss.usual();
    // anchors 0 and 1 have all the pairs that there are
    assertEquals(loss.of(all).value().item(), loss.of(all.first(2)).value().item());
  }

  // ---- miners of mined batches ----

  @Test
  void aMinerLooksAtTuplesMinedBefore() {
    RandomStream stream = RandomStream.of(5, "mined");
    double[] values = IntStream.range(0, 4 * 2).mapToDouble(stream::gaussian).toArray();
    Batch random = Batch.of(Tensor.of(Shape.of(4, 2), values), 0, 0, 1, 1);
    Miner half = HdcMiner.usual();
    Tuples quarter = half.mine(random.with(half.mine(random)));
    assertEquals(2, quarter.pairs().negatives().length); // of 8
    Loss loss = ContrastiveLoss.usual();
    double expected = loss.of(random.with(quarter)).value().item();
    Loss cascade = MinedLoss.of(half, MinedLoss.of(half, loss));
    assertEquals(expected, cascade.of(random).value().item());
    assertEquals(
        expected, MinedLoss.of(half, loss).of(random.with(half.mine(random))).value().item());
  }

  @Test
  void lossesOfTheWholeBatchUseEverySample() {
    Tensor values = Tensor.of(Shape.of(3), 1, 2, 6);
    Loss loss =
        new Loss() {
          @Override
          public List<Terms> terms(Batch batch) {
            return List.of(Terms.ofBatch(values));
          }

          @Override
          public Needs needs() {
            return new Needs(Needs.Supervision.LABELS, Needs.MadeOf.BATCH);
          }
        };
    LossValue value = loss.of(batch);
    assertEquals(3, value.value().item());
    assertEquals(4, value.used());
    assertEquals(0, value.skipped());
    assertEquals(3, loss.reduced(batch, new PerAnchorReducer()).value().item());
    assertThrows(
        UserError.class, () -> loss.reduced(batch, new ClassWeightedReducer(1, 2)).value());
  }
}

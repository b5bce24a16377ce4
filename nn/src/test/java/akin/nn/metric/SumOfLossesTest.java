package akin.nn.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.nn.metric.Needs.MadeOf;
import akin.nn.metric.Needs.Supervision;
import akin.nn.metric.SumOfLosses.Part;
import akin.nn.metric.miner.BatchHardMiner;
import akin.nn.metric.pair.ContrastiveLoss;
import akin.nn.metric.pair.IntraPairVarianceLoss;
import akin.nn.metric.pair.MarginLoss;
import akin.nn.metric.pair.NPairsLoss;
import akin.nn.metric.pair.ThresholdConsistentMarginLoss;
import akin.nn.metric.pair.TripletLoss;
import akin.nn.metric.proxy.ArcFaceLoss;
import akin.nn.metric.rank.SmoothApLoss;
import akin.nn.metric.rank.VicRegLoss;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Weighted losses of the same batch. */
class SumOfLossesTest {
  private final Backend backend = new ReferenceBackend();
  private Scope scope;
  private Batch batch;

  @BeforeEach
  void open() {
    scope = Scope.open(backend);
    RandomStream stream = RandomStream.of(3, "sum");
    double[] values = IntStream.range(0, 6 * 3).mapToDouble(stream::gaussian).toArray();
    batch = Batch.of(Tensor.of(Shape.of(6, 3), values), 0, 0, 1, 1, 1, 2);
  }

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  private double value(Loss loss) {
    return loss.of(batch).value().item();
  }

  /** One is reduced by the mean of the losses above 0, the other by the mean of all. */
  @Test
  void eachLossIsReducedAsPublished() {
    Loss margin = ThresholdConsistentMarginLoss.usual();
    Loss variance = IntraPairVarianceLoss.usual();
    Loss sum = new SumOfLosses(Part.of(2, margin), Part.of(0.5, variance));
    assertEquals(2 * value(margin) + 0.5 * value(variance), value(sum), 1e-14);
    double sums =
        2 * margin.reduced(batch, Reducer.SUM).value().item()
            + 0.5 * variance.reduced(batch, Reducer.SUM).value().item();
    assertEquals(sums, sum.reduced(batch, Reducer.SUM).value().item(), 1e-13);
    assertEquals(4, sum.terms(batch).size());
  }

  @Test
  void allLossesSeeTheSameTuples() {
    Miner hard = BatchHardMiner.usual();
    Loss sum =
        new SumOfLosses(Part.of(1, TripletLoss.usual()), Part.of(3, ContrastiveLoss.usual()));
    double expected =
        value(MinedLoss.of(hard, TripletLoss.usual()))
            + 3 * value(MinedLoss.of(hard, ContrastiveLoss.usual()));
    assertEquals(expected, value(MinedLoss.of(hard, sum)), 1e-14);
  }

  /** The third class has no pair: triplets skip it, class vectors do not. */
  @Test
  void aSampleIsUsedIfOneLossUsesIt() {
    LossValue few = TripletLoss.usual().of(batch);
    assertEquals(5, few.used());
    ArcFaceLoss arc = ArcFaceLoss.usual(3, 3);
    Loss sum = new SumOfLosses(Part.of(1, TripletLoss.usual()), Part.of(1, arc));
    sum.layer().orElseThrow().initialise(backend, 1);
    assertEquals(6, sum.of(batch).used());
    assertEquals(0, sum.of(batch).skipped());
    sum.layer().orElseThrow().close();
  }

  @Test
  void whatTheyLearnIsNumbered() {
    Loss learning = new MarginLoss(MarginLoss.Options.usual().learning(1, 0));
    Loss sum = new SumOfLosses(Part.of(1, TripletLoss.usual()), Part.of(1, learning));
    Layer layer = sum.layer().orElseThrow();
    assertEquals(Set.of("1"), layer.children().keySet());
    assertEquals(1, layer.parameters().size());
    assertTrue(new SumOfLosses(Part.of(1, TripletLoss.usual())).layer().isEmpty());
  }

  @Test
  void theStrictestNeedIsTheirs() {
    Part pairs = Part.of(1, ContrastiveLoss.usual());
    assertEquals(
        new Needs(Supervision.LABELS, MadeOf.PAIRS),
        new SumOfLosses(pairs, Part.of(1, NPairsLoss.usual())).needs());
    assertEquals(
        new Needs(Supervision.RELATION, MadeOf.BATCH),
        new SumOfLosses(Part.of(1, SmoothApLoss.usual()), pairs).needs());
    Part views = Part.of(1, VicRegLoss.usual());
    assertEquals(Supervision.VIEWS, new SumOfLosses(pairs, views).needs().supervision());
    Part classes = Part.of(1, ArcFaceLoss.usual(3, 3));
    assertThrows(UserError.class, () -> new SumOfLosses(views, classes));
    assertThrows(UserError.class, SumOfLosses::new);
  }
}

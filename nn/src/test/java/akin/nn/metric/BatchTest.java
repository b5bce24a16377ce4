package akin.nn.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akin.nn.metric.reduce.ClassWeightedReducer;
import akin.nn.metric.reduce.PerAnchorReducer;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.List;
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

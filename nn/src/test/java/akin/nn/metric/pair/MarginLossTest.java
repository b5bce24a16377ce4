package akin.nn.metric.pair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.metric.Batch;
import akin.nn.metric.LossValue;
import akin.nn.metric.MinedLoss;
import akin.nn.metric.Miner;
import akin.nn.metric.Needs;
import akin.nn.metric.Relation;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Gradients;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The boundary of the margin loss: fixed, learnt, or learnt for each class. */
class MarginLossTest {
  /** Numbers on a line: d(0,1) = 1, d(2,3) = 2, negatives 3 to 6 apart. */
  private static final double[] LINE = {0, 1, 4, 6};

  private static final int[] LABELS = {0, 0, 1, 1};

  private Backend backend;
  private Scope scope;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
    scope = Scope.open(backend);
  }

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  private static MarginLoss.Options plain(double beta) {
    return new MarginLoss.Options(0.5, beta, 0, 0, LpDistance.plain());
  }

  private static Tensor line() {
    return Tensor.of(Shape.of(4, 1), LINE);
  }

  /**
   * β = 3, m = 0.5: negatives nearer than 3.5 are d(1,2) = 3 alone, in two triplets, 0.5 each;
   * positives beyond 2.5 are none. β = 1.2: positives beyond 0.7 are all, each in two triplets.
   */
  @Test
  void bothKindsAreCountedTogether() {
    assertEquals(0.5, new MarginLoss(plain(3)).of(line(), LABELS).value().item(), 1e-15);
    double all = 4 * (1 - 1.2 + 0.5) + 4 * (2 - 1.2 + 0.5);
    assertEquals(all / 8, new MarginLoss(plain(1.2)).of(line(), LABELS).value().item(), 1e-15);
  }

  @Test
  void aFixedBoundaryHasNoLayer() {
    assertTrue(MarginLoss.usual().layer().isEmpty());
    assertEquals(Needs.Supervision.RELATION, MarginLoss.usual().needs().supervision());
  }

  /** At β = 1.2 eight positive losses are above 0: each moves β by −1/8; ν adds its share. */
  @Test
  void oneBoundaryIsLearnt() {
    MarginLoss loss = new MarginLoss(plain(1.2).learning(1, 0.25));
    assertArrayEquals(
        new double[] {-1 + 0.25}, betas(loss, 4 * (0.3 + 1.3) / 8 + 0.25 * 1.2), 1e-15);
    assertEquals(Needs.Supervision.RELATION, loss.needs().supervision());
  }

  @Test
  void aBoundaryOfEachClassIsLearnt() {
    MarginLoss loss = new MarginLoss(plain(1.2).learning(3, 0.25));
    double[] expected = {-0.5 + 0.125, -0.5 + 0.125, 0}; // no sample has class 2
    assertArrayEquals(expected, betas(loss, 4 * (0.3 + 1.3) / 8 + 0.25 * 1.2), 1e-15);
    assertEquals(Needs.Supervision.CLASSES, loss.needs().supervision());
  }

  /** Checks the value and returns the gradient of β. A miner changes neither. */
  private double[] betas(MarginLoss loss, double expected) {
    Layer layer = loss.layer().orElseThrow();
    layer.initialise(backend, 1);
    Parameter beta = layer.parameters().get(0);
    assertEquals("beta", beta.name());
    double[] gradient;
    try (Tape tape = Tape.open()) {
      Tensor x = line().requireGradient(true);
      LossValue value = MinedLoss.of(Miner.ALL, loss).of(x, LABELS);
      assertEquals(expected, value.value().item(), 1e-15);
      assertEquals(expected, loss.of(x, LABELS).value().item(), 1e-15);
      Gradients all = tape.backward(value.value());
      gradient = all.of(beta.tensor()).toDoubles();
    }
    layer.close();
    return gradient;
  }

  @Test
  void classesWithoutBoundaryAreNamed() {
    MarginLoss loss = new MarginLoss(plain(1.2).learning(2, 0));
    loss.layer().orElseThrow().initialise(backend, 1);
    UserError e = assertThrows(UserError.class, () -> loss.of(line(), new int[] {0, 0, 5, 5}));
    assertTrue(e.getMessage().contains("class 5"), e.getMessage());
    Batch views = Batch.of(line(), line(), Relation.ofViews(4));
    e = assertThrows(UserError.class, () -> loss.of(views));
    assertTrue(e.getMessage().contains("labels"), e.getMessage());
    loss.layer().orElseThrow().close();
  }
}

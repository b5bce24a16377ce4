package akin.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.Noise;
import akin.tensor.backend.Update;
import akin.tensor.op.BatchNorm;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a plan traces, folds and fuses, what it refuses, and that it is never out of date. */
class PlanTest {
  private static final ConvShape.Window SAME = ConvShape.Window.of(1, 1);
  private static final RandomStream STREAM = RandomStream.of(3, "plan");

  private final Backend backend = new ReferenceBackend();
  private final Scope weights = Scope.detached(backend);
  private Scope scope;
  private Tensor x; // [2,4,5,5]
  private Tensor w; // [4,4,3,3]
  private Tensor b; // [4]
  private Tensor[] norm; // γ, β, μ, σ²
  private int drawn;

  @BeforeEach
  void open() {
    scope = Scope.open(backend);
    x = draw(2, 4, 5, 5);
    w = draw(4, 4, 3, 3);
    b = draw(4);
    norm = norm(4);
  }

  @AfterEach
  void close() {
    scope.close();
    weights.close();
    assertEquals(0, backend.memory().liveBuffers());
  }

  private Tensor draw(long... sizes) {
    RandomStream stream = STREAM.child(drawn++);
    return weights.run(() -> Tensor.random(Shape.of(sizes), Noise.NORMAL, stream, 0, 1));
  }

  private Tensor[] norm(long c) {
    return new Tensor[] {
      draw(c), draw(c), draw(c), weights.run(() -> draw(c).square().add(0.3).detach())
    };
  }

  private Tensor conv(Tensor in) {
    return in.conv2d(w, null, SAME, 1);
  }

  private static Tensor norm(Tensor in, Tensor[] n) {
    return in.batchNorm(n[0], n[1], n[2], n[3], new BatchNorm(false, 0.1, 1e-5));
  }

  private Tensor norm(Tensor in) {
    return norm(in, norm);
  }

  /** Names of what is run, without layers and shapes. */
  private List<String> planned(UnaryOperator<Tensor> f) {
    return planned(f, x);
  }

  private List<String> planned(UnaryOperator<Tensor> f, Tensor x) {
    double[] plain = f.apply(x).toDoubles();
    try (Plan asTraced = Plan.asTraced(f, backend, x.shape())) {
      assertArrayEquals(plain, asTraced.run(x).toDoubles(), 0, "as traced: the same bits");
    }
    try (Plan plan = Plan.of(f, backend, x.shape())) {
      double largest = 0;
      for (double y : plain) {
        largest = Math.max(largest, Math.abs(y));
      }
      for (int i = 0; i < 2; i++) { // the second time with memory that was used
        assertArrayEquals(plain, plan.run(x).toDoubles(), 1e-12 * largest);
      }
      return plan.operators().stream().map(line -> line.split("  ")[0].strip()).toList();
    }
  }

  // ---- folding ----

  @Test
  void batchNormsFoldIntoConvolutions() {
    assertEquals(
        List.of("Conv2d + bias · RELU", "Conv2d + bias · RELU6", "Conv2d + bias"),
        planned(in -> norm(conv(norm(conv(norm(conv(in)).relu())).relu6()))));
  }

  @Test
  void aBiasBeforeABatchNormIsFolded() {
    assertEquals(List.of("Conv2d + bias"), planned(in -> norm(in.conv2d(w, b, SAME, 1))));
  }

  @Test
  void groupsFoldAsWell() {
    Tensor depthwise = draw(8, 1, 3, 3);
    Tensor[] norm = norm(8);
    assertEquals(
        List.of("Conv2d in 4 groups + bias"),
        planned(in -> norm(in.conv2d(depthwise, null, SAME, 4), norm)));
  }

  @Test
  void batchNormsFoldIntoLinearLayers() {
    Tensor rows = draw(5, 3);
    Tensor matrix = draw(4, 3);
    Tensor turned = draw(3, 4);
    assertEquals(
        List.of("MatMul + bias · RELU"),
        planned(in -> norm(in.matmul(matrix, false, true).add(b)).relu(), rows));
    assertEquals(List.of("MatMul + bias"), planned(in -> norm(in.matmul(turned)), rows));
  }

  @Test
  void aBatchNormStaysWhereItHasNothingToFoldInto() {
    assertEquals(List.of("BatchNorm"), planned(this::norm));
    Tensor[] wide = norm(8);
    assertEquals(
        List.of("Conv2d", "Conv2d", "Concat", "BatchNorm"),
        planned(in -> norm(Tensor.concat(1, conv(in), conv(in)), wide)));
    Tensor[] other = norm(4);
    assertEquals(
        List.of("Conv2d", "BatchNorm", "BatchNorm", "add"),
        planned(
            in -> {
              Tensor shared = conv(in);
              return norm(shared).add(norm(shared, other));
            }));
    assertEquals(List.of("Conv2d · RELU", "BatchNorm"), planned(in -> norm(conv(in).relu())));
  }

  // ---- fusing ----

  @Test
  void residualsAreAddedFromEitherSide() {
    assertEquals(
        List.of("Conv2d + bias · RELU", "Conv2d + bias + residual · RELU"),
        planned(
            in -> {
              Tensor y = norm(conv(in)).relu();
              return norm(conv(y)).add(in).relu();
            }));
    assertEquals(List.of("Conv2d + residual · RELU"), planned(in -> in.add(conv(in)).relu()));
  }

  @Test
  void ofTwoConvolutionsOneTakesTheOther() {
    assertEquals(
        List.of("Conv2d + bias", "Conv2d + bias + residual · RELU"),
        planned(in -> norm(conv(in)).add(norm(conv(in))).relu()));
  }

  @Test
  void whatIsReadTwiceIsNotFusedAway() {
    assertEquals(
        List.of("Conv2d + bias", "relu", "mul"),
        planned(
            in -> {
              Tensor y = norm(conv(in));
              return y.relu().mul(y);
            }));
    assertEquals(
        List.of("Conv2d", "add"),
        planned(
            in -> {
              Tensor y = conv(in);
              return y.add(y);
            }));
    assertEquals(
        List.of("Conv2d · RELU", "Conv2d + residual"),
        planned(
            in -> {
              Tensor y = conv(in).relu();
              return y.add(conv(y).reshape(y.shape()));
            }));
  }

  @Test
  void aConstantPerChannelBecomesABias() {
    assertEquals(
        List.of("Conv2d + bias · RELU"),
        planned(in -> in.conv2d(w, b, SAME, 1).add(b.reshape(4, 1, 1)).relu()));
    Tensor perColumn = draw(5);
    assertEquals(List.of("Conv2d", "add"), planned(in -> conv(in).add(perColumn)));
  }

  @Test
  void whatFollowsALinearLayerIsDoneWithIt() {
    Tensor tokens = draw(2, 3, 4);
    Tensor matrix = draw(4, 4);
    assertEquals(
        List.of("MatMul + bias · RELU", "MatMul + bias + residual"),
        planned(
            in -> {
              Tensor y = in.matmul(matrix, false, true).add(b).relu();
              return in.add(y.matmul(matrix).add(b).add(b));
            },
            tokens));
    Tensor perElement = draw(12);
    assertEquals(
        List.of("MatMul", "add"),
        planned(in -> in.matmul(matrix).reshape(2, 12).add(perElement), tokens));
    assertEquals(
        List.of("MatMul", "MatMul", "Affine"),
        planned(in -> in.matmul(in.matmul(matrix), false, true).mul(3.0 * in.dim(0)), draw(4, 4)),
        "a product of two tensors stays");
  }

  @Test
  void convolutionsAroundOneOfSingleChannelsAreJoined() {
    Window plain = Window.plain();
    Tensor wide = draw(7, 4, 1, 1);
    Tensor bias = draw(7);
    Tensor single = draw(7, 1, 3, 3);
    Tensor narrow = draw(4, 7, 1, 1);
    UnaryOperator<Tensor> middle = in -> in.conv2d(single, null, Window.of(1, 1), 7).relu();
    assertEquals(
        List.of("Inverted residual + bias + residual"),
        planned(
            in -> {
              Tensor y = middle.apply(in.conv2d(wide, bias, plain, 1).relu6());
              return norm(y.conv2d(narrow, null, plain, 1)).add(in);
            }));
    assertEquals(
        List.of("Conv2d + bias · RELU6", "exp", "Separable conv2d · RELU"),
        planned(
            in -> {
              Tensor y = in.conv2d(wide, bias, plain, 1).relu6().exp();
              return middle.apply(y).conv2d(narrow, null, plain, 1).relu();
            }));
    assertEquals(
        List.of("Conv2d", "Conv2d in 7 groups · RELU", "mean", "Conv2d", "add"),
        planned(
            in -> {
              Tensor y = middle.apply(in.conv2d(wide, null, plain, 1));
              Tensor mean = y.mean(true, 1);
              return y.conv2d(narrow, null, plain, 1).add(mean);
            }),
        "what is read elsewhere is written");
    assertEquals(
        List.of("Conv2d", "Conv2d"),
        planned(
            in -> in.conv2d(single, null, Window.of(3, 1), 7).conv2d(narrow, null, plain, 1),
            draw(2, 7, 5, 5)),
        "a stride of 3 stays");
  }

  // ---- dropping ----

  @Test
  void nothingIsDoneForNothing() {
    assertEquals(
        List.of("relu", "mean"),
        planned(
            in -> {
              in.exp(); // nobody reads it
              Tensor y = in.add(0).pad(0, 0, 0, 0, 1).relu().flatten(2).detach();
              return y.mean(false, 2).reshape(4, 2).slice(0, 0, 4);
            }));
  }

  @Test
  void whatIsMadeOfWeightsOnlyIsMadeOnce() {
    assertEquals(
        List.of("Conv2d"), planned(in -> in.conv2d(w.mul(w).softmax(0), b.exp().neg(), SAME, 1)));
  }

  @Test
  void theResultMayBeTheInputOrAConstant() {
    assertEquals(List.of(), planned(in -> in));
    assertEquals(List.of(), planned(in -> in.flatten(1)));
    assertEquals(List.of(), planned(in -> w.neg()));
  }

  // ---- memory ----

  @Test
  void memoryIsUsedAgain() {
    UnaryOperator<Tensor> deep =
        in -> {
          Tensor y = in;
          for (int i = 0; i < 20; i++) {
            y = norm(conv(y)).silu();
          }
          return y;
        };
    try (Plan plan = Plan.of(deep, backend, x.shape())) {
      assertEquals(40, plan.operators().size());
      assertEquals(60, plan.traced().size());
      assertEquals(2 * x.shape().count(), plan.elements());
      long live = backend.memory().liveBuffers();
      plan.run(x);
      assertEquals(live + 1, backend.memory().liveBuffers(), "the result alone");
    }
  }

  @Test
  void theResultOutlivesThePlan() {
    Plan plan = Plan.of(in -> in.relu().neg(), backend, x.shape());
    Tensor y = plan.run(x);
    Tensor z = plan.run(x.mul(2));
    plan.close();
    assertArrayEquals(x.relu().neg().toDoubles(), y.toDoubles());
    assertFalse(Arrays.equals(y.toDoubles(), z.toDoubles()));
    assertThrows(IllegalStateException.class, () -> plan.run(x));
  }

  // ---- refusing ----

  @Test
  void noiseAndStatesAreRefused() {
    UserError noise =
        assertThrows(
            UserError.class, () -> Plan.of(in -> in.dropout(0.5, STREAM), backend, x.shape()));
    assertTrue(noise.getMessage().contains("Dropout"), noise.getMessage());
    assertTrue(noise.getMessage().contains("eval()"), noise.getMessage());
    UserError state =
        assertThrows(
            UserError.class,
            () ->
                Plan.of(
                    in ->
                        Tape.named(
                            "bn1",
                            () ->
                                in.batchNorm(
                                    norm[0],
                                    norm[1],
                                    norm[2],
                                    norm[3],
                                    new BatchNorm(true, 0.1, 1e-5))),
                    backend,
                    x.shape()));
    assertTrue(state.getMessage().startsWith("bn1: "), state.getMessage());
  }

  @Test
  void choicesByValueAreRefusedButNotByShape() {
    UserError e =
        assertThrows(
            UserError.class,
            () -> Plan.of(in -> in.relu().sum().item() > 3 ? in : in.neg(), backend, x.shape()));
    assertTrue(e.getMessage().contains("values of sum []"), e.getMessage());
    assertThrows(
        UserError.class,
        () ->
            Plan.of(
                in -> {
                  b.assign(1, 2, 3, 4);
                  return in;
                },
                backend,
                x.shape()));
    assertEquals(List.of("neg"), planned(in -> in.dim(0) == 2 ? in.neg() : in));
  }

  @Test
  void wrongShapesAreToldWithTheLayer() {
    ShapeException inside =
        assertThrows(
            ShapeException.class,
            () ->
                Plan.of(in -> Tape.named("conv1", () -> conv(in)), backend, Shape.of(1, 3, 5, 5)));
    assertTrue(inside.getMessage().contains("conv1"), inside.getMessage());
    try (Plan plan = Plan.of(Tensor::neg, backend, x.shape())) {
      assertThrows(ShapeException.class, () -> plan.run(w));
    }
  }

  @Test
  void aTapeIsNotDeceived() {
    try (Plan plan = Plan.of(this::conv, backend, x.shape());
        Tape tape = Tape.open(backend)) {
      assertThrows(IllegalStateException.class, () -> plan.run(x));
    }
  }

  // ---- never out of date ----

  @Test
  void aPlanWhoseWeightsChangedDoesNotRun() {
    try (Plan plan = Plan.of(in -> norm(conv(in)), backend, x.shape())) {
      plan.run(x);
      norm[2].assign(1, 2, 3, 4);
      assertFalse(plan.fresh());
      assertThrows(IllegalStateException.class, () -> plan.run(x));
    }
  }

  @Test
  void inferenceFollowsTraining() {
    UnaryOperator<Tensor> net =
        in -> norm(in.conv2d(w, null, SAME, 1)).relu().mul(b.exp().reshape(4, 1, 1));
    try (Inference inference = Inference.of(net)) {
      List<Runnable> changes =
          List.of(
              () -> w.assign(w.mul(0.5).toDoubles()),
              () -> x.batchNorm(norm[0], norm[1], norm[2], norm[3], new BatchNorm(true, 0.1, 1e-5)),
              () -> b.assign(0, 1, 2, 3),
              () -> b.reshape(2, 2).assign(3f, 2f, 1f, 0f),
              () -> w.update(Update.sgd(0.1, 0, 0, false, 0, 1), w.neg(), null, null));
      double[] before = inference.apply(x).toDoubles();
      for (Runnable change : changes) {
        change.run();
        double[] now = inference.apply(x).toDoubles();
        assertArrayEquals(net.apply(x).toDoubles(), now, 1e-12);
        assertFalse(Arrays.equals(before, now), "the change is seen");
        before = now;
      }
    }
  }

  @Test
  void inferenceTakesAnyBatchAndKeepsFewPlans() {
    int[] traced = new int[1];
    UnaryOperator<Tensor> net =
        in -> {
          traced[0]++;
          return norm(conv(in)).relu();
        };
    try (Inference inference = Inference.of(net)) {
      for (int round = 0; round < 3; round++) {
        for (int n : new int[] {1, 2, 1}) {
          Tensor part = x.slice(0, 0, n);
          assertArrayEquals(
              norm(conv(part)).relu().toDoubles(), inference.apply(part).toDoubles(), 1e-12);
        }
      }
      assertEquals(2, traced[0]);
      for (int h = 6; h < 11; h++) {
        inference.apply(Tensor.zeros(Shape.of(1, 4, h, 5)));
      }
      inference.apply(x);
      assertEquals(8, traced[0], "the oldest were given up");
    }
  }

  @Test
  void inferencesNest() {
    try (Inference inner = Inference.of(this::conv);
        Inference outer = Inference.of(in -> norm(inner.apply(in)))) {
      assertArrayEquals(norm(conv(x)).toDoubles(), outer.apply(x).toDoubles(), 1e-12);
    }
  }
}

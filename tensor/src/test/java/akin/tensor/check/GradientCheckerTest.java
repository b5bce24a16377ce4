package akin.tensor.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Unary;
import akin.tensor.op.Context;
import akin.tensor.op.CustomOp;
import akin.tensor.op.UnaryOp;
import akin.tensor.reference.ReferenceBackend;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The checker passes what is right, and tells what is wrong and where. */
class GradientCheckerTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final GradientChecker checker = new GradientChecker(backend);

  @AfterEach
  void close() {
    backend.close();
  }

  /**
   * y = f(x) whose derivative is claimed to be {@code slope}(x), and {@code odd} more at element 3.
   */
  private record Claimed(DoubleUnaryOperator f, DoubleUnaryOperator slope, double odd)
      implements CustomOp {
    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public void forward(Context c) {
      double[] x = new double[Math.toIntExact(c.outShape().count())];
      c.backend().download(c.in(0), x);
      java.util.Arrays.setAll(x, i -> f.applyAsDouble(x[i]));
      c.backend().upload(x, c.out());
    }

    @Override
    public void backward(Context c) {
      double[] x = new double[Math.toIntExact(c.outShape().count())];
      double[] dy = new double[x.length];
      c.backend().download(c.in(0), x);
      c.backend().download(c.grad(), dy);
      java.util.Arrays.setAll(x, i -> dy[i] * (slope.applyAsDouble(x[i]) + (i == 3 ? odd : 0)));
      Buffer dx = c.temp(x.length);
      c.backend().upload(x, dx);
      c.accumulate(0, dx);
    }
  }

  private Verdict check(DoubleUnaryOperator f, DoubleUnaryOperator slope, double... x) {
    Input input = Input.of(Shape.of(x.length), x);
    return checker.check(GradientCase.of(new Claimed(f, slope, 0), input), 1);
  }

  @Test
  void aDerivativeWrongByTenPartsInAMillionFails() {
    assertTrue(check(Math::sin, Math::cos, 0.3, -1, 2).passed());
    assertFalse(check(Math::sin, x -> Math.cos(x) * (1 + 1e-5), 0.3, -1, 2).passed());
  }

  @Test
  void theElementThatIsWrongIsNamed() {
    Input x = Input.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    GradientCase wrong = GradientCase.of(new Claimed(v -> v * v, v -> 2 * v, 0.5), x);
    String message = checker.check(wrong, 1).message();
    assertTrue(message.contains("worst at input 0, element 3 of [2, 3]"), message);
    assertTrue(message.contains("analytic") && message.contains("numeric"), message);
    assertTrue(message.contains("one-sided"), message);
  }

  @Test
  void whereTheSlopeVanishesThereIsNoFalseAlarm() {
    // At a maximum a relative bound on the slope would allow nothing at all.
    assertTrue(check(Math::cos, x -> -Math.sin(x), 0, Math.PI, -Math.PI).passed());
    assertFalse(check(Math::cos, x -> 1e-6 - Math.sin(x), 0, Math.PI, -Math.PI).passed());
  }

  @Test
  void onAKinkTheSlopeLiesBetweenTheOneSidedOnes() {
    for (double atZero : new double[] {0, 0.5, 1}) {
      assertTrue(reluAtKink(atZero).passed(), () -> "slope " + atZero);
    }
    for (double atZero : new double[] {-0.01, 1.01, Double.NaN}) {
      assertFalse(reluAtKink(atZero).passed(), () -> "slope " + atZero);
    }
  }

  private Verdict reluAtKink(double atZero) {
    Claimed relu = new Claimed(x -> Math.max(x, 0), x -> x > 0 ? 1 : x == 0 ? atZero : 0, 0);
    return checker.check(GradientCase.of(relu, Input.of(Shape.of(3), 0, 1.5, 0)).atKink(), 1);
  }

  @Test
  void whatIsNotFiniteFails() {
    assertFalse(check(Math::sqrt, x -> 0.5 / Math.sqrt(x), 0).passed());
    assertFalse(check(x -> Double.NaN, x -> 0, 1).passed());
  }

  @Test
  void aBrokenLawFails() {
    GradientCase at = GradientCase.of(new UnaryOp(Unary.SQUARE, 0, 0), Input.of(Shape.of(2), 1, 2));
    assertTrue(checker.check(at, 1).passed());
    Law law = Law.groupsSumToZero("the gradient sums to 0", 1, i -> 0);
    String message = checker.check(at.obeying(law), 1).message();
    assertTrue(message.contains("the gradient sums to 0"), message);
  }

  @Test
  void aConstantHasNoGradientToCheck() {
    GradientCase product =
        GradientCase.of(
            "x·detached y",
            in -> in[0].mul(in[1].detach()),
            Input.of(Shape.of(2), 1, 2),
            Input.of(Shape.of(2), 3, 4).constant());
    assertTrue(checker.check(product, 1).passed());
  }

  @Test
  void aDetachedInputThatIsWantedFails() {
    GradientCase product =
        GradientCase.of(
            "x·detached y",
            in -> in[0].mul(in[1].detach()),
            Input.of(Shape.of(2), 1, 2),
            Input.of(Shape.of(2), 3, 4));
    assertFalse(checker.check(product, 1).passed());
  }

  @Test
  void aGeneratorThatOnlyHitsKinksSaysSo() {
    assertThrows(
        IllegalStateException.class,
        () ->
            CaseGenerator.loss(
                    "always at a kink",
                    Tensor.class,
                    draw ->
                        GradientCase.of("x", in -> in[0], draw.input(Shape.of(1))).awayFrom(v -> 0))
                .generate(1, 1));
  }

  @Test
  void theSameSeedDrawsTheSameCase() {
    for (CaseGenerator generator : Cases.all()) {
      GradientCase once = generator.generate(7, 4);
      GradientCase again = generator.generate(7, 4);
      assertEquals(once.about(), again.about());
      assertEquals(once.shapes(), again.shapes());
      for (int i = 0; i < once.inputs().size(); i++) {
        assertArrayEquals(once.inputs().get(i).values(), again.inputs().get(i).values());
      }
    }
  }

  @Test
  void everyCaseWantsAGradient() {
    for (CaseGenerator generator : Cases.all()) {
      for (int seed = 0; seed < 20; seed++) {
        GradientCase drawn = generator.generate(seed, 1 + seed % 5);
        assertTrue(drawn.inputs().stream().anyMatch(Input::wanted), () -> generator.name() + drawn);
      }
    }
  }
}

package akin.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.op.Context;
import akin.tensor.op.CustomOp;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is recorded, how gradients flow back and add up, and what a mistake is told. */
class TapeTest {
  private final Backend backend = new ReferenceBackend();
  private Tape tape;
  private Tensor x; // [3]: 1, 2, 3, a leaf

  @BeforeEach
  void open() {
    tape = Tape.open(backend);
    x = Tensor.of(Shape.of(3), 1, 2, 3).requireGradient(true);
  }

  @AfterEach
  void close() {
    tape.close();
    assertEquals(0, backend.memory().liveBuffers());
  }

  private double[] gradient(Tensor loss) {
    return tape.backward(loss).of(x).toDoubles();
  }

  @Test
  void oneOperandTwice() {
    assertArrayEquals(new double[] {2, 4, 6}, gradient(x.mul(x).sum()));
  }

  @Test
  void oneTensorInSeveralPlaces() {
    Tensor y = x.mul(10); // used by three operators, at different depths
    Tensor loss = y.sum().add(y.mul(x).sum()).add(y.reshape(3, 1).neg().relu().sum());
    assertArrayEquals(new double[] {30, 50, 70}, gradient(loss)); // 10 + 20x
  }

  @Test
  void sharedGradientsAreNotOverwritten() {
    // add passes dY itself to both operands: to y twice, and to z, which adds to it first
    Tensor y = x.mul(1);
    Tensor z = x.mul(1);
    Tensor loss = y.add(z).add(y).mul(Tensor.of(Shape.of(3), 1, 10, 100)).sum();
    assertArrayEquals(new double[] {3, 30, 300}, gradient(loss));
  }

  @Test
  void reshapeSharesMemoryBothWays() {
    long before = backend.memory().liveBuffers();
    Tensor y = x.reshape(3, 1).reshape(-1).flatten(0);
    assertEquals(before, backend.memory().liveBuffers());
    Tensor dy = Tensor.of(Shape.of(3), 4, 5, 6);
    Tensor dx = tape.backward(y, dy).of(x);
    assertEquals(before + 1, backend.memory().liveBuffers()); // dy, which is dx
    assertArrayEquals(new double[] {4, 5, 6}, dx.toDoubles());
  }

  @Test
  void onlyWhatWantsAGradientIsRecordedAndAnswered() {
    Tensor constant = Tensor.of(Shape.of(3), 1, 1, 1);
    Tensor frozen = constant.mul(2).relu();
    assertEquals(0, tape.length());
    Tensor aside = x.greater(constant); // a comparison has no gradient
    Tensor detached = x.mul(5).detach();
    assertEquals(1, tape.length());

    Gradients gradients = tape.backward(x.mul(frozen).add(aside.mul(x)).add(detached.mul(x)).sum());
    assertFalse(gradients.has(constant));
    assertFalse(gradients.has(frozen));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> gradients.of(constant));
    assertTrue(e.getMessage().contains("requireGradient()"), e.getMessage());
    assertArrayEquals(new double[] {7, 13, 18}, gradients.of(x).toDoubles());
  }

  @Test
  void aLeafItselfIsItsOwnGradient() {
    assertArrayEquals(
        new double[] {7, 8, 9},
        tape.backward(x, Tensor.of(Shape.of(3), 7, 8, 9)).of(x).toDoubles());
  }

  @Test
  void aTapePlaysBackOnce() {
    Tensor loss = x.sum();
    tape.backward(loss);
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> tape.backward(loss));
    assertTrue(e.getMessage().contains("plays back once"), e.getMessage());
  }

  @Test
  void aLossIsOneNumberThatDependsOnALeaf() {
    assertThrows(ShapeException.class, () -> tape.backward(x.mul(2)));
    assertThrows(ShapeException.class, () -> tape.backward(x.mul(2), Tensor.scalar(1)));
    assertThrows(IllegalStateException.class, () -> tape.backward(Tensor.scalar(1)));
    assertArrayEquals(new double[] {1, 1, 1}, gradient(x.sum())); // none of these used it up
  }

  @Test
  void gradientsAreDroppedOnceConsumed() {
    List<Long> live = new ArrayList<>();
    Tensor y = x;
    for (int i = 0; i < 8; i++) {
      y = Tensor.apply(new Probe(c -> live.add(c.backend().memory().liveBuffers())), y);
    }
    tape.backward(y.sum());
    assertEquals(8, live.size());
    assertEquals(1, live.stream().distinct().count(), "buffers in use along the chain: " + live);
  }

  @Test
  void operatorsSeeWhichGradientIsWanted() {
    List<Boolean> wanted = new ArrayList<>();
    Probe probe =
        new Probe(
            c -> {
              wanted.add(c.wants(0));
              wanted.add(c.wants(1));
            });
    tape.backward(Tensor.apply(probe, x, Tensor.scalar(1)).sum());
    assertEquals(List.of(true, false), wanted);
  }

  @Test
  void historyCrossesScopesWithinTheTape() {
    Tensor y;
    try (Scope inner = Scope.open()) {
      y = x.mul(2).mul(x).keep();
    }
    assertArrayEquals(new double[] {4, 8, 12}, gradient(y.sum()));
  }

  @Test
  void accumulateRefusesForeignMemory() {
    Tensor wrongLength = Tensor.apply(new Probe(c -> c.accumulate(0, c.temp(2))), x);
    assertThrows(IllegalStateException.class, () -> tape.backward(wrongLength.sum()));
    try (Tape other = Tape.open()) {
      Tensor notATemp = Tensor.apply(new Probe(c -> c.accumulate(0, c.in(0))), x);
      assertThrows(IllegalStateException.class, () -> other.backward(notATemp.sum()));
    }
  }

  @Test
  void innerTapesRecordForThemselves() {
    Tensor outside = x.mul(2);
    double[] inner;
    try (Tape other = Tape.open()) {
      inner = other.backward(x.mul(outside).sum()).of(x).toDoubles();
      assertEquals(2, other.length());
    }
    assertArrayEquals(new double[] {2, 4, 6}, inner); // outside counts as a constant there
    assertEquals(1, tape.length());
    assertArrayEquals(new double[] {2, 2, 2}, gradient(outside.sum()));
  }

  @Test
  void firstNonFiniteNamesOperatorPathAndShape() {
    assertTrue(tape.firstNonFinite().isEmpty());
    Tensor y = Tape.named("head", () -> Tape.named("3", () -> x.sub(2).log()));
    y.exp().sum();
    Tape.NonFinite found = tape.firstNonFinite().orElseThrow();
    assertEquals("log in head.3, output [3]", found.toString());
    assertEquals(0, found.element()); // ln(1 − 2)
    assertEquals("", Tape.path());
  }

  /** Y = X, with an eye on backward. */
  private record Probe(Consumer<Context> eye) implements CustomOp {
    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public void forward(Context c) {
      c.backend().affine(1, c.in(0), 0, c.out());
    }

    @Override
    public void backward(Context c) {
      eye.accept(c);
      Buffer dx = c.temp(c.grad().length());
      c.backend().affine(1, c.grad(), 0, dx);
      c.accumulate(0, dx);
    }
  }
}

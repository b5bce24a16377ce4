package akin.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.op.Context;
import akin.tensor.op.CustomOp;
import akin.tensor.reference.ReferenceBackend;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who owns a tensor, how long it lives, and what a mistake is told. */
class ScopeTest {
  private final Backend backend = new ReferenceBackend();

  @AfterEach
  void everyBufferIsGivenBack() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  @Test
  void withoutAScopeNothingIsMade() {
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> Tensor.scalar(1));
    assertTrue(e.getMessage().contains("no scope is open on this thread"), e.getMessage());
    assertTrue(e.getMessage().contains("try (Scope scope = Scope.open(backend))"), e.getMessage());
  }

  @Test
  void anotherThreadHasNoScope() {
    try (Scope scope = Scope.open(backend)) {
      assertThrows(
          Exception.class, () -> CompletableFuture.supplyAsync(() -> Tensor.scalar(1)).get());
    }
  }

  @Test
  void useAfterCloseNamesTheOperator() {
    Tensor y;
    try (Scope scope = Scope.open(backend)) {
      y = Tensor.of(Shape.of(2), 3, 4).relu();
    }
    IllegalStateException e = assertThrows(IllegalStateException.class, y::toDoubles);
    assertTrue(e.getMessage().contains("made by relu [2]"), e.getMessage());
    try (Scope scope = Scope.open(backend)) {
      assertThrows(IllegalStateException.class, () -> y.add(1));
    }
  }

  @Test
  void aResultBelongsToTheInnermostScopeWhateverItIsMadeOf() {
    try (Scope outer = Scope.open(backend)) {
      Tensor x = Tensor.scalar(2);
      Tensor y;
      try (Scope inner = Scope.open()) {
        y = x.mul(3);
      }
      assertThrows(IllegalStateException.class, y::item);
      assertEquals(2, x.item());
    }
  }

  @Test
  void tidyGivesBackEverythingButTheResult() {
    try (Scope outer = Scope.open(backend)) {
      Tensor x = Tensor.scalar(2);
      Tensor y = Scope.tidy(() -> x.mul(3).add(1).mul(2));
      assertEquals(14, y.item());
      assertEquals(2, backend.memory().liveBuffers(), "x and y");
      assertSame(x, Scope.tidy(() -> x));
      assertEquals(2, x.item(), "it belongs to the scope that it belonged to");
    }
  }

  @Test
  void underATapeNothingIsGivenBack() {
    try (Tape tape = Tape.open(backend)) {
      Tensor x = Tensor.scalar(3).requireGradient(true);
      Tensor y = Scope.tidy(() -> x.square().square());
      assertEquals(3, backend.memory().liveBuffers());
      assertEquals(4 * 27, tape.backward(y).of(x).item());
    }
  }

  @Test
  void keepInMovesToAnyOpenScope() {
    Scope closed;
    try (Scope outer = Scope.open(backend)) {
      Tensor y;
      try (Scope middle = Scope.open()) {
        closed = middle;
        try (Scope inner = Scope.open()) {
          y = Tensor.scalar(5).keepIn(outer);
        }
      }
      assertEquals(5, y.item());
      assertThrows(IllegalStateException.class, () -> y.keepIn(closed));
      assertEquals(5, y.item());
    }
  }

  @Test
  void keepMovesOneScopeOut() {
    try (Scope outer = Scope.open(backend)) {
      Tensor y;
      try (Scope middle = Scope.open()) {
        try (Scope inner = Scope.open()) {
          y = Tensor.scalar(5).keep();
        }
        assertEquals(5, y.item());
      }
      assertThrows(IllegalStateException.class, y::item);
    }
  }

  @Test
  void theOutermostScopeCannotBeLeft() {
    try (Scope outer = Scope.open(backend)) {
      Tensor y = Tensor.scalar(5);
      assertThrows(IllegalStateException.class, y::keep);
    }
  }

  @Test
  void aDetachedScopeHoldsWhatOutlivesTheWork() {
    Scope owner = Scope.detached(backend);
    Tensor parameter;
    try (Scope step = Scope.open(backend)) {
      parameter = owner.run(() -> Tensor.scalar(1));
      assertSame(step, Scope.current());
    }
    assertEquals(1, parameter.item());
    owner.close();
    assertThrows(IllegalStateException.class, parameter::item);
    assertThrows(IllegalStateException.class, () -> owner.run(() -> Tensor.scalar(1)));
  }

  @Test
  void scopesCloseInnermostFirst() {
    Scope outer = Scope.open(backend);
    Scope inner = Scope.open();
    assertThrows(IllegalStateException.class, outer::close);
    inner.close();
    inner.close(); // twice does no harm
    outer.close();
    assertThrows(IllegalStateException.class, Scope::current);
  }

  @Test
  void assignOverwritesInPlace() {
    try (Scope scope = Scope.open(backend)) {
      Tensor p = Tensor.of(Shape.of(2), 1, 2);
      long before = backend.memory().liveBuffers();
      p.assign(3, 4);
      assertArrayEquals(new double[] {3, 4}, p.toDoubles());
      p.assign(new float[] {5, 6});
      assertArrayEquals(new float[] {5, 6}, p.toFloats());
      assertEquals(before, backend.memory().liveBuffers());
      assertThrows(ShapeException.class, () -> p.assign(1, 2, 3));
    }
  }

  @Test
  void backendsDoNotMix() {
    Backend other = new ReferenceBackend();
    try (Scope here = Scope.open(backend)) {
      Tensor x = Tensor.scalar(1);
      try (Scope there = Scope.open(other)) {
        IllegalStateException e =
            assertThrows(IllegalStateException.class, () -> Tensor.scalar(1).mul(x));
        assertTrue(e.getMessage().contains("mul: input 1 lives on another backend"));
      }
    }
    assertEquals(0, other.memory().liveBuffers());
  }

  @Test
  void anOperatorThatFailsLeavesNothingBehind() {
    try (Tape tape = Tape.open(backend)) {
      Tensor x = Tensor.scalar(1).requireGradient(true);
      long before = backend.memory().liveBuffers();
      assertThrows(ArithmeticException.class, () -> Tensor.apply(new Failing(), x));
      assertEquals(before, backend.memory().liveBuffers());
      assertEquals(0, tape.length());
    }
  }

  /** Takes every kind of memory, then fails. */
  private record Failing() implements CustomOp {
    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public void forward(Context c) {
      c.out();
      c.temp(3);
      c.save(2);
      throw new ArithmeticException("on purpose");
    }

    @Override
    public void backward(Context c) {}
  }
}

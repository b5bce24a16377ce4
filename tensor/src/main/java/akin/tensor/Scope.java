package akin.tensor;

import akin.tensor.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Owns the tensors made while it is the innermost open scope of its thread, and gives their memory
 * back when it closes.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open(backend)) {
 *   Tensor y = Tensor.of(Shape.of(2), 1, 2).mul(3);   // belongs to scope
 * }                                                   // y's memory is back in the pool
 * }</pre>
 *
 * <p>A {@linkplain #detached detached} scope is nobody's innermost one until {@link #run} makes it
 * so: it holds what must outlive the work that makes it, such as parameters.
 */
public sealed class Scope implements AutoCloseable permits Tape, Trace {
  private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

  private final Backend backend;
  private final Scope parent;
  private final boolean ambient;
  private final List<Tensor> tensors = new ArrayList<>();
  private boolean closed;

  Scope(Backend backend, Scope parent, boolean ambient) {
    this.backend = backend;
    this.parent = parent;
    this.ambient = ambient;
    if (ambient) {
      CURRENT.set(this);
    }
  }

  /** Opens a scope inside the thread's innermost one, if any, on {@code backend}. */
  public static Scope open(Backend backend) {
    return new Scope(backend, innermost(), true);
  }

  /** Opens a scope inside the thread's innermost one, on the same backend. */
  public static Scope open() {
    Scope outer = current();
    return new Scope(outer.backend, outer, true);
  }

  /** A scope outside every other, which {@link #run} makes ambient for a while. */
  public static Scope detached(Backend backend) {
    return new Scope(backend, null, false);
  }

  /** The thread's innermost open scope. */
  public static Scope current() {
    Scope scope = innermost();
    if (scope == null) {
      throw new IllegalStateException(
          "no scope is open on this thread: write try (Scope scope = Scope.open(backend)) { … }"
              + " around the work, so that its memory has an owner");
    }
    return scope;
  }

  /** The backend that tensors of this scope live on. */
  public final Backend backend() {
    return backend;
  }

  /** Runs {@code work} with this scope as the innermost one: what it makes belongs here. */
  public final <T> T run(Supplier<T> work) {
    Scope before = CURRENT.get();
    CURRENT.set(checkOpen());
    try {
      return work.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /**
   * Runs {@code work} and gives back, as soon as it is done, the memory of everything it made but
   * its result. Where a plan's trace records, or a tape has recorded any of it, which may need all,
   * nothing is given back.
   */
  public static Tensor tidy(Supplier<Tensor> work) {
    Scope outer = current();
    if (outer.trace() != null) {
      return work.get();
    }
    Tape tape = outer.tape();
    int recorded = tape == null ? 0 : tape.length();
    try (Scope inner = open()) {
      Tensor result = work.get();
      if (tape != null && tape.length() > recorded) {
        inner.handOver(outer);
      } else if (result.isOf(inner)) {
        result.keep();
      }
      return result;
    }
  }

  /** Everything of this scope becomes the other's. */
  private void handOver(Scope other) {
    for (Tensor tensor : tensors) {
      if (tensor.isOf(this)) {
        tensor.keepIn(other);
      }
    }
    tensors.clear();
  }

  /** The innermost tape that records what happens in this scope, or null. */
  final Tape tape() {
    for (Scope s = this; s != null; s = s.parent) {
      if (s instanceof Tape) {
        return (Tape) s;
      }
    }
    return null;
  }

  /** The trace that records what happens in this scope, or null. */
  final Trace trace() {
    for (Scope s = this; s != null; s = s.parent) {
      if (s instanceof Trace) {
        return (Trace) s;
      }
    }
    return null;
  }

  /** The thread's innermost open scope, or null. */
  static Scope innermost() {
    return CURRENT.get();
  }

  final Scope parent() {
    return parent;
  }

  final Scope checkOpen() {
    if (closed) {
      throw new IllegalStateException("the scope is closed");
    }
    return this;
  }

  final void adopt(Tensor tensor) {
    checkOpen().tensors.add(tensor);
  }

  /** Gives the memory of chosen tensors back before the end. */
  final void drop(Predicate<Tensor> which) {
    tensors.removeIf(
        tensor -> {
          boolean chosen = which.test(tensor);
          if (chosen) {
            tensor.leave(this);
          }
          return chosen;
        });
  }

  /** Gives the memory of every tensor that is still this scope's back to the pool. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (ambient) {
      if (CURRENT.get() != this) {
        throw new IllegalStateException(
            "scopes close innermost first, on the thread that opened them");
      }
      if (parent == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(parent);
      }
    }
    closed = true;
    for (Tensor tensor : tensors) {
      tensor.leave(this);
    }
    tensors.clear();
  }
}

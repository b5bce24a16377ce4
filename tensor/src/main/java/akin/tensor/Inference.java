package akin.tensor;

import akin.tensor.backend.Backend;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A function run through {@linkplain Plan plans}: one is made for each shape that comes, and made
 * again when weights were overwritten. The few used last are kept.
 *
 * <pre>{@code
 * net.eval();
 * try (Inference inference = Inference.of(net::apply)) {
 *   Tensor y = inference.apply(x);
 * }
 * }</pre>
 *
 * <p>A change of mode does not count as a change of weights: what was planned in evaluation stays
 * evaluation.
 */
public final class Inference implements AutoCloseable, UnaryOperator<Tensor> {
  /** A full batch, a last and smaller one, a single picture, and one to spare. */
  private static final int KEPT = 4;

  /**
   * Elements of the argument that are worked on at once where rows are independent: four pictures
   * of 224 pixels. What lies between the operators of a larger batch would go through main memory.
   */
  private static final long PIECE = 4 * 3 * 224 * 224;

  private final UnaryOperator<Tensor> function;
  private final boolean independent;
  private final Map<Place, Plan> plans = new LinkedHashMap<>(8, 0.75f, true);

  /** What a plan is made for. */
  private record Place(Backend backend, Shape shape) {}

  private Inference(UnaryOperator<Tensor> function, boolean independent) {
    this.function = function;
    this.independent = independent;
  }

  /** Prepares {@code function}, which must live on while this is used. */
  public static Inference of(UnaryOperator<Tensor> function) {
    return new Inference(function, false);
  }

  /**
   * The same for a function of which row i of the value depends on row i of the argument alone, as
   * a network's in evaluation: a large batch is worked on piece by piece.
   */
  public static Inference ofRows(UnaryOperator<Tensor> function) {
    return new Inference(function, true);
  }

  /**
   * The function's value at {@code x}, to rounding; belongs to the innermost scope, has no history.
   *
   * @throws UserError if the function cannot be planned
   */
  @Override
  public Tensor apply(Tensor x) {
    Scope scope = Scope.current();
    if (scope.trace() != null) {
      return function.apply(x); // becomes part of the plan around
    }
    int rows = independent ? x.dim(0) : 1;
    int piece = (int) Math.max(1, PIECE * rows / Math.max(1, x.shape().count()));
    if (rows <= piece) {
      return run(x);
    }
    Tensor[] parts = new Tensor[(rows + piece - 1) / piece];
    for (int i = 0; i < parts.length; i++) {
      try (Scope one = Scope.open()) {
        parts[i] = run(x.slice(0, i * piece, Math.min(rows, (i + 1) * piece))).keep();
      }
    }
    return Tensor.concat(0, parts);
  }

  private Tensor run(Tensor x) {
    return plan(new Place(Scope.current().backend(), x.shape())).run(x);
  }

  private Plan plan(Place place) {
    Plan plan = plans.get(place);
    if (plan != null && plan.fresh()) {
      return plan;
    }
    if (plan != null) {
      close(); // the others have seen the same weights
    }
    Plan made = Plan.of(function, place.backend, place.shape);
    plans.put(place, made);
    if (plans.size() > KEPT) {
      Iterator<Plan> oldest = plans.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
    return made;
  }

  /** Gives up all plans; new ones are made if it is used again. */
  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    plans.clear();
  }
}

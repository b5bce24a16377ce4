package akin.tensor;

import akin.tensor.backend.Backend;
import akin.tensor.plan.Graph;
import akin.tensor.plan.Layout;
import akin.tensor.plan.Node;
import akin.tensor.plan.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A function of one tensor, prepared for inference on one shape: its operators are traced once,
 * batch norms are folded into weights, what follows a convolution is done in its epilogue, and the
 * memory between operators is laid out. Outputs differ from the function's own by rounding only.
 *
 * <pre>{@code
 * net.eval();
 * try (Plan plan = Plan.of(net::apply, backend, Shape.of(16, 3, 224, 224))) {
 *   Tensor y = plan.run(x);
 * }
 * }</pre>
 *
 * <p>What the function does besides operators on its argument is done once, while it is traced:
 * loops and choices are those of that time. A plan whose weights have been overwritten since is out
 * of date and says so instead of running; {@link Inference} makes a new one then.
 */
public final class Plan implements AutoCloseable {
  private final Trace trace;
  private final Shape input;
  private final Shape output;
  private final List<String> traced;
  private final List<String> operators;
  private final List<PlannedCall> calls = new ArrayList<>();
  private final List<Place> between = new ArrayList<>();
  private final Place given;
  private final Place result;
  private final boolean made; // by an operator; else the result is the input or a constant
  private boolean closed;

  /** Where a tensor of the plan lies: for good if it is a constant, else while the plan runs. */
  static final class Place {
    private final long length;
    private Storage storage;

    Place(long length, Storage storage) {
      this.length = length;
      this.storage = storage;
    }

    Storage storage() {
      return storage;
    }

    private void take(Backend backend) {
      storage = Storage.allocate(backend, length);
    }

    private void giveBack() {
      if (storage != null) {
        storage.release();
        storage = null;
      }
    }
  }

  private Plan(Trace.Result traced, boolean simplify) {
    trace = traced.trace();
    Graph graph = traced.graph();
    this.traced = names(graph);
    if (simplify) {
      graph.simplify();
    }
    operators = names(graph);
    input = graph.input().shape();
    output = graph.output().shape();
    Layout layout = Layout.of(graph);
    layout.lengths().forEach(length -> between.add(new Place(length, null)));
    Map<Value, Place> places = new IdentityHashMap<>();
    for (Node node : graph.nodes()) {
      if (layout.holds(node.output())) {
        places.put(node.output(), between.get(layout.placeOf(node.output())));
      }
      List<Place> inputs = new ArrayList<>();
      node.inputs().forEach(in -> inputs.add(place(in, places)));
      calls.add(new PlannedCall(trace.backend(), node, inputs, place(node.output(), places)));
    }
    given = place(graph.input(), places);
    result = place(graph.output(), places);
    made = result != given && !graph.output().root().isConstant();
  }

  /** The place of a value that lies alone: the input, the output or a constant. */
  private static Place place(Value value, Map<Value, Place> places) {
    return places.computeIfAbsent(
        value.root(),
        root ->
            new Place(root.shape().count(), root.isConstant() ? root.constant().storage() : null));
  }

  private static List<String> names(Graph graph) {
    return graph.nodes().stream().map(Node::toString).toList();
  }

  /**
   * Prepares {@code function} for arguments of {@code shape}.
   *
   * @throws UserError if it draws noise, changes a state or decides by values: call {@code eval()}
   *     on a network first
   */
  public static Plan of(UnaryOperator<Tensor> function, Backend backend, Shape shape) {
    return new Plan(Trace.of(function, backend, shape), true);
  }

  /** The same without any pass: runs what was traced, as it was. */
  static Plan asTraced(UnaryOperator<Tensor> function, Backend backend, Shape shape) {
    return new Plan(Trace.of(function, backend, shape), false);
  }

  /** The function's value at {@code x}; belongs to the innermost scope and has no history. */
  public Tensor run(Tensor x) {
    check(x);
    given.storage = x.storage();
    try {
      if (made) {
        result.take(trace.backend());
      }
      between.forEach(place -> place.take(trace.backend()));
      calls.forEach(PlannedCall::run);
      return Tensor.adopt(result.storage.retain(), output, "plan");
    } finally {
      between.forEach(Place::giveBack);
      if (made) {
        result.giveBack();
      }
      given.storage = null;
    }
  }

  private void check(Tensor x) {
    if (closed) {
      throw new IllegalStateException("the plan is closed");
    }
    ShapeException.check(
        x.shape().equals(input),
        () ->
            ShapeException.of("plan: made for another shape")
                .with("input", x.shape())
                .needed(input.toString()));
    if (x.storage().backend() != trace.backend()) {
      throw new IllegalStateException("plan: the input lives on another backend");
    }
    if (Scope.current().tape() != null) {
      throw new IllegalStateException(
          "a plan records nothing on a tape: run the function itself where gradients are wanted");
    }
    if (!fresh()) {
      throw new IllegalStateException(
          "weights were overwritten after the plan was made: make a new one, or use Inference");
    }
  }

  /** Whether the weights are still those that the plan was made with. */
  public boolean fresh() {
    return trace.fresh();
  }

  /** What is run, one line for each operator. */
  public List<String> operators() {
    return operators;
  }

  /** What was traced, before anything was folded, fused or dropped. */
  public List<String> traced() {
    return traced;
  }

  /** Elements of the memory between operators, which is borrowed from the pool while it runs. */
  public long elements() {
    return between.stream().mapToLong(place -> place.length).sum();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      trace.close();
    }
  }
}

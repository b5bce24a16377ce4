package akin.tensor;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Runner;
import akin.tensor.plan.Graph;
import akin.tensor.plan.Node;
import akin.tensor.plan.Program;
import akin.tensor.plan.Value;
import java.util.List;
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
  private final long elements;
  private final Storage constant; // the result where nothing computes it and it is not the input
  private final Runner runner; // null where nothing is computed
  private boolean closed;

  private Plan(Trace.Result traced, boolean simplify) {
    trace = traced.trace();
    Graph graph = traced.graph();
    this.traced = names(graph);
    if (simplify) {
      graph.simplify();
      graph.layOut(trace.backend().blocking());
    }
    operators = names(graph);
    input = graph.input().shape();
    output = graph.output().shape();
    Value result = graph.output().root();
    constant = result.isConstant() ? result.constant().storage() : null;
    if (result.isConstant() || result == graph.input()) {
      elements = 0;
      runner = null;
      return;
    }
    Program program = Program.of(graph, tensor -> tensor.storage().buffer());
    elements = program.elements();
    runner = trace.backend().plan(program);
    trace.drop(tensor -> !runner.reads(tensor.storage().buffer()));
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
    return of(Trace.of(function, backend, shape), true);
  }

  /** The same without any pass: runs what was traced, as it was. */
  static Plan asTraced(UnaryOperator<Tensor> function, Backend backend, Shape shape) {
    return of(Trace.of(function, backend, shape), false);
  }

  private static Plan of(Trace.Result traced, boolean simplify) {
    boolean done = false;
    try {
      Plan plan = new Plan(traced, simplify);
      done = true;
      return plan;
    } finally {
      if (!done) {
        traced.trace().close();
      }
    }
  }

  /** The function's value at {@code x}; belongs to the innermost scope and has no history. */
  public Tensor run(Tensor x) {
    check(x);
    if (runner == null) {
      Storage given = constant == null ? x.storage() : constant;
      return Tensor.adopt(given.retain(), output, "plan");
    }
    Storage result = Storage.allocate(trace.backend(), output.count());
    boolean done = false;
    try {
      runner.run(x.storage().buffer(), result.buffer());
      done = true;
    } finally {
      if (!done) {
        result.release();
      }
    }
    return Tensor.adopt(result, output, "plan");
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
    return elements;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (runner != null) {
        runner.close();
      }
      trace.close();
    }
  }
}

package akin.tensor;

import akin.tensor.backend.Backend;
import akin.tensor.op.Op;
import akin.tensor.plan.Graph;
import akin.tensor.plan.Node;
import akin.tensor.plan.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A scope that writes down what a function does with its argument, instead of doing it: a traced
 * tensor has a shape and no values. Operators on other tensors, such as weights, run at once, and
 * what they give is a constant.
 *
 * <p>What cannot be seen here is refused: values of a traced tensor, noise, and writing onto a
 * tensor. Constants that were read are remembered together with how often they had been written.
 */
final class Trace extends Scope {
  private final Map<Tensor, Value> values = new IdentityHashMap<>();
  private final Map<Storage, Long> seen = new IdentityHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private Trace(Backend backend) {
    super(backend, null, false);
  }

  /** What a trace gives; the trace owns the constants. */
  record Result(Trace trace, Graph graph) {}

  /** Traces {@code function} on an argument of a shape. */
  static Result of(UnaryOperator<Tensor> function, Backend backend, Shape shape) {
    Trace trace = new Trace(backend);
    boolean done = false;
    try {
      Value input = Value.of(shape);
      Tensor argument = Tensor.traced(shape, "input", trace);
      trace.values.put(argument, input);
      Tensor result = trace.run(() -> function.apply(argument));
      Graph graph = new Graph(trace, input, trace.value(result), trace.nodes);
      trace.values.clear();
      done = true;
      return new Result(trace, graph);
    } finally {
      if (!done) {
        trace.close();
      }
    }
  }

  /** Whether an operator on these inputs is to be written down, not run. */
  boolean records(Op op, Tensor... inputs) {
    if (!op.pure()) {
      throw refusal(op.name() + " depends on more than its input, or changes more than its output")
          .mend("call eval() on the network first: plans are for inference");
    }
    boolean traced = false;
    for (Tensor input : inputs) {
      traced |= input.traced();
    }
    if (!traced) {
      for (Tensor input : inputs) {
        see(input);
      }
    }
    return traced;
  }

  /** Writes an operator down; the result is traced, too. */
  Tensor record(Op op, Tensor... inputs) {
    Shape[] shapes = new Shape[inputs.length];
    List<Value> read = new ArrayList<>(inputs.length);
    for (int i = 0; i < inputs.length; i++) {
      shapes[i] = inputs[i].shape();
      read.add(value(inputs[i]));
    }
    Shape shape = Call.shape(op, shapes);
    Value output = Value.of(shape);
    nodes.add(Node.of(op, Tape.path(), read, output));
    Tensor result = Tensor.traced(shape, op.name(), this);
    values.put(result, output);
    return result;
  }

  private Value value(Tensor tensor) {
    Value known = values.get(tensor);
    if (known == null) {
      see(tensor);
      known = Value.constant(run(tensor::detach)); // held for as long as the trace
      values.put(tensor, known);
    }
    return known;
  }

  private void see(Tensor constant) {
    Storage storage = constant.storage();
    if (storage.backend() != backend()) {
      throw new IllegalStateException("a plan works on one backend; a constant is on another");
    }
    seen.putIfAbsent(storage, storage.writes());
  }

  /** Whether no constant was overwritten since it was read. */
  boolean fresh() {
    for (Map.Entry<Storage, Long> entry : seen.entrySet()) {
      if (entry.getKey().writes() != entry.getValue()) {
        return false;
      }
    }
    return true;
  }

  /** Called before a tensor's values are read: if in a trace, they are constants of it. */
  static void watch(Tensor tensor) {
    Scope scope = innermost();
    Trace trace = scope == null ? null : scope.trace();
    if (trace != null) {
      trace.see(tensor);
    }
  }

  /** Called before a tensor is overwritten. */
  static void checkWrite(Tensor tensor) {
    Scope scope = innermost();
    if (scope != null && scope.trace() != null) {
      throw refusal("a tensor " + tensor.shape() + " is overwritten meanwhile")
          .mend("overwrite parameters and states outside of the function");
    }
  }

  /** What is said where somebody asks for values that a trace does not have. */
  static UserError valuesWanted(String maker, Shape shape) {
    return refusal("the values of " + maker + " " + shape + " are asked for meanwhile")
        .mend("run the function itself, without a plan, or decide by constants only");
  }

  private static UserError refusal(String rule) {
    UserError error = UserError.of("this function cannot be planned").rule(rule);
    return Tape.path().isEmpty() ? error : error.at(Tape.path());
  }
}

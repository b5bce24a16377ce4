package akin.nn.optim;

import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.StateDict;
import akin.tensor.Descent;
import akin.tensor.Gradients;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves parameters against their gradients by one or several {@linkplain Rule rules}.
 *
 * <pre>{@code
 * Optimizer optimizer = new Optimizer(net, Adam.of(1e-3));
 * try (Tape tape = Tape.open()) {
 *   Tensor loss = net.apply(x).crossEntropy(labels, 0);
 *   optimizer.follow(schedule, step);
 *   optimizer.step(tape.backward(loss));
 * }
 * }</pre>
 *
 * <p>A parameter that the loss does not depend on, or that is frozen, is skipped: no decay, no
 * count. States live in the optimiser's own scope; {@link #state} and {@link #restore} carry them
 * through a checkpoint bit for bit.
 */
public final class Optimizer implements AutoCloseable {
  private final Scope scope;
  private final List<Group> groups = new ArrayList<>();
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private double largestNorm = Double.POSITIVE_INFINITY;

  private static final class Group {
    final Rule rule;
    double rate;

    Group(Rule rule) {
      this.rule = rule;
      rate = rule.rate();
    }
  }

  /** A parameter's group and states; of a frozen one, m and v come with its first update. */
  private static final class Slot {
    final Parameter parameter;
    final Group group;
    long steps;
    Tensor m;
    Tensor v;

    Slot(Parameter parameter, Group group) {
      this.parameter = parameter;
      this.group = group;
    }
  }

  /** For parameters that live in the same backend as {@code network}; add groups of them. */
  public Optimizer(Layer network) {
    scope = Scope.detached(network.scope().backend());
  }

  /** For all weights of an initialised network, by one rule. */
  public Optimizer(Layer network, Rule rule) {
    this(network);
    group(rule, network.parameters());
  }

  /** Adds parameters that move by this rule, with its own rate and decay. */
  public Optimizer group(Rule rule, Collection<Parameter> parameters) {
    Group group = new Group(rule);
    groups.add(group);
    for (Parameter parameter : parameters) {
      Slot slot = new Slot(parameter, group);
      if (slots.putIfAbsent(parameter.name(), slot) != null) {
        throw new IllegalArgumentException(parameter.name() + " is in a group already");
      }
      // Now, not in the first step: there they would take what the second step needs again.
      if (parameter.tensor().requiresGradient()) {
        allocate(slot);
      }
    }
    return this;
  }

  /**
   * Shortens gradients that are together longer than {@code largest}: with n = √Σg² over all
   * parameters, every g is multiplied by min(1, largest/(n + 1e-6)).
   *
   * <p>Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks",
   * ICML 2013; PyTorch's clip_grad_norm_.
   */
  public Optimizer clipNorm(double largest) {
    largestNorm = largest;
    return this;
  }

  /** Sets every group's rate to what the schedule says after {@code t} updates (or epochs). */
  public void follow(Schedule schedule, long t) {
    groups.forEach(group -> group.rate = schedule.rate(group.rule.rate(), t));
  }

  /** The rate of the first group's next update. */
  public double rate() {
    return groups.get(0).rate;
  }

  /** Moves every parameter that has a gradient, once. */
  public void step(Gradients gradients) {
    List<Slot> moved =
        slots.values().stream().filter(s -> gradients.has(s.parameter.tensor())).toList();
    Tensor shrink = moved.isEmpty() ? null : shrink(moved, gradients);
    List<Descent> steps = new ArrayList<>();
    for (Slot slot : moved) {
      Tensor parameter = slot.parameter.tensor();
      Tensor gradient = gradients.of(parameter);
      allocate(slot);
      slot.steps++;
      steps.add(
          new Descent(
              parameter,
              slot.group.rule.update(slot.group.rate, slot.steps),
              shrink == null ? gradient : gradient.mul(shrink),
              slot.m,
              slot.v));
    }
    Descent.all(steps);
  }

  /** What clipping multiplies with, shape [], or null if there is no limit. */
  private Tensor shrink(List<Slot> moved, Gradients gradients) {
    if (largestNorm == Double.POSITIVE_INFINITY) {
      return null;
    }
    Tensor squares = Tensor.scalar(0);
    for (Slot slot : moved) {
      squares = squares.add(gradients.of(slot.parameter.tensor()).square().sum());
    }
    Tensor norm = squares.sqrt().add(1e-6);
    return Tensor.scalar(largestNorm).div(norm).min(Tensor.scalar(1));
  }

  private void allocate(Slot slot) {
    int states = slot.group.rule.states();
    if (slot.m == null && states > 0) {
      slot.m = scope.run(() -> Tensor.zeros(slot.parameter.shape()));
    }
    if (slot.v == null && states > 1) {
      slot.v = scope.run(() -> Tensor.zeros(slot.parameter.shape()));
    }
  }

  // ---- checkpoints ----

  /** Everything it remembers: {@code <parameter>.step}, {@code .m}, {@code .v}, and the rates. */
  public StateDict state() {
    StateDict state = new StateDict();
    for (int i = 0; i < groups.size(); i++) {
      state.put("rate." + i, StateDict.Value.of(Shape.of(), groups.get(i).rate));
    }
    slots.forEach(
        (name, slot) -> {
          if (slot.steps == 0) {
            return;
          }
          state.put(name + ".step", StateDict.Value.of(slot.steps));
          if (slot.m != null) {
            state.put(name + ".m", StateDict.Value.of(slot.m));
          }
          if (slot.v != null) {
            state.put(name + ".v", StateDict.Value.of(slot.v));
          }
        });
    return state;
  }

  /**
   * Goes on from a {@link #state} of an optimiser with the same groups; before the first step.
   *
   * @param where what is restored, for the message
   * @throws UserError if it is that of another one
   */
  public void restore(StateDict state, String where) {
    state.values().forEach((key, value) -> restore(key, value, where));
  }

  private void restore(String key, StateDict.Value value, String where) {
    for (int i = 0; i < groups.size(); i++) {
      if (key.equals("rate." + i)) {
        groups.get(i).rate = value.doubles()[0];
        return;
      }
    }
    int dot = key.lastIndexOf('.');
    Slot slot = dot < 0 ? null : slots.get(key.substring(0, dot));
    String what = key.substring(dot + 1);
    if (slot == null || !fits(slot, what, value.shape())) {
      throw UserError.of("the state of the optimiser does not fit: " + key + " " + value.shape())
          .at(where)
          .rule("a parameter of the network with its shape, moved by the same rule")
          .mend("resume with the configuration that the run was started with");
    }
    allocate(slot);
    if (what.equals("step")) {
      slot.steps = value.whole();
    } else {
      value.into(what.equals("m") ? slot.m : slot.v);
    }
  }

  private static boolean fits(Slot slot, String what, Shape shape) {
    int states = slot.group.rule.states();
    boolean like = shape.equals(slot.parameter.shape());
    return switch (what) {
      case "step" -> shape.rank() == 0;
      case "m" -> states > 0 && like;
      case "v" -> states > 1 && like;
      default -> false;
    };
  }

  /** Lets go of the states. */
  @Override
  public void close() {
    scope.close();
  }
}

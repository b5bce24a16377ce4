package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.io.Safetensors;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Plateau;
import akin.nn.optim.Rule;
import akin.nn.optim.Schedule;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimisers and schedules agree with PyTorch's, update by update. */
class GoldenOptimTest {
  private static final int UPDATES = 12;
  private static final int NUMBERS = 6;

  /** Six numbers; their gradient is whatever they are multiplied with. */
  private static final class Numbers extends Layer {
    Numbers() {
      parameter("p", Shape.of(NUMBERS), Initializer.constant(0));
    }

    @Override
    protected Tensor forward(Tensor gradient) {
      return parameters().get(0).tensor().mul(gradient).sum();
    }
  }

  static Stream<String> rules() {
    return names(Training.json("training/optimizers.json").get("runs"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void trajectory(String name) {
    JsonNode run = Training.json("training/optimizers.json").get("runs").get(name);
    Rule rule = Options.rule(run);
    if (rule == null) {
      skip("no rule such as optimizers/" + name + " " + run);
    }
    try (Backend backend = Backends.open("reference", 1);
        Scope scope = Scope.open(backend);
        Layer numbers = new Numbers();
        Safetensors tensors = Training.tensors("training/optimizers.safetensors")) {
      numbers.initialise(scope.backend(), 0);
      Tensor p = numbers.parameters().get(0).tensor();
      p.assign(tensors.tensor("start").doubles());
      double[] gradients = tensors.tensor("gradients").doubles();
      double[] expected = tensors.tensor(name).doubles();
      try (Optimizer optimizer = new Optimizer(numbers, rule)) {
        for (int t = 0; t < UPDATES; t++) {
          int from = t * NUMBERS;
          try (Tape tape = Tape.open()) {
            double[] gradient = Arrays.copyOfRange(gradients, from, from + NUMBERS);
            Tensor loss = numbers.apply(Tensor.of(Shape.of(NUMBERS), gradient));
            optimizer.step(tape.backward(loss));
          }
          double[] row = Arrays.copyOfRange(expected, from, from + NUMBERS);
          Training.assertClose("after update " + t, row, p.toDoubles(), 1e-12);
        }
      }
    }
  }

  /** The schedules that Akin has under PyTorch's names, base rate 0.1. */
  private static final Map<String, Schedule> SCHEDULES =
      Map.of(
          "step", Schedule.step(7, 0.1),
          "multistep", Schedule.multiStep(0.5, 5, 12, 20),
          "multistep_repeated", Schedule.multiStep(0.5, 4, 4, 9),
          "exponential", Schedule.exponential(0.9),
          "cosine", Schedule.cosine(30, 0),
          "cosine_eta_min_past_T_max", Schedule.cosine(10, 0.001),
          "lambda_warmup", Schedule.constant().warmedLinearly(8));

  private static final Map<String, Plateau.Options> PLATEAUS =
      Map.of(
          "plateau", Plateau.Options.of(0.5, 2),
          "plateau_cooldown", new Plateau.Options(false, 0.1, 1, 1e-4, true, 2, 1e-4),
          "plateau_abs", new Plateau.Options(false, 0.5, 2, 0.05, false, 0, 0),
          "plateau_max", new Plateau.Options(true, 0.5, 3, 1e-4, true, 0, 0));

  static Stream<String> schedules() {
    return names(Training.json("training/schedulers.json").get("runs"));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void schedule(String name) {
    JsonNode run = Training.json("training/schedulers.json").get("runs").get(name);
    if (!SCHEDULES.containsKey(name) && !PLATEAUS.containsKey(name)) {
      skip("no schedule such as schedulers/" + name + " " + run.get("scheduler"));
    }
    Plateau plateau = PLATEAUS.containsKey(name) ? new Plateau(PLATEAUS.get(name)) : null;
    Schedule schedule = plateau == null ? SCHEDULES.get(name) : plateau;
    for (int t = 0; t < run.get("lr").size(); t++) {
      double expected = run.get("lr").get(t).asDouble();
      double actual = schedule.rate(run.get("base_lr").asDouble(), t);
      assertEquals(expected, actual, 1e-12 * expected, "rate of update " + t);
      if (plateau != null) {
        plateau.observe(run.get("metric").get(t).asDouble());
      }
    }
  }

  /** What is skipped is skipped because Akin lacks it, not by a slip of this test. */
  @Test
  void halfOfPyTorchIsOurs() {
    JsonNode runs = Training.json("training/optimizers.json").get("runs");
    assertEquals(10, rules().filter(name -> Options.rule(runs.get(name)) != null).count());
    Set<String> ours = new HashSet<>(SCHEDULES.keySet());
    ours.addAll(PLATEAUS.keySet());
    assertEquals(11, schedules().filter(ours::contains).count());
  }

  private static void skip(String reason) {
    System.out.println("skipped: " + reason);
    abort(reason);
  }

  private static Stream<String> names(JsonNode runs) {
    Iterable<String> names = runs::fieldNames;
    return StreamSupport.stream(names.spliterator(), false);
  }
}

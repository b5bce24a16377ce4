package akin.retrieval.train;

import akin.nn.Layer;
import akin.nn.NamePattern;
import akin.nn.Parameter;
import akin.nn.optim.Adam;
import akin.nn.optim.AdamW;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Plateau;
import akin.nn.optim.Rule;
import akin.nn.optim.Scaled;
import akin.nn.optim.Schedule;
import akin.nn.optim.Sgd;
import akin.nn.optim.Sharpness;
import akin.retrieval.config.TrainingConfig;
import akin.retrieval.config.TrainingConfig.OptimizerConfig;
import akin.retrieval.config.TrainingConfig.ScheduleConfig;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Makes the optimiser and the learning rate's schedule that a recipe names. */
final class Rates {
  private Rates() {}

  /**
   * The optimiser of all weights, those of one factor in one group; the first group has factor 1,
   * so that its rate is the recipe's.
   *
   * @throws UserError if a pattern of the recipe matches no weight
   */
  static Optimizer optimizer(TrainingConfig config, Layer network) {
    Map<Parameter, Double> factors = new LinkedHashMap<>();
    network.parameters().forEach(p -> factors.put(p, 1.0));
    config
        .rates()
        .forEach(
            (pattern, factor) -> matching(pattern, network).forEach(p -> factors.put(p, factor)));
    Map<Double, List<Parameter>> groups = new LinkedHashMap<>();
    groups.put(1.0, new ArrayList<>());
    factors.forEach((p, f) -> groups.computeIfAbsent(f, none -> new ArrayList<>()).add(p));
    Rule rule = rule(config.optimizer());
    Optimizer optimizer = new Optimizer(network);
    groups.forEach((f, group) -> optimizer.group(f == 1 ? rule : new Scaled(rule, f), group));
    return config.clip() > 0 ? optimizer.clipNorm(config.clip()) : optimizer;
  }

  private static List<Parameter> matching(String pattern, Layer network) {
    try {
      return new NamePattern(pattern).weights(network);
    } catch (UserError e) {
      throw e.at("training.rates");
    }
  }

  private static Rule rule(OptimizerConfig config) {
    if (config instanceof OptimizerConfig.Sgd sgd) {
      return new Sgd(sgd.rate(), sgd.momentum(), 0, sgd.nesterov(), sgd.decay());
    }
    if (config instanceof OptimizerConfig.Adam adam) {
      return new Adam(adam.rate(), adam.beta1(), adam.beta2(), adam.eps(), adam.decay());
    }
    OptimizerConfig.AdamW adamW = (OptimizerConfig.AdamW) config;
    return new AdamW(adamW.rate(), adamW.beta1(), adamW.beta2(), adamW.eps(), adamW.decay());
  }

  /** The plateau schedule, which has a state, or null for the others. */
  static Plateau plateau(TrainingConfig config) {
    return config.schedule() instanceof ScheduleConfig.Plateau p
        ? new Plateau(Plateau.Options.of(p.factor(), p.patience()))
        : null;
  }

  /** Two passes an update, or null for one. */
  static Sharpness sharpness(TrainingConfig config) {
    OptimizerConfig.Sharpness told = config.optimizer().sharpness();
    return told == null ? null : new Sharpness(told.radius(), told.adaptive());
  }

  /**
   * The rate by updates done.
   *
   * @param steps updates in an epoch
   * @param batch pictures of an update
   */
  static Schedule schedule(TrainingConfig config, Plateau plateau, int steps, int batch) {
    Schedule schedule = unwarmed(config, plateau, steps);
    TrainingConfig.Warmup warmup = config.warmup();
    if (warmup == null) {
      return schedule;
    }
    long length = warmup.span().updates(steps, batch);
    return warmup.kind() == TrainingConfig.Warmup.Kind.LINEAR
        ? schedule.warmedLinearly(length)
        : schedule.warmedExponentially(length);
  }

  private static Schedule unwarmed(TrainingConfig training, Plateau plateau, int steps) {
    ScheduleConfig config = training.schedule();
    long total = Math.max(1, training.updates(steps));
    if (config instanceof ScheduleConfig.Step s) {
      return Schedule.step((long) s.epochs() * steps, s.factor());
    }
    if (config instanceof ScheduleConfig.MultiStep m) {
      long[] at = m.epochs().stream().mapToLong(epoch -> (long) epoch * steps).toArray();
      return Schedule.multiStep(m.factor(), at);
    }
    if (config instanceof ScheduleConfig.Cosine c) {
      return by(c.by(), steps, total, length -> Schedule.cosine(length, c.lowest()));
    }
    if (config instanceof ScheduleConfig.Exponential e) {
      return by(e.by(), steps, total, length -> Schedule.exponential(e.factor()));
    }
    if (config instanceof ScheduleConfig.Polynomial p) {
      return by(p.by(), steps, total, n -> Schedule.polynomial(n, p.power(), p.lowest()));
    }
    if (config instanceof ScheduleConfig.OneCycle o) {
      return Schedule.oneCycle(total, o.rise(), o.first(), o.last());
    }
    return plateau == null ? Schedule.constant() : plateau;
  }

  /** A schedule over the run's updates, or over its epochs. */
  private static Schedule by(
      ScheduleConfig.By by, int steps, long total, LongFunction<Schedule> ofLength) {
    return by == ScheduleConfig.By.STEP
        ? ofLength.apply(total)
        : ofLength.apply((total + steps - 1) / steps).heldFor(steps);
  }
}

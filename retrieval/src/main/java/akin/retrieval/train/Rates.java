package akin.retrieval.train;

import akin.nn.Layer;
import akin.nn.optim.Adam;
import akin.nn.optim.AdamW;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Plateau;
import akin.nn.optim.Rule;
import akin.nn.optim.Schedule;
import akin.nn.optim.Sgd;
import akin.retrieval.config.TrainingConfig;
import akin.retrieval.config.TrainingConfig.OptimizerConfig;
import akin.retrieval.config.TrainingConfig.ScheduleConfig;

/** Makes the optimiser and the learning rate's schedule that a recipe names. */
final class Rates {
  private Rates() {}

  static Optimizer optimizer(TrainingConfig config, Layer network) {
    Optimizer optimizer = new Optimizer(network, rule(config.optimizer()));
    return config.clip() > 0 ? optimizer.clipNorm(config.clip()) : optimizer;
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

  /**
   * The rate by updates done.
   *
   * @param steps updates in an epoch
   * @param total updates of the whole run
   */
  static Schedule schedule(TrainingConfig config, Plateau plateau, int steps, long total) {
    Schedule schedule = unwarmed(config.schedule(), plateau, steps, total);
    TrainingConfig.Warmup warmup = config.warmup();
    if (warmup == null) {
      return schedule;
    }
    return warmup.kind() == TrainingConfig.Warmup.Kind.LINEAR
        ? schedule.warmedLinearly(warmup.steps())
        : schedule.warmedExponentially(warmup.steps());
  }

  private static Schedule unwarmed(ScheduleConfig config, Plateau plateau, int steps, long total) {
    if (config instanceof ScheduleConfig.Step s) {
      return Schedule.step((long) s.epochs() * steps, s.factor());
    }
    if (config instanceof ScheduleConfig.MultiStep m) {
      long[] at = m.epochs().stream().mapToLong(epoch -> (long) epoch * steps).toArray();
      return Schedule.multiStep(m.factor(), at);
    }
    if (config instanceof ScheduleConfig.Cosine c) {
      return Schedule.cosine(total, c.lowest());
    }
    return plateau == null ? Schedule.constant() : plateau;
  }
}

package akin.retrieval.train;

import akin.nn.optim.Optimizer;
import akin.nn.optim.Plateau;
import akin.nn.optim.Schedule;
import akin.retrieval.Progress;
import akin.retrieval.config.RunConfig;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.Scope;
import akin.tensor.Tape;
import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The training loop: batches, loss, update; after every epoch the validation loss, the shares of
 * easy, semi-hard and hard triplets, a row of metrics.csv and a checkpoint. Everything random is a
 * function of (seed, epoch, step), so a run that was killed at any moment and resumed ends with the
 * same bytes.
 */
public final class Trainer {
  private final RunConfig config;
  private final RunDirectory run;
  private final RetrievalModel model;
  private final Objective objective;
  private final TrainingData data;
  private final Progress progress;
  private final Optimizer optimizer;
  private final Schedule schedule;
  private final Plateau plateau;
  private History history = new History();
  private double best = Double.POSITIVE_INFINITY;

  /**
   * What a training ends with.
   *
   * @param steps updates of the whole run
   * @param loss mean training loss of the last epoch
   * @param history every epoch
   */
  public record Result(long steps, double loss, History history) {}

  Trainer(
      RunConfig config,
      RunDirectory run,
      RetrievalModel model,
      Objective objective,
      TrainingData data,
      Progress progress) {
    this.config = config;
    this.run = run;
    this.model = model;
    this.objective = objective;
    this.data = data;
    this.progress = progress;
    optimizer = Rates.optimizer(config.training(), model.networks());
    plateau = Rates.plateau(config.training());
    long total = (long) config.training().epochs() * objective.steps();
    schedule = Rates.schedule(config.training(), plateau, objective.steps(), total);
  }

  /**
   * Trains to the end.
   *
   * @param resume go on from the last checkpoint, if there is one
   */
  Result train(boolean resume) {
    try (optimizer) {
      int first = resume && Files.isRegularFile(run.last()) ? restore() : 0;
      int epochs = config.training().epochs();
      for (int epoch = first; epoch < epochs; epoch++) {
        EpochRow row = epoch(epoch);
        history.add(row);
        report(row, epochs);
        save(row);
      }
      List<EpochRow> rows = history.rows();
      EpochRow last = rows.get(rows.size() - 1);
      return new Result(last.step(), last.train().loss(), history);
    }
  }

  private EpochRow epoch(int epoch) {
    model.networks().train();
    Triplets sum = new Triplets();
    int steps = objective.steps();
    long done = (long) epoch * steps;
    String title = "epoch " + (epoch + 1) + "/" + config.training().epochs();
    try (Progress.Bar bar = progress.start(title, steps)) {
      for (int step = 0; step < steps; step++) {
        double loss = update(epoch, step, done + step, sum);
        bar.note(String.format(Locale.ROOT, "loss %.4f", loss));
        bar.advance(1);
      }
    }
    model.networks().eval();
    Optional<TrainingWarnings.Epoch> validation = objective.validate();
    if (plateau != null) {
      plateau.observe(validation.orElse(sum.epoch()).loss());
    }
    return new EpochRow(
        epoch + 1, done + steps, optimizer.rate(), sum.epoch(), validation.orElse(null));
  }

  private double update(int epoch, int step, long done, Triplets sum) {
    model.networks().step(done);
    int[] batch = objective.batch(epoch, step);
    try (Scope scope = Scope.open(data.backend());
        Tape tape = Tape.open()) {
      Objective.Outcome outcome = objective.loss(batch, epoch, step);
      double loss = outcome.loss().item();
      if (!Double.isFinite(loss)) {
        throw notFinite(loss, tape, batch, epoch, step);
      }
      optimizer.follow(schedule, done);
      optimizer.step(tape.backward(outcome.loss()));
      sum.loss(loss, batch.length);
      if (outcome.triplets() != null) {
        sum.add(outcome.triplets());
      }
      return loss;
    }
  }

  private UserError notFinite(double loss, Tape tape, int[] batch, int epoch, int step) {
    StringBuilder what = new StringBuilder("the loss is " + loss);
    tape.firstNonFinite()
        .ifPresent(
            first -> {
              what.append("; first in ").append(first);
              if (first.output().rank() > 0 && first.output().size(0) == batch.length) {
                what.append(", picture ").append(data.trainSet().id(batch[(int) first.row()]));
              }
            });
    return UserError.of(what.toString())
        .at("epoch " + (epoch + 1) + ", step " + (step + 1))
        .rule(
            Files.isRegularFile(run.last())
                ? "losses are finite; the last good checkpoint is kept: " + run.last()
                : "losses are finite; no epoch was finished, so there is no checkpoint yet")
        .mend("lower training.optimizer.rate, or clip gradients with training.clip");
  }

  private void report(EpochRow row, int epochs) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT, "epoch %d/%d  loss %.4f", row.epoch(), epochs, row.train().loss()));
    shares(line, row.train());
    if (row.validation() != null) {
      line.append(String.format(Locale.ROOT, "  | validation loss %.4f", row.validation().loss()));
      shares(line, row.validation());
    }
    progress.say(line.toString());
    objective
        .margin()
        .ifPresent(m -> history.warnings(m).forEach(w -> progress.say("  warning: " + w.text())));
  }

  private static void shares(StringBuilder line, TrainingWarnings.Epoch epoch) {
    if (epoch.shares().total() > 0) {
      line.append(
          String.format(
              Locale.ROOT,
              "  easy %.1f %%, semi-hard %.1f %%, hard %.1f %%",
              100 * epoch.shares().easyShare(),
              100 * epoch.shares().semiHardShare(),
              100 * epoch.shares().hardShare()));
    }
  }

  /** Without validation the last weights are the best. */
  private void save(EpochRow row) {
    double judged = row.validation() == null ? Double.NaN : row.validation().loss();
    boolean better = row.validation() == null || judged < best;
    if (better) {
      best = row.validation() == null ? best : judged;
      Path file = run.best(row.epoch(), row.validation() == null ? row.train().loss() : judged);
      ModelFile.write(file, config, model, data.trainSet());
      ModelFile.write(run.model(), config, model, data.trainSet());
      run.keepOnly(file);
    }
    RunState.write(run.last(), model, optimizer, plateau, history, best);
    history.write(run.metrics());
  }

  private int restore() {
    RunState state = RunState.read(run.last(), model, optimizer, plateau);
    history = state.history();
    best = state.best();
    history.write(run.metrics());
    progress.say("resuming after epoch " + history.rows().size());
    return history.rows().size();
  }
}

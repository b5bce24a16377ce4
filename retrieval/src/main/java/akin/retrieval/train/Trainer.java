package akin.retrieval.train;

import akin.nn.optim.Optimizer;
import akin.nn.optim.Plateau;
import akin.nn.optim.Schedule;
import akin.retrieval.Progress;
import akin.retrieval.config.HeadConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.config.TrainingConfig;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The training loop: batches, loss, update; after every epoch the validation loss, the shares of
 * easy, semi-hard and hard triplets, a row of metrics.csv and a checkpoint. It ends after the last
 * epoch, or once what is watched has not become better for a while. Everything random is a function
 * of (seed, epoch, step), so a run that was killed at any moment and resumed ends with the same
 * bytes.
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
  private final Passes passes;
  private final long total; // updates of the whole run
  private final long keepEvery; // updates between two models that are kept; 0 for none
  private Steps steps = new Steps();
  private final TrainingConfig.Monitor monitor;
  private History history = new History();
  private double best = Double.POSITIVE_INFINITY;

  /**
   * What a training ends with.
   *
   * @param steps updates of the whole run
   * @param loss mean training loss of the last epoch; NaN if nothing was trained
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
    monitor = config.training().monitor();
    plateau = Rates.plateau(config.training());
    total = config.training().updates(objective.steps());
    int batch = objective.batch(0, 0).length;
    schedule = Rates.schedule(config.training(), plateau, objective.steps(), batch);
    TrainingConfig.Span keep = config.training().keep();
    keepEvery = keep == null ? 0 : keep.updates(objective.steps(), batch);
    passes =
        new Passes(
            model,
            objective,
            data,
            config.training().shards(),
            Rates.sharpness(config.training()),
            "losses are finite; what was trained before is kept in " + run.path());
  }

  /**
   * Trains to the end.
   *
   * @param resume go on from the last checkpoint, if there is one
   */
  Result train(boolean resume) {
    try (optimizer) {
      int first = resume && Files.isRegularFile(run.last()) ? restore() : 0;
      if (total == 0) {
        return untrained();
      }
      for (int epoch = first; epoch < epochs() && !stopped(); epoch++) {
        EpochRow row = epoch(epoch);
        history.add(row);
        report(row);
        save(row);
      }
      List<EpochRow> rows = history.rows();
      EpochRow last = rows.get(rows.size() - 1);
      if (keepEvery > 0 && last.step() < total) {
        model.networks().eval();
        keepNow(last.step()); // training stopped early
      }
      return new Result(last.step(), last.train().loss(), history);
    }
  }

  private int epochs() {
    return Math.toIntExact((total + objective.steps() - 1) / objective.steps());
  }

  /** The model as it begins: what its backbone knows already. */
  private Result untrained() {
    model.networks().eval();
    if (config.model().head() != null
        && !(config.model().head() instanceof HeadConfig.Pooling)
        && config.model().from() == null) {
      progress.say(
          "nothing is trained: the head's weights are random, so embeddings are a random projection"
              + " of features; a head without weights is model.head={kind: pooling}");
    }
    ModelFile.writeChecked(run.model(), config, model, data);
    steps.write(run.steps());
    history.write(run.metrics());
    return new Result(0, Double.NaN, history);
  }

  private EpochRow epoch(int epoch) {
    model.networks().train();
    Triplets sum = new Triplets();
    long done = (long) epoch * objective.steps();
    int updates = (int) Math.min(objective.steps(), total - done);
    String title = "epoch " + (epoch + 1) + "/" + epochs();
    try (Progress.Bar bar = progress.start(title, updates)) {
      for (int step = 0; step < updates; step++) {
        optimizer.follow(schedule, done + step);
        double loss = passes.update(optimizer, new Passes.Moment(epoch, step, done + step), sum);
        steps.add(optimizer.rate(), loss);
        keep(done + step + 1);
        bar.note(String.format(Locale.ROOT, "loss %.4f", loss));
        bar.advance(1);
      }
    }
    model.networks().eval();
    Optional<TrainingWarnings.Epoch> validation = objective.validate();
    EpochRow row =
        new EpochRow(
            epoch + 1, done + updates, optimizer.rate(), sum.epoch(), validation.orElse(null));
    requirePosition(row);
    if (plateau != null) {
      plateau.observe(row.figure(monitor));
    }
    return row;
  }

  private void requirePosition(EpochRow row) {
    if (monitor == TrainingConfig.Monitor.POSITION && Double.isNaN(row.figure(monitor))) {
      throw UserError.of("no picture of the batches has another of its class beside it")
          .at("training.monitor: position")
          .rule("a position is that of other pictures of the same class in the same batch")
          .mend("set objective.sampler: random, a larger training.batch, or monitor: loss");
    }
  }

  /** Whether the last epochs, as many as the recipe puts up with, brought nothing better. */
  private boolean stopped() {
    int patience = config.training().stopAfter();
    List<EpochRow> rows = history.rows();
    int bestEpoch = 0;
    double least = Double.POSITIVE_INFINITY;
    for (EpochRow row : rows) {
      if (row.figure(monitor) < least) {
        least = row.figure(monitor);
        bestEpoch = row.epoch();
      }
    }
    boolean stopped = patience > 0 && rows.size() - bestEpoch >= patience;
    if (stopped) {
      progress.say("stopping: no better epoch since epoch " + bestEpoch);
    }
    return stopped;
  }

  /** Leaves a model of its own after so many updates, if it is time for one. */
  private void keep(long done) {
    if (keepEvery > 0 && (done % keepEvery == 0 || done == total)) {
      model.networks().eval();
      keepNow(done);
      model.networks().train();
    }
  }

  private void keepNow(long done) {
    ModelFile.writeChecked(run.kept(done, objective.steps()), config, model, data);
  }

  private void report(EpochRow row) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT, "epoch %d/%d  loss %.4f", row.epoch(), epochs(), row.train().loss()));
    shares(line, row.train());
    if (row.validation() != null) {
      line.append(String.format(Locale.ROOT, "  | validation loss %.4f", row.validation().loss()));
      shares(line, row.validation());
    }
    if (monitor != TrainingConfig.Monitor.LOSS) {
      line.append(
          String.format(Locale.ROOT, "  %s %.4f", RunDirectory.name(monitor), row.figure(monitor)));
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
    double judged = row.figure(monitor);
    boolean better = row.validation() == null || row.epoch() == 1 || judged < best;
    if (better) {
      best = row.validation() == null ? best : judged;
      Path file = run.best(row.epoch(), monitor, judged);
      ModelFile.write(file, config, model, data.trainSet());
      ModelFile.writeChecked(run.model(), config, model, data);
      run.keepOnly(file);
    }
    steps.write(run.steps());
    RunState.write(run.last(), model, optimizer, plateau, history, best);
    history.write(run.metrics());
  }

  private int restore() {
    RunState state = RunState.read(run.last(), model, optimizer, plateau);
    history = state.history();
    best = state.best();
    List<EpochRow> rows = history.rows();
    steps = Steps.read(run.steps(), rows.isEmpty() ? 0 : rows.get(rows.size() - 1).step());
    history.write(run.metrics());
    progress.say("resuming after epoch " + history.rows().size());
    return history.rows().size();
  }
}

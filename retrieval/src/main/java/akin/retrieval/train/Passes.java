package akin.retrieval.train;

import akin.nn.StateDict;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Sharpness;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.Gradients;
import akin.tensor.Scope;
import akin.tensor.Tape;
import akin.tensor.UserError;
import java.util.function.Consumer;

/**
 * The forward and backward passes of an update: over shards of the batch one after the other, and
 * twice where {@linkplain Sharpness flat minima} are looked for.
 *
 * <p>A batch of N pictures is cut into S shards, the first from 0 to ⌊N/S⌋ − 1 and so on; the loss
 * is Σ n_s/N·loss_s, and gradients are added up in the shards' order. How many threads work does
 * not matter to that. One shard is the batch as it is.
 *
 * @param shards S
 * @param sharpness null for one pass
 * @param advice what to do when the loss is not finite
 */
record Passes(
    RetrievalModel model,
    Objective objective,
    TrainingData data,
    int shards,
    Sharpness sharpness,
    String advice) {
  /** Where a run stands: batch {@code step} of an epoch, after {@code done} updates. */
  record Moment(int epoch, int step, long done) {}

  /**
   * Moves the weights once; returns the loss before.
   *
   * @param sum takes the loss and the triplets
   */
  double update(Optimizer optimizer, Moment at, Triplets sum) {
    if (sharpness == null) {
      return pass(at, sum, optimizer::step);
    }
    Sharpness.Climb[] climb = new Sharpness.Climb[1];
    StateDict remembered = StateDict.remembered(model.networks());
    double loss = pass(at, sum, g -> climb[0] = sharpness.climb(model.networks(), g));
    remembered.overwrite(model.networks()); // a memory would hold the batch twice
    pass(
        at,
        new Triplets(),
        g -> {
          climb[0].back();
          optimizer.step(g);
        });
    return loss;
  }

  private double pass(Moment at, Triplets sum, Consumer<Gradients> use) {
    int[] batch = objective.batch(at.epoch(), at.step());
    double loss = shards == 1 ? whole(batch, at, sum, use) : cut(batch, at, sum, use);
    sum.loss(loss, batch.length);
    return loss;
  }

  private double whole(int[] batch, Moment at, Triplets sum, Consumer<Gradients> use) {
    model.networks().step(at.done());
    try (Scope scope = Scope.open(data.backend());
        Tape tape = Tape.open()) {
      Objective.Outcome outcome = objective.loss(batch, at.epoch(), at.step());
      double loss = finite(outcome, tape, batch, at, sum);
      use.accept(tape.backward(outcome.loss()));
      return loss;
    }
  }

  private double cut(int[] batch, Moment at, Triplets sum, Consumer<Gradients> use) {
    Gradients total = Gradients.none();
    Scope kept = Scope.detached(data.backend());
    double loss = 0;
    try {
      for (int s = 0; s < shards; s++) {
        int[] shard = Shards.of(batch, s, shards);
        if (shard.length > 0) {
          Scope next = Scope.detached(data.backend());
          double share = (double) shard.length / batch.length;
          model.networks().step(at.done() * shards + s);
          try (Scope scope = Scope.open(data.backend());
              Tape tape = Tape.open()) {
            int step = Shards.step(at.step(), s, shards);
            Objective.Outcome outcome = objective.loss(shard, at.epoch(), step);
            loss += share * finite(outcome, tape, shard, at, sum);
            Gradients own = tape.backward(outcome.loss().mul(share));
            Gradients before = total;
            total = next.run(() -> before.plus(own));
          }
          kept.close();
          kept = next;
        }
      }
      Gradients all = total;
      try (Scope scope = Scope.open(data.backend())) {
        use.accept(all);
      }
    } finally {
      kept.close();
    }
    return loss;
  }

  private double finite(
      Objective.Outcome outcome, Tape tape, int[] batch, Moment at, Triplets sum) {
    double loss = outcome.loss().item();
    if (!Double.isFinite(loss)) {
      throw notFinite(loss, tape, batch, at);
    }
    if (outcome.triplets() != null) {
      sum.add(outcome.triplets());
    }
    return loss;
  }

  private UserError notFinite(double loss, Tape tape, int[] batch, Moment at) {
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
        .at("epoch " + (at.epoch() + 1) + ", step " + (at.step() + 1))
        .rule(advice)
        .mend("lower training.optimizer.rate, or clip gradients with training.clip");
  }
}

package akin.retrieval.evaluation;

import akin.retrieval.Session;
import akin.retrieval.data.Parallel;
import akin.retrieval.metric.Metric;
import akin.retrieval.metric.PrecisionRecall;
import akin.retrieval.metric.QueryFigures;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Measures how well a gallery is ranked for queries.
 *
 * @param metrics of each query
 * @param nearest how many nearest rows of each query are wanted besides
 * @param memory bytes that may be used
 * @param besides bytes of it that other work needs meanwhile
 * @param spoken whether the plan is told before the work begins
 */
public record Evaluator(
    List<Metric> metrics, int nearest, long memory, long besides, boolean spoken) {
  private static final int BLOCK = 1 << 16;

  /**
   * What is compared.
   *
   * @param queries [Q, D]
   * @param gallery [N, D]
   * @param distance that ranks
   * @param judgement tells relevant rows
   */
  public record Task(Vectors queries, Vectors gallery, Distance distance, Judgement judgement) {
    ExactRanking ranking(MemoryPlan plan) {
      return new ExactRanking(queries, gallery, distance, judgement, plan);
    }
  }

  /**
   * What was measured.
   *
   * @param plan how it was cut
   * @param figures of each query
   * @param perRank precision over recall at every rank
   * @param elevenPoints interpolated precision at recall 0, 0.1, … 1
   */
  public record Outcome(
      MemoryPlan plan,
      QueryFigures figures,
      PrecisionRecall perRank,
      PrecisionRecall elevenPoints) {}

  /** Half of what this process may ever use. */
  public static long usualMemory() {
    return Runtime.getRuntime().maxMemory() / 2;
  }

  /**
   * Ranks and measures.
   *
   * @param more takes every chunk of queries besides, in order
   * @throws UserError if it does not fit into the memory, with what would
   */
  public Outcome measure(Task task, Session session, Consumer<ExactRanking.Chunk> more) {
    int q = task.queries.count();
    int n = task.gallery.count();
    // The curve over all ranks: a count and a sum of each while it is made, then two numbers.
    long whole = 32L * n + besides;
    MemoryPlan.Work work =
        new MemoryPlan.Work(
            q,
            n,
            task.gallery.width(),
            task.judgement.most(q),
            nearest,
            QueryFigures.bytes(metrics.size()),
            whole,
            session.threads());
    MemoryPlan plan = MemoryPlan.of(work, memory);
    if (spoken) {
      session.progress().say("exact evaluation: " + plan);
    }
    QueryFigures figures = new QueryFigures(q, metrics);
    PrecisionRecall.Sums sums = new PrecisionRecall.Sums(n);
    task.ranking(plan)
        .forEach(
            session,
            chunk -> {
              Parallel.forEach(
                  chunk.rankings().size(),
                  session.threads(),
                  i -> figures.put(chunk.first() + i, chunk.rankings().get(i)));
              chunk.rankings().forEach(sums::add);
              more.accept(chunk);
            });
    return new Outcome(plan, figures, sums.perRank(), sums.elevenPoints());
  }

  /**
   * Refuses numbers that are none: they have no distance from anything.
   *
   * @param where a row's place, for the message
   * @throws UserError that names the first such row
   */
  public static void requireFinite(Vectors rows, IntFunction<String> where) {
    int d = rows.width();
    int some = Math.max(1, BLOCK / d);
    float[] block = new float[some * d];
    for (int first = 0; first < rows.count(); first += some) {
      int count = Math.min(some, rows.count() - first);
      rows.read(first, count, block, 0);
      for (int i = 0; i < count * d; i++) {
        if (!Float.isFinite(block[i])) {
          throw UserError.of("a feature is " + block[i])
              .at(where.apply(first + i / d))
              .rule("features are finite numbers; this is number " + (i % d + 1) + " of " + d)
              .mend("make them again, or leave the row out");
        }
      }
    }
  }
}

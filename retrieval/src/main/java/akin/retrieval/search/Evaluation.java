package akin.retrieval.search;

import akin.retrieval.Session;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.data.Split;
import akin.retrieval.evaluation.Evaluator;
import akin.retrieval.evaluation.Judgement;
import akin.retrieval.evaluation.UnitRows;
import akin.retrieval.metric.Metric;
import akin.retrieval.metric.PrecisionRecall;
import akin.retrieval.metric.Scores;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures how well a run retrieves.
 *
 * <p>With attributes: every attribute is a query, every pair of attributes that at least ten
 * pictures have, and every attribute without another where at least ten pictures have the one alone
 * and ten have both; relevant are the pictures that have all wanted and no unwanted ones. With
 * classes: every picture is a query once, its own class is relevant, and it is not its own answer.
 */
public final class Evaluation {
  static final List<Metric> METRICS =
      Metric.named(
          List.of(
              "P@1",
              "P@5",
              "P@10",
              "P@100",
              "mAP",
              "MAP@R",
              "AP-mean-P",
              "R-precision",
              "MRR",
              "Recall@1",
              "Recall@2",
              "Recall@4",
              "Recall@8",
              "AP@10"));

  private Evaluation() {}

  /**
   * What was measured.
   *
   * @param gallery pictures that were searched
   * @param scores the means over all queries
   * @param baseRate mean share of relevant pictures: what a random ranking's P@K is on average
   * @param accuracy share of rightly classified pictures; NaN unless the run is a classifier
   * @param perRank precision over recall at every rank
   * @param elevenPoints interpolated precision at recall 0, 0.1, … 1
   * @param single each query by itself, for attributes; empty with classes
   * @param forms for attributes, the scores of each other form of query
   * @param pairs for attributes, the scores of pairs; null if no pair is common enough
   * @param without for attributes, the scores of one without another; null likewise
   */
  public record Result(
      Split split,
      int gallery,
      Scores scores,
      double baseRate,
      double accuracy,
      PrecisionRecall perRank,
      PrecisionRecall elevenPoints,
      List<Single> single,
      Map<QueryForm, Scores> forms,
      Scores pairs,
      Scores without) {}

  /** One attribute as a query. */
  public record Single(String attribute, int relevant, Scores scores) {}

  /**
   * Embeds the split, stores it as the run's gallery if it is the default one, and measures.
   *
   * @param memory bytes that the measuring may use
   * @throws UserError if it does not fit into them
   */
  public static Result of(Run run, Split split, long memory) {
    Dataset pictures = run.pictures(split);
    Gallery gallery = run.embed(pictures);
    if (split == run.defaultSplit()) {
      gallery.save(run.directory().index());
    }
    return run.attributes()
        ? new AttributeEvaluation(run, gallery, memory).result(split)
        : byClasses(
            split,
            pictures,
            gallery.index().embeddings(),
            accuracy(run, pictures),
            evaluator(memory),
            run.session());
  }

  /** Share of rightly classified pictures; NaN unless the run is a classifier. */
  private static double accuracy(Run run, Dataset pictures) {
    if (!(run.config().objective() instanceof ObjectiveConfig.Classifier)) {
      return Double.NaN;
    }
    int[] guessed = run.embedder().classify(pictures);
    return IntStream.range(0, guessed.length).filter(i -> guessed[i] == pictures.label(i)).count()
        / (double) guessed.length;
  }

  /**
   * Measures features as they are, untrained, by their cosine: every picture of the split is a
   * query once, and its own class is relevant.
   *
   * @param memory bytes that the measuring may use, beside a mapped file
   * @throws UserError if the data set holds no features, or no classes
   */
  public static Result ofFeatures(Dataset pictures, Split split, long memory, Session session) {
    Features features =
        pictures
            .features()
            .orElseThrow(
                () ->
                    UserError.of("the data set holds no features")
                        .at(pictures.name())
                        .mend("give a file that akin extract wrote, or the folder of a run"));
    return byClasses(
        split, pictures, new UnitRows(features.rows()), Double.NaN, evaluator(memory), session);
  }

  private static Evaluator evaluator(long memory) {
    return new Evaluator(METRICS, 0, memory, true);
  }

  private static Result byClasses(
      Split split,
      Dataset pictures,
      Vectors rows,
      double accuracy,
      Evaluator evaluator,
      Session session) {
    int n = rows.count();
    int[] labels = IntStream.range(0, n).map(pictures::label).toArray();
    if (IntStream.of(labels).allMatch(l -> l < 0)) {
      throw UserError.of("the pictures have no classes to judge by")
          .at(pictures.name())
          .rule("pictures are relevant to each other where their classes are the same")
          .mend("evaluate on a data set with classes; for attributes, train heads first");
    }
    Evaluator.requireFinite(rows, row -> pictures.name() + ", " + pictures.id(row));
    Judgement judgement = Judgement.ofClasses(labels, labels, query -> new int[] {query});
    Evaluator.Outcome outcome =
        evaluator.measure(
            new Evaluator.Task(rows, rows, Distance.EUCLIDEAN, judgement), session, chunk -> {});
    return new Result(
        split,
        n,
        outcome.figures().scores(),
        outcome.figures().baseRate(),
        accuracy,
        outcome.perRank(),
        outcome.elevenPoints(),
        List.of(),
        Map.of(),
        null,
        null);
  }
}

package akin.retrieval.search;

import akin.retrieval.Session;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Features;
import akin.retrieval.data.Split;
import akin.retrieval.evaluation.ClassEvaluation;
import akin.retrieval.evaluation.ClassEvaluation.Wanted;
import akin.retrieval.evaluation.Evaluator;
import akin.retrieval.evaluation.Sides;
import akin.retrieval.evaluation.UnitRows;
import akin.retrieval.metric.PrecisionRecall;
import akin.retrieval.metric.ScoreCurve;
import akin.retrieval.metric.Scores;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures how well a run retrieves.
 *
 * <p>With attributes: every attribute is a query, every pair of attributes that at least ten
 * pictures have, and every attribute without another where at least ten pictures have the one alone
 * and ten have both; relevant are the pictures that have all wanted and no unwanted ones. With
 * classes: every picture is a query once, its own class is relevant, and it is not its own answer;
 * or the pictures of one part, or of one data set, ask for those of another.
 */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Which pictures ask or are searched: those of a split, or of another data set.
   *
   * @param split a split of the run's data set, or null
   * @param data another data set, or null
   */
  public record Part(Split split, Path data) {}

  /**
   * What is to be evaluated.
   *
   * @param split whose pictures ask each other
   * @param queries who asks instead; null for the split's
   * @param gallery who is searched instead; null for the split's
   * @param wanted measures
   * @param changed for attributes, how many queries of a picture and a changed attribute
   */
  public record Request(Split split, Part queries, Part gallery, Wanted wanted, int changed) {
    /** One split and the usual measures. */
    public static Request of(Split split) {
      return new Request(split, null, null, Wanted.usual(Evaluator.usualMemory()), 0);
    }

    private boolean oneSplit() {
      return queries == null && gallery == null;
    }
  }

  /**
   * What was measured.
   *
   * @param name what asked what, for people
   * @param split that was asked for
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
   * @param changed for attributes, queries of a picture and a changed attribute; null if not asked
   * @param found for classes, all there is to know; null for attributes
   */
  public record Result(
      String name,
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
      Scores without,
      ChangedQueries changed,
      ClassEvaluation.Found found) {}

  /**
   * One attribute as a query.
   *
   * @param relevant how many pictures have it
   * @param scores by ranks, equal distances by row
   * @param curve by distances, equal ones together
   */
  public record Single(String attribute, int relevant, Scores scores, ScoreCurve curve) {}

  /**
   * Embeds the pictures, stores them as the run's gallery if they are the default split, and
   * measures.
   *
   * @throws UserError if nothing can be measured, or it does not fit into the memory
   */
  public static Result of(Run run, Request request) {
    if (run.attributes()) {
      return byAttributes(run, request);
    }
    Sides sides =
        request.oneSplit()
            ? Sides.within(run.pictures(request.split))
            : sides(run.pictures(Split.ALL), request);
    sides.require();
    Gallery gallery = run.embed(sides.gallery());
    if (sides.oneVersusRest() && request.split == run.defaultSplit()) {
      gallery.save(run.directory().index());
    }
    Gallery queries = sides.oneVersusRest() ? gallery : run.embed(sides.queries());
    ClassEvaluation evaluation =
        new ClassEvaluation(
            sides,
            queries.index().embeddings(),
            gallery.index().embeddings(),
            gallery.index().metric());
    return result(request, evaluation, accuracy(run, sides.queries()), run.session());
  }

  private static Result byAttributes(Run run, Request request) {
    if (!request.oneSplit()) {
      throw UserError.of("the queries of this run are attributes")
          .at(request.queries == null ? "--gallery" : "--queries")
          .rule("--queries and --gallery are for runs that learned from classes")
          .mend("choose the gallery by --split");
    }
    Dataset pictures = run.pictures(request.split);
    run.requireAttributes(pictures);
    Gallery gallery = run.embed(pictures);
    if (request.split == run.defaultSplit()) {
      gallery.save(run.directory().index());
    }
    return new AttributeEvaluation(run, gallery, request.wanted.memory())
        .result(name(request), request);
  }

  /**
   * Share of rightly classified pictures, of those that have a class; NaN unless the run is a
   * classifier. Pictures of another data set may number their classes otherwise: names count, and a
   * class that was never learned is never right.
   */
  private static double accuracy(Run run, Dataset pictures) {
    if (!(run.config().objective() instanceof ObjectiveConfig.Classifier)) {
      return Double.NaN;
    }
    List<String> learned = run.pictures(Split.ALL).classNames();
    int[] guessed = run.embedder().classify(pictures);
    int[] judged = IntStream.range(0, guessed.length).filter(i -> pictures.label(i) >= 0).toArray();
    long right =
        IntStream.of(judged)
            .filter(i -> guessed[i] < learned.size()) // a network may have more outputs
            .filter(
                i -> learned.get(guessed[i]).equals(pictures.classNames().get(pictures.label(i))))
            .count();
    return (double) right / judged.length;
  }

  /**
   * Measures features as they are, untrained, by their cosine.
   *
   * @throws UserError if the data set holds no features or no classes, or features are no numbers
   */
  public static Result ofFeatures(Dataset all, Request request, Session session) {
    Sides sides =
        request.oneSplit() ? Sides.within(all.subset(request.split)) : sides(all, request);
    sides.require();
    Vectors queries = features(sides.queries());
    Vectors gallery = sides.oneVersusRest() ? queries : features(sides.gallery());
    if (queries.width() != gallery.width()) {
      throw UserError.of("queries and gallery are features of different widths")
          .at(sides.queries().name() + " against " + sides.gallery().name())
          .rule(queries.width() + " numbers against " + gallery.width())
          .mend("extract both with the same backbone");
    }
    ClassEvaluation evaluation =
        new ClassEvaluation(
            sides, new UnitRows(queries), new UnitRows(gallery), Distance.EUCLIDEAN);
    return result(request, evaluation, Double.NaN, session);
  }

  private static Vectors features(Dataset pictures) {
    Features features =
        pictures
            .features()
            .orElseThrow(
                () ->
                    UserError.of("the data set holds no features")
                        .at(pictures.name())
                        .mend("give a file that akin extract wrote, or the folder of a run"));
    return features.rows();
  }

  private static Sides sides(Dataset all, Request request) {
    Part asking = request.queries == null ? new Part(request.split, null) : request.queries;
    Part searched = request.gallery == null ? new Part(request.split, null) : request.gallery;
    if (asking.data == null && searched.data == null) {
      return Sides.of(all, all.indices(asking.split), all.indices(searched.split));
    }
    return Sides.across(part(all, asking), part(all, searched));
  }

  private static Dataset part(Dataset all, Part part) {
    return part.data == null
        ? all.subset(part.split)
        : Datasets.open(part.data, Datasets.Layout.AUTO);
  }

  private static Result result(
      Request request, ClassEvaluation evaluation, double accuracy, Session session) {
    requireFinite(evaluation.queries(), evaluation.sides().queries());
    if (!evaluation.sides().oneVersusRest()) {
      requireFinite(evaluation.gallery(), evaluation.sides().gallery());
    }
    ClassEvaluation.Found found = evaluation.measure(request.wanted, session);
    return new Result(
        name(request),
        request.split,
        evaluation.gallery().count(),
        found.outcome().figures().scores(),
        found.outcome().figures().baseRate(),
        accuracy,
        found.outcome().perRank(),
        found.outcome().elevenPoints(),
        List.of(),
        Map.of(),
        null,
        null,
        null,
        found);
  }

  private static void requireFinite(Vectors rows, Dataset pictures) {
    // A norm makes all of a row NaN: it is looked at as it was stored.
    Vectors stored = rows instanceof UnitRows unit ? unit.source() : rows;
    Evaluator.requireFinite(
        stored, row -> pictures.name() + ", row " + row + " (" + pictures.id(row) + ")");
  }

  private static String name(Request request) {
    String split = request.split.name().toLowerCase(Locale.ROOT) + " split";
    if (request.oneSplit()) {
      return split;
    }
    return (request.queries == null ? split : name(request.queries))
        + " against "
        + (request.gallery == null ? split : name(request.gallery));
  }

  private static String name(Part part) {
    return part.data == null
        ? part.split.name().toLowerCase(Locale.ROOT) + " split"
        : part.data.toString();
  }
}

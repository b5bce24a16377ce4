package akin.retrieval.search;

import akin.nn.Normalize;
import akin.retrieval.Index;
import akin.retrieval.Session;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.data.Split;
import akin.retrieval.metric.Metric;
import akin.retrieval.metric.PrecisionRecall;
import akin.retrieval.metric.RankedRelevance;
import akin.retrieval.metric.Scores;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.EnumMap;
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
  private static final List<Metric> METRICS =
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
  private static final int LEAST = 10;

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

  /** The wanted and the unwanted attributes of a query. */
  private record Wish(int[] wanted, int[] unwanted) {
    boolean fulfilled(Attributes table, int row) {
      return IntStream.of(wanted).allMatch(a -> table.has(row, a))
          && IntStream.of(unwanted).noneMatch(a -> table.has(row, a));
    }
  }

  /** One attribute as a query. */
  public record Single(String attribute, int relevant, Scores scores) {}

  /** Embeds the split, stores it as the run's gallery if it is the default one, and measures. */
  public static Result of(Run run, Split split) {
    Dataset pictures = run.pictures(split);
    Gallery gallery = run.embed(pictures);
    if (split == run.defaultSplit()) {
      gallery.save(run.directory().index());
    }
    return run.attributes()
        ? byAttributes(run, split, gallery)
        : byClasses(split, pictures, gallery.index(), accuracy(run, pictures));
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
   * @throws UserError if the data set holds no features, or no classes
   */
  public static Result ofFeatures(Dataset pictures, Split split, Session session) {
    Features features =
        pictures
            .features()
            .orElseThrow(
                () ->
                    UserError.of("the data set holds no features")
                        .at(pictures.name())
                        .mend("give a file that akin extract wrote, or the folder of a run"));
    int n = pictures.size();
    int width = features.width();
    float[] unit = features.rows().clone();
    for (int i = 0; i < n; i++) {
      normalize(unit, i * width, width);
    }
    List<String> ids = IntStream.range(0, n).mapToObj(pictures::id).toList();
    Index.Source source =
        new Index.Source(features.source().weights(), features.source().preprocessing());
    Index index =
        new Index(ids, Vectors.of(unit, n, width), Distance.EUCLIDEAN, source)
            .on(session, SearchForm.FLOAT32);
    return byClasses(split, pictures, index, Double.NaN);
  }

  private static void normalize(float[] rows, int from, int width) {
    double squares = 0;
    for (int i = from; i < from + width; i++) {
      squares += (double) rows[i] * rows[i];
    }
    double norm = Math.max(Math.sqrt(squares), Normalize.EPS);
    for (int i = from; i < from + width; i++) {
      rows[i] = (float) (rows[i] / norm);
    }
  }

  private static Result byClasses(Split split, Dataset pictures, Index index, double accuracy) {
    int n = index.size();
    int[] labels = IntStream.range(0, n).map(pictures::label).toArray();
    if (IntStream.of(labels).allMatch(l -> l < 0)) {
      throw UserError.of("the pictures have no classes to judge by")
          .at(pictures.name())
          .rule("pictures are relevant to each other where their classes are the same")
          .mend("evaluate on a data set with classes; for attributes, train heads first");
    }
    float[] all = new float[Math.multiplyExact(n, index.dimension())];
    index.embeddings().read(0, n, all, 0);
    List<RankedRelevance> rankings =
        index.rank(
            all,
            n,
            (query, row) -> query != row,
            (query, row) -> labels[query] >= 0 && labels[query] == labels[row]);
    double baseRate =
        rankings.stream()
            .filter(r -> r.relevant() > 0)
            .mapToDouble(r -> (double) r.relevant() / r.listed())
            .average()
            .orElse(Double.NaN);
    return new Result(
        split,
        n,
        Scores.of(rankings, METRICS),
        baseRate,
        accuracy,
        PrecisionRecall.perRank(rankings),
        PrecisionRecall.elevenPoints(rankings),
        List.of(),
        Map.of(),
        null,
        null);
  }

  private static Result byAttributes(Run run, Split split, Gallery gallery) {
    Attributes table = gallery.attributes();
    List<Wish> single = new ArrayList<>();
    List<Wish> pairs = new ArrayList<>();
    List<Wish> without = new ArrayList<>();
    int[] none = {};
    for (int a = 0; a < table.count(); a++) {
      single.add(new Wish(new int[] {a}, none));
      for (int b = 0; b < table.count(); b++) {
        long both = a == b ? 0 : having(table, a, b);
        if (a < b && both >= LEAST) {
          pairs.add(new Wish(new int[] {a, b}, none));
        }
        if (both >= LEAST && having(table, a, a) - both >= LEAST) {
          without.add(new Wish(new int[] {a}, new int[] {b}));
        }
      }
    }
    List<RankedRelevance> rankings = rank(run, run.defaultForm(), gallery, single);
    Map<QueryForm, Scores> forms = new EnumMap<>(QueryForm.class);
    for (QueryForm form : QueryEmbedder.forms(run.partial())) {
      if (form != run.defaultForm()) {
        forms.put(form, Scores.of(rank(run, form, gallery, single), METRICS));
      }
    }
    List<Single> each = new ArrayList<>();
    double baseRate = 0;
    int kept = 0;
    for (int a = 0; a < table.count(); a++) {
      RankedRelevance ranking = rankings.get(a);
      if (ranking.relevant() > 0) {
        each.add(
            new Single(
                table.names().get(a), ranking.relevant(), Scores.of(List.of(ranking), METRICS)));
        baseRate += (double) ranking.relevant() / ranking.listed();
        kept++;
      }
    }
    return new Result(
        split,
        gallery.index().size(),
        Scores.of(rankings, METRICS),
        baseRate / kept,
        Double.NaN,
        PrecisionRecall.perRank(rankings),
        PrecisionRecall.elevenPoints(rankings),
        each,
        forms,
        scores(run, gallery, pairs),
        scores(run, gallery, without));
  }

  private static Scores scores(Run run, Gallery gallery, List<Wish> queries) {
    return queries.isEmpty()
        ? null
        : Scores.of(rank(run, run.defaultForm(), gallery, queries), METRICS);
  }

  private static long having(Attributes table, int a, int b) {
    return IntStream.range(0, table.rows()).filter(i -> table.has(i, a) && table.has(i, b)).count();
  }

  private static List<RankedRelevance> rank(
      Run run, QueryForm form, Gallery gallery, List<Wish> queries) {
    QueryEmbedder embedder = run.queries(form);
    Index index = gallery.index();
    Attributes table = gallery.attributes();
    float[] vectors = new float[queries.size() * index.dimension()];
    for (int q = 0; q < queries.size(); q++) {
      boolean[] wanted = bits(queries.get(q).wanted, table.count());
      boolean[] unwanted = bits(queries.get(q).unwanted, table.count());
      float[] vector = embedder.attributes(wanted, unwanted);
      System.arraycopy(vector, 0, vectors, q * index.dimension(), vector.length);
    }
    return index.rank(
        vectors, queries.size(), null, (q, row) -> queries.get(q).fulfilled(table, row));
  }

  private static boolean[] bits(int[] set, int count) {
    boolean[] bits = new boolean[count];
    for (int a : set) {
      bits[a] = true;
    }
    return bits;
  }
}

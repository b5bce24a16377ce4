package akin.retrieval.search;

import akin.retrieval.data.Attributes;
import akin.retrieval.evaluation.Evaluator;
import akin.retrieval.evaluation.Judgement;
import akin.retrieval.evaluation.Measures;
import akin.retrieval.metric.QueryFigures;
import akin.retrieval.metric.ScoreCurve;
import akin.retrieval.metric.Scores;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Measures a run that learned from attributes, by queries of one attribute and of two. */
final class AttributeEvaluation {
  /** How many pictures there must be, for a query of two attributes. */
  private static final int LEAST = 10;

  private final Run run;
  private final Gallery gallery;
  private final Attributes table;
  private final Evaluator evaluator;

  /** The wanted and the unwanted attributes of a query. */
  private record Wish(int[] wanted, int[] unwanted) {
    boolean fulfilled(Attributes table, int row) {
      return IntStream.of(wanted).allMatch(a -> table.has(row, a))
          && IntStream.of(unwanted).noneMatch(a -> table.has(row, a));
    }
  }

  AttributeEvaluation(Run run, Gallery gallery, long memory) {
    this.run = run;
    this.gallery = gallery;
    table = gallery.attributes();
    evaluator = new Evaluator(Measures.usual().metrics(), 0, memory, 0, false);
  }

  Evaluation.Result result(String name, Evaluation.Request request) {
    List<Wish> single = new ArrayList<>();
    List<Wish> pairs = new ArrayList<>();
    List<Wish> without = new ArrayList<>();
    int[] none = {};
    for (int a = 0; a < table.count(); a++) {
      single.add(new Wish(new int[] {a}, none));
      for (int b = 0; b < table.count(); b++) {
        long both = a == b ? 0 : having(a, b);
        if (a < b && both >= LEAST) {
          pairs.add(new Wish(new int[] {a, b}, none));
        }
        if (both >= LEAST && having(a, a) - both >= LEAST) {
          without.add(new Wish(new int[] {a}, new int[] {b}));
        }
      }
    }
    Evaluator.Outcome outcome = measure(run.defaultForm(), single);
    Map<QueryForm, Scores> forms = new EnumMap<>(QueryForm.class);
    for (QueryForm form : QueryEmbedder.forms(run.partial())) {
      if (form != run.defaultForm()) {
        forms.put(form, measure(form, single).figures().scores());
      }
    }
    return new Evaluation.Result(
        name,
        request.split(),
        gallery.index().size(),
        outcome.figures().scores(),
        outcome.figures().baseRate(),
        Double.NaN,
        outcome.perRank(),
        outcome.elevenPoints(),
        each(outcome.figures(), single),
        forms,
        scores(pairs),
        scores(without),
        request.changed() == 0
            ? null
            : ChangedQueries.ask(run, gallery, request.changed(), request.wanted().seed()),
        null);
  }

  /** Every attribute that any picture has. */
  private List<Evaluation.Single> each(QueryFigures figures, List<Wish> single) {
    List<Evaluation.Single> each = new ArrayList<>();
    float[] vectors = vectors(run.defaultForm(), single);
    for (int a : figures.kept()) {
      Scores own = figures.select(a).scores();
      ScoreCurve curve = curve(single.get(a), vectors, a);
      each.add(new Evaluation.Single(table.names().get(a), figures.relevant(a), own, curve));
    }
    return each;
  }

  /** Of the distances of all pictures from query {@code q}, nearer ones scoring more. */
  private ScoreCurve curve(Wish wish, float[] vectors, int q) {
    int d = gallery.index().dimension();
    float[] vector = Arrays.copyOfRange(vectors, q * d, (q + 1) * d);
    float[] distances = new float[gallery.index().size()];
    try (Searcher searcher =
        run.session()
            .backend()
            .searcher(gallery.index().embeddings(), gallery.index().metric(), SearchForm.FLOAT32)) {
      searcher.distances(vector, 1, distances);
    }
    double[] scores = new double[distances.length];
    boolean[] relevant = new boolean[distances.length];
    for (int row = 0; row < scores.length; row++) {
      scores[row] = -distances[row];
      relevant[row] = wish.fulfilled(table, row);
    }
    return ScoreCurve.of(scores, relevant);
  }

  private Scores scores(List<Wish> queries) {
    return queries.isEmpty() ? null : measure(run.defaultForm(), queries).figures().scores();
  }

  private long having(int a, int b) {
    return satisfying(new Wish(new int[] {a, b}, new int[0])).length;
  }

  private int[] satisfying(Wish wish) {
    return IntStream.range(0, table.rows()).filter(i -> wish.fulfilled(table, i)).toArray();
  }

  /** The queries as vectors, row by row. */
  private float[] vectors(QueryForm form, List<Wish> queries) {
    QueryEmbedder embedder = run.queries(form);
    int d = gallery.index().dimension();
    float[] vectors = new float[queries.size() * d];
    for (int q = 0; q < queries.size(); q++) {
      boolean[] wanted = bits(queries.get(q).wanted);
      boolean[] unwanted = bits(queries.get(q).unwanted);
      float[] vector = embedder.attributes(wanted, unwanted);
      System.arraycopy(vector, 0, vectors, q * d, d);
    }
    return vectors;
  }

  private Evaluator.Outcome measure(QueryForm form, List<Wish> queries) {
    float[] vectors = vectors(form, queries);
    int[] counts = queries.stream().mapToInt(wish -> satisfying(wish).length).toArray();
    Judgement judgement =
        new Judgement() {
          @Override
          public int[] relevant(int query) {
            return satisfying(queries.get(query));
          }

          @Override
          public int count(int query) {
            return counts[query];
          }
        };
    return evaluator.measure(
        new Evaluator.Task(
            Vectors.of(vectors, queries.size(), gallery.index().dimension()),
            gallery.index().embeddings(),
            gallery.index().metric(),
            judgement),
        run.session(),
        chunk -> {});
  }

  private boolean[] bits(int[] set) {
    boolean[] bits = new boolean[table.count()];
    for (int a : set) {
      bits[a] = true;
    }
    return bits;
  }
}

package akin.retrieval.evaluation;

import akin.retrieval.Session;
import akin.retrieval.data.SelectedRows;
import akin.retrieval.metric.KMeans;
import akin.retrieval.metric.MutualInformation;
import akin.retrieval.metric.PrincipalComponents;
import akin.retrieval.metric.QueryFigures;
import akin.retrieval.metric.Scores;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures how well pictures find those of their own class.
 *
 * @param sides who asks, and who is searched
 * @param queries vectors of those who ask [Q, D]
 * @param gallery vectors of those who are searched [N, D]
 * @param distance that ranks
 */
public record ClassEvaluation(Sides sides, Vectors queries, Vectors gallery, Distance distance) {
  /**
   * What is wanted.
   *
   * @param measures by name
   * @param clusters groups of k-means for NMI and AMI; 0 for as many as there are classes
   * @param worst how many of the queries with the lowest AP to look at
   * @param resamples of the bootstrap; 0 for none
   * @param seed of the bootstrap and of k-means
   * @param memory bytes that may be used
   */
  public record Wanted(
      Measures measures, int clusters, int worst, int resamples, long seed, long memory) {
    /** The usual measures alone. */
    public static Wanted usual(long memory) {
      return new Wanted(Measures.usual(), 0, 0, 0, 0, memory);
    }
  }

  /**
   * A query that is answered badly.
   *
   * @param query its number
   * @param precision its AP
   * @param rows its nearest rows, nearest first
   * @param distances theirs
   */
  public record Worst(int query, double precision, int[] rows, float[] distances) {}

  /**
   * What was measured.
   *
   * @param outcome figures of each query, and curves
   * @param byClass the means over classes of the means over each class's queries
   * @param classes how many classes have queries
   * @param others measures of the whole, by name
   * @param intervals of the means, by name; empty if not wanted
   * @param confusion of classes, by nearest rows
   * @param worst queries, worst first
   */
  public record Found(
      Sides sides,
      Evaluator.Outcome outcome,
      Scores byClass,
      int classes,
      Map<String, Double> others,
      Map<String, Bootstrap.Interval> intervals,
      Confusion confusion,
      List<Worst> worst) {}

  private static final int SHOWN = 8;

  /**
   * Measures.
   *
   * @throws akin.tensor.UserError if it does not fit into the memory, or more rows are wanted than
   *     there are
   */
  public Found measure(Wanted wanted, Session session) {
    Measures measures = wanted.measures;
    measures.requireRanks(gallery.count());
    int[] asked = sides.queryClasses();
    int[] classes = sides.galleryClasses();
    Judgement judgement = sides.judgement();
    Confusion.Counter confusion = new Confusion.Counter(sides.classNames());
    int[] right = new int[measures.votes().size()];
    Evaluator.Task task = new Evaluator.Task(queries, gallery, distance, judgement);
    Evaluator.Outcome outcome =
        new Evaluator(
                measures.metrics(),
                Math.max(1, measures.nearest()),
                wanted.memory,
                besides(wanted, session),
                true)
            .measure(
                task,
                session,
                chunk -> {
                  for (int i = 0; i < chunk.rankings().size(); i++) {
                    int query = chunk.first() + i;
                    if (chunk.rankings().get(i).relevant() > 0) {
                      confusion.add(asked[query], classes[chunk.nearest()[i][0]]);
                      count(chunk, i, asked[query], classes, measures.votes(), right);
                    }
                  }
                });
    QueryFigures figures = outcome.figures();
    Map<String, Double> others = new LinkedHashMap<>();
    for (int v = 0; v < right.length; v++) {
      others.put(measures.votes().get(v).name(), (double) right[v] / figures.kept().length);
    }
    others.putAll(groups(wanted, classes, session));
    measures
        .shares()
        .forEach((name, share) -> others.put(name, PrincipalComponents.fraction(gallery, share)));
    others.putAll(nonMatches(task, outcome.plan(), measures, session));
    Collection<Scores> byClass = figures.byClass(asked).values();
    Bootstrap bootstrap = new Bootstrap(wanted.resamples, wanted.seed);
    return new Found(
        sides,
        outcome,
        Scores.ofClasses(byClass),
        byClass.size(),
        others,
        wanted.resamples == 0 ? Map.of() : bootstrap.intervals(figures, session.threads()),
        confusion.counted(),
        worst(figures, wanted, session));
  }

  /** Bytes for classes, what is left out, intervals, groups, components and counts of pairs. */
  private long besides(Wanted wanted, Session session) {
    Measures measures = wanted.measures;
    int q = queries.count();
    int n = gallery.count();
    int k = wanted.clusters > 0 ? wanted.clusters : sides.classNames().size();
    long bytes = 40L * q + 12L * n;
    if (wanted.resamples > 0) {
      long values = 8L * measures.metrics().size() * ((long) q + wanted.resamples);
      bytes += values + 4L * q * session.threads();
    }
    if (measures.nmi() || measures.ami()) {
      bytes += KMeans.bytes(n, gallery.width(), k) + 8L * n;
    }
    if (!measures.shares().isEmpty()) {
      bytes += 16L * gallery.width() * gallery.width();
    }
    if (!measures.rates().isEmpty()) {
      bytes += FalseNonMatches.bytes(measures.rates().size(), session.threads());
    }
    return bytes;
  }

  private static void count(
      ExactRanking.Chunk chunk, int i, int asked, int[] classes, List<Votes> votes, int[] right) {
    for (int v = 0; v < right.length; v++) {
      int winner = votes.get(v).winner(chunk.nearest()[i], chunk.distances()[i], classes);
      right[v] += winner == asked ? 1 : 0;
    }
  }

  /** NMI and AMI of the gallery's pictures with classes. */
  private Map<String, Double> groups(Wanted wanted, int[] classes, Session session) {
    Map<String, Double> found = new LinkedHashMap<>();
    if (wanted.measures.nmi() || wanted.measures.ami()) {
      int[] rows = IntStream.range(0, classes.length).filter(i -> classes[i] >= 0).toArray();
      int[] own = IntStream.of(rows).map(i -> classes[i]).toArray();
      int k = wanted.clusters > 0 ? wanted.clusters : (int) Arrays.stream(own).distinct().count();
      int[] groups =
          new KMeans(session.backend(), wanted.seed).groups(new SelectedRows(gallery, rows), k);
      MutualInformation shared = MutualInformation.of(own, groups);
      if (wanted.measures.nmi()) {
        found.put("NMI", shared.normalized());
      }
      if (wanted.measures.ami()) {
        found.put("AMI", shared.adjusted());
      }
    }
    return found;
  }

  private Map<String, Double> nonMatches(
      Evaluator.Task task, MemoryPlan plan, Measures measures, Session session) {
    Map<String, Double> found = new LinkedHashMap<>();
    if (!measures.rates().isEmpty()) {
      double[] rates = measures.rates().values().stream().mapToDouble(rate -> rate).toArray();
      double[] shares = new FalseNonMatches(task.ranking(plan), rates, session).shares();
      int i = 0;
      for (String name : measures.rates().keySet()) {
        found.put(name, shares[i++]);
      }
    }
    return found;
  }

  /** Those with the lowest AP, equal ones in order, with what they found instead. */
  private List<Worst> worst(QueryFigures figures, Wanted wanted, Session session) {
    int[] lowest =
        Arrays.stream(figures.kept())
            .boxed()
            .sorted(Comparator.comparingDouble(q -> figures.value("mAP", q)))
            .limit(wanted.worst)
            .mapToInt(q -> q)
            .toArray();
    List<Worst> worst = new ArrayList<>();
    if (lowest.length > 0) {
      Judgement all = sides.judgement();
      Judgement some =
          new Judgement() {
            @Override
            public int[] relevant(int query) {
              return all.relevant(lowest[query]);
            }

            @Override
            public int[] leftOut(int query) {
              return all.leftOut(lowest[query]);
            }
          };
      int k = Math.min(SHOWN, gallery.count());
      Vectors asking = new SelectedRows(queries, lowest);
      Evaluator.Task task = new Evaluator.Task(asking, gallery, distance, some);
      new Evaluator(List.of(), k, wanted.memory, 0, false)
          .measure(
              task,
              session,
              chunk -> {
                for (int i = 0; i < chunk.nearest().length; i++) {
                  int query = lowest[chunk.first() + i];
                  int[] rows = chunk.nearest()[i];
                  int there = (int) Arrays.stream(rows).filter(row -> row >= 0).count();
                  worst.add(
                      new Worst(
                          query,
                          figures.value("mAP", query),
                          Arrays.copyOf(rows, there),
                          Arrays.copyOf(chunk.distances()[i], there)));
                }
              });
    }
    return worst;
  }
}

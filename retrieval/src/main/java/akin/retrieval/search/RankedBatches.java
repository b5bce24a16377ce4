package akin.retrieval.search;

import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.metric.RankedRelevance;
import akin.retrieval.metric.Ranking;
import akin.retrieval.query.Query;
import akin.retrieval.sample.BatchSampler;
import akin.retrieval.sample.RandomPkSampler;
import akin.retrieval.sample.ShuffleSampler;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Random batches, each ranked by distance from a random query. Of a run that learned from classes a
 * batch is P classes × K pictures, as its recipe has them, and the query one of its pictures;
 * relevant are the others of its class. Of a run that learned from attributes it is any pictures,
 * and the query an attribute that some of them have, but not all.
 */
public final class RankedBatches {
  private static final int CLASSES = 16;
  private static final int SAMPLES = 8;

  private final Run run;
  private final Dataset pictures;
  private final QueryEmbedder queries;
  private final BatchSampler sampler;
  private final RandomStream stream;

  /**
   * A ranked batch.
   *
   * @param query the picture that asked; −1 if an attribute did
   * @param attribute the one that asked; −1 if a picture did
   * @param hits the other pictures, nearest first; their rows are pictures of the data set
   * @param relevant how many of them are relevant
   * @param averagePosition of a picture's query, as {@link RankedRelevance#averagePosition} has it;
   *     of an attribute's, which is no picture itself, the mean rank of the pictures that have it
   */
  public record Ranked(
      int query, int attribute, List<Search.Hit> hits, int relevant, double averagePosition) {}

  /**
   * Batches of some of a run's pictures.
   *
   * @throws UserError if no batch can be made of them
   */
  public RankedBatches(Run run, Dataset pictures, long seed) {
    this.run = run;
    this.pictures = pictures;
    stream = RandomStream.of(seed, "ranked-batches");
    queries = run.attributes() ? run.queries(run.defaultForm()) : null;
    if (run.attributes()) {
      int most = Math.min(pictures.size(), run.config().training().batch());
      sampler = new ShuffleSampler(pictures.size(), most, true, seed);
    } else {
      sampler = ofClasses(run.config(), pictures, seed);
    }
  }

  private static BatchSampler ofClasses(RunConfig config, Dataset pictures, long seed) {
    int[] labels = IntStream.range(0, pictures.size()).map(pictures::label).toArray();
    Map<Integer, Long> counts =
        IntStream.of(labels)
            .filter(label -> label >= 0)
            .boxed()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    int classes = (int) counts.values().stream().filter(count -> count >= 2).count();
    if (classes == 0) {
      throw UserError.of("no two of the pictures have the same class")
          .at(pictures.name())
          .rule("a picture's query looks for others of its class")
          .mend("choose another --split, or a data set with classes");
    }
    int p = CLASSES;
    int k = SAMPLES;
    if (config.objective() instanceof ObjectiveConfig.Metric metric) {
      p = metric.classes();
      k = metric.samples();
    } else if (config.objective() instanceof ObjectiveConfig.AllTriplets triplets) {
      p = triplets.classes();
      k = triplets.samples();
    } else if (config.objective() instanceof ObjectiveConfig.SmoothAp smooth) {
      p = smooth.classes();
      k = smooth.samples();
    }
    return new RandomPkSampler(labels, Math.min(p, classes), k, seed);
  }

  /** Batch {@code number}, from 0; a picture that was drawn twice stands in it once. */
  public Ranked batch(int number) {
    int steps = sampler.stepsPerEpoch();
    int[] batch = IntStream.of(sampler.batch(number / steps, number % steps)).distinct().toArray();
    float[] embeddings = run.embedder().embed(pictures.subset(batch));
    RandomStream draw = stream.child(number);
    return run.attributes()
        ? byAttribute(batch, embeddings, draw)
        : byPicture(batch, embeddings, draw);
  }

  private Ranked byPicture(int[] batch, float[] embeddings, RandomStream draw) {
    int asked = draw.below(0, batch.length);
    int width = embeddings.length / batch.length;
    float[] query = Arrays.copyOfRange(embeddings, asked * width, (asked + 1) * width);
    int label = pictures.label(batch[asked]);
    boolean[] relevant = new boolean[batch.length];
    for (int i = 0; i < batch.length; i++) {
      relevant[i] = pictures.label(batch[i]) == label;
    }
    List<Search.Hit> hits = ranked(query, batch, embeddings, relevant, asked);
    RankedRelevance ranking = judged(hits);
    return new Ranked(batch[asked], -1, hits, ranking.relevant(), ranking.averagePosition());
  }

  private Ranked byAttribute(int[] batch, float[] embeddings, RandomStream draw) {
    Attributes table = pictures.attributes().orElseThrow();
    int[] telling =
        IntStream.range(0, table.count())
            .filter(a -> table.baseRate(a, batch) > 0 && table.baseRate(a, batch) < 1)
            .toArray();
    if (telling.length == 0) {
      throw UserError.of("no attribute tells the pictures of the batch apart")
          .at(pictures.name())
          .rule("a query is an attribute that some pictures have, but not all")
          .mend("choose another --split");
    }
    int attribute = telling[draw.below(0, telling.length)];
    Query.Attribute with =
        new Query.Attribute(Query.Sign.WITH, attribute, table.names().get(attribute), 1);
    float[] query = queries.embed(new Query(List.of(with)), image -> null);
    boolean[] relevant = new boolean[batch.length];
    for (int i = 0; i < batch.length; i++) {
      relevant[i] = table.has(batch[i], attribute);
    }
    List<Search.Hit> hits = ranked(query, batch, embeddings, relevant, -1);
    RankedRelevance ranking = judged(hits);
    double mean = IntStream.of(ranking.hits()).average().orElseThrow();
    return new Ranked(-1, attribute, hits, ranking.relevant(), mean);
  }

  private List<Search.Hit> ranked(
      float[] query, int[] batch, float[] embeddings, boolean[] relevant, int asked) {
    float[] distances;
    try (Scope scope = Scope.open(run.session().backend())) {
      Tensor one = Tensor.of(Shape.of(1, query.length), query);
      Tensor all = Tensor.of(Shape.of(batch.length, query.length), embeddings);
      distances = one.distances(all, Distance.EUCLIDEAN).toFloats();
    }
    List<Search.Hit> hits = new ArrayList<>();
    for (int i : Ranking.order(distances)) {
      if (i != asked) {
        int rank = hits.size() + 1;
        String id = pictures.id(batch[i]);
        hits.add(new Search.Hit(rank, id, batch[i], distances[i], relevant[i]));
      }
    }
    return hits;
  }

  private static RankedRelevance judged(List<Search.Hit> hits) {
    boolean[] relevant = new boolean[hits.size()];
    for (int i = 0; i < relevant.length; i++) {
      relevant[i] = hits.get(i).relevant();
    }
    return RankedRelevance.of(relevant);
  }
}

package akin.retrieval;

import akin.nn.io.Safetensors;
import akin.retrieval.data.Parallel;
import akin.retrieval.metric.RankedRelevance;
import akin.retrieval.metric.Ranking;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Searcher.Filter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A gallery of embeddings with their ids, searched exactly. Answers are ordered by (distance, row),
 * NaN last, and do not depend on how many queries are asked at once or on the number of threads.
 *
 * <p>Distances between x and y of D numbers, as {@link Distance} defines them. All sums run over d
 * = 0 … D−1 in float: SQUARED Σ(x_d − y_d)², EUCLIDEAN its root, L1 Σ|x_d − y_d|, COSINE 1 −
 * s/(‖x‖·‖y‖) with s = Σ x_d·y_d, the norms in double and at least 1e-8, never below 0.
 */
public final class Index {
  private static final int QUERIES_PER_TASK = 32;

  /**
   * What made the embeddings: vectors of different sources cannot be compared.
   *
   * @param model a hash of the model's weights
   * @param preprocessing an id of what was done to the pictures first
   */
  public record Source(String model, String preprocessing) {}

  /** Which gallery rows are right answers to which query. */
  @FunctionalInterface
  public interface Relevance {
    /** Whether gallery row {@code row} is relevant to query {@code query}. */
    boolean relevant(int query, int row);
  }

  private final TextList ids;
  private final TextTable rowsById;
  private final int dimension;
  private final Distance metric;
  private final Source source;
  private final Panels panels;
  private final int threads;

  private Index(Index other, int threads) {
    ids = other.ids;
    rowsById = other.rowsById;
    dimension = other.dimension;
    metric = other.metric;
    source = other.source;
    panels = other.panels;
    this.threads = threads;
  }

  /**
   * Makes an index that searches on one thread.
   *
   * @param ids one for each row, all different
   * @param embeddings [N, D], row-major; copied
   * @throws UserError if there is no row, or an id stands twice
   */
  public Index(List<String> ids, float[] embeddings, Distance metric, Source source) {
    if (ids.isEmpty()) {
      throw UserError.of("the gallery is empty")
          .rule("an index holds at least one picture")
          .mend("choose a split or folder that holds pictures");
    }
    if (embeddings.length == 0 || embeddings.length % ids.size() != 0) {
      throw new IllegalArgumentException(embeddings.length + " numbers for " + ids.size() + " ids");
    }
    this.ids = TextList.of(ids);
    this.dimension = embeddings.length / ids.size();
    this.metric = Objects.requireNonNull(metric);
    this.source = Objects.requireNonNull(source);
    this.rowsById = new TextTable(this.ids);
    int repeated = rowsById.repeated();
    if (repeated >= 0) {
      String id = id(repeated);
      throw UserError.of("the id '" + id + "' stands twice in the gallery")
          .rule("ids are all different; rows " + row(id) + " and " + repeated + " share one")
          .mend("leave out one of the two pictures");
    }
    this.panels = new Panels(embeddings, dimension, metric);
    this.threads = 1;
  }

  /** The same gallery, searched on that many threads. */
  public Index withThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads");
    }
    return new Index(this, threads);
  }

  /** N, the number of rows. */
  public int size() {
    return ids.size();
  }

  /** D, the length of an embedding. */
  public int dimension() {
    return dimension;
  }

  /** The distance that orders answers. */
  public Distance metric() {
    return metric;
  }

  /** What made the embeddings. */
  public Source source() {
    return source;
  }

  /** The ids in order. */
  TextList ids() {
    return ids;
  }

  /** The id of a row. */
  public String id(int row) {
    return ids.get(row);
  }

  /** The row of an id; −1 if it is not in the gallery. */
  public int row(String id) {
    return rowsById.find(id);
  }

  /** A copy of a row's embedding. */
  public float[] embedding(int row) {
    float[] embedding = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      embedding[d] = panels.get(Objects.checkIndex(row, size()), d);
    }
    return embedding;
  }

  /**
   * A filter that keeps one picture out of each query's answers, such as the query itself.
   *
   * @param idOfQuery for each query the id to leave out; one that is not in the gallery, or null,
   *     leaves out nothing
   */
  public Filter excluding(List<String> idOfQuery) {
    int[] excluded = idOfQuery.stream().mapToInt(this::row).toArray();
    return (query, row) -> excluded[query] != row;
  }

  /**
   * The k nearest rows of each query.
   *
   * @param queries [count, D], row-major
   * @param k from 1 to N
   * @param filter which rows may answer which query; null for all. Asked from several threads
   * @throws UserError if k is larger than the gallery
   */
  public Answers search(float[] queries, int count, int k, Filter filter) {
    if (k < 1 || k > size()) {
      throw UserError.of("cannot list " + k + " nearest pictures")
          .rule("k is from 1 to " + size() + ", the size of the gallery")
          .mend("ask for a k in that range");
    }
    int[] rows = new int[Math.multiplyExact(count, k)];
    float[] distances = new float[rows.length];
    scan(
        queries,
        count,
        (from, to) -> {
          NearestRows[] nearest = new NearestRows[to - from];
          Arrays.setAll(nearest, i -> new NearestRows(k));
          score(
              queries,
              from,
              to,
              (query, panel, scores) -> {
                NearestRows best = nearest[query - from];
                int first = panel * Panels.WIDTH;
                for (int r = 0; r < panels.rowsOf(panel); r++) {
                  long packed = NearestRows.pack(scores[r], first + r);
                  if (best.wants(packed) && (filter == null || filter.accepts(query, first + r))) {
                    best.add(packed);
                  }
                }
              });
          for (int query = from; query < to; query++) {
            nearest[query - from].writeTo(rows, distances, query * k);
          }
        });
    return new Answers(k, rows, distances);
  }

  /**
   * Ranks the whole gallery for each query and tells at which ranks the relevant rows stand.
   *
   * @param queries [count, D], row-major
   * @param filter which rows are ranked for which query; null for all. A row left out is not
   *     counted as relevant either. Asked from several threads, as is {@code relevance}
   */
  public List<RankedRelevance> rank(
      float[] queries, int count, Filter filter, Relevance relevance) {
    RankedRelevance[] rankings = new RankedRelevance[count];
    scan(
        queries,
        count,
        (from, to) -> {
          float[][] distances = new float[to - from][size()];
          score(
              queries,
              from,
              to,
              (query, panel, scores) ->
                  System.arraycopy(
                      scores,
                      0,
                      distances[query - from],
                      panel * Panels.WIDTH,
                      panels.rowsOf(panel)));
          for (int query = from; query < to; query++) {
            boolean[] relevant = new boolean[size()];
            int listed = 0;
            for (int row : Ranking.order(distances[query - from])) {
              if (filter == null || filter.accepts(query, row)) {
                relevant[listed++] = relevance.relevant(query, row);
              }
            }
            rankings[query] = RankedRelevance.of(Arrays.copyOf(relevant, listed));
          }
        });
    return List.of(rankings);
  }

  @FunctionalInterface
  private interface Block {
    void run(int fromQuery, int toQuery);
  }

  @FunctionalInterface
  private interface Scored {
    void panel(int query, int panel, float[] distances);
  }

  private void scan(float[] queries, int count, Block block) {
    if (count < 0 || queries.length != (long) count * dimension) {
      throw new IllegalArgumentException(
          "%d numbers are not %d queries of %d".formatted(queries.length, count, dimension));
    }
    // Few queries are spread over the threads; many are taken in blocks that share a panel.
    int perTask = Math.max(1, Math.min(QUERIES_PER_TASK, (count + threads - 1) / threads));
    int tasks = (count + perTask - 1) / perTask;
    Parallel.forEach(
        tasks, threads, i -> block.run(i * perTask, Math.min(count, (i + 1) * perTask)));
  }

  /** Scores the queries panel by panel: a panel stays in the cache for all of them. */
  private void score(float[] queries, int from, int to, Scored scored) {
    float[] distances = new float[Panels.WIDTH];
    double[] norms = new double[to - from];
    Arrays.setAll(norms, i -> panels.norm(queries, (from + i) * dimension));
    for (int p = 0; p < panels.count(); p++) {
      for (int query = from; query < to; query++) {
        panels.score(queries, query * dimension, norms[query - from], p, distances);
        scored.panel(query, p, distances);
      }
    }
  }

  /**
   * Refuses queries of another model or preprocessing.
   *
   * @throws UserError that names the difference
   */
  public void requireSource(Source queries) {
    if (!source.model.equals(queries.model)) {
      throw mismatch("model", source.model, queries.model);
    }
    if (!source.preprocessing.equals(queries.preprocessing)) {
      throw mismatch("preprocessing", source.preprocessing, queries.preprocessing);
    }
  }

  private static UserError mismatch(String what, String gallery, String queries) {
    return UserError.of("the index was made with another " + what)
        .rule("index: " + gallery + ", queries: " + queries)
        .mend("embed the gallery again");
  }

  /**
   * Writes the index as a safetensors file.
   *
   * @param more arrays that the file holds besides
   * @throws UserError if it cannot be written; an old file stays
   */
  public void save(Path file, Map<String, Safetensors.Array> more) {
    IndexFile.write(this, more, file);
  }

  /**
   * Reads an index, to be searched on one thread.
   *
   * @throws UserError if the file is missing, damaged or no index
   */
  public static Index open(Path file) {
    return IndexFile.read(file);
  }
}

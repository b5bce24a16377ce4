package akin.retrieval;

import akin.nn.io.Safetensors;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Searcher.Filter;
import akin.tensor.backend.Vectors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A gallery of embeddings with their ids, searched exactly. Answers are ordered by (distance, row),
 * NaN last, and do not depend on how many queries are asked at once or on the number of threads.
 *
 * <p>Distances between x and y of D numbers, as {@link Distance} defines them. All sums run over d
 * = 0 … D−1 in float with fused multiply-adds: SQUARED Σ(x_d − y_d)², EUCLIDEAN its root, L1 Σ|x_d
 * − y_d|, COSINE 1 − s/(‖x‖·‖y‖) with s = Σ x_d·y_d, the norms in double and at least 1e-8, never
 * below 0, DOT −s. (The reference backend sums in double.)
 */
public final class Index {
  /**
   * What made the embeddings: vectors of different sources cannot be compared.
   *
   * @param model a hash of the model's weights
   * @param preprocessing an id of what was done to the pictures first
   */
  public record Source(String model, String preprocessing) {}

  private final TextList ids;
  private final TextTable rowsById;
  private final Vectors embeddings;
  private final Distance metric;
  private final Source source;
  private final Session session;
  private final SearchForm form;
  private Searcher searcher;

  private Index(Index other, Session session, SearchForm form) {
    ids = other.ids;
    rowsById = other.rowsById;
    embeddings = other.embeddings;
    metric = other.metric;
    source = other.source;
    this.session = session;
    this.form = form;
  }

  /**
   * Makes an index, to be searched {@link #on} a backend.
   *
   * @param ids one for each row, all different
   * @param embeddings one for each id; read whenever they are needed, and not to be changed
   * @throws UserError if there is no row, or an id stands twice
   */
  public Index(List<String> ids, Vectors embeddings, Distance metric, Source source) {
    if (ids.isEmpty()) {
      throw UserError.of("the gallery is empty")
          .rule("an index holds at least one picture")
          .mend("choose a split or folder that holds pictures");
    }
    if (embeddings.width() == 0 || embeddings.count() != ids.size()) {
      throw new IllegalArgumentException(
          "%d vectors of %d for %d ids"
              .formatted(embeddings.count(), embeddings.width(), ids.size()));
    }
    this.ids = TextList.of(ids);
    this.embeddings = embeddings;
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
    this.session = null;
    this.form = null;
  }

  /** The same gallery, to be searched on a session's backend by one thread at a time. */
  public Index on(Session session, SearchForm form) {
    return new Index(this, session, form);
  }

  private Searcher searcher() {
    if (session == null) {
      throw new IllegalStateException("an index is searched on a backend");
    }
    if (searcher == null) {
      searcher = session.backend().searcher(embeddings, metric, form);
    }
    return searcher;
  }

  /** N, the number of rows. */
  public int size() {
    return ids.size();
  }

  /** D, the length of an embedding. */
  public int dimension() {
    return embeddings.width();
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

  /** The embeddings, row by row. */
  public Vectors embeddings() {
    return embeddings;
  }

  /** A copy of a row's embedding. */
  public float[] embedding(int row) {
    float[] embedding = new float[dimension()];
    embeddings.read(Objects.checkIndex(row, size()), 1, embedding, 0);
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
    requireQueries(queries, count);
    int[] rows = new int[Math.multiplyExact(count, k)];
    float[] distances = new float[rows.length];
    searcher().topK(queries, count, k, filter, rows, distances);
    return new Answers(k, rows, distances);
  }

  private void requireQueries(float[] queries, int count) {
    if (count < 0 || queries.length != (long) count * dimension()) {
      throw new IllegalArgumentException(
          "%d numbers are not %d queries of %d".formatted(queries.length, count, dimension()));
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
   * Opens an index, to be searched {@link #on} a backend. Its embeddings stay on disk and are
   * mapped into memory.
   *
   * @throws UserError if the file is missing, damaged or no index
   */
  public static Index open(Path file) {
    return IndexFile.read(file);
  }
}

package akin.retrieval.search;

import akin.retrieval.model.QueryVectors;
import akin.retrieval.query.Query;
import akin.tensor.UserError;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Turns queries into vectors of the embedding space.
 *
 * <ul>
 *   <li>Attributes alone: all that are required (+ and −) are one query of the {@linkplain
 *       QueryForm form}; each preferred one (~) is added as a query of its own times its weight.
 *   <li>With pictures: Σ wᵢ·I(xᵢ) + Σ w_k·A(k) over all terms, unwanted attributes with −w_k.
 * </ul>
 *
 * Sums are L2-normalised at the end.
 */
public final class QueryEmbedder {
  private final Embedder embedder;
  private final QueryVectors vectors;
  private final QueryForm form;
  private final boolean partial;
  private final int dimension;
  private final boolean unit;
  private float[] embedded;

  /**
   * @param partial whether the query network takes wanted and unwanted bits
   * @param unit whether embeddings are 1 long
   */
  public QueryEmbedder(
      Embedder embedder,
      QueryVectors vectors,
      QueryForm form,
      boolean partial,
      int dimension,
      boolean unit) {
    if (form == QueryForm.TRAINED && !partial) {
      throw UserError.of("the query network was trained on whole attribute vectors")
          .at("--form trained")
          .rule("partial queries can only be asked of a network trained on them")
          .mend("choose --form mean_vector");
    }
    if ((form == QueryForm.MEAN || form == QueryForm.MEAN_VECTOR) && partial) {
      throw UserError.of("the query network was trained on partial queries")
          .at("--form " + form.name().toLowerCase(Locale.ROOT))
          .rule("means over whole attribute vectors need a network trained on whole vectors")
          .mend("choose --form trained");
    }
    this.embedder = embedder;
    this.vectors = vectors;
    this.form = form;
    this.partial = partial;
    this.dimension = dimension;
    this.unit = unit;
  }

  /**
   * The query's vector, D numbers of norm 1, or 0 where it is one picture whose embedding is 0,
   * which is equally far from all; the weighted mean of its pictures' embeddings where these are of
   * any length.
   *
   * @param pictures embeddings of the pictures that the query names
   */
  public float[] embed(Query query, Function<String, float[]> pictures) {
    int count = vectors == null ? 0 : vectors.table().count();
    boolean[] wanted = new boolean[count];
    boolean[] unwanted = new boolean[count];
    double[] sum = new double[dimension];
    boolean joint = query.images().isEmpty();
    double weights = 0;
    int required = 0;
    for (Query.Term term : query.terms()) {
      if (term instanceof Query.Image image) {
        add(sum, pictures.apply(image.image()), image.factor());
      } else if (term instanceof Query.Attribute a) {
        if (joint && a.sign() != Query.Sign.RATHER) {
          (a.sign() == Query.Sign.WITH ? wanted : unwanted)[a.index()] = true;
          weights += a.weight();
          required++;
        } else {
          add(sum, single(a.index()), a.factor());
        }
      }
    }
    if (required > 0) {
      add(sum, attributes(wanted, unwanted), weights / required);
    }
    boolean nothing = query.terms().size() == 1 && !joint && norm(sum) == 0;
    return nothing ? new float[dimension] : unit ? normalized(sum) : mean(sum, query);
  }

  private static float[] mean(double[] sum, Query query) {
    double total =
        query.terms().stream()
            .mapToDouble(term -> term instanceof Query.Image image ? image.factor() : 0)
            .sum();
    if (!(total > 0)) {
      throw UserError.of("the pictures of the query have no mean")
          .rule("the sum of their weights is above 0, as embeddings are not 1 long")
          .mend("give more weight to pictures that are to be like the answer");
    }
    float[] mean = new float[sum.length];
    for (int d = 0; d < mean.length; d++) {
      mean[d] = (float) (sum[d] / total);
    }
    return mean;
  }

  private float[] single(int attribute) {
    int count = vectors.table().count();
    boolean[] wanted = new boolean[count];
    wanted[attribute] = true;
    return attributes(wanted, new boolean[count]);
  }

  /** The vector of a query of attributes alone, D numbers of norm 1. */
  public float[] attributes(boolean[] wanted, boolean[] unwanted) {
    switch (form) {
      case TRAINED:
        return embedder.queries(partialBits(wanted, unwanted), 1);
      case MULTI_HOT:
        boolean[] others = new boolean[wanted.length];
        for (int a = 0; a < others.length; a++) {
          others[a] = !wanted[a];
        }
        return embedder.queries(partial ? partialBits(wanted, others) : bits(wanted), 1);
      case MEAN:
      case MEAN_VECTOR:
        int[] rows = vectors.satisfying(wanted, unwanted);
        return rows.length == 0 ? difference(wanted, unwanted) : mean(rows);
      default:
        return difference(wanted, unwanted);
    }
  }

  /** Where no training picture satisfies the query, means fall back to this too. */
  private float[] difference(boolean[] wanted, boolean[] unwanted) {
    double[] sum = new double[dimension];
    for (int a = 0; a < wanted.length; a++) {
      if (wanted[a] || unwanted[a]) {
        add(sum, unit(a), wanted[a] ? 1 : -1);
      }
    }
    return normalized(sum);
  }

  private float[] unit(int attribute) {
    boolean[] one = new boolean[vectors.table().count()];
    one[attribute] = true;
    if (partial) {
      return embedder.queries(partialBits(one, new boolean[one.length]), 1);
    }
    boolean means = form == QueryForm.MEAN || form == QueryForm.MEAN_VECTOR;
    int[] rows = means ? vectors.satisfying(one, new boolean[one.length]) : new int[0];
    return rows.length == 0 ? embedder.queries(bits(one), 1) : mean(rows);
  }

  private float[] mean(int[] rows) {
    return form == QueryForm.MEAN_VECTOR ? ofMeanVector(rows) : meanOfEach(rows);
  }

  /** A(Σ cᵢ vᵢ / Σ cᵢ), cᵢ how many training pictures have vᵢ. */
  private float[] ofMeanVector(int[] rows) {
    float[] bits = new float[vectors.table().count()];
    long pictures = IntStream.of(rows).mapToLong(row -> vectors.counts()[row]).sum();
    for (int a = 0; a < bits.length; a++) {
      int attribute = a;
      long having =
          IntStream.of(rows)
              .filter(row -> vectors.table().has(row, attribute))
              .mapToLong(row -> vectors.counts()[row])
              .sum();
      bits[a] = (float) having / pictures;
    }
    return embedder.queries(bits, 1);
  }

  private float[] meanOfEach(int[] rows) {
    if (embedded == null) {
      int count = vectors.table().rows();
      float[] bits = new float[count * vectors.table().count()];
      for (int i = 0; i < count; i++) {
        vectors.table().fill(i, bits, i * vectors.table().count());
      }
      embedded = embedder.queries(bits, count);
    }
    double[] sum = new double[dimension];
    for (int row : rows) {
      for (int d = 0; d < dimension; d++) {
        sum[d] += vectors.counts()[row] * (double) embedded[row * dimension + d];
      }
    }
    return normalized(sum);
  }

  private static float[] bits(boolean[] wanted) {
    float[] bits = new float[wanted.length];
    for (int a = 0; a < bits.length; a++) {
      bits[a] = wanted[a] ? 1 : 0;
    }
    return bits;
  }

  private static float[] partialBits(boolean[] wanted, boolean[] unwanted) {
    float[] bits = new float[2 * wanted.length];
    for (int a = 0; a < wanted.length; a++) {
      bits[a] = wanted[a] ? 1 : 0;
      bits[wanted.length + a] = unwanted[a] ? 1 : 0;
    }
    return bits;
  }

  private static void add(double[] sum, float[] vector, double weight) {
    for (int d = 0; d < sum.length; d++) {
      sum[d] += weight * vector[d];
    }
  }

  private static float[] normalized(double[] sum) {
    double norm = norm(sum);
    if (!(norm > 0)) {
      throw UserError.of("the terms of the query cancel each other out")
          .rule("the weighted sum of the terms' vectors is not 0")
          .mend("change a weight, or leave one of the opposite terms away");
    }
    float[] unit = new float[sum.length];
    for (int d = 0; d < unit.length; d++) {
      unit[d] = (float) (sum[d] / norm);
    }
    return unit;
  }

  private static double norm(double[] sum) {
    double squares = 0;
    for (double x : sum) {
      squares += x * x;
    }
    return Math.sqrt(squares);
  }

  /** The forms that can be asked of a network. */
  public static List<QueryForm> forms(boolean partial) {
    return partial
        ? List.of(QueryForm.TRAINED, QueryForm.DIFFERENCE, QueryForm.MULTI_HOT)
        : List.of(QueryForm.MEAN_VECTOR, QueryForm.MEAN, QueryForm.DIFFERENCE, QueryForm.MULTI_HOT);
  }
}

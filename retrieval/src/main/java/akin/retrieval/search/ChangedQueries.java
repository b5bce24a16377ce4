package akin.retrieval.search;

import akin.retrieval.data.Attributes;
import akin.retrieval.metric.ChangedAttributes;
import akin.retrieval.query.Query;
import akin.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries of a picture and one attribute that it shall have instead of not, or not have: {@code
 * like:photo.jpg +Smiling}. Pictures and attributes are drawn from the gallery; the picture itself
 * is never among the answers.
 *
 * @param queries how many were asked
 * @param embeddings with the cosine of embeddings as likeness
 * @param bits with that of attributes, as bits
 */
public record ChangedQueries(int queries, ChangedAttributes embeddings, ChangedAttributes bits) {
  /** Answers that are looked at. */
  public static final int K = 10;

  /**
   * Asks.
   *
   * @param gallery of more than {@link #K} pictures with attributes
   * @param count at least 1
   */
  static ChangedQueries ask(Run run, Gallery gallery, int count, long seed) {
    Attributes table = gallery.attributes();
    Search search = new Search(run, gallery, run.defaultForm(), null);
    RandomStream draws = RandomStream.of(seed, "changed attributes");
    List<ChangedAttributes.Answer> byEmbedding = new ArrayList<>();
    List<ChangedAttributes.Answer> byBits = new ArrayList<>();
    for (int q = 0; q < count; q++) {
      int picture = draws.below(2L * q, gallery.index().size());
      int attribute = draws.below(2L * q + 1, table.count());
      boolean wanted = !table.has(picture, attribute);
      Query.Sign sign = wanted ? Query.Sign.WITH : Query.Sign.WITHOUT;
      Query query =
          new Query(
              List.of(
                  new Query.Image(gallery.index().id(picture), 1),
                  new Query.Attribute(sign, attribute, table.names().get(attribute), 1)));
      List<Search.Hit> hits = search.ask(query, K).hits();
      boolean[] asAsked = new boolean[hits.size()];
      double[] cosines = new double[hits.size()];
      double[] likeness = new double[hits.size()];
      float[] own = gallery.index().embedding(picture);
      for (int i = 0; i < asAsked.length; i++) {
        int row = hits.get(i).row();
        asAsked[i] = table.has(row, attribute) == wanted;
        cosines[i] = cosine(own, gallery.index().embedding(row));
        likeness[i] = ChangedAttributes.likeness(bits(table, picture), bits(table, row));
      }
      byEmbedding.add(new ChangedAttributes.Answer(asAsked, cosines));
      byBits.add(new ChangedAttributes.Answer(asAsked, likeness));
    }
    return new ChangedQueries(
        count, ChangedAttributes.of(byEmbedding, K), ChangedAttributes.of(byBits, K));
  }

  /** 0 where one has no direction. */
  private static double cosine(float[] x, float[] y) {
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (double) x[i] * y[i];
      xx += (double) x[i] * x[i];
      yy += (double) y[i] * y[i];
    }
    return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
  }

  private static boolean[] bits(Attributes table, int row) {
    boolean[] bits = new boolean[table.count()];
    for (int a = 0; a < bits.length; a++) {
      bits[a] = table.has(row, a);
    }
    return bits;
  }
}

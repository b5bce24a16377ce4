package akin.retrieval.metric;

import java.util.List;

/**
 * How well queries of the form "this picture, with (or without) that attribute" are answered by
 * their first K rows. Means over queries of
 *
 * <ul>
 *   <li>MCA@K, changed attribute: the number of rows that have the attribute as asked;
 *   <li>MCS@K, cosine similarity: the mean over the rows of their cosine to the query's picture;
 *   <li>CS-P@K: (1/K) Σ of these cosines over the rows that have the attribute as asked.
 * </ul>
 *
 * <p>The cosine is either that of embeddings or {@link #likeness} of attribute vectors; the two are
 * different measures, so name them apart. Where fewer than K rows are listed, K is still divided
 * by.
 *
 * <p>Source: gombru/face_attributes_retrieval, whose description has embeddings and whose program
 * attribute vectors.
 *
 * @param mca in [0, K]
 * @param mcs in [−1, 1]
 * @param csp in [−1, 1]
 */
public record ChangedAttributes(double mca, double mcs, double csp) {
  /**
   * The first rows of one query.
   *
   * @param asAsked whether each row has the attribute as asked
   * @param cosine of each row to the query's picture
   */
  public record Answer(boolean[] asAsked, double[] cosine) {}

  /** The means over at least one query. */
  public static ChangedAttributes of(List<Answer> answers, int k) {
    double mca = 0;
    double mcs = 0;
    double csp = 0;
    for (Answer answer : answers) {
      for (int i = 0; i < Math.min(k, answer.asAsked.length); i++) {
        mca += answer.asAsked[i] ? 1 : 0;
        mcs += answer.cosine[i] / k;
        csp += answer.asAsked[i] ? answer.cosine[i] / k : 0;
      }
    }
    int n = answers.size();
    return new ChangedAttributes(mca / n, mcs / n, csp / n);
  }

  /** The cosine of two vectors of 0 and 1: |x ∧ y|/√(|x||y|); 0 if one is empty. */
  public static double likeness(boolean[] x, boolean[] y) {
    int both = 0;
    int inX = 0;
    int inY = 0;
    for (int i = 0; i < x.length; i++) {
      both += x[i] && y[i] ? 1 : 0;
      inX += x[i] ? 1 : 0;
      inY += y[i] ? 1 : 0;
    }
    return both == 0 ? 0 : both / Math.sqrt((double) inX * inY);
  }
}

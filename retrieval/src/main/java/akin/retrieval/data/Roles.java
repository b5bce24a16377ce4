package akin.retrieval.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Who asks and who may be an answer when a data set is evaluated, a row a picture. A picture that
 * is both asks all others of the gallery; one that is neither is for training only.
 *
 * @param query row i: whether picture i is asked
 * @param gallery row i: whether picture i may be an answer
 */
public record Roles(boolean[] query, boolean[] gallery) {
  /** Checks that both are about the same pictures. */
  public Roles {
    if (query.length != gallery.length) {
      throw new IllegalArgumentException(query.length + " rows, and " + gallery.length);
    }
  }

  /** Whether picture i is asked. */
  public boolean isQuery(int i) {
    return query[i];
  }

  /** Whether picture i may be an answer. */
  public boolean isGallery(int i) {
    return gallery[i];
  }

  /** The pictures that are asked, ascending. */
  public int[] queries() {
    return IntStream.range(0, query.length).filter(i -> query[i]).toArray();
  }

  /** The pictures that may be answers, ascending. */
  public int[] galleries() {
    return IntStream.range(0, gallery.length).filter(i -> gallery[i]).toArray();
  }

  /** The given rows, in that order. */
  public Roles select(int[] rows) {
    boolean[] asked = new boolean[rows.length];
    boolean[] answers = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      asked[i] = query[rows[i]];
      answers[i] = gallery[rows[i]];
    }
    return new Roles(asked, answers);
  }

  /** Equal rows. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Roles that
        && Arrays.equals(query, that.query)
        && Arrays.equals(gallery, that.gallery);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(query) + Arrays.hashCode(gallery);
  }

  @Override
  public String toString() {
    return "Roles[" + queries().length + " queries, " + galleries().length + " in the gallery]";
  }
}

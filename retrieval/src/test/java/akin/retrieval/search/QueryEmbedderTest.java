package akin.retrieval.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akin.retrieval.query.Query;
import akin.tensor.UserError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Queries of pictures alone: the sum of their embeddings, as a unit vector. */
class QueryEmbedderTest {
  private static final Map<String, float[]> EMBEDDINGS =
      Map.of("a", new float[] {0.6f, 0.8f}, "nothing", new float[] {0, 0});

  private static float[] embed(Query.Term... terms) {
    QueryEmbedder embedder = new QueryEmbedder(null, null, QueryForm.DIFFERENCE, true, 2, true);
    return embedder.embed(new Query(List.of(terms)), EMBEDDINGS::get);
  }

  private static Query.Term like(String picture, double weight) {
    return new Query.Image(picture, weight);
  }

  @Test
  void onePictureIsItsEmbedding() {
    assertArrayEquals(new float[] {0.6f, 0.8f}, embed(like("a", 3)), 1e-7f);
  }

  /** What a collapsed network makes of every picture is asked like any other. */
  @Test
  void anEmbeddingOfLengthZeroIsAsFarFromAll() {
    assertArrayEquals(new float[] {0, 0}, embed(like("nothing", 1)));
  }

  @Test
  void termsMayNotCancelEachOtherOut() {
    assertThrows(UserError.class, () -> embed(like("a", 1), like("a", -1)));
  }
}

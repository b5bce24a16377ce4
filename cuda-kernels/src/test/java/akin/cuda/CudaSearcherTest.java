package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.sim.SimDevice;
import akin.cuda.sim.observe.Counters;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Noise;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Searcher.Filter;
import akin.tensor.backend.Vectors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the contract does not see of search on a card: pieces of a gallery, and traffic. */
class CudaSearcherTest {
  private static final long AMPLE = 64 << 20;

  /** Answers [count,k] and all distances [count,rows]. */
  private record Answers(int[] rows, float[] far, float[] distances) {}

  private static Answers ask(
      long cap, float[] gallery, int d, float[] queries, Distance f, int k, Filter filter) {
    int n = gallery.length / d;
    int count = queries.length / d;
    int[] rows = new int[count * k];
    float[] far = new float[count * k];
    float[] all = new float[count * n];
    try (Backend backend = new CudaBackend("sim", SimDevice.checked(AMPLE), cap);
        Searcher searcher = backend.searcher(Vectors.of(gallery, n, d), f, SearchForm.FLOAT32)) {
      searcher.topK(queries, count, k, filter, rows, far);
      searcher.distances(queries, count, all);
    }
    return new Answers(rows, far, all);
  }

  private static float[] numbers(String name, int length) {
    try (Backend backend = new CudaBackend("sim", SimDevice.checked(AMPLE), AMPLE)) {
      Buffer x = backend.allocate(length);
      backend.random(Noise.NORMAL, RandomStream.of(1, name), 0, 1, x);
      float[] values = new float[length];
      backend.download(x, values);
      backend.release(x);
      return values;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EUCLIDEAN", "COSINE"})
  void aGalleryInPiecesGivesTheSameAnswers(Distance f) {
    int d = 20;
    int n = 1_003;
    float[] gallery = numbers("gallery", n * d);
    System.arraycopy(gallery, 0, gallery, (n - 5) * d, 5 * d); // ties across pieces
    gallery[400 * d] = Float.NaN;
    float[] queries = Arrays.copyOf(gallery, 17 * d);
    long small = 72 << 10; // less than the gallery's 80,240 bytes
    try (CudaBackend backend = new CudaBackend("sim", SimDevice.checked(AMPLE), small);
        GalleryRows pieces = backend.gallery(Vectors.of(gallery, n, d), f)) {
      assertTrue(pieces.pieces() > 3, "pieces: " + pieces.pieces());
    }
    Filter some = (query, row) -> (row + query) % 3 != 0;
    for (int k : new int[] {4, 40, 1_010}) {
      for (Filter filter : new Filter[] {null, some}) {
        Answers whole = ask(AMPLE, gallery, d, queries, f, k, filter);
        Answers pieces = ask(small, gallery, d, queries, f, k, filter);
        assertArrayEquals(whole.rows, pieces.rows);
        assertArrayEquals(whole.far, pieces.far);
        assertArrayEquals(whole.distances, pieces.distances);
      }
    }
  }

  /** The gallery once for each tile of 16 queries, a tile's queries by each 32 rows, keys once. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 16", "16, 16", "33, 48"})
  void theGalleryIsReadOnceForATileOfQueries(int count, int measured) {
    int d = 64;
    int n = 512;
    int k = 3;
    Counters counters = count(n, d, count, k, null);
    long tiles = n / 32;
    long queryTiles = count == 1 ? 1 : measured / 16;
    long bytes = queryTiles * 4 * n * d + tiles * measured * 4 * d + count * tiles * 8 * k;
    assertEquals(bytes, counters.loads().bytes());
    assertTrue(counters.loads().ratio() <= 1.1, () -> "sectors: " + counters.loads().ratio());
    assertEquals(0, counters.banks().replays());
  }

  @Test
  void rowsThatAnswerNoQueryAreNotRead() {
    int d = 64;
    int n = 512;
    int k = 3;
    Counters counters = count(n, d, 1, k, (query, row) -> row / 32 == 7);
    long tiles = n / 32;
    long bits = tiles * 32 * 4 + 32 * 4; // a word by all lanes; one tile's again
    assertEquals(4 * 32 * d + 4 * d + bits + tiles * 8 * k, counters.loads().bytes());
  }

  /** Neither the network that sorts nor the gradient's two ways to store pairs. */
  @Test
  void noLaneWaitsForAnotherInSharedMemory() {
    Counters counters = count(512, 8, 2, 512, null);
    assertEquals(0, counters.banks().replays());
    try (Backend backend = new CudaBackend("sim", SimDevice.observed(AMPLE, counters), AMPLE)) {
      Buffer x = backend.allocate(40 * 40);
      backend.fill(x, 0.5);
      Buffer y = backend.allocate(40 * 40);
      for (boolean swapped : new boolean[] {false, true}) {
        backend.distancesGrad(Distance.COSINE, x, x, x, x, swapped, y, 40, 40, 40);
      }
      backend.release(x);
      backend.release(y);
    }
    assertEquals(0, counters.banks().replays());
  }

  private static Counters count(int n, int d, int count, int k, Filter filter) {
    Counters counters = new Counters();
    float[] gallery = new float[n * d];
    float[] queries = new float[count * d];
    try (Backend backend = new CudaBackend("sim", SimDevice.observed(AMPLE, counters), AMPLE);
        Searcher searcher =
            backend.searcher(Vectors.of(gallery, n, d), Distance.SQUARED, SearchForm.FLOAT32)) {
      searcher.topK(queries, count, k, filter, new int[count * k], new float[count * k]);
    }
    return counters;
  }

  /** A card with a terabyte; rows of no numbers, so that the gallery takes none of it. */
  @Test
  void answersAreFetchedInPartsThatTheHostHolds() {
    int n = 3_000_000;
    long large = 1L << 40;
    try (CudaBackend backend = new CudaBackend("sim", SimDevice.fast(large), large);
        CudaSearcher searcher =
            (CudaSearcher)
                backend.searcher(
                    Vectors.of(new float[0], n, 0), Distance.SQUARED, SearchForm.FLOAT32)) {
      for (int k : new int[] {1, 32, 33, n}) {
        long bytes = 8L * k * searcher.sweep(k, false);
        assertTrue(bytes <= 1 << 28, k + " rows: " + bytes + " bytes at once");
      }
    }
  }

  @Test
  void aGalleryThatCannotBeReadLeavesNothingBehind() {
    Vectors torn =
        new Vectors() {
          @Override
          public int count() {
            return 8;
          }

          @Override
          public int width() {
            return 4;
          }

          @Override
          public void read(int first, int n, float[] to, int at) {
            throw UserError.of("the file is cut off");
          }
        };
    try (Backend backend = new CudaBackend("sim", SimDevice.checked(AMPLE), AMPLE)) {
      assertThrows(UserError.class, () -> backend.searcher(torn, Distance.L1, SearchForm.FLOAT32));
      assertEquals(256, backend.memory().pooledBytes());
    }
  }

  @Test
  void aClosedSearcherSaysSo() {
    try (Backend backend = new CudaBackend("sim", SimDevice.checked(AMPLE), AMPLE)) {
      Searcher searcher = backend.searcher(new float[6], 2, 3, Distance.L1);
      searcher.close();
      searcher.close();
      assertThrows(
          IllegalStateException.class,
          () -> searcher.topK(new float[3], 1, 1, null, new int[1], new float[1]));
    }
  }
}

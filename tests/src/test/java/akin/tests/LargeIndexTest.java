package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.retrieval.Answers;
import akin.retrieval.Index;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Vectors;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index that is larger than the heap is written, opened and searched. */
class LargeIndexTest {
  private static final int ROWS = 120_011;
  private static final int WIDTH = 600;

  @TempDir Path folder;

  @Test
  void anIndexLargerThanTheHeapIsSearched() throws Exception {
    List<String> lines =
        ChildJvm.lines(
            List.of("--add-modules", "jdk.incubator.vector", "-Xmx160m"),
            Search.class,
            folder.resolve("index.safetensors").toString());
    assertEquals(
        List.of(
            "288 MB of embeddings",
            "FLOAT32 [7, 60005, 120010], twice [7, 60005, 120010]",
            "INT8 [7, 60005, 120010], twice [7, 60005, 120010]"),
        lines);
  }

  /** Rows that are made when they are read. */
  private record Made(RandomStream stream) implements Vectors {
    @Override
    public int count() {
      return ROWS;
    }

    @Override
    public int width() {
      return WIDTH;
    }

    @Override
    public void read(int first, int n, float[] to, int at) {
      for (int i = 0; i < n * WIDTH; i++) {
        to[at + i] = (float) stream.uniform((long) first * WIDTH + i) - 0.5f;
      }
    }
  }

  /** Writes an index to the file and asks for some of its rows. */
  static final class Search {
    public static void main(String[] args) {
      Path file = Path.of(args[0]);
      Made made = new Made(RandomStream.of(1, "rows"));
      List<String> ids =
          new AbstractList<>() {
            @Override
            public String get(int row) {
              return "row " + row;
            }

            @Override
            public int size() {
              return ROWS;
            }
          };
      new Index(ids, made, Distance.EUCLIDEAN, new Index.Source("m", "p")).save(file, Map.of());
      System.out.println((long) ROWS * WIDTH * Float.BYTES / 1_000_000 + " MB of embeddings");
      float[] queries = new float[3 * WIDTH];
      int[] wanted = {7, 60_005, ROWS - 1};
      for (int q = 0; q < wanted.length; q++) {
        made.read(wanted[q], 1, queries, q * WIDTH);
      }
      try (Backend backend = Backends.open("cpu", 2)) {
        for (SearchForm form : SearchForm.values()) {
          Index index = Index.open(file).on(new Session(backend, 2, Progress.NONE), form);
          String once = nearest(index, queries);
          System.out.println(form + " " + once + ", twice " + nearest(index, queries));
        }
      }
    }

    private static String nearest(Index index, float[] queries) {
      Answers answers = index.search(queries, 3, 5, null);
      return List.of(answers.row(0, 0), answers.row(1, 0), answers.row(2, 0)).toString();
    }
  }
}

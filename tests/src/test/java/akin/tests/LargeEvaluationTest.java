package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.io.Safetensors;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Split;
import akin.retrieval.evaluation.ClassEvaluation.Wanted;
import akin.retrieval.search.Evaluation;
import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Vectors;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features that are larger than the heap are evaluated. */
class LargeEvaluationTest {
  private static final int ROWS = 60_000;
  private static final int WIDTH = 1100;
  private static final int ASKING = 40;
  private static final int CLASSES = 100;

  @TempDir Path folder;

  @Test
  void featuresLargerThanTheHeapAreEvaluated() throws Exception {
    List<String> lines =
        ChildJvm.lines(
            List.of("--add-modules", "jdk.incubator.vector", "-Xmx160m"),
            Measuring.class,
            folder.resolve("features.safetensors").toString());
    assertEquals(
        List.of("264 MB of features", "40 queries, 60000 rows, Recall@1 1.0, within 32 MiB true"),
        lines);
  }

  /** Rows near one of a few corners each, made when they are read. */
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
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < WIDTH; k++) {
          long place = (long) (first + i) * WIDTH + k;
          to[at + i * WIDTH + k] =
              (k == (first + i) % CLASSES ? 8 : 0) + (float) stream.uniform(place) / 8;
        }
      }
    }
  }

  /** Writes features to the file; the first rows, of training, ask all. */
  static final class Measuring {
    public static void main(String[] args) {
      Path file = Path.of(args[0]);
      write(file);
      System.out.println((long) ROWS * WIDTH * Float.BYTES / 1_000_000 + " MB of features");
      Dataset all = Datasets.open(file, Datasets.Layout.FEATURES);
      try (Backend backend = Backends.open("cpu", 2)) {
        Evaluation.Request request =
            new Evaluation.Request(
                Split.ALL, new Evaluation.Part(Split.TRAIN, null), null, Wanted.usual(32 << 20), 0);
        Evaluation.Result result =
            Evaluation.ofFeatures(all, request, new Session(backend, 2, Progress.NONE));
        System.out.printf(
            "%d queries, %d rows, Recall@1 %s, within 32 MiB %s%n",
            result.scores().queries(),
            result.gallery(),
            result.scores().mean("Recall@1"),
            result.found().outcome().plan().bytes() <= 32 << 20);
      }
    }

    private static void write(Path file) {
      ByteArrayOutputStream ids = new ByteArrayOutputStream();
      long[] offsets = new long[ROWS + 1];
      long[] splits = new long[ROWS];
      long[] labels = new long[ROWS];
      for (int i = 0; i < ROWS; i++) {
        ids.writeBytes(("row " + i).getBytes(StandardCharsets.UTF_8));
        offsets[i + 1] = ids.size();
        splits[i] = (i < ASKING ? Split.TRAIN : Split.TEST).ordinal();
        labels[i] = i % CLASSES;
      }
      Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
      arrays.put("features", Safetensors.Array.of(new Made(RandomStream.of(1, "rows"))));
      arrays.put("ids", Safetensors.Array.of(ids.toByteArray(), ids.size()));
      arrays.put("ids.offsets", Safetensors.Array.of(offsets, ROWS + 1));
      arrays.put("splits", Safetensors.Array.of(splits, ROWS));
      arrays.put("labels", Safetensors.Array.of(labels, ROWS));
      StringBuilder classes = new StringBuilder("\"c0\"");
      for (int c = 1; c < CLASSES; c++) {
        classes.append(",\"c").append(c).append('"');
      }
      Safetensors.write(
          file, arrays, Map.of("format", "akin features 1", "classes", "[" + classes + "]"));
    }
  }
}

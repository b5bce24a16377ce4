package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.faces.FaceMaker;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.Training;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a training step takes: buffers in the first one only, and a bounded amount of garbage. */
class StepMemoryTest {
  /**
   * Bytes of the small objects that an operator makes in a step: forward, backward and, for a
   * parameter, the optimiser's. A call with its lists, shapes, storages, tensors, views and the
   * work that is handed to threads are some twenty objects each way, of about a hundred bytes.
   */
  private static final long PER_OPERATOR = 4096;

  /**
   * Of ten processes on JDK 17, one leaves the vectors of {@code VectorSums.squares} in boxes for
   * good, which is the compiler's doing and no garbage of ours: another process is asked then.
   */
  private static final int PROCESSES = 3;

  @ParameterizedTest
  @ValueSource(strings = {"digits", "heads"})
  void aStepMakesNoBufferAndLittleGarbage(String workload) throws Exception {
    List<String> vectors = new ArrayList<>(ChildJvm.VECTORS);
    vectors.add("-Xmx1g");
    String said = "";
    for (int process = 0; process < PROCESSES && !said.endsWith("within the bound"); process++) {
      List<String> lines =
          ChildJvm.lines(vectors, StepMemoryRun.class, workload, Long.toString(PER_OPERATOR));
      assertEquals(2, lines.size(), lines::toString);
      assertEquals("buffers made after the first step: 0", lines.get(0));
      said = lines.get(1);
    }
    assertTrue(said.endsWith("within the bound"), said);
  }

  @TempDir Path folder;

  /** What a run does beside: batches are drawn, losses told, validation pictures embedded. */
  @Test
  void aRunMakesNoBufferOnceItHasTrainedAndValidated() {
    Path faces = folder.resolve("faces");
    new FaceMaker(200, 32, 7).write(faces, 2, done -> {});
    int epochs = 12;
    List<String> tiny =
        List.of(
            "data.width=32",
            "data.height=32",
            "model.widths=[8, 16]",
            "model.embedding=16",
            "model.hidden=32",
            "training.epochs=" + epochs,
            "training.batch=32",
            "training.warmup=null");
    Path recipe = Path.of(System.getProperty("akin.root"), "configs", "faces-triplets.yaml");
    RunConfig config = ConfigLoader.load(recipe, RunConfig.class, tiny);
    try (Backend backend = Backends.open("cpu", 2)) {
      Watch watch = new Watch(backend);
      RunDirectory run = new RunDirectory(folder.resolve("run"));
      Training.run(config, faces, run, false, new Session(backend, 1, watch));
      assertEquals(epochs, watch.epochs.size());
      long last = watch.epochs.get(1).get(0);
      for (int epoch = 0; epoch < epochs; epoch++) {
        List<Long> made = watch.epochs.get(epoch);
        assertEquals(5, made.size(), "steps of an epoch");
        long settled = epoch == 0 ? made.get(0) : last;
        made.stream()
            .forEach(count -> assertEquals(settled, count, "buffers ever made: " + watch.epochs));
      }
    }
  }

  /** Counts, after each step of an epoch, the buffers that the backend has made so far. */
  private static final class Watch implements Progress {
    final List<List<Long>> epochs = new ArrayList<>();
    private final Backend backend;

    Watch(Backend backend) {
      this.backend = backend;
    }

    @Override
    public Bar start(String task, long total) {
      if (!task.startsWith("epoch")) {
        return NONE.start(task, total);
      }
      List<Long> steps = new ArrayList<>();
      epochs.add(steps);
      return new Bar() {
        @Override
        public void advance(long by) {
          steps.add(backend.memory().allocated());
        }

        @Override
        public void note(String text) {}

        @Override
        public void close() {}
      };
    }

    @Override
    public void say(String line) {}
  }

  /** Bytes that the calling thread has allocated so far. */
  static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}

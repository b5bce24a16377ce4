package akin.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.util.Locale;

/**
 * Does one row's work with the Deep Java Library's PyTorch and prints the figure. Arguments: ROW BY
 * THREADS WARM MEASURE MODELS.
 */
final class DjlProcess {
  private DjlProcess() {}

  public static void main(String[] args) throws Exception {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", args[2]);
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    try (NDManager manager = NDManager.newBaseManager();
        Task task = DjlTasks.named(args[0], manager, args[6])) {
      Engine engine = manager.getEngine();
      String version = String.format(Locale.ROOT, "PyTorch %s by DJL", engine.getVersion());
      Sampler.of(args).report(version, task, args);
    }
    System.exit(0); // its threads would keep the process
  }
}

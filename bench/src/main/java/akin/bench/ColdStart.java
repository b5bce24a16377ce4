package akin.bench;

import akin.bench.Row.Cost;
import akin.bench.Row.Target;
import akin.tensor.UserError;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ./akin query} as a process of its own, from start to end: a run of drawn faces with
 * embeddings of 300 numbers answers from a gallery of 100,000.
 */
final class ColdStart implements Task {
  private static final int ROWS = 100_000;
  private static final String QUERY = "+Smiling -Eyeglasses";

  private final Path root = Path.of(System.getProperty("akin.root"));
  private final Path folder = root.resolve("bench/target/start");
  private final Path run = folder.resolve("run");
  private final int threads;

  static Row row(double target) {
    return new Row(
        "start akin query 100k",
        Row.SECONDS,
        1,
        new Cost(0, 0),
        Target.of(target),
        List.of(),
        0,
        (backend, threads) -> new ColdStart(threads));
  }

  private ColdStart(int threads) {
    this.threads = threads;
    Path ready = folder.resolve("ready");
    try {
      if (Files.exists(ready)) {
        akin("--version"); // builds, if sources are newer
        return;
      }
      Files.createDirectories(folder);
      String faces = folder.resolve("faces").toString();
      if (!Files.exists(folder.resolve("faces"))) {
        akin("data", "make", "faces", "--out", faces, "--count", "300");
      }
      if (!Files.exists(run)) {
        String recipe = root.resolve("configs/faces.yaml").toString();
        List<String> train =
            new ArrayList<>(List.of("train", recipe, "--data", faces, "--out", run.toString()));
        for (String set :
            List.of("training.epochs=1", "model.widths=[8,16]", "model.embedding=300")) {
          train.addAll(List.of("--set", set));
        }
        akin(train.toArray(String[]::new));
      }
      LargeGallery.main(new String[] {run.toString(), Integer.toString(ROWS)});
      Files.createFile(ready);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void run() throws IOException, InterruptedException {
    akin("query", run.toString(), QUERY, "--threads", Integer.toString(threads));
  }

  private void akin(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(root.resolve("akin").toString()));
    command.addAll(List.of(words));
    File log = folder.resolve("log.txt").toFile();
    int code =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start().waitFor();
    if (code != 0) {
      throw UserError.of("the command fails: " + String.join(" ", command)).at(log.toPath());
    }
  }

  /** Not this process's: the launched one does not tell. */
  @Override
  public long peakBytes() {
    return 0;
  }
}

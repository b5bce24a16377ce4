package akin.app;

import akin.retrieval.Index;
import akin.retrieval.Session;
import akin.retrieval.data.Image;
import akin.retrieval.search.Run;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin embed}. */
@Command(
    name = "embed",
    description =
        "Embeds pictures with a run's model. The file holds embeddings [N, D] and the pictures'"
            + " names, as an index does.")
final class EmbedCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RUN", description = "The run's folder.")
  private Path run;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGES",
      description = "Pictures, and folders of pictures.")
  private List<Path> images;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The safetensors file to write.")
  private Path out;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "Where the backbone's weights lie now, for a run that was trained on features.")
  private Path weights;

  @Mixin private CommonOptions common;

  private record Result(String file, int images, int dimension) {}

  @Override
  public Integer call() {
    Console console = common.console();
    List<Path> files = new ArrayList<>();
    images.forEach(path -> collect(path, files));
    try (Backend backend = common.open();
        Run opened =
            Run.open(
                run,
                new Run.Places(null, weights),
                new Session(backend, common.threads(), console))) {
      int d = opened.model().model().embedding();
      float[] embeddings = new float[files.size() * d];
      List<String> ids = new ArrayList<>();
      try (akin.retrieval.Progress.Bar bar = console.start("embedding", files.size())) {
        for (int i = 0; i < files.size(); i++) {
          float[] one = opened.embedder().embed(Image.decode(files.get(i)));
          System.arraycopy(one, 0, embeddings, i * d, d);
          ids.add(files.get(i).toString());
          bar.advance(1);
        }
      }
      new Index(ids, Vectors.of(embeddings, ids.size(), d), Distance.EUCLIDEAN, opened.source())
          .save(out, Map.of());
      console.print("%d embeddings of %d numbers in %s", files.size(), d, out);
      console.result(new Result(out.toString(), files.size(), d));
    }
    return ExitCode.OK;
  }

  private static void collect(Path path, List<Path> files) {
    if (!Files.isDirectory(path)) {
      files.add(path);
      return;
    }
    try (Stream<Path> inside = Files.list(path)) {
      List<Path> pictures =
          inside
              .filter(f -> f.toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png)"))
              .sorted()
              .toList();
      if (pictures.isEmpty()) {
        throw UserError.of("the folder holds no pictures")
            .at(path)
            .rule("files that end in .jpg, .jpeg or .png");
      }
      files.addAll(pictures);
    } catch (IOException e) {
      throw UserError.of("cannot list the folder: " + e.getMessage()).at(path).because(e);
    }
  }
}

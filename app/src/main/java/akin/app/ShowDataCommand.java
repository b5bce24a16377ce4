package akin.app;

import akin.app.report.Block;
import akin.app.report.Block.Mark;
import akin.retrieval.Session;
import akin.retrieval.config.RunConfig;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.TrainingBatches;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin show data}. */
@Command(
    name = "data",
    description =
        "Shows the first batches of a training exactly as it sees them, sampled and changed, each"
            + " picture with its class or its attributes.")
final class ShowDataCommand implements Callable<Integer> {
  private static final int PER_ROW = 12;

  @Parameters(
      paramLabel = "RECIPE|RUN",
      description = "A recipe or its name, or the folder of a run.")
  private Path what;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data set's folder, or a CSV list; the default stands in the recipe. For a run of"
              + " features, the pictures that they were made of.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where data.png and data.html go; a run's own folder show without it.")
  private Path out;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many batches; ${DEFAULT-VALUE} without it.")
  private int count;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Another value for a key of the recipe, such as data.shift=4.")
  private List<String> overrides = new ArrayList<>();

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    ShownRun.requireSome("--count", count);
    boolean run = Files.isDirectory(what);
    if (!run && out == null) {
      throw UserError.of("where shall the pictures go?")
          .at(what)
          .rule("a recipe has no folder of its own, as a run has")
          .mend("add --out FOLDER");
    }
    ShownFiles files = ShownFiles.in(out == null ? ShownRun.folder(what) : out, "data");
    List<String> set = new ArrayList<>(overrides);
    if (common.seedOrNull() != null) {
      set.add("seed=" + common.seedOrNull());
    }
    Path recipe = run ? new RunDirectory(what).checkTrained().config() : what;
    RunConfig config = Recipes.load(recipe, set);
    try (Backend backend = common.open()) {
      Session session = new Session(backend, common.threads(), console);
      try (TrainingBatches batches =
          run
              ? TrainingBatches.ofRun(config, data, session)
              : TrainingBatches.ofRecipe(config, data, session)) {
        ShownPictures shown =
            new ShownPictures(batches.pictures(), config.objective().attributes());
        List<Block.Tiles> groups = new ArrayList<>();
        List<Map<String, Object>> results = new ArrayList<>();
        for (int b = 0; b < count; b++) {
          TrainingBatches.Batch batch = batches.batch(b);
          String caption = caption(shown, batch);
          console.print("%s", caption);
          groups.add(new Block.Tiles(caption, tiles(shown, batch)));
          results.add(json(shown, batch));
        }
        String subtitle = shown.pictures().name() + ", seed " + config.seed();
        files.write(
            console, "Training batches of " + ShownRun.name(what), subtitle, PER_ROW, groups);
        Map<String, Object> json = files.json();
        json.put("seed", config.seed());
        json.put("batches", results);
        console.result(json);
      }
    }
    return ExitCode.OK;
  }

  private static String caption(ShownPictures shown, TrainingBatches.Batch batch) {
    StringBuilder caption = new StringBuilder();
    caption.append("epoch ").append(batch.epoch() + 1).append(", step ").append(batch.step() + 1);
    caption.append(": ").append(batch.pictures().length).append(" pictures");
    if (!shown.attributes()) {
      long classes = IntStream.of(batch.pictures()).map(shown.pictures()::label).distinct().count();
      caption.append(" of ").append(classes).append(classes == 1 ? " class" : " classes");
    }
    if (batch.pictures().length > ShownPictures.MOST) {
      caption.append("; the first ").append(ShownPictures.MOST).append(" are shown");
    }
    return caption.toString();
  }

  private static List<Block.Tile> tiles(ShownPictures shown, TrainingBatches.Batch batch) {
    List<Block.Tile> tiles = new ArrayList<>();
    for (int i = 0; i < Math.min(ShownPictures.MOST, batch.pictures().length); i++) {
      tiles.add(shown.tile(batch.images().get(i), batch.pictures()[i], "", Mark.NONE));
    }
    return tiles;
  }

  private static Map<String, Object> json(ShownPictures shown, TrainingBatches.Batch batch) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("epoch", batch.epoch() + 1);
    json.put("step", batch.step() + 1);
    json.put("ids", IntStream.of(batch.pictures()).mapToObj(shown.pictures()::id).toList());
    json.put("labels", IntStream.of(batch.pictures()).mapToObj(shown::words).toList());
    return json;
  }
}

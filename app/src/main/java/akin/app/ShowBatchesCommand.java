package akin.app;

import akin.app.report.Block;
import akin.retrieval.Session;
import akin.retrieval.data.Split;
import akin.retrieval.search.RankedBatches;
import akin.retrieval.search.Run;
import akin.retrieval.search.Search;
import akin.tensor.backend.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin show batches}. */
@Command(
    name = "batches",
    description =
        "Shows random batches of a run's validation pictures, each ranked by distance from a random"
            + " query in it, with hits and misses marked, and prints the average position of what"
            + " was asked for.")
final class ShowBatchesCommand implements Callable<Integer> {
  private static final int PER_ROW = 12;

  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  private Path folder;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      converter = SplitOption.class,
      description =
          "train, validation, test or all; validation if the data set has one, else test.")
  private Split split;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the data set lies now; for a run of features, the pictures that they were made of.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where batches.png and batches.html go; RUN/show without it.")
  private Path out;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many batches; ${DEFAULT-VALUE} without it.")
  private int count;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    ShownRun.requireSome("--count", count);
    ShownFiles files = ShownFiles.in(out == null ? ShownRun.folder(folder) : out, "batches");
    try (Backend backend = common.open();
        ShownRun opened =
            ShownRun.open(folder, data, new Session(backend, common.threads(), console))) {
      Split chosen = split == null ? usual(opened.run()) : split;
      ShownPictures shown = opened.pictures(chosen);
      long seed = common.seed(1);
      RankedBatches batches = new RankedBatches(opened.run(), shown.pictures(), seed);
      List<Block.Tiles> groups = new ArrayList<>();
      List<Map<String, Object>> results = new ArrayList<>();
      double sum = 0;
      for (int b = 0; b < count; b++) {
        RankedBatches.Ranked ranked = batches.batch(b);
        String caption = "batch " + (b + 1) + ": " + caption(shown, ranked);
        console.print("%s", caption);
        List<Block.Tile> tiles = new ArrayList<>();
        if (ranked.query() >= 0) {
          tiles.add(shown.asked(ranked.query()));
        }
        tiles.addAll(shown.found(ranked.hits()));
        groups.add(new Block.Tiles(caption, tiles));
        results.add(json(shown, ranked));
        sum += ranked.averagePosition();
      }
      console.print("average position of %d batches: %.2f", count, sum / count);
      String name = ShownRun.name(folder);
      String subtitle = ShownRun.name(chosen) + " split of " + shown.pictures().name();
      files.write(
          console, "Ranked batches of " + name, subtitle + ", seed " + seed, PER_ROW, groups);
      Map<String, Object> json = files.json();
      json.put("split", ShownRun.name(chosen));
      json.put("seed", seed);
      json.put("averagePosition", sum / count);
      json.put("batches", results);
      console.result(json);
    }
    return ExitCode.OK;
  }

  private static Split usual(Run run) {
    boolean watched = run.pictures(Split.ALL).indices(Split.VALIDATION).length > 0;
    return watched ? Split.VALIDATION : run.defaultSplit();
  }

  private static String query(ShownPictures shown, RankedBatches.Ranked ranked) {
    return ranked.query() >= 0
        ? shown.pictures().id(ranked.query())
        : "+" + shown.pictures().attributes().orElseThrow().names().get(ranked.attribute());
  }

  private static String caption(ShownPictures shown, RankedBatches.Ranked ranked) {
    boolean picture = ranked.query() >= 0;
    String asked = query(shown, ranked);
    int found = ranked.hits().size();
    // Where all of them come first: the mean of 0 … R, and of 1 … R without the query itself.
    double best = (ranked.relevant() + (picture ? 0 : 1)) / 2.0;
    String shownOnly =
        found > ShownPictures.MOST ? "; the first " + ShownPictures.MOST + " are shown" : "";
    return String.format(
        Locale.ROOT,
        "query %s%s; %d of %d pictures %s, average position %.2f (best %.1f)%s",
        asked,
        picture ? " (" + shown.words(ranked.query()) + ")" : "",
        ranked.relevant(),
        found,
        picture ? "are of its class" : "have it",
        ranked.averagePosition(),
        best,
        shownOnly);
  }

  private static Map<String, Object> json(ShownPictures shown, RankedBatches.Ranked ranked) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("query", query(shown, ranked));
    json.put("relevant", ranked.relevant());
    json.put("averagePosition", ranked.averagePosition());
    json.put("results", ranked.hits().stream().map(ShowBatchesCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(Search.Hit hit) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rank", hit.rank());
    json.put("id", hit.id());
    json.put("distance", hit.distance());
    json.put("relevant", hit.relevant());
    return json;
  }
}

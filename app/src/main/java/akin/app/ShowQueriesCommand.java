package akin.app;

import akin.app.report.Block;
import akin.retrieval.Session;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Roles;
import akin.retrieval.data.Split;
import akin.retrieval.query.Query;
import akin.retrieval.search.Gallery;
import akin.retrieval.search.Search;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin show queries}. */
@Command(
    name = "queries",
    description =
        "Shows random queries with what a run finds nearest in a whole split, hits and misses"
            + " marked. A query is a picture, or, of a run that learned from attributes, an"
            + " attribute.")
final class ShowQueriesCommand implements Callable<Integer> {
  private static final int MOST_PER_ROW = 16;

  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  private Path folder;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      converter = SplitOption.class,
      description = "train, validation, test or all; test if the data set has one.")
  private Split split;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many queries; ${DEFAULT-VALUE} without it.")
  private int count;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "8",
      description = "How many pictures of each answer; ${DEFAULT-VALUE} without it.")
  private int top;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the data set lies now; for a run of features, the pictures that they were made of.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where queries.png and queries.html go; RUN/show without it.")
  private Path out;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    ShownRun.requireSome("--count", count);
    ShownRun.requireSome("--top", top);
    ShownFiles files = ShownFiles.in(out == null ? ShownRun.folder(folder) : out, "queries");
    try (Backend backend = common.open();
        ShownRun opened =
            ShownRun.open(folder, data, new Session(backend, common.threads(), console))) {
      Split chosen = split == null ? opened.run().defaultSplit() : split;
      ShownPictures shown = opened.pictures(chosen);
      long seed = common.seed(1);
      boolean attributes = opened.run().attributes();
      int[] asked = draw(candidates(shown.pictures(), attributes), attributes, seed);
      Gallery gallery = opened.gallery(shown.pictures());
      requireTop(gallery.index().size() - (attributes ? 0 : 1));
      Search search = new Search(opened.run(), gallery, opened.run().defaultForm(), null);
      List<Block.Tiles> groups = new ArrayList<>();
      List<Map<String, Object>> results = new ArrayList<>();
      double sum = 0;
      for (int one : asked) {
        Search.Answer answer = search.ask(query(shown.pictures(), attributes, one), top);
        String words = attributes ? "" : " (" + shown.words(one) + ")";
        String caption =
            String.format(
                Locale.ROOT,
                "%s%s: P@%d %.2f; %d relevant in the gallery",
                answer.query(),
                words,
                top,
                answer.precision(),
                answer.relevantInGallery());
        console.print("%s", caption);
        List<Block.Tile> tiles = new ArrayList<>();
        if (!attributes) {
          tiles.add(shown.asked(one));
        }
        tiles.addAll(shown.found(answer.hits()));
        groups.add(new Block.Tiles(caption, tiles));
        results.add(QueryCommand.json(answer));
        sum += answer.precision();
      }
      console.print("mean P@%d of %d queries: %.3f", top, count, sum / count);
      String subtitle =
          "%s split of %s, %d pictures; seed %d"
              .formatted(
                  ShownRun.name(chosen), shown.pictures().name(), gallery.index().size(), seed);
      int perRow = Math.min(MOST_PER_ROW, top + (attributes ? 0 : 1));
      files.write(console, "Queries of " + ShownRun.name(folder), subtitle, perRow, groups);
      Map<String, Object> json = files.json();
      json.put("split", ShownRun.name(chosen));
      json.put("seed", seed);
      json.put("queries", results);
      console.result(json);
    }
    return ExitCode.OK;
  }

  /** Pictures that have a class and may ask; or attributes that some picture has. */
  private static int[] candidates(Dataset pictures, boolean attributes) {
    int[] all = IntStream.range(0, pictures.size()).toArray();
    if (attributes) {
      Attributes table = pictures.attributes().orElseThrow();
      return IntStream.range(0, table.count()).filter(a -> table.baseRate(a, all) > 0).toArray();
    }
    Roles roles = pictures.roles().orElse(null);
    return IntStream.of(all)
        .filter(i -> pictures.label(i) >= 0 && (roles == null || roles.query()[i]))
        .toArray();
  }

  private int[] draw(int[] candidates, boolean attributes, long seed) {
    if (count > candidates.length) {
      throw UserError.of("there are not that many queries")
          .at("--count " + count)
          .rule(
              "at most %d, the %s of the split"
                  .formatted(
                      candidates.length,
                      attributes ? "attributes that a picture has" : "pictures with a class"))
          .mend("ask for fewer, or choose another --split");
    }
    int[] order = RandomStream.of(seed, "show-queries").permutation(candidates.length);
    return IntStream.of(order).limit(count).map(i -> candidates[i]).toArray();
  }

  private void requireTop(int most) {
    if (top > most) {
      throw UserError.of("there are not that many pictures to answer with")
          .at("--top " + top)
          .rule("at most " + most + ", the other pictures of the split")
          .mend("ask for fewer, or choose another --split");
    }
  }

  private static Query query(Dataset pictures, boolean attributes, int one) {
    Query.Term term =
        attributes
            ? new Query.Attribute(
                Query.Sign.WITH, one, pictures.attributes().orElseThrow().names().get(one), 1)
            : new Query.Image(pictures.id(one), 1);
    return new Query(List.of(term));
  }
}

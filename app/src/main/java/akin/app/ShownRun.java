package akin.app;

import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Split;
import akin.retrieval.search.Gallery;
import akin.retrieval.search.Run;
import akin.retrieval.train.RunDirectory;
import akin.tensor.UserError;
import akin.tensor.backend.SearchForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A run, and where the pictures are that it is shown with.
 *
 * @param run the run, opened
 * @param origin of the pictures that a run's features were made of, if told; else null
 */
record ShownRun(Run run, Dataset origin) implements AutoCloseable {
  /**
   * Opens a run.
   *
   * @param data where the data set lies now, or, of a run of features, the pictures that these were
   *     made of; null for where it was
   */
  static ShownRun open(Path folder, Path data, Session session) {
    Path recipe = new RunDirectory(folder).checkTrained().config();
    RunConfig config = ConfigLoader.load(recipe, RunConfig.class, List.of());
    Dataset given =
        data != null && config.model().takesFeatures()
            ? Datasets.open(data, Datasets.Layout.AUTO)
            : null;
    boolean pictures = given != null && given.features().isEmpty();
    Run run = Run.open(folder, new Run.Places(pictures ? null : data, null), session);
    return new ShownRun(run, pictures ? given : null);
  }

  /** The pictures of a split. */
  ShownPictures pictures(Split split) {
    Dataset chosen = run.pictures(split);
    Dataset shown = origin == null ? chosen : Datasets.shownFrom(chosen, origin);
    boolean known =
        run.attributes()
            ? shown.attributes().isPresent()
            : IntStream.range(0, shown.size()).anyMatch(i -> shown.label(i) >= 0);
    if (!known) {
      throw UserError.of("nothing is known of the pictures, so no hit can be told from a miss")
          .at(shown.name())
          .rule(run.attributes() ? "the run asks by attributes" : "the run asks by classes")
          .mend("choose another --split or --data");
    }
    if (run.attributes()) {
      run.requireAttributes(shown);
    }
    return new ShownPictures(shown, run.attributes());
  }

  /** The stored gallery if it is of just these pictures; else they are embedded. */
  Gallery gallery(Dataset pictures) {
    Path file = run.directory().index();
    if (Files.isRegularFile(file)) {
      Gallery stored = Gallery.open(file);
      boolean same =
          stored.index().source().equals(run.source())
              && stored.index().size() == pictures.size()
              && IntStream.range(0, pictures.size())
                  .allMatch(i -> stored.index().id(i).equals(pictures.id(i)));
      if (same) {
        return new Gallery(
            stored.index().on(run.session(), SearchForm.FLOAT32),
            stored.labels(),
            stored.attributes());
      }
    }
    return run.embed(pictures);
  }

  /** The folder for what is shown of a run. */
  static Path folder(Path run) {
    return run.resolve("show");
  }

  /** A recipe's or a run's name. */
  static String name(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  /** A split, as it is named on the command line. */
  static String name(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Refuses to show nothing.
   *
   * @throws UserError if {@code value} is below 1
   */
  static void requireSome(String option, int value) {
    if (value < 1) {
      throw UserError.of("nothing is asked for").at(option + " " + value).rule(option + " ≥ 1");
    }
  }

  @Override
  public void close() {
    run.close();
  }
}

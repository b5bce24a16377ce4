package akin.app;

import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.DataConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Curation;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Datasets.Layout;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A data set named on the command line: by its place, or by a recipe; and what of it is used. */
final class DataChoice {
  @Parameters(
      paramLabel = "DATA",
      description = "The data set's folder, a CSV list, or a recipe (.yaml) that names it.")
  private Path place;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      defaultValue = "auto",
      converter = LayoutOption.class,
      description =
          "How the data set lies on disk, such as folder or products_10k; ${DEFAULT-VALUE} finds"
              + " out. docs/datasets.md lists them.")
  private Layout layout;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "With a recipe: the place of its data set, or of its data sets.")
  private Path data;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "With a recipe: another value for a key, such as data.curation.classes=100.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--min-per-class",
      paramLabel = "N",
      description = "Drop classes with fewer training pictures.")
  private Integer minPerClass;

  @Option(
      names = "--max-per-class",
      paramLabel = "N",
      description = "Draw so many training pictures of classes that have more.")
  private Integer maxPerClass;

  @Option(names = "--classes", paramLabel = "N", description = "Draw so many classes.")
  private Integer classes;

  /**
   * Opens the data set, and curates it.
   *
   * @param common whose seed the draws depend on; else the recipe's, or 1
   */
  Dataset open(CommonOptions common) {
    Curation curation = null;
    if (minPerClass != null || maxPerClass != null || classes != null) {
      try {
        curation = new Curation(minPerClass, maxPerClass, classes);
      } catch (IllegalArgumentException e) {
        throw UserError.of(e.getMessage())
            .at("--min-per-class, --max-per-class, --classes")
            .because(e);
      }
    }
    if (place.toString().endsWith(".yaml") || place.toString().endsWith(".yml")) {
      return ofRecipe(curation, common);
    }
    if (data != null || !overrides.isEmpty()) {
      throw UserError.of("--data and --set belong to a recipe")
          .at(place)
          .mend("give a recipe (.yaml) instead of a data set, or leave them away");
    }
    Dataset whole = Datasets.open(place, layout);
    return curation == null ? whole : curation.of(whole, common.seed(1));
  }

  private Dataset ofRecipe(Curation curation, CommonOptions common) {
    RunConfig recipe = ConfigLoader.load(place, RunConfig.class, overrides);
    DataConfig told = recipe.data();
    if (data != null) {
      told = told.withPath(data.toString());
    }
    if (layout != Layout.AUTO) {
      throw UserError.of("a recipe names its layout itself")
          .at("--layout " + layout.label())
          .mend("--set data.layout=" + layout.label());
    }
    if (told.path() == null && told.sets() == null) {
      throw UserError.of("no data set is given")
          .at(place)
          .rule("the recipe names none under data.path")
          .mend("add --data DIR");
    }
    if (curation != null) {
      told = told.withCuration(curation);
    }
    return told.open(common.seed(recipe.seed()));
  }
}

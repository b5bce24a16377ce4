package akin.retrieval.search;

import akin.nn.io.Sha256;
import akin.retrieval.Index;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.data.Split;
import akin.retrieval.train.ModelFile;
import akin.retrieval.train.RunDirectory;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Vectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A finished run, opened to embed, evaluate and search. */
public final class Run implements AutoCloseable {
  private static final int HASH_DIGITS = 16;

  private final RunDirectory directory;
  private final ModelFile model;
  private final Embedder embedder;
  private final Index.Source source;
  private final Session session;
  private final Path data;
  private final Path weights;
  private RunConfig config;
  private Dataset all;
  private FeatureMaker backbone;

  /**
   * Where things lie now, if they were moved since the training; each may be null.
   *
   * @param data the data set
   * @param weights of the backbone, where the run was trained on features
   */
  public record Places(Path data, Path weights) {
    /** All where they were. */
    public static Places unchanged() {
      return new Places(null, null);
    }
  }

  private Run(RunDirectory directory, Places places, Session session) {
    this.directory = directory.checkTrained();
    this.session = session;
    this.weights = places.weights;
    this.data = places.data;
    model = ModelFile.read(directory.model(), session.backend());
    embedder =
        new Embedder(
            model.model(),
            model.preprocessing(),
            model.features() == null ? null : picture -> backbone().features(picture),
            session);
    source = new Index.Source(hash(directory.model()), model.preprocessing().id());
  }

  /**
   * Opens a run.
   *
   * @throws UserError if the folder holds none
   */
  public static Run open(Path directory, Places places, Session session) {
    return new Run(new RunDirectory(directory), places, session);
  }

  /** The backbone that made the features on which the run was trained; read when first needed. */
  private FeatureMaker backbone() {
    if (backbone == null) {
      backbone = FeatureMaker.of(model.features(), weights, session);
    }
    return backbone;
  }

  /** The run's folder. */
  public RunDirectory directory() {
    return directory;
  }

  /** Where its work is done. */
  public Session session() {
    return session;
  }

  /** The recipe, with the data set's place. */
  public RunConfig config() {
    if (config == null) {
      RunConfig stored = ConfigLoader.load(directory.config(), RunConfig.class, List.of());
      config = data == null ? stored : stored.withPath(data.toString());
    }
    return config;
  }

  /** The model. */
  public ModelFile model() {
    return model;
  }

  /** Turns pictures into embeddings. */
  public Embedder embedder() {
    return embedder;
  }

  /** What made the embeddings. */
  public Index.Source source() {
    return source;
  }

  /** Whether the run learned from attributes. */
  public boolean attributes() {
    return model.config().objective().attributes();
  }

  /**
   * Refuses pictures whose attributes are not those that a run learned from attributes knows: their
   * columns would be taken for others.
   *
   * @throws UserError if the names, or their order, differ
   */
  public void requireAttributes(Dataset pictures) {
    List<String> learned = model.vectors().table().names();
    List<String> there = pictures.attributes().map(Attributes::names).orElse(List.of());
    if (!there.equals(learned)) {
      throw UserError.of(
              there.isEmpty()
                  ? "the pictures have no attributes"
                  : "the pictures have other attributes than the run")
          .at(pictures.name())
          .rule(
              "the run learned "
                  + String.join(", ", learned)
                  + (there.isEmpty() ? "" : "; these have " + String.join(", ", there)))
          .mend("give pictures with the same attributes, all of them: --data DIR");
    }
  }

  /** Whether the query network takes wanted and unwanted bits. */
  public boolean partial() {
    return model.config().objective() instanceof ObjectiveConfig.PartialQueries;
  }

  /** The form of queries that suits the run. */
  public QueryForm defaultForm() {
    return partial() ? QueryForm.TRAINED : QueryForm.MEAN_VECTOR;
  }

  /** Makes queries of a form. */
  public QueryEmbedder queries(QueryForm form) {
    return new QueryEmbedder(
        embedder,
        model.vectors(),
        form,
        partial(),
        model.model().embedding(),
        model.config().model().normalize());
  }

  /** The pictures of a split of the run's data set, in its order. */
  public Dataset pictures(Split split) {
    Dataset all = all();
    Dataset chosen = all.subset(split);
    if (chosen.size() == 0) {
      throw UserError.of("the data set has no pictures of that split")
          .at("--split " + split.name().toLowerCase(Locale.ROOT))
          .rule("splits of " + config().data().path() + ": " + splits(all))
          .mend("choose one of them, or all");
    }
    return chosen;
  }

  private static List<String> splits(Dataset all) {
    List<String> names = new ArrayList<>();
    for (Split split : Split.values()) {
      if (split == Split.ALL || all.indices(split).length > 0) {
        names.add(split.name().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /** The test split if the data set has one, else everything. */
  public Split defaultSplit() {
    return all().indices(Split.TEST).length > 0 ? Split.TEST : Split.ALL;
  }

  private Dataset all() {
    if (all == null) {
      Path place = Path.of(config().data().path());
      if (!Files.exists(place)) {
        throw UserError.of("the run's data set is not there any more")
            .at(place)
            .mend("say where it is now: --data DIR");
      }
      if (model.features() != null
          && config().data().sets() == null
          && !Files.isRegularFile(place)) {
        throw UserError.of("the run was trained on features")
            .at(place)
            .rule("its data set is a file that akin extract wrote")
            .mend("--data FILE.safetensors");
      }
      Dataset whole = config().data().open(config().seed());
      boolean divided = whole.indices(Split.VALIDATION).length > 0;
      all = divided ? whole : config().data().heldOut(whole, config().seed());
      if (model.features() != null && all.features().isPresent()) {
        model.features().require(all.features().get().source(), place.toString());
      }
    }
    return all;
  }

  private Dataset cached(Dataset pictures) {
    return pictures.features().isPresent()
        ? pictures
        : pictures.cached(model.preprocessing(), session.threads(), done -> {});
  }

  /** What the run's backbone, frozen, makes of pictures. */
  public Features extract(Dataset pictures) {
    Features.Source made =
        new Features.Source(
            model.config().model().backbone(),
            source.model(),
            source.preprocessing(),
            directory.model().toAbsolutePath().normalize().toString());
    float[] rows = embedder.features(cached(pictures));
    int n = pictures.size();
    return new Features(made, Vectors.of(rows, n, rows.length / n));
  }

  /** Embeds pictures into a gallery. */
  public Gallery embed(Dataset pictures) {
    Dataset cached = cached(pictures);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < cached.size(); i++) {
      ids.add(cached.id(i));
    }
    Vectors rows = Vectors.of(embedder.embed(cached), ids.size(), model.model().embedding());
    Index index = new Index(ids, rows, Distance.EUCLIDEAN, source);
    return Gallery.of(cached, index.on(session, SearchForm.INT8));
  }

  /** The run's stored gallery; the test split is embedded and stored if there is none yet. */
  public Gallery gallery(SearchForm form) {
    if (!Files.isRegularFile(directory.index())) {
      embed(pictures(defaultSplit())).save(directory.index());
    }
    Gallery stored = Gallery.open(directory.index());
    stored.index().requireSource(source);
    return new Gallery(stored.index().on(session, form), stored.labels(), stored.attributes());
  }

  /** The first digits of a model's SHA-256 tell it apart. */
  static String hash(Path file) {
    return Sha256.of(file).substring(0, HASH_DIGITS);
  }

  @Override
  public void close() {
    if (backbone != null) {
      backbone.close();
    }
    model.model().close();
  }
}

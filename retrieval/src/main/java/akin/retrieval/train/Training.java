package akin.retrieval.train;

import akin.nn.io.AtomicFile;
import akin.nn.io.Safetensors;
import akin.nn.metric.AllTripletsLoss;
import akin.nn.metric.Batch;
import akin.nn.metric.LabelLoss;
import akin.nn.metric.rank.SmoothApLoss;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.DataConfig;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.data.Split;
import akin.retrieval.model.Models;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.sample.BatchSampler;
import akin.retrieval.sample.RandomPkSampler;
import akin.retrieval.sample.ShuffleSampler;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Prepares a run from a recipe and a data set, and trains it. */
public final class Training {
  private static final double SMOOTH_AP_MARGIN = 0.5;
  private static final int CACHE_SHARE = 5;

  private Training() {}

  /**
   * Trains into a folder.
   *
   * @param data the data set's place; null for the one in the recipe
   * @param resume go on from the folder's last checkpoint; without one, begin
   * @throws UserError for every mistake in the recipe, the data or the folder
   */
  public static Trainer.Result run(
      RunConfig recipe, Path data, RunDirectory run, boolean resume, Session session) {
    RunConfig told = told(recipe, data);
    Beginning beginning = new Beginning(told);
    RunConfig config = beginning.config();
    checkFolder(run, config, resume);
    Dataset all = config.data().open(config.seed());
    all.notes().forEach(session.progress()::say);
    checkSuits(config, all);
    checkFeatures(run, config, all);
    beginning.requireSuits(all);
    TrainingData prepared = prepare(config, all, session, true);
    try (RetrievalModel model = model(config, all)) {
      Objective objective = objective(config, model, prepared);
      objective.layer().ifPresent(model::trainWith);
      model.networks().initialise(session.backend(), config.seed());
      prepared.trainSet().features().ifPresent(model::standardizeBy);
      if (!resume || !Files.isRegularFile(run.last())) {
        beginning.into(model, session.progress());
      }
      boolean learns = config.training().updates(objective.steps()) > 0;
      Freezing.apply(config.model(), model, learns);
      Shards.require(config, model, objective);
      Trainer trainer = new Trainer(config, run, model, objective, prepared, session.progress());
      AtomicFile.write(
          run.config(),
          out -> out.write(ConfigLoader.write(config).getBytes(StandardCharsets.UTF_8)));
      return trainer.train(resume);
    }
  }

  /** The recipe with the data set's place. */
  static RunConfig told(RunConfig recipe, Path data) {
    RunConfig told = (data == null ? recipe : recipe.withPath(data.toString())).absolute();
    if (told.data().path() == null) {
      throw UserError.of("no data set is given")
          .rule("the recipe names none under data.path")
          .mend("add --data DIR");
    }
    return told;
  }

  /** The networks for a data set, without values yet. */
  static RetrievalModel model(RunConfig config, Dataset all) {
    return Models.create(
        config,
        all.attributes().map(Attributes::count).orElse(0),
        all.classNames().size(),
        all.features().map(Features::width).orElse(0));
  }

  private static void checkFolder(RunDirectory run, RunConfig config, boolean resume) {
    if (!Files.exists(run.config())) {
      return;
    }
    if (!resume) {
      throw UserError.of("the folder holds a run already")
          .at(run.path())
          .rule("a run never overwrites another")
          .mend("go on with it by --resume, or choose another --out");
    }
    RunConfig before = ConfigLoader.load(run.config(), RunConfig.class, List.of());
    if (!text(before).equals(text(config))) {
      throw UserError.of("the recipe differs from the one that the run was started with")
          .at(run.config())
          .rule("resuming needs the same recipe; " + difference(before, config))
          .mend("resume with the same recipe and --set, or start anew in another --out");
    }
  }

  /** The recipe without the data set's place, which may be another; the order of rates counts. */
  private static String text(RunConfig config) {
    return ConfigLoader.write(config.withPath(null));
  }

  private static String difference(RunConfig before, RunConfig now) {
    List<String> a = text(before).lines().toList();
    List<String> b = text(now).lines().toList();
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!a.get(i).equals(b.get(i))) {
        return "there '" + a.get(i).strip() + "', now '" + b.get(i).strip() + "'";
      }
    }
    return "one has more lines than the other";
  }

  static void checkSuits(RunConfig config, Dataset all) {
    if (config.objective().attributes() && all.attributes().isEmpty()) {
      throw UserError.of("the data set has no attributes")
          .at(config.data().path())
          .rule("objective " + config.objective().name() + " learns from attributes")
          .mend("use a data set in CelebA's layout, or a CSV list with an attributes column");
    }
    if (!config.objective().attributes() && all.classNames().isEmpty()) {
      throw UserError.of("the data set has no classes")
          .at(config.data().path())
          .rule("objective " + config.objective().name() + " learns from classes")
          .mend("use a folder per class, IDX files, or a CSV list with labels");
    }
  }

  private static void checkFeatures(RunDirectory run, RunConfig config, Dataset all) {
    checkKind(config, all);
    if (config.model().takesFeatures() && Files.isRegularFile(run.model())) {
      try (Safetensors before = Safetensors.open(run.model())) {
        ModelFile.features(before)
            .require(all.features().orElseThrow().source(), config.data().path());
      }
    }
  }

  static void checkKind(RunConfig config, Dataset all) {
    boolean head = config.model().takesFeatures();
    if (head != all.features().isPresent()) {
      throw UserError.of(
              head ? "the data set holds pictures, not features" : "the data set holds features")
          .at(config.data().path())
          .rule("model.backbone: features learns from a file of features; the others from pictures")
          .mend(
              head
                  ? "extract features first: akin extract RUN --out FILE"
                  : "choose model.backbone: features, or give the pictures");
    }
  }

  /**
   * Divides the data set.
   *
   * @param keep whether prepared pictures are kept, where they take little memory
   */
  static TrainingData prepare(RunConfig config, Dataset whole, Session session, boolean keep) {
    Dataset all = config.data().heldOut(whole, config.seed());
    int[] train = all.indices(Split.TRAIN);
    if (train.length == 0) {
      boolean divided = config.data().validation() > 0;
      train =
          IntStream.of(all.indices(Split.ALL))
              .filter(i -> !divided || all.split(i) != Split.VALIDATION)
              .toArray();
    }
    int[] validation = all.indices(Split.VALIDATION);
    int limit = config.data().limit();
    if (limit > 0 && limit < train.length) {
      int[] order = RandomStream.of(config.seed(), "limit").permutation(train.length);
      int[] from = train;
      train = IntStream.of(order).limit(limit).map(i -> from[i]).sorted().toArray();
    }
    Dataset trainSet = all.subset(train);
    Dataset validationSet = validation.length == 0 ? null : all.subset(validation);
    if (keep) {
      trainSet = cached(trainSet, "training pictures", config, session);
      validationSet =
          validationSet == null
              ? null
              : cached(validationSet, "validation pictures", config, session);
    }
    return new TrainingData(
        loader(trainSet, config),
        trainSet,
        validationSet == null ? null : loader(validationSet, config),
        validationSet,
        config.seed(),
        session.backend());
  }

  /** Prepared pictures are kept where they take little memory, else prepared anew each time. */
  private static Dataset cached(Dataset set, String what, RunConfig config, Session session) {
    long bytes = (long) set.size() * config.data().preprocessing().length();
    if (set.features().isPresent() || bytes > Runtime.getRuntime().maxMemory() / CACHE_SHARE) {
      return set;
    }
    try (Progress.Bar bar = session.progress().start(what, set.size())) {
      return set.cached(config.data().preprocessing(), session.threads(), done -> bar.advance(1));
    }
  }

  private static PictureLoader loader(Dataset set, RunConfig config) {
    DataConfig data = config.data();
    PictureLoader.Changes changes =
        new PictureLoader.Changes(data.augmentation(), data.mirror(), data.shift());
    return new PictureLoader(set, data.preprocessing(), changes);
  }

  static Objective objective(RunConfig config, RetrievalModel model, TrainingData data) {
    ObjectiveConfig objective = config.objective();
    if (objective instanceof ObjectiveConfig.Metric metric) {
      return MetricObjective.of(config, metric, model, data);
    }
    if (objective instanceof ObjectiveConfig.AllTriplets t) {
      AllTripletsLoss loss = new AllTripletsLoss(t.margin(), t.anchors(), t.over());
      PkBatch batch = new PkBatch(t.classes(), t.samples(), t.anchors(), t.margin());
      return labels(config, model, data, batch, loss);
    }
    if (objective instanceof ObjectiveConfig.SmoothAp s) {
      PkBatch batch = new PkBatch(s.classes(), s.samples(), s.anchors(), SMOOTH_AP_MARGIN);
      SmoothApLoss loss = SmoothApLoss.ofDistances(s.temperature());
      return labels(
          config,
          model,
          data,
          batch,
          (features, labels) -> loss.of(Batch.of(features, labels).first(s.anchors())));
    }
    int pictures = data.trainSet().size();
    int batch = config.training().batch();
    if (objective instanceof ObjectiveConfig.Classifier c) {
      int[] labels = TrainingClasses.labels(data.trainSet());
      BatchSampler sampler = ShuffleSampler.ofLabelled(labels, batch, false, config.seed());
      return new ClassifierObjective(c, model, data, sampler, steps(config, sampler));
    }
    BatchSampler sampler = new ShuffleSampler(pictures, batch, pictures > batch, config.seed());
    int steps = steps(config, sampler);
    if (objective instanceof ObjectiveConfig.AttributeTriplets a) {
      return new AttributeTripletObjective(a, model, data, sampler, steps);
    }
    return new PartialQueryObjective(
        (ObjectiveConfig.PartialQueries) objective, model, data, sampler, steps);
  }

  /** P classes × K samples, how many anchors, and the margin by which triplets are called easy. */
  private record PkBatch(int classes, int samples, int anchors, double margin) {}

  private static Objective labels(
      RunConfig config, RetrievalModel model, TrainingData data, PkBatch batch, LabelLoss loss) {
    BatchSampler sampler =
        new RandomPkSampler(
            TrainingClasses.labels(data.trainSet()),
            batch.classes(),
            batch.samples(),
            config.seed());
    BatchSampler validation =
        data.validationSet() == null
            ? null
            : new RandomPkSampler(
                TrainingClasses.labels(data.validationSet()),
                batch.classes(),
                batch.samples(),
                config.seed() + 1);
    return new LabelObjective(
        model,
        data,
        sampler,
        validation,
        steps(config, sampler),
        batch.anchors(),
        batch.margin(),
        loss);
  }

  /** Updates in an epoch: as told, or as many as go through the pictures once. */
  static int steps(RunConfig config, BatchSampler sampler) {
    return config.training().steps() > 0 ? config.training().steps() : sampler.stepsPerEpoch();
  }
}

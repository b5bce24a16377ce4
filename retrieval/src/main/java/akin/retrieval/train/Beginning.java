package akin.retrieval.train;

import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.retrieval.Progress;
import akin.retrieval.config.ModelConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Features;
import akin.retrieval.data.Fit;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.pretrained.Pretrained;
import akin.retrieval.pretrained.WeightCard;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run begins from, and what that decides of its recipe: the weights of its backbone from a
 * file; all weights, or those of the heads, from an earlier run; else random ones.
 */
final class Beginning {
  private final RunConfig config;
  private final Pretrained pretrained;
  private final EarlierRun earlier;

  /**
   * Reads what the recipe names.
   *
   * @throws UserError if that cannot be read, or contradicts the recipe
   */
  Beginning(RunConfig recipe) {
    ModelConfig model = recipe.model();
    requireFigures(model);
    pretrained = model.weights() == null ? null : open(recipe);
    earlier = model.from() == null ? null : new EarlierRun(Path.of(model.from()));
    RunConfig completed =
        pretrained == null
            ? recipe
            : recipe.completedBy(
                pretrained.architecture(), pretrained.preprocessing(), model.weights());
    config = earlier == null ? completed : following(completed);
  }

  /** A model that is stored needs no run any more; one that begins takes its figures from one. */
  private static void requireFigures(ModelConfig model) {
    if (model.architecture().isPresent() && model.head().standardize() && model.from() == null) {
      throw UserError.of("the head has no figures to standardise features by")
          .at("model.head.standardize")
          .rule(
              "they are those of features that were extracted; a backbone that learns changes its")
          .mend(
              "train heads with model.backbone: features first and name their run by model.from, or"
                  + " leave standardize away");
    }
  }

  private static Pretrained open(RunConfig recipe) {
    Path file = Path.of(recipe.model().weights());
    // What is known of a file, the recipe is compared with key by key, once it is completed.
    Preprocessing told = Pretrained.isKnown(file) ? null : recipe.data().told();
    Fit fit = recipe.data().fit() == null ? null : Fit.parse(recipe.data().fit());
    return Pretrained.open(
        file, new WeightCard.Told(recipe.model().backbone(), told == null ? null : told.id(), fit));
  }

  /** The recipe with what the earlier run decides; all that is taken over must be alike. */
  private RunConfig following(RunConfig recipe) {
    ModelConfig now = recipe.model();
    if (earlier.features() != null) {
      if (!now.takesFeatures()) {
        requireSame(earlier.features(), featuresHere(recipe));
      }
      return recipe;
    }
    RunConfig before = earlier.config();
    Optional<Architecture> published = before.model().architecture();
    boolean alike =
        published.map(Architecture::name).equals(now.architecture().map(Architecture::name));
    RunConfig completed =
        published.isPresent() && alike && pretrained == null
            ? recipe.completedBy(published.get(), before.data().preprocessing(), now.from())
            : recipe;
    requireSame("backbone", before.model().backbone(), completed.model().backbone());
    if (!now.takesFeatures()) {
      String shown = before.data().preprocessing().id();
      requireSame("preprocessing", shown, completed.data().preprocessing().id());
    }
    return completed;
  }

  private Features.Source featuresHere(RunConfig recipe) {
    if (pretrained != null) {
      Features.Source made = pretrained.source();
      String shown = recipe.data().preprocessing().id();
      return new Features.Source(made.backbone(), made.weights(), shown, made.file());
    }
    throw UserError.of("the run to begin from holds heads alone, no backbone")
        .at("model.from: " + recipe.model().from())
        .rule("its heads were trained on features of " + earlier.features().backbone())
        .mend("name that backbone and the file of its weights: model.weights");
  }

  private void requireSame(Features.Source before, Features.Source now) {
    requireSame("backbone", before.backbone(), now.backbone());
    requireSame("weight file", before.weights(), now.weights());
    requireSame("preprocessing", before.preprocessing(), now.preprocessing());
  }

  private void requireSame(String what, String before, String now) {
    if (!before.equals(now)) {
      throw UserError.of("the run to begin from has another " + what)
          .at("model.from: " + earlier.file())
          .rule("there " + before + "; here " + now)
          .mend("begin from a run of the same " + what + ", or leave model.from away");
    }
  }

  /** The recipe with everything that the weights decide. */
  RunConfig config() {
    return config;
  }

  /**
   * Refuses data that the earlier run's heads do not know.
   *
   * @throws UserError that names the difference
   */
  void requireSuits(Dataset data) {
    if (earlier == null) {
      return;
    }
    earlier.requireSameMeaning(config, data);
    if (config.model().takesFeatures()) {
      data.features().ifPresent(features -> requireSame(earlier.features(), features.source()));
    }
  }

  /**
   * Gives the model the weights that it begins with.
   *
   * @throws UserError if they do not fit it
   */
  void into(RetrievalModel model, Progress progress) {
    if (pretrained != null) {
      pretrained.load((Backbone) model.backbone().orElseThrow(), progress::say);
      progress.say("the backbone begins with " + pretrained.file());
    }
    if (earlier != null) {
      earlier.into(model);
      String what = earlier.features() == null ? "all weights begin" : "the heads begin";
      progress.say(what + " with those of " + config.model().from());
    }
    if (pretrained == null && earlier == null && config.model().architecture().isPresent()) {
      progress.say("the backbone begins with random weights: model.weights names no file");
    }
  }
}

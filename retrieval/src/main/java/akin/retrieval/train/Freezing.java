package akin.retrieval.train;

import akin.nn.BatchNorm;
import akin.nn.NamePattern;
import akin.retrieval.config.ModelConfig;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.UserError;
import java.util.List;

/** Decides which weights of a model learn, as its recipe says. */
final class Freezing {
  private Freezing() {}

  /**
   * Freezes what the recipe names.
   *
   * @param learns whether anything is to be learned
   * @throws UserError if a pattern matches no weight, or nothing is left to learn
   */
  static void apply(ModelConfig recipe, RetrievalModel model, boolean learns) {
    apply("model.freeze", recipe.freeze(), model, true);
    apply("model.unfreeze", recipe.unfreeze(), model, false);
    if (learns
        && model.networks().parameters().stream().noneMatch(p -> p.tensor().requiresGradient())) {
      throw UserError.of("every weight is frozen: there is nothing to learn")
          .at("model.freeze")
          .mend("leave image.head or query out of model.freeze");
    }
    model.backbone().ifPresent(part -> BatchNorm.holdStatistics(part, recipe.frozenStatistics()));
  }

  private static void apply(
      String key, List<String> patterns, RetrievalModel model, boolean frozen) {
    for (String pattern : patterns) {
      try {
        new NamePattern(pattern).freeze(model.networks(), frozen);
      } catch (UserError e) {
        throw e.at(key);
      }
    }
  }
}

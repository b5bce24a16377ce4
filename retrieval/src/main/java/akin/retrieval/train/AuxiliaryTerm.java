package akin.retrieval.train;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.nn.head.AuxiliaryClassifier;
import akin.nn.metric.Loss;
import akin.retrieval.config.AuxiliaryConfig;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.Tensor;

/** What an auxiliary classifier adds to the loss of a batch. */
record AuxiliaryTerm(AuxiliaryConfig config, AuxiliaryClassifier classifier) {
  /**
   * A classifier of so many classes for this model.
   *
   * @param config null for none
   * @return null if there is none
   */
  static AuxiliaryTerm of(AuxiliaryConfig config, RetrievalModel model, int classes) {
    return config == null
        ? null
        : new AuxiliaryTerm(config, config.create(model.width(config), classes));
  }

  /** weight · loss. */
  Tensor of(RetrievalModel.Reading reading, int[] classes) {
    boolean branch = config.reads() == AuxiliaryConfig.Reads.EMBEDDING;
    Tensor read = branch ? reading.branch() : reading.descriptor();
    return classifier.loss(read, classes).value().mul(config.weight());
  }

  /** The classifier, and what a loss beside it learns. */
  Layer beside(Loss loss) {
    Bundle parts = new Bundle().with("auxiliary", classifier);
    loss.layer().ifPresent(layer -> parts.with("ranking", layer));
    return parts;
  }
}

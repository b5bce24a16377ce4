package akin.retrieval.pretrained;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.nn.io.Sha256;
import akin.nn.io.WeightFile;
import akin.retrieval.data.Features;
import akin.retrieval.data.Preprocessing;
import akin.tensor.Shape;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A backbone whose weights come from a file, with the preprocessing that they were trained with.
 *
 * @param file the weights
 * @param hash SHA-256 of the file
 * @param card network and preprocessing
 */
public record Pretrained(Path file, String hash, WeightCard card) {
  /**
   * Finds out which network a weight file belongs to; the weights are read by {@link #load}.
   *
   * @param told what the user says of it
   * @throws UserError if the file cannot be read, says too little, or says otherwise
   */
  public static Pretrained open(Path file, WeightCard.Told told) {
    try (WeightFile weights = WeightFile.open(file)) {
      String hash = Sha256.of(file);
      return known(weights, hash)
          .map(card -> card.confirm(told, file.toString()))
          .map(card -> new Pretrained(file, hash, card))
          .orElseGet(
              () ->
                  new Pretrained(
                      file, hash, WeightCard.of(told, weights.metadata(), file.toString())));
    }
  }

  /** Whether a file says itself which network it belongs to, or is a published one. */
  public static boolean isKnown(Path file) {
    try (WeightFile weights = WeightFile.open(file)) {
      return known(weights, Sha256.of(file)).isPresent();
    }
  }

  private static Optional<WeightCard> known(WeightFile weights, String hash) {
    return WeightCard.read(weights.metadata()).or(() -> WeightCards.find(hash));
  }

  /** The network. */
  public Architecture architecture() {
    return card.architecture();
  }

  /** How its pictures are prepared. */
  public Preprocessing preprocessing() {
    return card.preprocessing();
  }

  /** What features made with it are called. */
  public Features.Source source() {
    Path lies = file.toAbsolutePath().normalize();
    return new Features.Source(architecture().id(), hash, preprocessing().id(), lies.toString());
  }

  /** The network without its classifier; not yet initialised, so without these weights. */
  public Backbone create() {
    return architecture().withClasses(0).create();
  }

  /**
   * Overwrites the weights of an initialised network with the file's. Weights of a classifier and
   * of blocks that the network does without are left out, and counters of batches that old files
   * lack are 0.
   *
   * @param report told what had to be {@linkplain Backbone#adapt adapted}
   * @throws UserError if names or shapes do not fit, or weights are NaN or infinite
   */
  public void load(Backbone backbone, Consumer<String> report) {
    StateDict weights = new StateDict();
    Map<String, Shape> wanted = StateDict.shapes(backbone);
    Set<String> whole = StateDict.shapes(architecture().whole().withClasses(-1).create()).keySet();
    try (WeightFile read = WeightFile.open(file)) {
      backbone
          .adapt(read.stateDict(), report)
          .values()
          .forEach(
              (name, value) -> {
                if (wanted.containsKey(name) || !whole.contains(name)) {
                  weights.put(name, value);
                }
              });
    }
    for (String name : wanted.keySet()) {
      if (name.endsWith("num_batches_tracked") && !weights.values().containsKey(name)) {
        weights.put(name, StateDict.Value.of(0));
      }
    }
    requireFinite(weights);
    weights.into(backbone, file.toString());
  }

  /** One weight that is NaN makes every feature NaN, and nothing would tell. */
  private void requireFinite(StateDict weights) {
    weights
        .values()
        .forEach(
            (name, value) -> {
              if (!value.isFinite()) {
                throw UserError.of("weights are NaN or infinite, first in " + name)
                    .at(file)
                    .rule("a network with them computes nothing of use")
                    .mend("akin weights inspect counts them; take a file from before they arose");
              }
            });
  }
}

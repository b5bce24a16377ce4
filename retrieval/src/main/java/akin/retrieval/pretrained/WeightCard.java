package akin.retrieval.pretrained;

import akin.nn.backbone.Architecture;
import akin.retrieval.data.Fit;
import akin.retrieval.data.Preprocessing;
import akin.tensor.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a weight file does not say itself: which network it belongs to and how that network's
 * pictures were prepared when it was trained. A wrong one gives no error, only worse figures; so it
 * is recorded, in a {@linkplain WeightCards table} of published files or in the metadata of a
 * safetensors file, and what contradicts it is refused.
 *
 * @param architecture the network
 * @param preprocessing as its publishers evaluate it
 */
public record WeightCard(Architecture architecture, Preprocessing preprocessing) {
  private static final String BACKBONE = "akin.backbone";
  private static final String PREPROCESSING = "akin.preprocessing";

  /** What people say of a weight file; each may be null. */
  public record Told(String backbone, String preprocessing, Fit fit) {
    /** Nothing. */
    public static Told nothing() {
      return new Told(null, null, null);
    }
  }

  /** As metadata of a safetensors file; {@link #read} is the inverse. */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(BACKBONE, architecture.id());
    metadata.put(PREPROCESSING, preprocessing.id());
    return metadata;
  }

  /** The card in a file's metadata, if there is one. */
  public static Optional<WeightCard> read(Map<String, String> metadata) {
    return metadata.containsKey(BACKBONE) && metadata.containsKey(PREPROCESSING)
        ? Optional.of(
            new WeightCard(
                Architecture.parse(metadata.get(BACKBONE)),
                Preprocessing.parse(metadata.get(PREPROCESSING))))
        : Optional.empty();
  }

  /**
   * The card of a file of which nothing is recorded, or the network alone: the rest must be told,
   * but for the {@linkplain UsualPreprocessing usual} preparation of an image encoder.
   *
   * @param metadata of the file
   * @param place the file, for messages
   * @throws UserError if something is left open, or the file names another network
   */
  static WeightCard of(Told told, Map<String, String> metadata, String place) {
    Architecture architecture = architecture(told, metadata.get(BACKBONE), place);
    if (architecture == null) {
      throw UserError.of("the weight file does not say which network it belongs to")
          .at(place)
          .rule("known are torchvision's published files and files with Akin's own metadata")
          .mend("add --backbone NAME, such as --backbone resnet50");
    }
    Preprocessing usual =
        told.preprocessing == null
            ? UsualPreprocessing.of(architecture).orElse(null)
            : WeightCards.preprocessing(told.preprocessing);
    if (usual == null) {
      throw UserError.of("the weight file does not say how its network's pictures are prepared")
          .at(place)
          .rule("the wrong preprocessing gives worse features without an error")
          .mend(
              "add --preprocessing NAME, one of "
                  + String.join(", ", WeightCards.preprocessings().keySet())
                  + "; a recipe says data.width, data.mean and data.std");
    }
    return new WeightCard(architecture, usual).framed(told.fit);
  }

  /**
   * The network as told, or as the file says, whose options may be left away, used as told; null if
   * neither says.
   */
  private static Architecture architecture(Told told, String recorded, String place) {
    if (recorded == null || told.backbone == null) {
      String line = recorded == null ? told.backbone : recorded;
      return line == null ? null : Architecture.parse(line);
    }
    Architecture known = Architecture.parse(recorded);
    Architecture other = Architecture.parse(told.backbone);
    boolean alike = other.name().equals(known.name());
    boolean nameOnly = other.equals(Architecture.parse(other.name()).usedAs(other));
    if (!alike || (!nameOnly && !other.equals(known.usedAs(other)))) {
      throw contradiction("backbone", known.id(), other.id(), place);
    }
    return known.usedAs(other);
  }

  /**
   * This card, checked against what people say. The network's options may be left away; framing
   * (the fit) is free, since it depends on the pictures: a product on white may be stretched where
   * photographs are cropped.
   *
   * @throws UserError if network or preprocessing differ
   */
  WeightCard confirm(Told told, String place) {
    WeightCard used = new WeightCard(architecture(told, architecture.id(), place), preprocessing);
    WeightCard framed = used.framed(told.fit);
    if (told.preprocessing != null) {
      Preprocessing other = WeightCards.preprocessing(told.preprocessing);
      WeightCard wanted = told.fit == null ? used : framed;
      WeightCard given = new WeightCard(used.architecture, other).framed(told.fit);
      if (!given.preprocessing.equals(wanted.preprocessing)) {
        throw contradiction(
            "preprocessing", wanted.preprocessing.id(), given.preprocessing.id(), place);
      }
    }
    return framed;
  }

  private WeightCard framed(Fit fit) {
    if (fit == null) {
      return this;
    }
    Preprocessing p = preprocessing;
    return new WeightCard(
        architecture,
        new Preprocessing(
            p.width(), p.height(), fit, p.filter(), p.order(), p.divisor(), p.mean(), p.std()));
  }

  private static UserError contradiction(String what, String known, String told, String place) {
    return UserError.of("the weights were made with another " + what)
        .at(place)
        .rule("the weights': " + known + "; told: " + told)
        .mend("leave " + what + " away, or give the weights that belong to it");
  }
}

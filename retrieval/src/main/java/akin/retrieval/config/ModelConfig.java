package akin.retrieval.config;

import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbones;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The image network, what it begins from and what of it learns. Patterns of weights are those of
 * {@link akin.nn.NamePattern}.
 *
 * @param backbone {@value #LAB}: three convolutions for 28 × 28 grey pictures; {@value #SMALL}: a
 *     small residual network for pictures of about 64 × 64; {@value #FEATURES}: none, heads are
 *     trained on features that were extracted before; or an {@linkplain Architecture architecture},
 *     such as {@code mobilenet_v2 padding=same}
 * @param weights the file that an architecture's first weights come from; random without
 * @param from the folder of a run that the networks' first weights come from, before it {@code
 *     weights}: heads trained on features of the same backbone, or a whole model
 * @param freeze patterns of weights that do not learn
 * @param unfreeze patterns of weights that learn nevertheless
 * @param frozenStatistics whether the backbone's batch norms hold their running statistics; true
 *     unless told otherwise where the backbone's weights come from a file or a run
 * @param widths channels of the small network's stages, each half as large as the one before
 * @param embedding numbers of the embedding; the lab network's is fixed, 256
 * @param head what makes the embedding of the backbone's features; linear without
 * @param hidden width of the query network's hidden layer
 * @param normalize whether embeddings are made 1 long; otherwise they are ranked by their Euclidean
 *     distance as the head makes them
 */
public record ModelConfig(
    @JsonProperty(required = true) String backbone,
    String weights,
    String from,
    List<String> freeze,
    List<String> unfreeze,
    Boolean frozenStatistics,
    List<Integer> widths,
    Integer embedding,
    HeadConfig head,
    Integer hidden,
    Boolean normalize) {
  /** The network of the lab. */
  public static final String LAB = "lab";

  /** The small residual network. */
  public static final String SMALL = "small";

  /** No network but heads. */
  public static final String FEATURES = "features";

  private static final int LAB_EMBEDDING = 256;

  /** Fills in defaults. */
  public ModelConfig {
    if (backbone == null) {
      throw new IllegalArgumentException("backbone is required: " + String.join(", ", names()));
    }
    boolean small = backbone.equals(SMALL);
    boolean lab = backbone.equals(LAB);
    boolean published = !small && !lab && !backbone.equals(FEATURES);
    backbone = published ? canonical(backbone) : backbone;
    if (!small && widths != null) {
      throw new IllegalArgumentException("widths belong to backbone: small");
    }
    if (!published && weights != null) {
      throw new IllegalArgumentException(
          "weights belong to a published backbone such as resnet50, not to " + backbone);
    }
    if (lab && embedding != null && embedding != LAB_EMBEDDING) {
      throw new IllegalArgumentException("embedding is 256 with backbone: lab");
    }
    freeze = freeze == null ? List.of() : List.copyOf(freeze);
    unfreeze = unfreeze == null ? List.of() : List.copyOf(unfreeze);
    if (freeze.isEmpty() && !unfreeze.isEmpty()) {
      throw new IllegalArgumentException("unfreeze makes exceptions from freeze, which is empty");
    }
    frozenStatistics =
        frozenStatistics == null
            ? published && (weights != null || from != null)
            : frozenStatistics;
    widths = widths == null && small ? List.of(24, 48, 96, 192) : widths;
    embedding = embedding == null ? (lab ? LAB_EMBEDDING : 300) : embedding;
    if (lab && head != null) {
      throw new IllegalArgumentException("head: the lab network's features are its embedding");
    }
    head = head == null && !lab ? new HeadConfig.Linear(null, null) : head;
    if (small && head.standardize()) {
      throw new IllegalArgumentException("head.standardize belongs to backbone: features");
    }
    if (!lab && head.takesMaps() && backbone.equals(FEATURES)) {
      throw new IllegalArgumentException("head: features that were extracted have no maps");
    }
    if (head instanceof HeadConfig.Descriptors d && embedding % d.combination().length() != 0) {
      throw new IllegalArgumentException(
          "embedding must be the same number for each of %d branches; it is %d"
              .formatted(d.combination().length(), embedding));
    }
    hidden = hidden == null ? 300 : hidden;
    normalize = normalize == null || normalize;
    if (lab && !normalize) {
      throw new IllegalArgumentException("normalize: the lab network's features are 1 long");
    }
    Rules.atLeast("embedding", embedding, 1);
    Rules.atLeast("hidden", hidden, 1);
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>(List.of(LAB, SMALL, FEATURES));
    names.addAll(Backbones.names());
    return names;
  }

  /** The architecture's one line, checked. */
  private static String canonical(String text) {
    String name = text.strip().split("\\s+")[0];
    if (!names().contains(name)) {
      throw new IllegalArgumentException(
          "backbone cannot be " + name + "\n  mend: " + NearestName.hint(name, names()));
    }
    try {
      Architecture architecture = Architecture.parse(text);
      if (architecture.options().classes() >= 0) {
        throw new IllegalArgumentException("backbone has no classes here: the data set decides");
      }
      return architecture.id();
    } catch (UserError e) {
      throw new IllegalArgumentException("backbone: " + e.getMessage(), e);
    }
  }

  /** Whether heads alone are trained. */
  public boolean takesFeatures() {
    return backbone.equals(FEATURES);
  }

  /** The published network that the backbone is, without its classifier; empty for the others. */
  public Optional<Architecture> architecture() {
    return List.of(LAB, SMALL, FEATURES).contains(backbone)
        ? Optional.empty()
        : Optional.of(Architecture.parse(backbone).withClasses(0));
  }

  /** Whether weights decide the preprocessing. */
  boolean isGivenWeights() {
    return architecture().isPresent() && (weights != null || from != null);
  }

  /** The same with everything of the backbone that its weights' card says. */
  ModelConfig completedBy(Architecture card) {
    return with(card.withClasses(-1).id(), weights, from);
  }

  /** The same with absolute places. */
  ModelConfig absolute() {
    return with(backbone, RunConfig.absolute(weights), RunConfig.absolute(from));
  }

  /** The same without places of this machine. */
  ModelConfig withoutPlaces() {
    return with(backbone, null, null);
  }

  private ModelConfig with(String line, String file, String run) {
    return new ModelConfig(
        line,
        file,
        run,
        freeze,
        unfreeze,
        frozenStatistics,
        widths,
        embedding,
        head,
        hidden,
        normalize);
  }
}

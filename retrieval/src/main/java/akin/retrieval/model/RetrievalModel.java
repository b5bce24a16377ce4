package akin.retrieval.model;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.nn.Normalize;
import akin.nn.Standardize;
import akin.retrieval.config.AuxiliaryConfig;
import akin.retrieval.data.Features;
import akin.tensor.Inference;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The networks of one run: pictures and queries are embedded into the same space, where nearness
 * means likeness. L2 norms are 1 unless the recipe says otherwise.
 *
 * <pre>
 * pictures [N,C,H,W] → embedding [N,D]
 * queries  [N,Q]     → embedding [N,D]     only if the run has attributes
 * pictures [N,C,H,W] → logits [N,classes]  only if the run is a classifier
 * </pre>
 */
public final class RetrievalModel implements AutoCloseable {
  static final String BACKBONE = "backbone";
  private static final String IMAGE = "image";
  private static final String LOSS = "loss";

  private final Bundle networks = new Bundle();
  private final PictureNetwork pictures;
  private final Layer queries;
  private final int embedding;
  private final Inference unscaled;
  private final UnaryOperator<Tensor> embedder;
  private final Inference embeddings;
  private final Inference features;
  private final Inference logits;

  /** Makes embeddings of pictures, and logits if it classifies. */
  public interface PictureNetwork {
    /** The network that owns the weights. */
    Layer network();

    /** [N,C,H,W] → [N,D]: the embedding before its length is made 1. */
    Tensor unscaled(Tensor pictures);

    /** [N,C,H,W] → [N,D] as {@link #unscaled}, with what is made on the way. */
    Reading reading(Tensor pictures);

    /** Numbers of {@link Reading#descriptor}. */
    int descriptorWidth();

    /** Numbers of {@link Reading#branch}. */
    int branchWidth();

    /** [N,C,H,W] → [N,D], L2-normalised. */
    default Tensor embed(Tensor pictures) {
      return unscaled(pictures).normalize(1, Normalize.EPS);
    }

    /** [N,C,H,W] → [N,classes]. */
    Tensor logits(Tensor pictures);

    /** [N,C,H,W] → [N,F]: what the backbone makes of pictures, before any head. */
    Tensor features(Tensor pictures);
  }

  /**
   * What a training may read of pictures.
   *
   * @param embedding [N,D], of any length
   * @param descriptor [N,F]: features, or the first global descriptor
   * @param branch the embedding, or its first branch where it has several
   */
  public record Reading(Tensor embedding, Tensor descriptor, Tensor branch) {}

  /**
   * Joins the networks; they have no values yet.
   *
   * @param queries bits [N,Q] → [N,D], L2-normalised; null if the run has no attributes
   * @param embedding D
   * @param unit whether embeddings of pictures are made 1 long
   */
  RetrievalModel(PictureNetwork pictures, Layer queries, int embedding, boolean unit) {
    this.pictures = pictures;
    this.queries = queries;
    this.embedding = embedding;
    unscaled = planned(pictures::unscaled);
    embedder = unit ? pictures::embed : pictures::unscaled;
    embeddings = planned(embedder);
    features = planned(pictures::features);
    logits = planned(pictures::logits);
    networks.with(IMAGE, pictures.network());
    if (queries != null) {
      networks.with("query", queries);
    }
  }

  /**
   * Places what a loss learns beside the networks: it is trained and checkpointed with them, but is
   * no part of the model that a run leaves. Before they are initialised.
   */
  public void trainWith(Layer loss) {
    networks.with(LOSS, loss);
  }

  /** How many numbers an auxiliary classifier reads. */
  public int width(AuxiliaryConfig auxiliary) {
    return auxiliary.reads() == AuxiliaryConfig.Reads.EMBEDDING
        ? pictures.branchWidth()
        : pictures.descriptorWidth();
  }

  /** Whether a weight of {@link #networks} belongs to the loss, not to the model. */
  public static boolean isOfLoss(String name) {
    return name.startsWith(LOSS + ".");
  }

  /** All networks together, with the names that the weights have in files. */
  public Layer networks() {
    return networks;
  }

  /** What makes features of pictures, where that is a network of its own; else empty. */
  public Optional<Layer> backbone() {
    return Optional.ofNullable(pictures.network().children().get(BACKBONE));
  }

  /** D. */
  public int embedding() {
    return embedding;
  }

  /** Whether there is a query network. */
  public boolean takesAttributes() {
    return queries != null;
  }

  /** Pictures [N,C,H,W] → embeddings [N,D]. */
  public Tensor embed(Tensor pixels) {
    return run(embedder, embeddings, pixels);
  }

  /**
   * Pictures [N,C,H,W] → embeddings [N,D] as the head makes them, of any length: what losses of
   * training see, some of which learn from the length.
   */
  public Tensor unscaled(Tensor pixels) {
    return run(pictures::unscaled, unscaled, pixels);
  }

  /** Pictures [N,C,H,W] → embeddings as {@link #unscaled}, and what lies below, in training. */
  public Reading reading(Tensor pixels) {
    return Tape.named(IMAGE, () -> pictures.reading(pixels));
  }

  /**
   * Gives the head the means and deviations of the training features; nothing if it does not
   * standardise.
   */
  public void standardizeBy(Features features) {
    if (pictures.network().children().get(Heads.STANDARDIZE) instanceof Standardize layer) {
      features.standardize(layer);
    }
  }

  /** Pictures [N,C,H,W] → features [N,F] of the backbone. */
  public Tensor features(Tensor pixels) {
    return run(pictures::features, features, pixels);
  }

  /** Pictures [N,C,H,W] → logits [N,classes]. */
  public Tensor logits(Tensor pixels) {
    return run(pictures::logits, logits, pixels);
  }

  /** In evaluation a plan saves the time and the memory that only gradients need. */
  private Tensor run(UnaryOperator<Tensor> network, Inference planned, Tensor pixels) {
    return networks.training()
        ? Tape.named(IMAGE, () -> network.apply(pixels))
        : planned.apply(pixels);
  }

  private Inference planned(UnaryOperator<Tensor> network) {
    return Inference.ofRows(pixels -> Tape.named(IMAGE, () -> network.apply(pixels)));
  }

  /** Query bits [N,Q] → embeddings [N,D]. */
  public Tensor query(Tensor bits) {
    return queryNetwork().apply(bits);
  }

  /** Batches of query bits [N,Q] → embeddings [N,D] of each, in one pass. */
  public Tensor[] queries(Tensor... bits) {
    return queryNetwork().applyEach(bits);
  }

  private Layer queryNetwork() {
    if (queries == null) {
      throw new IllegalStateException("this run has no attributes");
    }
    return queries;
  }

  @Override
  public void close() {
    unscaled.close();
    embeddings.close();
    features.close();
    logits.close();
    networks.close();
  }
}

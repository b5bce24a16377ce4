package akin.nn.head;

import akin.nn.BatchNorm;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.nn.Sequential;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Several global descriptors combined (CGD): a branch for each,
 *
 * <pre>
 * maps [N,C,H,W] → descriptor [N,C] → Linear(C, k), no bias → length 1   … of every branch
 * → joined [N, branches·k] → length 1                                     the embedding
 * </pre>
 *
 * <p>An auxiliary classifier reads the first branch: its raw descriptor [N,C], normalised by a
 * {@link BatchNorm}, as in the paper, or its embedding [N,k]. A softmax cross-entropy with
 * temperature and label smoothing is added to the ranking loss in training.
 *
 * <p>Names: {@code global_descriptors.i}, {@code main_modules.i.0}, {@code auxiliary_module.i}.
 *
 * <p>Source: Jun et al., "Combination of multiple global descriptors for image retrieval", 2019.
 */
public final class GlobalDescriptors extends Layer {
  private final List<Layer> pools = new ArrayList<>();
  private final List<Layer> branches = new ArrayList<>();
  private final boolean raw;
  private final Layer classifier;

  /**
   * What is combined.
   *
   * @param descriptors one for each branch, such as those of SMG
   * @param embedding k·branches, numbers of the embedding
   * @param p exponent of GeM
   * @param learnedP whether p is a weight
   * @param classes of the auxiliary classifier; 0 for none
   * @param raw whether it reads the raw descriptor, not the branch's embedding
   */
  public record Options(
      List<Descriptor> descriptors,
      int embedding,
      double p,
      boolean learnedP,
      int classes,
      boolean raw) {
    /** Checks that branches are equally wide. */
    public Options {
      descriptors = List.copyOf(descriptors);
      if (descriptors.isEmpty() || embedding <= 0 || embedding % descriptors.size() != 0) {
        throw new IllegalArgumentException(
            "the embedding's %d numbers are not the same number for each of %d branches"
                .formatted(embedding, descriptors.size()));
      }
    }
  }

  /** From maps of C channels. */
  public GlobalDescriptors(int channels, Options options) {
    int width = options.embedding / options.descriptors.size();
    for (Descriptor each : options.descriptors) {
      int i = pools.size();
      pools.add(child("global_descriptors." + i, pool(each, options)));
      Linear projection = new Linear(channels, width, false);
      branches.add(child("main_modules." + i, new Sequential(projection, new Normalize())));
    }
    raw = options.raw;
    classifier = options.classes == 0 ? null : classifier(raw ? channels : width, options);
    if (classifier != null) {
      child("auxiliary_module", classifier);
    }
  }

  private static Layer classifier(int width, Options options) {
    return new Sequential(new BatchNorm(width), new Linear(width, options.classes));
  }

  private static Layer pool(Descriptor descriptor, Options options) {
    return descriptor == Descriptor.GEM
        ? new GemPool(options.p, options.learnedP)
        : new PlanePool(descriptor == Descriptor.MAC);
  }

  /** The mean or the maximum of each plane. */
  private static final class PlanePool extends Layer {
    private final boolean maximum;

    PlanePool(boolean maximum) {
      this.maximum = maximum;
    }

    @Override
    protected Tensor forward(Tensor x) {
      return maximum ? x.amax(false, 2, 3) : x.mean(false, 2, 3);
    }
  }

  /** Maps [N,C,H,W] → embeddings [N,D] of length 1. */
  @Override
  protected Tensor forward(Tensor maps) {
    return joined(maps, null);
  }

  /**
   * Embeddings and logits of the auxiliary classifier, for training.
   *
   * @param embedding [N,D]
   * @param logits [N,classes]
   */
  public record Both(Tensor embedding, Tensor logits) {}

  /** Maps [N,C,H,W] → embeddings and logits. */
  public Both both(Tensor maps) {
    if (classifier == null) {
      throw new IllegalStateException("there is no auxiliary classifier");
    }
    Tensor[] read = new Tensor[1];
    Tensor embedding = joined(maps, read);
    return new Both(embedding, classifier.apply(read[0]));
  }

  private Tensor joined(Tensor maps, Tensor[] read) {
    Tensor[] parts = new Tensor[branches.size()];
    for (int i = 0; i < parts.length; i++) {
      Tensor descriptor = pools.get(i).apply(maps);
      parts[i] = branches.get(i).apply(descriptor);
      if (i == 0 && read != null) {
        read[0] = raw ? descriptor : parts[0];
      }
    }
    return Tensor.concat(1, parts).normalize(1, Normalize.EPS);
  }
}

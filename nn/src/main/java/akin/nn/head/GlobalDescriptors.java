package akin.nn.head;

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
 * <p>In training an {@link AuxiliaryClassifier} reads the first branch: its raw descriptor [N,C],
 * as in the paper, or its embedding [N,k].
 *
 * <p>Names: {@code global_descriptors.i}, {@code main_modules.i.0}.
 *
 * <p>Source: Jun et al., "Combination of multiple global descriptors for image retrieval", 2019.
 */
public final class GlobalDescriptors extends Layer {
  private final List<Layer> pools = new ArrayList<>();
  private final List<Layer> branches = new ArrayList<>();
  private final int width;

  /**
   * What is combined.
   *
   * @param descriptors one for each branch, such as those of SMG
   * @param embedding k·branches, numbers of the embedding
   * @param p exponent of GeM
   * @param learnedP whether p is a weight
   */
  public record Options(List<Descriptor> descriptors, int embedding, double p, boolean learnedP) {
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
    width = options.embedding / options.descriptors.size();
    for (Descriptor each : options.descriptors) {
      int i = pools.size();
      pools.add(child("global_descriptors." + i, pool(each, options)));
      Linear projection = new Linear(channels, width, false);
      branches.add(child("main_modules." + i, new Sequential(projection, new Normalize())));
    }
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

  /** k, numbers of a branch. */
  public int branchWidth() {
    return width;
  }

  /** Maps [N,C,H,W] → embeddings [N,D] of length 1. */
  @Override
  protected Tensor forward(Tensor maps) {
    return parts(maps).embedding;
  }

  /**
   * The embedding, and what an auxiliary classifier may read of the first branch.
   *
   * @param embedding [N,D]
   * @param descriptor [N,C], raw
   * @param branch [N,k], of length 1
   */
  public record Parts(Tensor embedding, Tensor descriptor, Tensor branch) {}

  /** Maps [N,C,H,W] → embedding and first branch. */
  public Parts parts(Tensor maps) {
    Tensor first = pools.get(0).apply(maps);
    Tensor[] parts = new Tensor[branches.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = branches.get(i).apply(i == 0 ? first : pools.get(i).apply(maps));
    }
    return new Parts(Tensor.concat(1, parts).normalize(1, Normalize.EPS), first, parts[0]);
  }
}

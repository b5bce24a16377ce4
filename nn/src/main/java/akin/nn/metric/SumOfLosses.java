package akin.nn.metric;

import akin.nn.Layer;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Σ w·l of several losses of the same batch and the same mined tuples, each reduced as published:
 *
 * <pre>{@code
 * Loss loss =
 *     new SumOfLosses(
 *         Part.of(1, MultiSimilarityLoss.usual()),
 *         Part.of(0.5, ThresholdConsistentMarginLoss.usual()));
 * }</pre>
 *
 * <p>So losses are trained that are meant to stand beside another, as the intra-pair variance and
 * the threshold-consistent margin. A sample is used if a loss uses it: of the numbers used, the
 * largest is told. Reduced in another way, all of them are. What a part learns or remembers is the
 * child of its number, from 0, in the {@link #layer}.
 */
public final class SumOfLosses implements Loss {
  /** Each loss by its own. */
  private static final Reducer AS_PUBLISHED = (terms, batch) -> Reducer.MEAN.of(terms, batch);

  private final List<Part> parts;
  private final Needs needs;
  private final Optional<Layer> layer;

  /**
   * A loss and what it counts.
   *
   * @param weight w
   */
  public record Part(double weight, Loss loss) {
    /** The same. */
    public static Part of(double weight, Loss loss) {
      return new Part(weight, loss);
    }
  }

  /** What the parts learn or remember. */
  private static final class Layers extends Layer {
    Layers(List<Part> parts) {
      for (int i = 0; i < parts.size(); i++) {
        String name = Integer.toString(i);
        parts.get(i).loss().layer().ifPresent(layer -> child(name, layer));
      }
    }

    @Override
    protected Tensor forward(Tensor x) {
      throw new UnsupportedOperationException("a sum of losses has no forward pass");
    }
  }

  /** The sum of one part or more; none takes two views where another needs labels. */
  public SumOfLosses(Part... parts) {
    this.parts = List.of(parts);
    needs =
        this.parts.stream()
            .map(part -> part.loss().needs())
            .reduce(Needs::and)
            .orElseThrow(
                () ->
                    UserError.of("a sum of no losses")
                        .rule("at least one loss")
                        .mend("give a loss with its weight"));
    Layer layers = new Layers(this.parts);
    layer = layers.children().isEmpty() ? Optional.empty() : Optional.of(layers);
  }

  /** The terms of all parts, times their weights. */
  @Override
  public List<Terms> terms(Batch batch) {
    List<Terms> all = new ArrayList<>();
    for (Part part : parts) {
      for (Terms terms : part.loss().terms(batch)) {
        all.add(new Terms(terms.values().mul(part.weight()), terms.anchors()));
      }
    }
    return all;
  }

  @Override
  public LossValue reduced(Batch batch, Reducer reducer) {
    Tensor sum = null;
    int used = 0;
    int skipped = Integer.MAX_VALUE;
    for (Part part : parts) {
      Loss loss = part.loss();
      LossValue value = loss.reduced(batch, reducer == AS_PUBLISHED ? loss.reducer() : reducer);
      Tensor weighted = value.value().mul(part.weight());
      sum = sum == null ? weighted : sum.add(weighted);
      used = Math.max(used, value.used());
      skipped = Math.min(skipped, value.skipped());
    }
    return new LossValue(sum, used, skipped);
  }

  @Override
  public Reducer reducer() {
    return AS_PUBLISHED;
  }

  @Override
  public Needs needs() {
    return needs;
  }

  @Override
  public Optional<Layer> layer() {
    return layer;
  }

  @Override
  public String toString() {
    return "SumOfLosses" + parts;
  }
}

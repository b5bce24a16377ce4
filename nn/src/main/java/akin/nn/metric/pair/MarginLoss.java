package akin.nn.metric.pair;

import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.LossValue;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The margin loss: a boundary β between positives and negatives, that may be learnt, with a margin
 * on either side. Of each triplet two losses,
 *
 * <p>l⁺ = [d_ap − β + m]₊, l⁻ = [β − d_an + m]₊,
 *
 * <p>the mean of all non-zero ones, plus ν times the mean of β over triplets if β is learnt. Where
 * they are above 0: ∂l⁺/∂d_ap = 1, ∂l⁻/∂d_an = −1, ∂l⁺/∂β = −1, ∂l⁻/∂β = 1. With similarities the
 * signs turn over. Without triplets all anchors are skipped.
 *
 * <p>Source: Wu et al., "Sampling matters in deep embedding learning", ICCV 2017.
 */
public final class MarginLoss implements Loss {
  private final Options options;
  private final Boundary boundary;

  /**
   * The numbers of a margin loss.
   *
   * @param margin m; 0.2 is usual
   * @param beta β, or what it begins with; 1.2 is usual
   * @param learnt 0 for a fixed β, 1 for one that is learnt, C for one of each class
   * @param nu ν ≥ 0; 0 is usual
   */
  public record Options(double margin, double beta, int learnt, double nu, Distance distance) {
    /** m = 0.2, β = 1.2, fixed; Euclidean between normalised vectors. */
    public static Options usual() {
      return new Options(0.2, 1.2, 0, 0, LpDistance.euclidean());
    }

    /** The same with so many β to learn and a regulariser of them. */
    public Options learning(int betas, double regularizer) {
      return new Options(margin, beta, betas, regularizer, distance);
    }
  }

  /** β, if it is learnt. */
  private static final class Boundary extends Layer {
    private final Parameter beta;

    Boundary(int count, double first) {
      beta = parameter("beta", Shape.of(count), Initializer.constant(first));
    }

    @Override
    protected Tensor forward(Tensor x) {
      throw new UnsupportedOperationException("a boundary has no forward pass");
    }
  }

  /** The loss of these options. */
  public MarginLoss(Options options) {
    this.options = options;
    boundary = options.learnt() == 0 ? null : new Boundary(options.learnt(), options.beta());
  }

  /** {@link Options#usual}. */
  public static MarginLoss usual() {
    return new MarginLoss(Options.usual());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Triplets t = batch.triplets();
    if (t.count() == 0) {
      return List.of();
    }
    Distance distance = options.distance();
    Tensor d = distance.of(batch.anchors(), batch.items());
    Tensor beta = beta(batch, t);
    Tensor near = distance.farther(Cells.of(d, t.anchors(), t.positives()), beta);
    Tensor far = distance.farther(beta, Cells.of(d, t.anchors(), t.negatives()));
    Tensor l = Tensor.concat(0, near, far).add(options.margin()).relu();
    return List.of(
        Terms.of(
            l, IntStream.concat(IntStream.of(t.anchors()), IntStream.of(t.anchors())).toArray()));
  }

  @Override
  public LossValue reduced(Batch batch, Reducer reducer) {
    LossValue value = Loss.super.reduced(batch, reducer);
    if (boundary == null || options.nu() == 0 || value.used() == 0) {
      return value;
    }
    Tensor more = beta(batch, batch.triplets()).mean().mul(options.nu());
    return new LossValue(value.value().add(more), value.used(), value.skipped());
  }

  /** β of each triplet. */
  private Tensor beta(Batch batch, Triplets t) {
    if (boundary == null) {
      return Tensor.full(Shape.of(t.count()), options.beta());
    }
    int[] which = new int[t.count()];
    if (options.learnt() > 1) {
      Arrays.setAll(which, k -> classOf(batch, t.anchors()[k]));
    }
    return Cells.of(boundary.beta.tensor(), which);
  }

  private int classOf(Batch batch, int anchor) {
    if (batch.labels() == null) {
      throw UserError.of("the margin loss cannot tell the β of each class")
          .rule("one β of each class needs labels; this batch is supervised by a relation")
          .mend("learn a single β");
    }
    int label = batch.labels()[anchor];
    if (label < 0 || label >= options.learnt()) {
      throw UserError.of("there is no β of class " + label)
          .rule("classes are from 0 to " + (options.learnt() - 1) + ", one for each β")
          .mend("learn as many β as there are classes");
    }
    return label;
  }

  @Override
  public Optional<Layer> layer() {
    return Optional.ofNullable(boundary);
  }

  @Override
  public Needs needs() {
    boolean classes = options.learnt() > 1;
    return new Needs(
        classes ? Needs.Supervision.CLASSES : Needs.Supervision.RELATION, Needs.MadeOf.TRIPLETS);
  }

  @Override
  public Reducer reducer() {
    return Reducer.NON_ZERO;
  }

  @Override
  public String toString() {
    return "MarginLoss" + options.toString().substring("Options".length());
  }
}

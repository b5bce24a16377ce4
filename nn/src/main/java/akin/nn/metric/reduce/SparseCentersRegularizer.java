package akin.nn.metric.reduce;

import akin.nn.metric.Norm;
import akin.nn.metric.Regularizer;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.stream.IntStream;

/**
 * Half the mean distance of the normalised centres of a class, over all pairs within classes: draws
 * centres that are not needed together until they are one, as the pull does not fade with the
 * distance. Equal centres have gradient 0.
 *
 * <p>Source: Qian et al., "SoftTriple loss: deep metric learning without triplet sampling", ICCV
 * 2019.
 *
 * @param each how many centres a class has, at least 2; those of a class stand together
 */
public record SparseCentersRegularizer(int each) implements Regularizer {
  /** Checks that there are pairs. */
  public SparseCentersRegularizer {
    if (each < 2) {
      throw UserError.of("there are no centres to draw together: " + each + " of each class")
          .rule("at least 2 centres of each class");
    }
  }

  @Override
  public Tensor of(Tensor vectors) {
    int n = vectors.dim(0);
    if (n % each != 0) {
      throw UserError.of(n + " centres are not " + each + " of each class")
          .rule("as many centres of each class as the regulariser was told")
          .mend("give it the loss' own number of centres");
    }
    int[] first = first(n);
    int[] second = IntStream.range(0, n).flatMap(i -> IntStream.range(i + 1, end(i))).toArray();
    Tensor unit = Norm.unitRows(vectors);
    Tensor apart = unit.gatherRows(first).sub(unit.gatherRows(second));
    return Norm.root(apart.square().sum(false, 1), 2, 1).mean().div(2);
  }

  private int[] first(int n) {
    return IntStream.range(0, n).flatMap(i -> IntStream.range(i + 1, end(i)).map(j -> i)).toArray();
  }

  /** The number after the last centre of i's class. */
  private int end(int i) {
    return (i / each + 1) * each;
  }
}

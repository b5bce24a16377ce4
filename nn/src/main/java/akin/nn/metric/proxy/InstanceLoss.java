package akin.nn.metric.proxy;

import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Norm;
import akin.nn.metric.Terms;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.op.CrossEntropy;
import java.util.Arrays;
import java.util.List;

/**
 * Samples of the batch as class vectors: with s_ij the cosine of samples i and j, and y_i the
 * number of the sample's label among the batch's sorted labels, 0 … C − 1,
 *
 * <p>l_i = −ln(e^{γ s_i,y_i} / Σ_j e^{γ s_ij}), ∂l_i/∂s_ij = γ(p_ij − [j = y_i]).
 *
 * <p>So the sample in row c stands for the c-th label, whatever its own is: only where the first C
 * samples of a batch have its labels, in order, is that their own.
 *
 * <p>Source: Zheng et al., "Dual-path convolutional image-text embeddings with instance loss", ACM
 * TOMM 2020, in the form of Musgrave et al., "PyTorch Metric Learning", 2020.
 *
 * @param gamma γ; 64 is usual
 */
public record InstanceLoss(double gamma) implements Loss {
  /** γ = 64. */
  public static InstanceLoss usual() {
    return new InstanceLoss(64);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    if (batch.labels() == null) {
      throw UserError.of("InstanceLoss does not know the labels of the batch")
          .rule("it needs a label for each sample; this batch is supervised by a relation")
          .mend("choose a loss of pairs or triplets");
    }
    if (!batch.within()) {
      throw UserError.of("InstanceLoss does not compare a batch with other items")
          .rule("the batch's own samples stand for the classes, by their rows")
          .mend("give Batch.of(embeddings, labels), or choose a loss of pairs or triplets");
    }
    int[] sorted = Arrays.stream(batch.labels()).distinct().sorted().toArray();
    int[] numbers =
        Arrays.stream(batch.labels()).map(y -> Arrays.binarySearch(sorted, y)).toArray();
    Tensor unit = Norm.unitRows(batch.anchors());
    Tensor logits = unit.matmul(unit, false, true).mul(gamma);
    Tensor target = CrossEntropy.targets(numbers, batch.size(), 0);
    return List.of(Terms.ofEach(logits.crossEntropy(target)));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.LABELS, Needs.MadeOf.ITSELF);
  }
}

package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.StateDict;
import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Norm;
import akin.nn.metric.Terms;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A loss with class vectors that is made of single samples' losses. Mined tuples become {@linkplain
 * Batch#weights weights} of samples.
 */
abstract class SampleClassLoss extends ClassLoss {
  SampleClassLoss(ClassVectors kept, Initializer first) {
    super(kept, first);
  }

  /** Embeddings [N, D] → [N]. */
  abstract Tensor losses(Tensor embeddings, Tensor vectors, int[] labels);

  @Override
  public List<Terms> terms(Batch batch, Tensor vectors) {
    Tensor losses = losses(batch.anchors(), vectors, labels(batch));
    return List.of(
        Terms.ofEach(
            batch.mined() == null
                ? losses
                : losses.mul(Tensor.of(Shape.of(batch.size()), batch.weights()))));
  }

  /** Unless it keeps figures of whole batches, such as a running mean. */
  @Override
  public boolean ofSingleSamples() {
    return StateDict.shapes(this).size() == parameters().size();
  }

  /** −ln softmax of each row at its label, [N, C] → [N]; no target as large as the logits. */
  static Tensor crossEntropy(Tensor logits, int[] labels) {
    return own(logits.logSoftmax(1), labels).neg();
  }

  /** The elements of the own classes: [N, C] → [N]. */
  static Tensor own(Tensor matrix, int[] labels) {
    return Cells.of(matrix, rows(labels), labels);
  }

  /** A matrix [N, C] with f of the elements of the own classes in their place. */
  static Tensor replaced(Tensor matrix, int[] labels, UnaryOperator<Tensor> f) {
    Tensor own = own(matrix, labels);
    return Cells.add(matrix, f.apply(own).sub(own), rows(labels), labels);
  }

  static int[] rows(int[] labels) {
    return IntStream.range(0, labels.length).toArray();
  }

  /** [N, D], [D, C·k] → [N, C·k]: the cosine with every vector. */
  static Tensor allCosines(Tensor embeddings, Tensor vectors) {
    return Norm.unitRows(embeddings).matmul(Norm.unitColumns(vectors));
  }
}

package akin.nn.metric.proxy;

import akin.nn.metric.Batch;
import akin.nn.metric.Norm;
import akin.nn.metric.Terms;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Noise;
import akin.tensor.op.CrossEntropy;
import java.util.List;

/**
 * From probability to similarity gradients: the squared error of cosines c_j whose target is 1 for
 * the own class and 0 for others,
 *
 * <p>l = (1/C) Σ_j (c_j − [j = y])², ∂l/∂c_j = 2(c_j − [j = y])/C.
 *
 * <p>The gradient by the class vectors is that of c_j = x·w_j/‖x‖: the columns of {@code weight}
 * [D, C] have length 1, since every training pass begins by making it so, in place. Evaluation
 * leaves them as the last step left them, and divides by their lengths.
 *
 * <p>Source: Zhang et al., "P2SGrad: refined gradients for optimizing deep face models", CVPR 2019.
 */
public final class P2SGradLoss extends SampleClassLoss {
  private static final double ADDED = 1e-7; // to a length, as the published code divides
  private static final double OFF = 1e-6; // so far from 1 a length may be

  /** There is nothing to choose but the sizes. */
  public P2SGradLoss(int classes, int width) {
    super(ClassVectors.columns("weight", classes, 1, width), P2SGradLoss::directions);
  }

  /** The same, as published. */
  public static P2SGradLoss usual(int classes, int width) {
    return new P2SGradLoss(classes, width);
  }

  private static Tensor directions(Shape shape, RandomStream stream) {
    return Norm.unitColumns(Tensor.random(shape, Noise.UNIFORM, stream, -1, 1));
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor vectors) {
    Tensor directions = training() ? vectors : Norm.unitColumns(vectors);
    return Norm.unitRows(embeddings).matmul(directions);
  }

  @Override
  Tensor losses(Tensor embeddings, Tensor vectors, int[] labels) {
    Tensor target = CrossEntropy.targets(labels, classes(), 0);
    return logits(embeddings, vectors).sub(target).square().mean(false, 1);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    if (training()) {
      shorten();
    }
    return super.terms(batch);
  }

  private void shorten() {
    double[] w = vectors().tensor().toDoubles();
    boolean off = false;
    for (int c = 0; c < classes(); c++) {
      double square = 0;
      for (int i = c; i < w.length; i += classes()) {
        square += w[i] * w[i];
      }
      double length = Math.sqrt(square);
      if (Math.abs(length - 1) > OFF) {
        off = true;
        for (int i = c; i < w.length; i += classes()) {
          w[i] /= length + ADDED;
        }
      }
    }
    if (off) {
      vectors().tensor().assign(w);
    }
  }
}

package akin.nn.metric.reduce;

import akin.nn.metric.Batch;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;

/**
 * The mean of w_c · l, c the class of a loss' anchor.
 *
 * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020.
 *
 * @param weights w, one for each class from 0
 */
public record ClassWeightedReducer(double... weights) implements Reducer {
  @Override
  public boolean weighsClasses() {
    return true;
  }

  @Override
  public Tensor of(Terms terms, Batch batch) {
    if (batch.labels() == null || terms.anchors() == null) {
      throw UserError.of("losses cannot be weighted by class")
          .rule(
              batch.labels() == null
                  ? "class weights need labels; this batch is supervised by a relation"
                  : "class weights need losses of single samples; this loss has none")
          .mend("choose another reducer");
    }
    double[] each = new double[terms.anchors().length];
    for (int k = 0; k < each.length; k++) {
      int label = batch.labels()[terms.anchors()[k]];
      if (label < 0 || label >= weights.length) {
        throw UserError.of("there is no weight for class " + label)
            .rule("classes are from 0 to " + (weights.length - 1) + ", one for each weight")
            .mend("give a weight for each class");
      }
      each[k] = weights[label];
    }
    return terms.values().mul(Tensor.of(Shape.of(each.length), each)).mean();
  }
}

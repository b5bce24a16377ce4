package akin.nn.metric.proxy;

import akin.nn.Layer;
import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.LossValue;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Regularizer;
import akin.nn.metric.Terms;
import akin.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** A loss plus weight × a regulariser of its class vectors. */
record RegularizedClasses(ClassLoss loss, Regularizer regularizer, double weight) implements Loss {
  @Override
  public List<Terms> terms(Batch batch) {
    return loss.terms(batch);
  }

  @Override
  public Needs needs() {
    return loss.needs();
  }

  @Override
  public Reducer reducer() {
    return loss.reducer();
  }

  @Override
  public Optional<Layer> layer() {
    return loss.layer();
  }

  @Override
  public LossValue reduced(Batch batch, Reducer other) {
    LossValue value = loss.reduced(batch, other);
    Tensor more = regularizer.of(loss.classVectors()).mul(weight);
    return new LossValue(value.value().add(more), value.used(), value.skipped());
  }
}

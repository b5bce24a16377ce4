package akin.nn;

import akin.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Layers one after another, named {@code 0}, {@code 1}, … or with names of their own. */
public class Sequential extends Layer {
  private final List<Layer> layers;

  /** Layers in the order in which they run. */
  public Sequential(Layer... layers) {
    this.layers = List.of(layers);
    for (int i = 0; i < layers.length; i++) {
      child(Integer.toString(i), layers[i]);
    }
  }

  /** Layers by their names, in the map's order. */
  public Sequential(Map<String, ? extends Layer> named) {
    layers = List.copyOf(named.values());
    named.forEach(this::child);
  }

  /** The layers in order. */
  public final List<Layer> layers() {
    return layers;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return run(x, layers.size());
  }

  /**
   * Runs the first {@code count} layers only. While it trains unobserved, a ReLU or ReLU6 after a
   * batch norm is done together with it, and any other ReLU before a maximum runs after it, on
   * fewer elements: the ReLU of the largest number is the largest ReLU, so values and gradients are
   * the same, bit for bit. A plan for inference does a ReLU together with the layer before it
   * instead.
   */
  protected final Tensor run(Tensor x, int count) {
    for (int i = 0; i < count; i++) {
      Layer layer = layers.get(i);
      Layer next = i + 1 < count ? layers.get(i + 1) : null;
      if (layer instanceof BatchNorm norm && next instanceof Activation f && norm.joins(f)) {
        x = norm.apply(x, f);
        i++;
      } else if (training() && !observed() && swaps(layer, next)) {
        x = layer.apply(next.apply(x));
        i++;
      } else {
        x = layer.apply(x);
      }
    }
    return x;
  }

  private static boolean swaps(Layer first, Layer second) {
    return first instanceof Activation f && f.relu && second instanceof Pool pool && pool.maximum;
  }
}

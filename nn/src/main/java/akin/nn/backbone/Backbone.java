package akin.nn.backbone;

import akin.nn.Layer;
import akin.nn.StateDict;
import akin.tensor.NearestName;
import akin.tensor.Scope;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A network that was trained to tell pictures apart, and whose inside serves other ends: pictures
 * [N,3,H,W] → {@link #features} [N, width] → logits [N, classes]. Without a classifier (0 classes)
 * {@link #apply} gives the features.
 *
 * <p>Names of parameters are those of torchvision's state dict. Inputs are prepared as the weights
 * demand; see the network's weight card.
 */
public abstract class Backbone extends Layer {
  /** For subclasses. */
  protected Backbone() {}

  /** F, numbers in a feature. */
  public abstract int width();

  /** Pictures [N,3,H,W] → pooled features [N,F], what the classifier reads. */
  public abstract Tensor features(Tensor pictures);

  /**
   * Makes weights of the same network in another form fit: older names, another size of pictures.
   * What does not fit afterwards is refused by {@link StateDict#into}.
   *
   * @param report told in a sentence what was changed; never called if nothing was
   * @return the same values where nothing had to be changed
   */
  public StateDict adapt(StateDict weights, Consumer<String> report) {
    return weights;
  }

  /**
   * Outputs of layers inside, by their paths, such as {@code layer3} or {@code features.18}; in
   * order of execution.
   *
   * @throws UserError if there is no layer of such a name, or it takes no part
   */
  public final Map<String, Tensor> outputs(Tensor pictures, Collection<String> paths) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    Set<String> met = new TreeSet<>();
    Scope scope = Scope.current();
    observe(
        (path, y) -> {
          met.add(path);
          if (paths.contains(path)) {
            outputs.put(path, y.keepIn(scope));
          }
        });
    try {
      apply(pictures);
    } finally {
      observe(null);
    }
    for (String path : paths) {
      if (!outputs.containsKey(path)) {
        throw UserError.of("the network has no layer '" + path + "'")
            .rule("a path of layers from " + getClass().getSimpleName() + ", joined by dots")
            .mend(NearestName.hint(path, met));
      }
    }
    return outputs;
  }
}

package akin.nn.optim;

import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.StateDict;
import akin.tensor.Descent;
import akin.tensor.Gradients;
import akin.tensor.Tensor;
import akin.tensor.backend.Update;
import java.util.List;

/**
 * Sharpness-aware minimisation: the gradient of an update is taken where the loss is largest
 * nearby. With g the gradient at w, and norms over all weights that have one,
 *
 * <p>e = ρ·g/(‖g‖ + 1e-12), or if adaptive e = ρ·w²g/(‖ |w|·g ‖ + 1e-12);
 *
 * <p>a second pass gives the gradient at w + e, with which the optimiser moves w. Both passes see
 * the same batch and draw the same noise; what a network remembers of batches, such as running
 * statistics, is what the first pass left.
 *
 * <pre>{@code
 * Sharpness.Climb climb = sharpness.climb(net, tape.backward(loss));
 * ...                       // forward and backward once more
 * climb.back();
 * optimizer.step(second);
 * }</pre>
 *
 * <p>Source: Foret et al., "Sharpness-aware minimization for efficiently improving generalization",
 * ICLR 2021; adaptive: Kwon et al., "ASAM", ICML 2021.
 *
 * @param radius ρ; 0.05 is usual
 * @param adaptive whether large weights may move farther
 */
public record Sharpness(double radius, boolean adaptive) {
  private static final double EPS = 1e-12;
  private static final Update PLUS = Update.sgd(-1, 0, 0, false, 0, 1); // w ← w + e

  /** Moves all weights of a network that have a gradient to w + e. */
  public Climb climb(Layer network, Gradients gradients) {
    Climb climb = new Climb(network, StateDict.of(network));
    List<Tensor> weights =
        network.parameters().stream().map(Parameter::tensor).filter(gradients::has).toList();
    Tensor squares = Tensor.scalar(0);
    for (Tensor w : weights) {
      squares = squares.add(steepness(w, gradients.of(w)).square().sum());
    }
    Tensor share = Tensor.scalar(radius).div(squares.sqrt().add(EPS));
    Descent.all(
        weights.stream()
            .map(w -> new Descent(w, PLUS, way(w, gradients.of(w)).mul(share), null, null))
            .toList());
    return climb;
  }

  /** Which way a weight is moved: g, or w²·g. */
  private Tensor way(Tensor w, Tensor g) {
    Tensor steep = steepness(w, g);
    return adaptive ? steep.mul(w.detach().abs()) : steep;
  }

  /** g, or |w|·g. */
  private Tensor steepness(Tensor w, Tensor g) {
    return adaptive ? g.mul(w.detach().abs()) : g;
  }

  /** Weights that were moved, and all values as they were before. */
  public static final class Climb {
    private final Layer network;
    private final StateDict before;

    private Climb(Layer network, StateDict before) {
      this.network = network;
      this.before = before;
    }

    /** Brings every weight, buffer and counter back, bit for bit. */
    public void back() {
      before.into(network, "the weights before the climb");
    }
  }
}

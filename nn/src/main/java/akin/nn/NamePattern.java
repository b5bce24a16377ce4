package akin.nn;

import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which weights of a network are meant, by their names in the state dict. A name stands for itself
 * or, if it is a layer's, for everything inside; {@code *} stands for any characters, dots too.
 *
 * <pre>
 * image.backbone                 the whole backbone
 * image.backbone.features.0      its first block, not features.01 or features.10
 * image.backbone.features.*.bias every bias of its blocks
 * </pre>
 *
 * @param text the pattern
 */
public record NamePattern(String text) {
  /** Checks that there is something to match. */
  public NamePattern {
    if (text.isBlank()) {
      throw UserError.of("a pattern of weights is empty")
          .rule("a name such as image.backbone, or with *, which stands for any characters");
    }
  }

  /** Whether the weight, or a layer around it, has this name. */
  public boolean matches(String name) {
    String quoted = Pattern.quote(text).replace("*", "\\E.*\\Q");
    return name.matches(quoted + "(\\..*)?");
  }

  /**
   * The weights of an initialised network that match, in state-dict order.
   *
   * @throws UserError if there are none
   */
  public List<Parameter> weights(Layer network) {
    List<Parameter> matching =
        network.parameters().stream().filter(p -> matches(p.name())).toList();
    if (matching.isEmpty()) {
      throw UserError.of("no weight of the network is called '" + text + "'")
          .rule(
              "a weight's name, a layer's name for all weights inside, or either with *, which"
                  + " stands for any characters")
          .mend(NearestName.hint(text.replace("*", ""), names(network)));
    }
    return matching;
  }

  /**
   * Stops (or resumes) learning of every weight that matches.
   *
   * @throws UserError if there are none
   */
  public void freeze(Layer network, boolean frozen) {
    weights(network).forEach(p -> p.tensor().requireGradient(!frozen));
  }

  /** Names of layers and weights as deep in the network as the pattern's, or all if none is. */
  private Collection<String> names(Layer network) {
    Set<String> all = new LinkedHashSet<>();
    for (Parameter p : network.parameters()) {
      for (int dot = p.name().indexOf('.'); dot >= 0; dot = p.name().indexOf('.', dot + 1)) {
        all.add(p.name().substring(0, dot));
      }
      all.add(p.name());
    }
    List<String> asDeep = all.stream().filter(name -> depth(name) == depth(text)).toList();
    return asDeep.isEmpty() ? all : asDeep;
  }

  private static long depth(String name) {
    return name.chars().filter(c -> c == '.').count();
  }
}

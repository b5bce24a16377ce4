package akin.nn.backbone;

import akin.nn.Resampling;
import akin.nn.StateDict;
import akin.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * From a library's names to a network's.
 *
 * @param maps of the libraries that know such a network
 * @param own what one name becomes in this network after all
 * @param useless what this network does without, of what it has no name for
 */
record Renaming(
    List<NameMap> maps, UnaryOperator<String> own, BiPredicate<String, StateDict.Value> useless) {
  private static final int SHOWN = 3;
  private static final Pattern CHUNKED = Pattern.compile("^(.*\\.|)blocks\\.\\d+\\.(\\d+\\.)");

  /**
   * The library's way to bring positions to another grid; torchvision's for the network's names.
   */
  Resampling resampling(StateDict weights) {
    return find(weights).map(NameMap::resampling).orElse(Resampling.CUBIC_CORNERS);
  }

  private Optional<NameMap> find(StateDict weights) {
    StateDict numbered = numbered(weights);
    return maps.stream().filter(map -> map.prefix(numbered) != null).findFirst();
  }

  /** DINOv2's training numbers blocks within chunks, {@code blocks.1.7} for {@code blocks.7}. */
  private static StateDict numbered(StateDict weights) {
    StateDict numbered = new StateDict();
    weights
        .values()
        .forEach(
            (name, value) ->
                numbered.put(CHUNKED.matcher(name).replaceFirst("$1blocks.$2"), value));
    return numbered;
  }

  /** The weights under the network's names; unchanged if they bear them, or unknown ones. */
  StateDict apply(StateDict weights, Map<String, Shape> wanted, Consumer<String> report) {
    Optional<NameMap> map = find(weights);
    if (map.isEmpty()) {
      return weights;
    }
    List<String> leftOut = new ArrayList<>();
    StateDict numbered = numbered(weights);
    StateDict renamed = map.get().apply(numbered, map.get().prefix(numbered), leftOut::add);
    StateDict kept = new StateDict();
    int[] changed = {0};
    renamed
        .values()
        .forEach(
            (name, value) -> {
              String now = own.apply(name);
              if (!wanted.containsKey(now) && useless.test(now, value)) {
                leftOut.add(name);
              } else if (kept.values().containsKey(now)) {
                kept.put(name, value); // one of two for the same place, which is refused later
              } else {
                changed[0] += weights.values().containsKey(now) ? 0 : 1;
                kept.put(now, value);
              }
            });
    report.accept(changed[0] + " names of " + map.get().origin());
    if (!leftOut.isEmpty()) {
      report.accept(
          (leftOut.size() == 1 ? "1 array is" : leftOut.size() + " arrays are")
              + " no part of this image encoder and left out: "
              + String.join(", ", leftOut.subList(0, Math.min(SHOWN, leftOut.size())))
              + (leftOut.size() > SHOWN ? ", …" : ""));
    }
    return kept;
  }

  /** Whether a value is 0 everywhere, as a bias that a library stores where there is none. */
  static boolean isZero(StateDict.Value value) {
    return Arrays.stream(value.doubles()).allMatch(x -> x == 0);
  }

  /** Each array with axes of size 1 added or taken away, where that is all that differs. */
  StateDict shaped(StateDict weights, Map<String, Shape> wanted) {
    StateDict shaped = new StateDict();
    weights.values().forEach((name, value) -> shaped.put(name, shaped(value, wanted.get(name))));
    return shaped;
  }

  /** The same numbers with axes of size 1 added or taken away, if that is all that differs. */
  static StateDict.Value shaped(StateDict.Value value, Shape shape) {
    return shape == null
            || value.shape().equals(shape)
            || !Arrays.equals(longAxes(value.shape()), longAxes(shape))
        ? value
        : value.reshaped(shape);
  }

  private static long[] longAxes(Shape shape) {
    return Arrays.stream(shape.toArray()).filter(size -> size != 1).toArray();
  }
}

package akin.nn.backbone;

import akin.nn.StateDict;
import akin.tensor.NearestName;
import akin.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a state dict and a backbone differ, by names and shapes. Three differences are none: counters
 * of batches, which files of PyTorch before 0.4.1 lack and inference does not read; a classifier
 * that is missing as a whole, if only features are wanted; and weights beyond the block that the
 * backbone is told to end with.
 *
 * @param missing what the network has and the state dict has not
 * @param unexpected what the state dict has and the network has not
 * @param wrongShapes names in both, whose shapes differ
 * @param near for a missing name, an unexpected one that may be the same, where one is similar
 * @param counters how many counters of batches are missing
 * @param withoutClassifier whether the classifier is missing as a whole
 */
public record WeightFit(
    List<String> missing,
    List<String> unexpected,
    List<Difference> wrongShapes,
    Map<String, String> near,
    int counters,
    boolean withoutClassifier) {

  /** A name whose shapes differ. */
  public record Difference(String name, Shape file, Shape network) {}

  private static final String COUNTER = "num_batches_tracked";
  private static final int COMPARED = 1000; // names; enough for any of the networks

  /**
   * Compares the weights of a file with a network, {@linkplain Backbone#adapt adapted} as they
   * would be when they are loaded.
   *
   * @param report told what had to be adapted
   */
  public static WeightFit of(StateDict file, Architecture architecture, Consumer<String> report) {
    Backbone network = architecture.create();
    StateDict weights = network.adapt(file, report);
    Map<String, Shape> wanted = StateDict.shapes(network);
    Set<String> classifier = new LinkedHashSet<>(wanted.keySet());
    classifier.removeAll(StateDict.shapes(architecture.withClasses(0).create()).keySet());
    Set<String> given = weights.values().keySet();
    List<String> missing = without(wanted.keySet(), given);
    int all = missing.size();
    missing.removeIf(name -> name.endsWith(COUNTER));
    int counters = all - missing.size();
    boolean withoutClassifier = !classifier.isEmpty() && missing.containsAll(classifier);
    if (withoutClassifier) {
      missing.removeAll(classifier);
    }
    List<String> unexpected = without(given, wanted.keySet());
    unexpected.removeAll(StateDict.shapes(architecture.whole().create()).keySet());
    return new WeightFit(
        missing,
        unexpected,
        differences(weights, wanted),
        near(missing, unexpected),
        counters,
        withoutClassifier);
  }

  private static List<String> without(Collection<String> names, Collection<String> others) {
    List<String> rest = new ArrayList<>(names);
    rest.removeAll(others);
    return rest;
  }

  private static List<Difference> differences(StateDict weights, Map<String, Shape> wanted) {
    List<Difference> differences = new ArrayList<>();
    wanted.forEach(
        (name, shape) -> {
          StateDict.Value value = weights.values().get(name);
          if (value != null && !value.shape().equals(shape)) {
            differences.add(new Difference(name, value.shape(), shape));
          }
        });
    return differences;
  }

  private static Map<String, String> near(List<String> missing, List<String> unexpected) {
    Map<String, String> near = new LinkedHashMap<>();
    if (Math.max(missing.size(), unexpected.size()) <= COMPARED) {
      for (String name : missing) {
        NearestName.of(name, unexpected).stream().findFirst().ifPresent(o -> near.put(name, o));
      }
    }
    return near;
  }

  /** Whether the weights can be loaded into the network. */
  public boolean fits() {
    return missing.isEmpty() && unexpected.isEmpty() && wrongShapes.isEmpty();
  }
}

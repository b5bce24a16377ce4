package akin.nn.io;

import akin.nn.Layer;
import akin.nn.StateDict;
import akin.nn.optim.Optimizer;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything a training run needs to go on bit for bit, in one safetensors file:
 *
 * <pre>
 * model.…      the network's state dict
 * optim.…      the optimiser's states, steps and rates
 * metadata     "akin" = "checkpoint", and every figure of the run, such as "step" = "1200"
 * </pre>
 *
 * <p>Files are written to a temporary name and renamed, so that the last good one is never lost.
 * Noise and order of samples need no state: they are functions of (seed, step).
 */
public final class Checkpoint {
  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optim.";
  private static final String KIND = "akin";

  private Checkpoint() {}

  /**
   * Writes a checkpoint.
   *
   * @param figures counters and other numbers of the run, by name; each comes back exactly
   * @throws UserError if it cannot be written; the old file stays
   */
  public static void write(
      Path file, Layer network, Optimizer optimizer, Map<String, Double> figures) {
    Map<String, Safetensors.Array> arrays =
        new LinkedHashMap<>(StateDict.of(network).arrays(MODEL));
    arrays.putAll(optimizer.state().arrays(OPTIMIZER));
    Map<String, String> metadata = new TreeMap<>(Map.of(KIND, "checkpoint"));
    figures.forEach((name, value) -> metadata.put(name, Double.toString(value)));
    Safetensors.write(file, arrays, metadata);
  }

  /**
   * Restores a network and a fresh optimiser as they were, and gives the figures.
   *
   * @throws UserError if the file is no checkpoint, or that of another network or optimiser
   */
  public static Map<String, Double> read(Path file, Layer network, Optimizer optimizer) {
    try (Safetensors tensors = Safetensors.open(file)) {
      if (!"checkpoint".equals(tensors.metadata().get(KIND))) {
        throw UserError.of("the file is no checkpoint of Akin")
            .at(file)
            .rule("metadata has \"akin\" = \"checkpoint\"")
            .mend("give a file of the run's checkpoints folder");
      }
      StateDict.of(tensors, MODEL).into(network, file.toString());
      optimizer.restore(StateDict.of(tensors, OPTIMIZER), file.toString());
      Map<String, Double> figures = new TreeMap<>();
      tensors
          .metadata()
          .forEach(
              (name, text) -> {
                if (!name.equals(KIND)) {
                  figures.put(name, Double.valueOf(text));
                }
              });
      return figures;
    }
  }
}

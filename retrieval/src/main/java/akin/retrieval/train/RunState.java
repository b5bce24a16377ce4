package akin.retrieval.train;

import akin.nn.io.Checkpoint;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Plateau;
import akin.retrieval.model.RetrievalModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state after an epoch, from which a run goes on bit for bit: weights and the optimiser's
 * states, and as figures the schedule's state, the lowest figure and the history.
 *
 * @param best lowest figure of the validation pictures so far
 */
record RunState(History history, double best) {
  private static final String PLATEAU = "plateau.";
  private static final String HISTORY = "history.";

  static void write(
      Path file,
      RetrievalModel model,
      Optimizer optimizer,
      Plateau plateau,
      History history,
      double best) {
    Map<String, Double> figures = new TreeMap<>();
    figures.put("best", best);
    double[] packed = history.pack();
    for (int i = 0; i < packed.length; i++) {
      figures.put(HISTORY + i, packed[i]);
    }
    if (plateau != null) {
      plateau.state().forEach((name, value) -> figures.put(PLATEAU + name, value));
    }
    Checkpoint.write(file, model.networks(), optimizer, figures);
  }

  static RunState read(Path file, RetrievalModel model, Optimizer optimizer, Plateau plateau) {
    Map<String, Double> figures = Checkpoint.read(file, model.networks(), optimizer);
    if (plateau != null) {
      Map<String, Double> state = new TreeMap<>();
      figures.forEach(
          (name, value) -> {
            if (name.startsWith(PLATEAU)) {
              state.put(name.substring(PLATEAU.length()), value);
            }
          });
      plateau.restore(state);
    }
    int numbers = (int) figures.keySet().stream().filter(n -> n.startsWith(HISTORY)).count();
    double[] packed = new double[numbers];
    for (int i = 0; i < numbers; i++) {
      packed[i] = figures.get(HISTORY + i);
    }
    return new RunState(History.unpack(packed), figures.get("best"));
  }
}

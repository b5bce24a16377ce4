package akin.retrieval.train;

import akin.nn.io.AtomicFile;
import akin.tensor.UserError;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What every update brought: a row of steps.csv with its learning rate and the batch's loss. */
final class Steps {
  private static final String HEADER = "step,rate,loss";

  private final List<String> rows = new ArrayList<>();

  /** The update after all that are here. */
  void add(double rate, double loss) {
    rows.add((rows.size() + 1) + "," + rate + "," + loss);
  }

  /** Writes steps.csv. */
  void write(Path file) {
    AtomicFile.write(
        file,
        out -> {
          Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          text.write(HEADER + "\n");
          for (String row : rows) {
            text.write(row + "\n");
          }
          text.flush();
        });
  }

  /**
   * The first {@code count} updates of a run that goes on; what came after them was not kept.
   *
   * @throws UserError if the file does not hold them
   */
  static Steps read(Path file, long count) {
    Steps steps = new Steps();
    try (var lines = Files.lines(file)) {
      lines.skip(1).limit(count).forEach(steps.rows::add);
    } catch (IOException e) {
      throw UserError.of("cannot read the updates so far: " + e.getMessage()).at(file).because(e);
    }
    if (steps.rows.size() < count) {
      throw UserError.of("the file holds " + steps.rows.size() + " updates")
          .at(file)
          .rule("the run to resume has done " + count)
          .mend("put the run's own file there, or start anew in another --out");
    }
    return steps;
  }
}

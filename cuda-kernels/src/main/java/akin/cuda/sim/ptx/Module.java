package akin.cuda.sim.ptx;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file of PTX.
 *
 * @param target the architecture it is written for
 * @param variables declared outside of functions
 * @param functions by name, in the order of the file
 */
public record Module(String target, List<Variable> variables, Map<String, Function> functions) {
  /** The kernels. */
  public Stream<Function> entries() {
    return functions.values().stream().filter(Function::entry);
  }
}

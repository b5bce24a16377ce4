package akin.cuda.planted;

import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Module;
import akin.cuda.sim.ptx.Parser;
import akin.tensor.RandomStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel with one planted mistake.
 *
 * @param at the index of the instruction where it is planted
 */
record Mutant(KernelFile file, Function kernel, Bug bug, int at) {
  private static final long SEED = 6;
  private static final Module NONE = new Module("", List.of(), Map.of());
  private static final Map<KernelFile, Module> COMMITTED = new EnumMap<>(KernelFile.class);

  /** The file as it is committed; a file that is not written yet has no kernels. */
  static Module committed(KernelFile file) {
    return COMMITTED.computeIfAbsent(file, f -> isWritten(f) ? Parser.parse(f.ptx()) : NONE);
  }

  private static boolean isWritten(KernelFile file) {
    return KernelFile.class.getResource("/akin/cuda/kernels/" + file.stem() + ".ptx") != null;
  }

  /** All places of a kernel where a mistake can be planted, in an order drawn from its name. */
  static List<Mutant> all(KernelFile file, Function kernel, Bug bug) {
    List<Mutant> found = new ArrayList<>();
    for (int at = 0; at < kernel.body().size(); at++) {
      if (bug.plant(kernel, at).isPresent()) {
        found.add(new Mutant(file, kernel, bug, at));
      }
    }
    List<Mutant> drawn = new ArrayList<>();
    RandomStream stream = RandomStream.of(SEED, kernel.name()).child(bug.name());
    for (int i : stream.permutation(found.size())) {
      drawn.add(found.get(i));
    }
    return drawn;
  }

  /** The instruction. */
  Instruction instruction() {
    return kernel.body().get(at);
  }

  /** What stands in a file of kernels, this mistake included. */
  Module module(KernelFile wanted) {
    Module right = committed(wanted);
    if (wanted != file) {
      return right;
    }
    Optional<Function> wrong = bug.plant(kernel, at);
    Map<String, Function> functions = new LinkedHashMap<>(right.functions());
    functions.put(kernel.name(), wrong.orElseThrow());
    return new Module(right.target(), right.variables(), functions);
  }

  @Override
  public String toString() {
    return String.join(
        "\t",
        kernel.name(),
        bug.name(),
        instruction().text(),
        String.valueOf(instruction().source()));
  }
}

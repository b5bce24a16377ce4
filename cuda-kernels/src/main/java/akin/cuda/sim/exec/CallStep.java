package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Symbol;
import akin.cuda.sim.ptx.Operand.Vector;
import akin.cuda.sim.ptx.PtxException;
import akin.cuda.sim.ptx.Variable;
import java.util.ArrayList;
import java.util.List;

/** call: arguments go over word by word, results come back so. */
final class CallStep extends Step {
  private final LoadedModule module;
  private final String callee;
  private final List<String> arguments;
  private final List<String> results;

  CallStep(Instruction i, Decoder d) {
    module = d.module();
    List<Operand> rest = new ArrayList<>(i.operands());
    results = rest.get(0) instanceof Vector ? names(rest.remove(0)) : List.of();
    if (rest.isEmpty() || !(rest.get(0) instanceof Symbol)) {
      throw Families.unknown(i);
    }
    callee = ((Symbol) rest.get(0)).name();
    if (!module.module().functions().containsKey(callee)) {
      throw new PtxException(i.line(), "no function " + callee + " to call");
    }
    arguments = rest.size() > 1 ? names(rest.get(1)) : List.of();
  }

  private static List<String> names(Operand list) {
    return ((Vector) list).parts().stream().map(part -> ((Symbol) part).name()).toList();
  }

  @Override
  void run(Warp warp, int active) {
    Program function = module.program(callee);
    Program from = warp.program();
    long[] source = warp.registers;
    warp.call(this, function, active);
    copy(
        function.function().parameters(),
        arguments,
        function,
        warp.registers,
        from,
        source,
        active);
  }

  private static void copy(
      List<Variable> inner,
      List<String> outer,
      Program function,
      long[] to,
      Program caller,
      long[] from,
      int active) {
    for (int k = 0; k < inner.size(); k++) {
      String prefix = inner.get(k).name() + "+";
      for (String word : function.words(prefix)) {
        int target = function.register(word);
        int source = caller.register(outer.get(k) + "+" + word.substring(prefix.length()));
        for (int rest = active; rest != 0; rest &= rest - 1) {
          int lane = Integer.numberOfTrailingZeros(rest);
          to[target + lane] = from[source + lane];
        }
      }
    }
  }

  /** Lanes return: what they give back goes to the caller. */
  void giveBack(Frame frame, int active) {
    Function function = frame.program.function();
    for (int k = 0; k < results.size(); k++) {
      String prefix = function.results().get(k).name() + "+";
      String outer = results.get(k) + "+";
      for (String word : frame.caller.program.words(outer)) {
        int target = frame.caller.program.register(word);
        int source = frame.program.register(prefix + word.substring(outer.length()));
        for (int rest = active; rest != 0; rest &= rest - 1) {
          int lane = Integer.numberOfTrailingZeros(rest);
          frame.caller.registers[target + lane] = frame.registers[source + lane];
        }
      }
    }
  }
}

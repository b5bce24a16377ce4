package akin.cuda.sim.exec;

import akin.cuda.sim.exec.Program.Constant;
import akin.cuda.sim.exec.Program.Given;
import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Operand.Symbol;
import akin.cuda.sim.ptx.PtxException;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Type;
import akin.cuda.sim.ptx.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a function's instructions into steps. Every operand becomes a register: numbers, addresses
 * of variables and special registers get one of their own, filled before the first step.
 */
final class Decoder {
  private final LoadedModule module;
  private final Function function;
  private final Layout layout;
  private final Meeting meeting;
  private final Map<String, Integer> registers = new HashMap<>();
  private final Map<String, Integer> predicates = new HashMap<>();
  private final Map<Long, Integer> numbers = new HashMap<>();
  private final List<Constant> constants = new ArrayList<>();
  private final List<Given> given = new ArrayList<>();
  private int next;
  private int at;

  private Decoder(LoadedModule module, Function function, Layout layout) {
    this.module = module;
    this.function = function;
    this.layout = layout;
    meeting = new Meeting(function);
  }

  static Program decode(LoadedModule module, Function function, Layout layout) {
    return new Decoder(module, function, layout).program();
  }

  private Program program() {
    function
        .registers()
        .forEach(
            (name, type) -> {
              if (type == Type.PRED) {
                predicates.put(name, predicates.size());
              } else {
                registers.put(name, fresh());
              }
            });
    int localBase = fresh();
    registers.put("local", localBase);
    List<Step> steps = new ArrayList<>();
    for (Instruction i : function.body()) {
      Step step = Families.decode(i, this);
      step.decoded(i, i.guard() == null ? -1 : predicate(i.guard(), i));
      steps.add(step);
      at++;
    }
    Program program =
        new Program(
            function,
            registers,
            predicates,
            next / Warp.LANES,
            constants,
            given,
            localBase,
            layout);
    program.steps(steps.toArray(Step[]::new));
    return program;
  }

  private int fresh() {
    int register = next;
    next += Warp.LANES;
    return register;
  }

  /** The register that an operand is read from. */
  int read(Operand operand, Instruction i) {
    if (operand instanceof Register) {
      return register(((Register) operand).name(), i);
    }
    if (operand instanceof Immediate) {
      return number(((Immediate) operand).bits());
    }
    if (operand instanceof Symbol) {
      return number(symbol(((Symbol) operand).name(), i));
    }
    if (operand instanceof Operand.Address) {
      Operand.Address place = (Operand.Address) operand;
      if (place.base() instanceof Symbol) {
        return number(symbol(((Symbol) place.base()).name(), i) + place.offset());
      }
    }
    throw new PtxException(i.line(), "cannot read " + operand + " in " + i.text());
  }

  /** The register that an operand is written to. */
  int write(Operand operand, Instruction i) {
    if (!(operand instanceof Register)) {
      throw new PtxException(i.line(), "no register to write to in " + i.text());
    }
    String name = ((Register) operand).name();
    if (name.equals("_")) {
      return fresh();
    }
    if (!registers.containsKey(name)) {
      throw new PtxException(i.line(), "unknown register " + name + " in " + i.text());
    }
    return registers.get(name);
  }

  /** The number of a predicate. */
  int predicate(Operand operand, Instruction i) {
    String name = operand instanceof Register ? ((Register) operand).name() : "";
    if (name.equals("_")) {
      return predicates.computeIfAbsent("_", n -> predicates.size());
    }
    Integer number = predicates.get(name);
    if (number == null) {
      throw new PtxException(i.line(), "unknown predicate " + name + " in " + i.text());
    }
    return number;
  }

  private int register(String name, Instruction i) {
    Integer known = registers.get(name);
    if (known != null) {
      return known;
    }
    Special.Value value = Special.of(name);
    if (value == null) {
      throw new PtxException(i.line(), "unknown register " + name + " in " + i.text());
    }
    int register = fresh();
    registers.put(name, register);
    given.add(new Given(register, value));
    return register;
  }

  /** A register that holds a number. */
  int number(long value) {
    return numbers.computeIfAbsent(
        value,
        v -> {
          int register = fresh();
          constants.add(new Constant(register, v));
          return register;
        });
  }

  /** A register for one word of a parameter that goes to or comes from a call. */
  int parameter(String name, long offset) {
    return registers.computeIfAbsent(name + "+" + offset, n -> fresh());
  }

  /** Whether a name is a parameter between functions, no argument of a kernel. */
  boolean isCallParameter(String name) {
    return !function.entry() || find(function.variables(), name) != null;
  }

  private long symbol(String name, Instruction i) {
    Integer offset = layout.offset(name);
    if (offset != null) {
      return offset;
    }
    Integer parameter = argument(name);
    if (parameter != null) {
      return parameter;
    }
    return module
        .address(name)
        .orElseThrow(() -> new PtxException(i.line(), "unknown " + name + " in " + i.text()));
  }

  /** Whether the name is a variable in a thread's local memory. */
  boolean isLocal(String name) {
    Variable variable = find(function.variables(), name);
    return variable != null && variable.space() == Space.LOCAL;
  }

  /** The register that holds where the call's local variables begin. */
  int localBase() {
    return registers.get("local");
  }

  private static Variable find(List<Variable> all, String name) {
    return all.stream().filter(v -> v.name().equals(name)).findAny().orElse(null);
  }

  /** Where an argument begins among the bytes of all, or null if there is none of the name. */
  private Integer argument(String name) {
    int offset = 0;
    for (Variable v : function.parameters()) {
      offset = (offset + v.align() - 1) / v.align() * v.align();
      if (v.name().equals(name)) {
        return offset;
      }
      offset += v.bytes();
    }
    return null;
  }

  /** The step that a label stands before. */
  int label(Operand operand, Instruction i) {
    Integer step =
        operand instanceof Symbol ? function.labels().get(((Symbol) operand).name()) : null;
    if (step == null) {
      throw new PtxException(i.line(), "unknown label in " + i.text());
    }
    return step;
  }

  /** Where lanes that part at this instruction meet again. */
  int meeting() {
    return meeting.of(at);
  }

  Function function() {
    return function;
  }

  LoadedModule module() {
    return module;
  }
}

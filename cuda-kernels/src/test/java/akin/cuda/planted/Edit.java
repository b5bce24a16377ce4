package akin.cuda.planted;

import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Address;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel about to be changed at one instruction.
 *
 * @param function the kernel
 * @param at the instruction's index
 */
record Edit(Function function, int at) {
  /** Registers that a planted mistake may use; no compiler names its own so. */
  static final Register PREDICATE = new Register("%planted_p");

  static final Register WORD = new Register("%planted_r");
  static final Register LONG = new Register("%planted_rd");
  static final Register FLOAT = new Register("%planted_f");
  static final Register DOUBLE = new Register("%planted_fd");

  private static final Map<String, Type> REGISTERS =
      Map.of(
          PREDICATE.name(), Type.PRED,
          WORD.name(), Type.B32,
          LONG.name(), Type.B64,
          FLOAT.name(), Type.F32,
          DOUBLE.name(), Type.F64);

  /** The instruction. */
  Instruction now() {
    return function.body().get(at);
  }

  boolean is(String name, String... modifiers) {
    return now().name().equals(name) && Arrays.stream(modifiers).allMatch(now()::has);
  }

  /** Another instruction of the same source line, without a guard. */
  Instruction make(String opcode, Operand... operands) {
    List<String> words = Arrays.asList(opcode.split("\\."));
    return made(null, words.get(0), words.subList(1, words.size()), List.of(operands));
  }

  /** The instruction, done only where the predicate holds. */
  Instruction onlyIf(Register predicate, Instruction i) {
    return made(predicate, i.name(), i.modifiers(), i.operands());
  }

  /** The instruction with another operand. */
  Instruction operand(int index, Operand operand) {
    List<Operand> operands = new ArrayList<>(now().operands());
    operands.set(index, operand);
    return with(now().modifiers(), operands);
  }

  /** The instruction with its address moved. */
  Instruction moved(long bytes) {
    int place = address();
    Address old = (Address) now().operand(place);
    return operand(place, new Address(old.base(), old.offset() + bytes));
  }

  /** Which operand is an address. */
  int address() {
    return now().operand(0) instanceof Address ? 0 : 1;
  }

  /** The instruction with other words and operands. */
  Instruction with(List<String> modifiers, List<Operand> operands) {
    Instruction i = now();
    return new Instruction(
        i.guard(),
        i.guardNegated(),
        i.name(),
        List.copyOf(modifiers),
        List.copyOf(operands),
        i.line(),
        i.source(),
        "planted in " + i.text());
  }

  private Instruction made(
      Register guard, String name, List<String> modifiers, List<Operand> operands) {
    Instruction i = now();
    String text = "planted before " + i.text();
    return new Instruction(guard, false, name, modifiers, operands, i.line(), i.source(), text);
  }

  /** The kernel with other instructions in place of this one. */
  Function replaced(Instruction... by) {
    List<Instruction> body = new ArrayList<>(function.body());
    body.remove(at);
    body.addAll(at, List.of(by));
    Map<String, Integer> labels = new HashMap<>(function.labels());
    labels.replaceAll((name, index) -> index > at ? index + by.length - 1 : index);
    Map<String, Type> registers = new LinkedHashMap<>(function.registers());
    registers.putAll(REGISTERS);
    return new Function(
        function.entry(),
        function.name(),
        function.results(),
        function.parameters(),
        registers,
        function.variables(),
        List.copyOf(body),
        labels,
        function.maxThreads());
  }
}

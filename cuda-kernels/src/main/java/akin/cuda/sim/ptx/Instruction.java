package akin.cuda.sim.ptx;

import akin.cuda.sim.ptx.Operand.Pair;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Operand.Vector;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One instruction.
 *
 * @param guard the predicate that must hold in a thread, or null
 * @param guardNegated whether it must not hold instead
 * @param name the first word, such as {@code ld}
 * @param modifiers the words after it, such as {@code global}, {@code f32}
 * @param operands as they stand
 * @param line of the PTX text, from 1
 * @param source where it comes from, or null
 * @param text as it stands, in one line
 */
public record Instruction(
    Register guard,
    boolean guardNegated,
    String name,
    List<String> modifiers,
    List<Operand> operands,
    int line,
    Source source,
    String text) {
  private static final Set<String> WITHOUT_RESULT =
      Set.of(
          "st",
          "red",
          "bra",
          "ret",
          "exit",
          "call",
          "barrier",
          "membar",
          "fence",
          "trap",
          "brkpt",
          "nanosleep",
          "prefetch",
          "prefetchu");

  /** Whether the word stands after the name. */
  public boolean has(String modifier) {
    return modifiers.contains(modifier);
  }

  /** The name with all words. */
  public String opcode() {
    return modifiers.isEmpty() ? name : name + "." + String.join(".", modifiers);
  }

  /** The type named last. */
  public Type type() {
    return type(0);
  }

  /**
   * The type named last but {@code back}.
   *
   * @throws PtxException if there are not so many
   */
  public Type type(int back) {
    int left = back;
    for (int i = modifiers.size() - 1; i >= 0; i--) {
      var type = Type.of(modifiers.get(i));
      if (type.isPresent() && left-- == 0) {
        return type.get();
      }
    }
    throw new PtxException(line, "a type is missing in " + text);
  }

  /** The registers that it writes, in order. */
  public List<Register> results() {
    boolean none = WITHOUT_RESULT.contains(name) || name.equals("bar") && !has("red");
    return none || operands.isEmpty() ? List.of() : registers(operands.get(0)).toList();
  }

  private static Stream<Register> registers(Operand operand) {
    if (operand instanceof Register register) {
      return register.name().equals("_") ? Stream.empty() : Stream.of(register);
    }
    if (operand instanceof Pair pair) {
      return Stream.concat(registers(pair.first()), registers(pair.second()));
    }
    return operand instanceof Vector vector
        ? vector.parts().stream().flatMap(Instruction::registers)
        : Stream.empty();
  }

  /**
   * The operand at a place.
   *
   * @throws PtxException if there are not so many
   */
  public Operand operand(int index) {
    if (index >= operands.size()) {
      throw new PtxException(line, "operand " + (index + 1) + " is missing in " + text);
    }
    return operands.get(index);
  }
}

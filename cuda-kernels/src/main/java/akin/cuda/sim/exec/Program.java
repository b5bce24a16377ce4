package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Function;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A function decoded: steps, and which register has which number. */
public final class Program {
  /** A register that holds the same all the time. */
  record Constant(int register, long value) {}

  /** A register that holds something of the warp's place. */
  record Given(int register, Special.Value value) {}

  private final Function function;
  private final Map<String, Integer> registers;
  private final Map<String, Integer> predicates;
  private final int registerCount;
  private final List<Constant> constants;
  private final List<Given> given;
  private final int localBase;
  private final Layout layout;
  private Step[] steps;

  /**
   * @param registers by name, the place of lane 0
   * @param localBase the register that holds where the function's local variables begin
   */
  Program(
      Function function,
      Map<String, Integer> registers,
      Map<String, Integer> predicates,
      int registerCount,
      List<Constant> constants,
      List<Given> given,
      int localBase,
      Layout layout) {
    this.function = function;
    this.registers = registers;
    this.predicates = predicates;
    this.registerCount = registerCount;
    this.constants = constants;
    this.given = given;
    this.localBase = localBase;
    this.layout = layout;
  }

  void steps(Step[] decoded) {
    steps = decoded;
  }

  /** The function's name. */
  public String name() {
    return function.name();
  }

  /** What it was decoded from. */
  public Function function() {
    return function;
  }

  /** How many steps it has. */
  int length() {
    return steps.length;
  }

  Step step(int index) {
    return steps[index];
  }

  int registerCount() {
    return registerCount;
  }

  int predicateCount() {
    return predicates.size();
  }

  /** Where lane 0 of a register stands. */
  int register(String name) {
    Integer register = registers.get(name);
    if (register == null) {
      throw new IllegalArgumentException(name() + " has no register " + name);
    }
    return register;
  }

  /** The registers whose names begin so. */
  List<String> words(String prefix) {
    return registers.keySet().stream().filter(name -> name.startsWith(prefix)).sorted().toList();
  }

  /** The number of a predicate, or -1 if there is none of the name. */
  int predicate(String name) {
    return predicates.getOrDefault(name, -1);
  }

  void fillConstants(long[] values) {
    for (Constant c : constants) {
      Arrays.fill(values, c.register, c.register + Warp.LANES, c.value);
    }
  }

  void fillSpecial(long[] values, Warp warp, int base) {
    Arrays.fill(values, localBase, localBase + Warp.LANES, base);
    for (Given g : given) {
      for (int lane = 0; lane < Warp.LANES; lane++) {
        values[g.register + lane] = g.value.of(warp, lane);
      }
    }
  }

  /** Bytes of a block's shared memory beside what the launch adds. */
  int sharedBytes() {
    return layout.sharedBytes();
  }

  /** Bytes of local variables of one call. */
  int localBytes() {
    return layout.localBytes();
  }

  /** Bytes of local memory of a thread. */
  int stackBytes() {
    return layout.stackBytes();
  }
}

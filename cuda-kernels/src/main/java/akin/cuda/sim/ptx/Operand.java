package akin.cuda.sim.ptx;

import java.util.List;

/** What an instruction works on. */
public sealed interface Operand {
  /** A register, by the name that is its own within the function; {@code _} throws results away. */
  record Register(String name) implements Operand {}

  /** A predicate, negated. */
  record Not(Register predicate) implements Operand {}

  /** Two results of one instruction, such as {@code %r1|%p1}. */
  record Pair(Operand first, Operand second) implements Operand {}

  /** A number: the bits as they stand in a register. */
  record Immediate(long bits) implements Operand {}

  /** The name of a variable, a function or a label. */
  record Symbol(String name) implements Operand {}

  /** A place in memory: a register, variable or number, and bytes beyond it. */
  record Address(Operand base, long offset) implements Operand {}

  /** Operands in braces or brackets. */
  record Vector(List<Operand> parts) implements Operand {}
}

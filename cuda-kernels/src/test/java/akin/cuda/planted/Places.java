package akin.cuda.planted;

import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Address;
import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Operand.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mistakes in where a thread reads and writes. */
final class Places {
  /** Sums that an index goes through until it is an address. */
  private static final int MOST_SUMS = 3;

  private static final int MOST_SHARED = 48 << 10;

  private Places() {}

  /** An index is multiplied by twice the size of an element. */
  static Optional<Function> wrongStride(Edit e) {
    Instruction i = e.now();
    boolean shift = e.is("shl");
    boolean scales = shift || e.is("mul", "wide");
    if (!scales || !(i.operand(2) instanceof Immediate) || !reaches(e, i.operand(0), MOST_SUMS)) {
      return Optional.empty();
    }
    long by = ((Immediate) i.operand(2)).bits();
    Immediate twice = new Immediate(shift ? by + 1 : 2 * by);
    return Optional.of(e.replaced(e.operand(2, twice)));
  }

  /** Whether a register becomes an address, after some sums. */
  private static boolean reaches(Edit e, Operand register, int sums) {
    for (Instruction i : e.function().body()) {
      if (i.operands().stream()
          .anyMatch(o -> o instanceof Address && ((Address) o).base().equals(register))) {
        return true;
      }
      if (sums > 0
          && i.name().equals("add")
          && i.operands().lastIndexOf(register) > 0
          && reaches(e, i.operand(0), sums - 1)) {
        return true;
      }
    }
    return false;
  }

  static Optional<Function> neighbourRead(Edit e) {
    return e.is("ld", "global") ? Optional.of(e.replaced(e.moved(width(e)))) : Optional.empty();
  }

  static Optional<Function> neighbourWrite(Edit e) {
    return e.is("st", "global") ? Optional.of(e.replaced(e.moved(width(e)))) : Optional.empty();
  }

  static Optional<Function> neighbourShared(Edit e) {
    return e.is("st", "shared") ? Optional.of(e.replaced(e.moved(width(e)))) : Optional.empty();
  }

  static Optional<Function> pastShared(Edit e) {
    return (e.is("ld", "shared") || e.is("st", "shared") || e.is("atom", "shared"))
        ? Optional.of(e.replaced(e.moved(MOST_SHARED)))
        : Optional.empty();
  }

  /** Bytes that one thread moves. */
  private static int width(Edit e) {
    int count = e.now().has("v4") ? 4 : e.now().has("v2") ? 2 : 1;
    return count * e.now().type().bytes();
  }

  /** One element is read as if it were 16 bytes; or 16 bytes begin one element later. */
  static Optional<Function> misaligned(Edit e) {
    Instruction i = e.now();
    if (!e.is("ld") || !i.has("global") && !i.has("shared")) {
      return Optional.empty();
    }
    if (i.operand(0) instanceof Vector) {
      return Optional.of(e.replaced(e.moved(i.type().bytes())));
    }
    int count = Math.min(4, 16 / i.type().bytes());
    List<Operand> parts = new ArrayList<>();
    parts.add(i.operand(0));
    while (parts.size() < count) {
      parts.add(new Register("_"));
    }
    List<String> modifiers = new ArrayList<>(i.modifiers());
    modifiers.add(modifiers.size() - 1, "v" + count);
    return Optional.of(
        e.replaced(e.with(modifiers, List.of(new Vector(List.copyOf(parts)), i.operand(1)))));
  }

  /** All blocks do the work of the first. */
  static Optional<Function> forgottenBlock(Edit e) {
    boolean reads =
        e.is("mov")
            && e.now().operand(1) instanceof Register
            && ((Register) e.now().operand(1)).name().startsWith("%ctaid");
    return reads ? Optional.of(e.replaced(e.operand(1, new Immediate(0)))) : Optional.empty();
  }

  /** A loop strides over the grid with twice its threads. */
  static Optional<Function> wrongGridStride(Edit e) {
    boolean asks = e.is("mov") && e.now().operand(1).equals(new Register("%nctaid.x"));
    Operand blocks = e.now().operands().isEmpty() ? null : e.now().operand(0);
    return asks
        ? Optional.of(e.replaced(e.now(), e.make("shl.b32", blocks, blocks, new Immediate(1))))
        : Optional.empty();
  }
}

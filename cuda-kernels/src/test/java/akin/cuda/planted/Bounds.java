package akin.cuda.planted;

import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Operand.Symbol;
import akin.cuda.sim.ptx.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Mistakes at the ends of loops and at the guards before accesses. */
final class Bounds {
  private static final Map<String, String> OTHER_STRICTNESS =
      Map.of(
          "lt", "le", "le", "lt", "gt", "ge", "ge", "gt", "lo", "ls", "ls", "lo", "hi", "hs", "hs",
          "hi");

  private Bounds() {}

  static Optional<Function> offByOne(Edit e) {
    if (!isBound(e)) {
      return Optional.empty();
    }
    List<String> modifiers = new ArrayList<>(e.now().modifiers());
    modifiers.replaceAll(word -> OTHER_STRICTNESS.getOrDefault(word, word));
    return Optional.of(e.replaced(e.with(modifiers, e.now().operands())));
  }

  /** The bound is one less. */
  static Optional<Function> lastLost(Edit e) {
    if (!isBound(e)) {
      return Optional.empty();
    }
    boolean wide = e.now().type().bytes() == Long.BYTES;
    Register less = wide ? Edit.LONG : Edit.WORD;
    String opcode = wide ? "sub.s64" : "sub.s32";
    Instruction subtract = e.make(opcode, less, e.now().operand(2), new Immediate(1));
    return Optional.of(e.replaced(subtract, e.operand(2, less)));
  }

  /** A whole number is compared, and a branch hangs on it. */
  private static boolean isBound(Edit e) {
    return e.is("setp")
        && e.now().type() != Type.F32
        && e.now().type() != Type.F64
        && e.now().modifiers().stream().anyMatch(OTHER_STRICTNESS::containsKey)
        && e.function().body().stream()
            .anyMatch(i -> i.name().equals("bra") && e.now().operand(0).equals(i.guard()));
  }

  /** Threads that have nothing to do are no longer sent to the end. */
  static Optional<Function> missingGuard(Edit e) {
    if (!e.is("bra") || e.now().guard() == null) {
      return Optional.empty();
    }
    int target = e.function().labels().get(((Symbol) e.now().operand(0)).name());
    boolean ends =
        target >= e.function().body().size()
            || e.function().body().get(target).name().equals("ret");
    return ends ? Optional.of(e.replaced()) : Optional.empty();
  }
}

package akin.cuda.planted;

import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Operand.Symbol;
import akin.cuda.sim.ptx.Type;
import java.util.Optional;

/** Mistakes in what is written. */
final class Values {
  private Values() {}

  static Optional<Function> missingStore(Edit e) {
    return e.is("st", "global") ? Optional.of(e.replaced()) : Optional.empty();
  }

  static Optional<Function> missingSharedStore(Edit e) {
    return e.is("st", "shared") ? Optional.of(e.replaced()) : Optional.empty();
  }

  static Optional<Function> wrongSign(Edit e) {
    Type type = e.is("st", "global") ? e.now().type() : Type.B32;
    if ((type != Type.F32 && type != Type.F64) || !(e.now().operand(1) instanceof Register)) {
      return Optional.empty();
    }
    Register negative = type == Type.F32 ? Edit.FLOAT : Edit.DOUBLE;
    String opcode = type == Type.F32 ? "neg.f32" : "neg.f64";
    Instruction negate = e.make(opcode, negative, e.now().operand(1));
    return Optional.of(e.replaced(negate, e.operand(1, negative)));
  }

  /** One step of a sum in a loop is left out. */
  static Optional<Function> missingTerm(Edit e) {
    boolean fused = e.is("fma");
    Type type = fused || e.is("add") ? e.now().type() : Type.B32;
    if ((type != Type.F32 && type != Type.F64) || !inLoop(e)) {
      return Optional.empty();
    }
    Operand sum = e.now().operand(fused ? 3 : 1);
    if (!(sum instanceof Register)) {
      return Optional.empty();
    }
    String opcode = type == Type.F32 ? "mov.f32" : "mov.f64";
    return Optional.of(e.replaced(e.make(opcode, e.now().operand(0), sum)));
  }

  /** Whether a later branch leads to here or before. */
  private static boolean inLoop(Edit e) {
    for (int i = e.at() + 1; i < e.function().body().size(); i++) {
      Instruction later = e.function().body().get(i);
      if (later.name().equals("bra")
          && e.function().labels().get(((Symbol) later.operand(0)).name()) <= e.at()) {
        return true;
      }
    }
    return false;
  }

  /** Read, add and write where nothing else may come between. */
  static Optional<Function> plainAtomic(Edit e) {
    if (!e.is("atom", "add", "u32")) {
      return Optional.empty();
    }
    String space = e.now().has("shared") ? "shared" : "global";
    Operand place = e.now().operand(1);
    return Optional.of(
        e.replaced(
            e.make("ld." + space + ".u32", e.now().operand(0), place),
            e.make("add.u32", Edit.WORD, e.now().operand(0), e.now().operand(2)),
            e.make("st." + space + ".u32", place, Edit.WORD)));
  }
}

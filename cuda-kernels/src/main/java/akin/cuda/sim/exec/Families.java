package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.PtxException;
import akin.cuda.sim.ptx.Type;

/** Which family of instructions knows an opcode. */
final class Families {
  private Families() {}

  static Step decode(Instruction i, Decoder d) {
    switch (i.name()) {
      case "mov":
      case "cvta":
        return Moves.decode(i, d);
      case "ld":
      case "ldu":
      case "st":
      case "atom":
      case "red":
      case "membar":
      case "fence":
      case "prefetch":
      case "prefetchu":
        return Memories.decode(i, d);
      case "bra":
      case "ret":
      case "exit":
      case "trap":
      case "brkpt":
      case "call":
      case "bar":
      case "barrier":
      case "nanosleep":
        return Flow.decode(i, d);
      case "shfl":
      case "vote":
      case "match":
      case "redux":
      case "activemask":
        return Exchanges.decode(i, d);
      case "setp":
      case "set":
      case "selp":
      case "slct":
      case "testp":
        return Comparisons.decode(i, d);
      case "cvt":
        return Conversions.decode(i, d);
      case "and":
      case "or":
      case "xor":
      case "not":
      case "cnot":
      case "shl":
      case "shr":
      case "shf":
      case "lop3":
      case "popc":
      case "clz":
      case "bfind":
      case "brev":
      case "bfe":
      case "bfi":
      case "prmt":
      case "fns":
        return Bits.decode(i, d);
      default:
        return arithmetic(i, d);
    }
  }

  private static Step arithmetic(Instruction i, Decoder d) {
    Type type = i.modifiers().isEmpty() ? Type.B32 : i.type();
    if (type == Type.F32) {
      return Floats.decode(i, d);
    }
    if (type == Type.F64) {
      return Doubles.decode(i, d);
    }
    if (i.has("cc")
        || i.name().equals("addc")
        || i.name().equals("subc")
        || i.name().equals("madc")) {
      return Carries.decode(i, d);
    }
    return Integers.decode(i, d);
  }

  static PtxException unknown(Instruction i) {
    return new PtxException(
        i.line(), "the PTX machine does not know " + i.opcode() + ": " + i.text());
  }
}

package akin.cuda.sim.exec;

import akin.cuda.sim.exec.TernaryStep.Operator;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Address;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Operand.Symbol;
import akin.cuda.sim.ptx.Operand.Vector;
import akin.cuda.sim.ptx.PtxException;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Type;
import java.util.List;
import java.util.Optional;

/** Loads, stores, atomics, fences. */
final class Memories {
  private Memories() {}

  static Step decode(Instruction i, Decoder d) {
    switch (i.name()) {
      case "ld":
      case "ldu":
        return load(i, d);
      case "st":
        return store(i, d);
      case "atom":
        return atomic(i, d, d.write(i.operand(0), i), 1);
      case "red":
        return atomic(i, d, -1, 0);
      default:
        // one thread's accesses are in order here, and blocks do not overlap
        return new NothingStep();
    }
  }

  private static Space space(Instruction i) {
    return i.modifiers().stream()
        .map(m -> Space.of(m.replaceAll("::.*", "")))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(Space.GENERIC);
  }

  /** Whether other threads may touch the same bytes at the same time. */
  private static boolean strong(Instruction i) {
    return i.has("volatile") || i.has("relaxed") || i.has("acquire") || i.has("release");
  }

  private static Address address(Instruction i, int operand) {
    if (!(i.operand(operand) instanceof Address)) {
      throw new PtxException(i.line(), "no address in " + i.text());
    }
    return (Address) i.operand(operand);
  }

  private static List<Operand> parts(Operand operand) {
    return operand instanceof Vector ? ((Vector) operand).parts() : List.of(operand);
  }

  private static Step load(Instruction i, Decoder d) {
    Address from = address(i, 1);
    int[] to = parts(i.operand(0)).stream().mapToInt(part -> d.write(part, i)).toArray();
    Type type = i.type();
    if (isCallParameter(space(i), from, d)) {
      int[] words = words(from, to.length, type, d);
      return new CopyStep(words, to, type);
    }
    return new LoadStep(space(i), type, strong(i), to, base(from, i, d), offset(from));
  }

  private static Step store(Instruction i, Decoder d) {
    Address to = address(i, 0);
    int[] from = parts(i.operand(1)).stream().mapToInt(part -> d.read(part, i)).toArray();
    Type type = i.type();
    if (isCallParameter(space(i), to, d)) {
      return new CopyStep(from, words(to, from.length, type, d), type);
    }
    return new StoreStep(space(i), type.bytes(), strong(i), from, base(to, i, d), offset(to));
  }

  private static boolean isCallParameter(Space space, Address place, Decoder d) {
    return space == Space.PARAM
        && place.base() instanceof Symbol
        && d.isCallParameter(((Symbol) place.base()).name());
  }

  private static int[] words(Address place, int count, Type type, Decoder d) {
    int[] words = new int[count];
    for (int k = 0; k < count; k++) {
      String name = ((Symbol) place.base()).name();
      words[k] = d.parameter(name, place.offset() + (long) k * type.bytes());
    }
    return words;
  }

  private static int base(Address place, Instruction i, Decoder d) {
    if (place.base() instanceof Symbol && d.isLocal(((Symbol) place.base()).name())) {
      throw new PtxException(i.line(), "local variables are reached by registers: " + i.text());
    }
    return place.base() instanceof Register ? d.read(place.base(), i) : d.read(place, i);
  }

  private static long offset(Address place) {
    // the address of a variable holds the offset already
    return place.base() instanceof Symbol ? 0 : place.offset();
  }

  private static Step atomic(Instruction i, Decoder d, int old, int first) {
    Address place = address(i, first);
    Type type = i.type();
    int b = d.read(i.operand(first + 1), i);
    boolean three = i.has("cas");
    int c = three ? d.read(i.operand(first + 2), i) : b;
    return new AtomicStep(
        space(i), type, old, b, c, update(i, type), base(place, i, d), offset(place));
  }

  private static Operator update(Instruction i, Type type) {
    if (i.has("add")) {
      return add(type);
    }
    if (i.has("min")) {
      return (old, b, c) -> less(type, type.widen(b), old) ? b : old;
    }
    if (i.has("max")) {
      return (old, b, c) -> less(type, old, type.widen(b)) ? b : old;
    }
    if (i.has("exch")) {
      return (old, b, c) -> b;
    }
    if (i.has("cas")) {
      return (old, b, c) -> old == type.widen(b) ? c : old;
    }
    if (i.has("and")) {
      return (old, b, c) -> old & b;
    }
    if (i.has("or")) {
      return (old, b, c) -> old | b;
    }
    if (i.has("xor")) {
      return (old, b, c) -> old ^ b;
    }
    if (i.has("inc")) {
      return (old, b, c) -> old >= type.widen(b) ? 0 : old + 1;
    }
    if (i.has("dec")) {
      return (old, b, c) -> old == 0 || old > type.widen(b) ? b : old - 1;
    }
    throw Families.unknown(i);
  }

  private static Operator add(Type type) {
    switch (type) {
      case F32:
        return (old, b, c) -> Floats.bits(Floats.of(old) + Floats.of(b));
      case F64:
        return (old, b, c) -> Doubles.bits(Doubles.of(old) + Doubles.of(b));
      default:
        return (old, b, c) -> old + b;
    }
  }

  private static boolean less(Type type, long a, long b) {
    return type == Type.U64 ? Long.compareUnsigned(a, b) < 0 : a < b;
  }
}

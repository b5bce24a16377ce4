package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand;
import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Operand.Not;
import akin.cuda.sim.ptx.Operand.Pair;
import akin.cuda.sim.ptx.Type;
import java.util.List;
import java.util.Set;

/** setp, set, selp, slct, testp. */
final class Comparisons {
  private static final Set<String> ORDERS =
      Set.of(
          "eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu", "ltu", "leu",
          "gtu", "geu", "num", "nan");

  private Comparisons() {}

  static Step decode(Instruction i, Decoder d) {
    switch (i.name()) {
      case "setp":
        return setPredicate(i, d);
      case "set":
        return set(i, d);
      case "selp":
        return new SelectStep(
            d.write(i.operand(0), i),
            d.read(i.operand(1), i),
            d.read(i.operand(2), i),
            source(i, 3, d));
      case "slct":
        return choose(i, d);
      default:
        return test(i, d);
    }
  }

  /** An operand that reads a predicate. */
  static PredicateStep.Source source(Instruction i, int operand, Decoder d) {
    Operand o = i.operand(operand);
    if (o instanceof Immediate) {
      return PredicateStep.Source.constant(((Immediate) o).bits() != 0);
    }
    return o instanceof Not
        ? new PredicateStep.Source(d.predicate(((Not) o).predicate(), i), true)
        : new PredicateStep.Source(d.predicate(o, i), false);
  }

  /** A relation of two values. */
  interface Relation {
    boolean holds(long a, long b);
  }

  private static Step setPredicate(Instruction i, Decoder d) {
    Operand to = i.operand(0);
    boolean two = to instanceof Pair;
    int first = d.predicate(two ? ((Pair) to).first() : to, i);
    int second = two ? d.predicate(((Pair) to).second(), i) : -1;
    PredicateStep.Source with = i.operands().size() > 3 ? source(i, 3, d) : null;
    return new CompareStep(
        first,
        second,
        d.read(i.operand(1), i),
        d.read(i.operand(2), i),
        relation(i, i.type()),
        with,
        join(i.modifiers()));
  }

  private static PredicateStep.Operator join(List<String> modifiers) {
    if (modifiers.contains("and")) {
      return (a, b, c) -> a & b;
    }
    if (modifiers.contains("or")) {
      return (a, b, c) -> a | b;
    }
    return (a, b, c) -> a ^ b;
  }

  private static Step set(Instruction i, Decoder d) {
    if (i.operands().size() > 3) {
      throw Families.unknown(i);
    }
    Relation relation = relation(i, i.type());
    long yes = i.type(1) == Type.F32 ? Floats.bits(1) : -1;
    return new BinaryStep(
        d.write(i.operand(0), i),
        d.read(i.operand(1), i),
        d.read(i.operand(2), i),
        (a, b) -> relation.holds(a, b) ? yes : 0);
  }

  private static Step choose(Instruction i, Decoder d) {
    boolean floating = i.type() == Type.F32;
    return new TernaryStep(
        d.write(i.operand(0), i),
        d.read(i.operand(1), i),
        d.read(i.operand(2), i),
        d.read(i.operand(3), i),
        (a, b, c) -> (floating ? Floats.of(c) >= 0 : (int) c >= 0) ? a : b);
  }

  private static Step test(Instruction i, Decoder d) {
    boolean single = i.type() == Type.F32;
    int a = d.read(i.operand(1), i);
    Relation relation =
        (x, unused) -> {
          double v = single ? Floats.of(x) : Doubles.of(x);
          double least = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
          switch (i.modifiers().get(0)) {
            case "finite":
              return Double.isFinite(v);
            case "infinite":
              return Double.isInfinite(v);
            case "number":
              return !Double.isNaN(v);
            case "notanumber":
              return Double.isNaN(v);
            case "normal":
              return Double.isFinite(v) && Math.abs(v) >= least;
            default:
              return v != 0 && Math.abs(v) < least;
          }
        };
    return new CompareStep(d.predicate(i.operand(0), i), -1, a, a, relation, null, null);
  }

  private static Relation relation(Instruction i, Type type) {
    String order =
        i.modifiers().stream()
            .filter(ORDERS::contains)
            .findFirst()
            .orElseThrow(() -> Families.unknown(i));
    return type.floating() ? floating(order, type == Type.F32, i) : whole(order, type, i);
  }

  private static Relation whole(String order, Type type, Instruction i) {
    switch (order) {
      case "eq":
        return (a, b) -> type.widen(a) == type.widen(b);
      case "ne":
        return (a, b) -> type.widen(a) != type.widen(b);
      case "lt":
      case "lo":
        return (a, b) -> compare(type, a, b) < 0;
      case "le":
      case "ls":
        return (a, b) -> compare(type, a, b) <= 0;
      case "gt":
      case "hi":
        return (a, b) -> compare(type, a, b) > 0;
      case "ge":
      case "hs":
        return (a, b) -> compare(type, a, b) >= 0;
      default:
        throw Families.unknown(i);
    }
  }

  private static int compare(Type type, long a, long b) {
    return type == Type.U64 || type == Type.B64
        ? Long.compareUnsigned(a, b)
        : Long.compare(type.widen(a), type.widen(b));
  }

  private static Relation floating(String order, boolean single, Instruction i) {
    Relation relation;
    switch (order) {
      case "eq":
      case "equ":
        relation = (a, b) -> value(a, single) == value(b, single);
        break;
      case "ne":
      case "neu":
        relation = (a, b) -> value(a, single) != value(b, single);
        break;
      case "lt":
      case "ltu":
        relation = (a, b) -> value(a, single) < value(b, single);
        break;
      case "le":
      case "leu":
        relation = (a, b) -> value(a, single) <= value(b, single);
        break;
      case "gt":
      case "gtu":
        relation = (a, b) -> value(a, single) > value(b, single);
        break;
      case "ge":
      case "geu":
        relation = (a, b) -> value(a, single) >= value(b, single);
        break;
      case "num":
        return (a, b) -> !unordered(a, b, single);
      case "nan":
        return (a, b) -> unordered(a, b, single);
      default:
        throw Families.unknown(i);
    }
    boolean whenUnordered = order.endsWith("u");
    return (a, b) -> unordered(a, b, single) ? whenUnordered : relation.holds(a, b);
  }

  private static double value(long bits, boolean single) {
    return single ? Floats.of(bits) : Doubles.of(bits);
  }

  private static boolean unordered(long a, long b, boolean single) {
    return Double.isNaN(value(a, single)) || Double.isNaN(value(b, single));
  }

  /** p = (a ○ b) with c; q = not (a ○ b) with c. */
  private static final class CompareStep extends Step {
    private final int p;
    private final int q;
    private final int a;
    private final int b;
    private final Relation relation;
    private final PredicateStep.Source with;
    private final PredicateStep.Operator join;

    CompareStep(
        int p,
        int q,
        int a,
        int b,
        Relation relation,
        PredicateStep.Source with,
        PredicateStep.Operator join) {
      this.p = p;
      this.q = q;
      this.a = a;
      this.b = b;
      this.relation = relation;
      this.with = with;
      this.join = join;
    }

    @Override
    void run(Warp warp, int active) {
      long[] r = warp.registers;
      int holds = 0;
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        if (relation.holds(r[a + lane], r[b + lane])) {
          holds |= 1 << lane;
        }
      }
      int[] to = warp.predicates;
      int c = with == null ? 0 : with.bits(warp);
      int first = with == null ? holds : join.apply(holds, c, 0);
      int second = with == null ? ~holds : join.apply(~holds, c, 0);
      to[p] = to[p] & ~active | first & active;
      if (q >= 0) {
        to[q] = to[q] & ~active | second & active;
      }
    }
  }

  /** d = p ? a : b. */
  private static final class SelectStep extends Step {
    private final int d;
    private final int a;
    private final int b;
    private final PredicateStep.Source p;

    SelectStep(int d, int a, int b, PredicateStep.Source p) {
      this.d = d;
      this.a = a;
      this.b = b;
      this.p = p;
    }

    @Override
    void run(Warp warp, int active) {
      long[] r = warp.registers;
      int bits = p.bits(warp);
      for (int rest = active; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        r[d + lane] = r[((bits >>> lane & 1) != 0 ? a : b) + lane];
      }
    }
  }
}

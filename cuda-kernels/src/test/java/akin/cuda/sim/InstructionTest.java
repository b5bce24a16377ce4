package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.device.Grid;
import akin.cuda.sim.ptx.PtxException;
import java.math.BigDecimal;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Single instructions against Java's own arithmetic, for awkward values. */
class InstructionTest {
  private static final long[] VALUES = {
    0,
    1,
    2,
    3,
    5,
    31,
    32,
    33,
    63,
    64,
    255,
    256,
    65535,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    0x100000000L,
    0x123456789abcdef0L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -31,
    -65536,
    0x00ff00ff00ff00ffL,
    0x5555555555555555L,
    0xdeadbeefcafebabeL,
    7,
    10,
    100,
    1000,
    12345678
  };

  private static final float[] FLOATS = {
    0,
    -0f,
    1,
    -1,
    0.5f,
    -0.5f,
    1.5f,
    2.5f,
    -2.5f,
    1e-40f,
    -1e-40f,
    Float.MIN_VALUE,
    1e-20f,
    3e38f,
    -3e38f,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    1e10f,
    -1e10f,
    2147483648f,
    4294967296f,
    9.3e18f,
    1.9e19f,
    -9.3e18f,
    0.1f,
    0.3f,
    3.1415927f,
    16777217f,
    -0.99999994f,
    1.0000001f
  };

  /** Every value with every other: b is a, turned by so many places. */
  private static void binary(String opcode, LongBinaryOperator expected) {
    Card card = new Card(body("ld.global.u64 %rd5, [%rd2]; ld.global.u64 %rd6, [%rd3];", opcode));
    for (int turn = 0; turn < VALUES.length; turn++) {
      long[] b = turned(VALUES, turn);
      long[] found = run(card, VALUES, b);
      for (int i = 0; i < VALUES.length; i++) {
        String what = opcode + " of " + VALUES[i] + ", " + b[i];
        assertEquals(expected.applyAsLong(VALUES[i], b[i]), found[i], what);
      }
    }
  }

  private static String body(String loads, String opcode) {
    return Card.kernel(
        "",
        "mul.wide.u32 %rd1, %t, 8; add.s64 %rd2, %a, %rd1; add.s64 %rd3, %rd2, 256;"
            + "add.s64 %rd4, %b, %rd1;"
            + loads
            + "cvt.u32.u64 %r5, %rd5; cvt.u32.u64 %r6, %rd6; mov.b32 %f5, %r5; mov.b32 %f6, %r6;"
            + "mov.b64 %fd5, %rd5; mov.b64 %fd6, %rd6;"
            + opcode
            + " st.global.u64 [%rd4], %rd9;");
  }

  private static long[] turned(long[] values, int by) {
    long[] turned = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[i] = values[(i + by) % values.length];
    }
    return turned;
  }

  private static long[] run(Card card, long[] a, long[] b) {
    long[] both = new long[64];
    System.arraycopy(a, 0, both, 0, 32);
    System.arraycopy(b, 0, both, 32, 32);
    long out = card.room(32 * Long.BYTES);
    card.run("k", Grid.of(1, 32), card.put(both), out);
    return card.longs(out, 32);
  }

  private static final String WIDE32 = " cvt.s64.s32 %rd9, %r9;";
  private static final String WIDE_F = " mov.b32 %r9, %f9; cvt.s64.s32 %rd9, %r9;";

  private static void whole32(String opcode, LongBinaryOperator expected) {
    binary(opcode + " %r9, %r5, %r6;" + WIDE32, (a, b) -> (int) expected.applyAsLong(a, b));
  }

  private static void whole64(String opcode, LongBinaryOperator expected) {
    binary(opcode + " %rd9, %rd5, %rd6;", expected);
  }

  @Test
  void wholeNumbers() {
    whole32("add.s32", Long::sum);
    whole32("sub.s32", (a, b) -> a - b);
    whole32("mul.lo.s32", (a, b) -> a * b);
    whole32("mul.hi.s32", (a, b) -> (long) (int) a * (int) b >> 32);
    whole32("mul.hi.u32", (a, b) -> (a & 0xffffffffL) * (b & 0xffffffffL) >>> 32);
    whole32("min.s32", (a, b) -> Math.min((int) a, (int) b));
    whole32("max.u32", (a, b) -> Math.max(a & 0xffffffffL, b & 0xffffffffL));
    whole32(
        "add.sat.s32",
        (a, b) -> {
          long sum = (long) (int) a + (int) b;
          return Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, sum));
        });
    whole64("mul.lo.s64", (a, b) -> a * b);
    whole64("mul.hi.s64", Math::multiplyHigh);
    whole64("min.u64", (a, b) -> Long.compareUnsigned(a, b) < 0 ? a : b);
    binary("mul.wide.s32 %rd9, %r5, %r6;", (a, b) -> (long) (int) a * (int) b);
    binary("mul.wide.u32 %rd9, %r5, %r6;", (a, b) -> (a & 0xffffffffL) * (b & 0xffffffffL));
    binary("mad.lo.s64 %rd9, %rd5, %rd6, %rd5;", (a, b) -> a * b + a);
    binary(
        "mad.wide.u32 %rd9, %r5, %r6, %rd6;", (a, b) -> (a & 0xffffffffL) * (b & 0xffffffffL) + b);
    binary("abs.s64 %rd9, %rd5;", (a, b) -> Math.abs(a));
    binary("neg.s32 %r9, %r5;" + WIDE32, (a, b) -> -(int) a);
  }

  @Test
  void sumsOf128BitsByCarries() {
    // (a, b) + (b, a), the upper half; then the same subtracted
    binary(
        "add.cc.u64 %rd8, %rd5, %rd6; addc.u64 %rd9, %rd6, %rd5;",
        (a, b) -> a + b + (Long.compareUnsigned(a + b, a) < 0 ? 1 : 0));
    binary(
        "sub.cc.u64 %rd8, %rd5, %rd6; subc.u64 %rd9, %rd6, %rd5;",
        (a, b) -> b - a - (Long.compareUnsigned(a, b) < 0 ? 1 : 0));
    binary(
        "mad.lo.cc.u32 %r8, %r5, %r6, %r5; madc.hi.u32 %r9, %r5, %r6, 0;" + WIDE32,
        (a, b) -> (int) ((a & 0xffffffffL) * (b & 0xffffffffL) + (a & 0xffffffffL) >>> 32));
  }

  @Test
  void bits() {
    whole64("and.b64", (a, b) -> a & b);
    whole32("xor.b32", (a, b) -> a ^ b);
    binary("shl.b64 %rd9, %rd5, %r6;", (a, b) -> shift(b, 64) ? 0 : a << b);
    binary("shr.u64 %rd9, %rd5, %r6;", (a, b) -> shift(b, 64) ? 0 : a >>> b);
    whole32("shr.s32", (a, b) -> (int) a >> (shift(b, 32) ? 31 : b));
    binary("shf.l.clamp.b32 %r9, %r5, %r6, 40;" + WIDE32, (a, b) -> (int) a);
    binary(
        "shf.r.wrap.b32 %r9, %r5, %r6, 40;" + WIDE32, (a, b) -> (int) (a << 32 >>> 40 | b << 24));
    binary("popc.b64 %r9, %rd5;" + WIDE32, (a, b) -> Long.bitCount(a));
    binary("clz.b32 %r9, %r5;" + WIDE32, (a, b) -> Integer.numberOfLeadingZeros((int) a));
    binary("brev.b64 %rd9, %rd5;", (a, b) -> Long.reverse(a));
    binary("bfind.u32 %r9, %r5;" + WIDE32, (a, b) -> 31 - Integer.numberOfLeadingZeros((int) a));
    binary("bfe.u32 %r9, %r5, 4, 8;" + WIDE32, (a, b) -> (int) a >>> 4 & 0xff);
    binary("bfe.s32 %r9, %r5, 24, 20;" + WIDE32, (a, b) -> (int) a >> 24);
    binary("bfi.b64 %rd9, %rd5, %rd6, 8, 16;", (a, b) -> b & ~(0xffffL << 8) | (a & 0xffffL) << 8);
    binary("lop3.b32 %r9, %r5, %r6, %r5, 0x3c;" + WIDE32, (a, b) -> (int) (a ^ b));
    // the lowest byte of b, then the sign of a's second byte
    binary(
        "prmt.b32 %r9, %r5, %r6, 0x00a4;" + WIDE32,
        (a, b) ->
            (int)
                (b & 0xff
                    | ((byte) (a >> 16) < 0 ? 0xff00 : 0)
                    | (a & 0xff) << 16
                    | (a & 0xff) << 24));
  }

  private static boolean shift(long by, int bits) {
    return (by & 0xffffffffL) >= bits;
  }

  /** Every pair of floats; NaN may have any bits. */
  private static void floats(String opcode, FloatBinary expected) {
    Card card =
        new Card(body("ld.global.u64 %rd5, [%rd2]; ld.global.u64 %rd6, [%rd3];", opcode + WIDE_F));
    for (int turn = 0; turn < FLOATS.length; turn++) {
      long[] a = new long[32];
      for (int i = 0; i < 32; i++) {
        a[i] = Float.floatToRawIntBits(FLOATS[i]);
      }
      long[] found = run(card, a, turned(a, turn));
      for (int i = 0; i < 32; i++) {
        float b = FLOATS[(i + turn) % 32];
        float result = Float.intBitsToFloat((int) found[i]);
        assertEquals(expected.of(FLOATS[i], b), result, opcode + " of " + FLOATS[i] + ", " + b);
      }
    }
  }

  private interface FloatBinary {
    float of(float a, float b);
  }

  @Test
  void floatsAreIeee() {
    floats("add.f32 %f9, %f5, %f6;", Float::sum);
    floats("mul.rn.f32 %f9, %f5, %f6;", (a, b) -> a * b);
    floats("div.rn.f32 %f9, %f5, %f6;", (a, b) -> a / b);
    floats("fma.rn.f32 %f9, %f5, %f6, %f5;", (a, b) -> Math.fma(a, b, a));
    floats("sqrt.rn.f32 %f9, %f5;", (a, b) -> (float) Math.sqrt(a));
    floats("neg.f32 %f9, %f5;", (a, b) -> -a);
    floats(
        "copysign.f32 %f9, %f5, %f6;",
        (a, b) -> Float.isNaN(a) ? Math.abs(b) : Math.copySign(b, a));
    // a number is less, and more, than NaN
    floats("min.f32 %f9, %f5, %f6;", (a, b) -> a != a ? b : b != b ? a : Math.min(a, b));
    floats("max.f32 %f9, %f5, %f6;", (a, b) -> a != a ? b : b != b ? a : Math.max(a, b));
    floats("add.sat.f32 %f9, %f5, %f6;", (a, b) -> a + b > 0 ? Math.min(1, a + b) : 0);
    floats("mul.ftz.f32 %f9, %f5, %f6;", (a, b) -> flushed(flushed(a) * flushed(b)));
  }

  private static float flushed(float value) {
    return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0, value) : value;
  }

  @Test
  void directedRoundingsAreTheNeighboursOfTheExact() {
    floats("add.rm.f32 %f9, %f5, %f6;", (a, b) -> directed(a, b, -1));
    floats("add.rp.f32 %f9, %f5, %f6;", (a, b) -> directed(a, b, 1));
  }

  private static float directed(float a, float b, int way) {
    float nearest = a + b;
    if (!Float.isFinite(a) || !Float.isFinite(b)) {
      return nearest;
    }
    BigDecimal exact = new BigDecimal(a).add(new BigDecimal(b));
    if (exact.signum() == 0) {
      return way < 0 && Float.floatToRawIntBits(a) != Float.floatToRawIntBits(b) ? -0f : nearest;
    }
    float best = way < 0 ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
    for (float near : new float[] {Math.nextDown(nearest), nearest, Math.nextUp(nearest)}) {
      boolean side = Float.isFinite(near) && new BigDecimal(near).compareTo(exact) * way >= 0;
      if (side && (way < 0 ? near > best : near < best)) {
        best = near;
      }
    }
    return best;
  }

  private static void comparison(String order, FloatRelation expected) {
    String opcode =
        "setp." + order + ".f32 %p1, %f5, %f6; selp.f32 %f9, 0f3F800000, 0f00000000, %p1;";
    floats(opcode, (a, b) -> expected.holds(a, b) ? 1 : 0);
  }

  private interface FloatRelation {
    boolean holds(float a, float b);
  }

  @Test
  void comparisonsKnowNan() {
    comparison("lt", (a, b) -> a < b);
    comparison("leu", (a, b) -> !(a > b));
    comparison("eq", (a, b) -> a == b);
    comparison("ne", (a, b) -> a < b || a > b);
    comparison("neu", (a, b) -> a != b);
    comparison("equ", (a, b) -> !(a < b || a > b));
    comparison("num", (a, b) -> a == a && b == b);
    comparison("nan", (a, b) -> a != a || b != b);
    floats(
        "setp.gt.f32 %p1, %f5, 0f00000000; setp.lt.and.f32 %p2|%p3, %f5, %f6, %p1;"
            + "selp.f32 %f9, 0f3F800000, 0f00000000, %p3;",
        (a, b) -> !(a < b) && a > 0 ? 1 : 0);
  }

  private static void convert(String opcode, FloatToLong expected) {
    Card card = new Card(body("ld.global.u64 %rd5, [%rd2]; mov.u64 %rd6, 0;", opcode));
    long[] a = new long[32];
    for (int i = 0; i < 32; i++) {
      a[i] = Float.floatToRawIntBits(FLOATS[i]);
    }
    long[] found = run(card, a, a);
    for (int i = 0; i < 32; i++) {
      assertEquals(expected.of(FLOATS[i]), found[i], opcode + " of " + FLOATS[i]);
    }
  }

  private interface FloatToLong {
    long of(float value);
  }

  @Test
  void conversionsRoundAndCut() {
    convert("cvt.rzi.s32.f32 %r9, %f5;" + WIDE32, v -> (int) v);
    convert("cvt.rni.s32.f32 %r9, %f5;" + WIDE32, v -> (int) Math.rint(v));
    convert("cvt.rmi.s64.f32 %rd9, %f5;", v -> (long) Math.floor(v));
    convert("cvt.rpi.s64.f32 %rd9, %f5;", v -> (long) Math.ceil(v));
    convert(
        "cvt.rzi.u32.f32 %r9, %f5; cvt.u64.u32 %rd9, %r9;",
        v -> Math.max(0, Math.min(0xffffffffL, (long) v)));
    convert(
        "cvt.rzi.u64.f32 %rd9, %f5;",
        v -> v >= 0x1p64 ? -1 : v > 0 ? new BigDecimal(v).toBigInteger().longValue() : 0);
    convert("cvt.f64.f32 %fd9, %f5; mov.b64 %rd9, %fd9;", v -> Double.doubleToLongBits(v));
    unary("cvt.rn.f32.s64 %f9, %rd5;" + WIDE_F, a -> Float.floatToRawIntBits((float) a));
    unary(
        "cvt.rn.f32.u64 %f9, %rd5;" + WIDE_F,
        a -> Float.floatToRawIntBits(new BigDecimal(Long.toUnsignedString(a)).floatValue()));
    unary("cvt.u64.u32 %rd9, %r5;", a -> a & 0xffffffffL);
    unary("cvt.s64.s8 %rd9, %r5;", a -> (byte) a);
    unary("cvt.sat.u8.s32 %r9, %r5;" + WIDE32, a -> Math.max(0, Math.min(255, (int) a)));
  }

  private static void unary(String opcode, LongUnaryOperator expected) {
    binary(opcode, (a, b) -> expected.applyAsLong(a));
  }

  @Test
  void whatIsNotKnownIsSaidWithItsLine() {
    String ptx = Card.kernel("", "frobnicate.b32 %r1, %t, 3;");
    Card card = new Card(ptx);
    PtxException e = assertThrows(PtxException.class, () -> card.run("k", Grid.of(1, 1), 0L, 0L));
    int line = (int) ptx.substring(0, ptx.indexOf("frob") + 1).lines().count();
    assertTrue(e.getMessage().contains("PTX line " + line + ": "), e.getMessage());
    assertTrue(e.getMessage().contains("frobnicate.b32"), e.getMessage());
  }
}

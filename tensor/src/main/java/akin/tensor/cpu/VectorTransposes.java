package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Squares of 16×16 transposed in registers: four rounds, each of which swaps one bit of the row
 * number with the same bit of the column number.
 */
final class VectorTransposes implements Transposes {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;
  private static final VectorShuffle<Float> SWAP_8 = VectorShuffle.fromOp(S, i -> i ^ 8);
  private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(S, i -> i ^ 4);
  private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(S, i -> i ^ 2);
  private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(S, i -> i ^ 1);
  private static final VectorMask<Float> BIT_8 = VectorMask.fromLong(S, 0xff00L);
  private static final VectorMask<Float> BIT_4 = VectorMask.fromLong(S, 0xf0f0L);
  private static final VectorMask<Float> BIT_2 = VectorMask.fromLong(S, 0xccccL);
  private static final VectorMask<Float> BIT_1 = VectorMask.fromLong(S, 0xaaaaL);

  @Override
  public int side() {
    return 16;
  }

  private static FloatVector load(float[] x, int xo, int pitch, int row, int rows) {
    return FloatVector.fromArray(S, x, xo + Math.min(row, rows - 1) * pitch);
  }

  @Override
  public void square(float[] x, int xo, int xPitch, int rows, float[] y, int yo, int yPitch) {
    FloatVector a0 = load(x, xo, xPitch, 0, rows);
    FloatVector b0 = load(x, xo, xPitch, 1, rows);
    FloatVector c0 = load(x, xo, xPitch, 2, rows);
    FloatVector d0 = load(x, xo, xPitch, 3, rows);
    FloatVector e0 = load(x, xo, xPitch, 4, rows);
    FloatVector f0 = load(x, xo, xPitch, 5, rows);
    FloatVector g0 = load(x, xo, xPitch, 6, rows);
    FloatVector h0 = load(x, xo, xPitch, 7, rows);
    FloatVector i0 = load(x, xo, xPitch, 8, rows);
    FloatVector j0 = load(x, xo, xPitch, 9, rows);
    FloatVector k0 = load(x, xo, xPitch, 10, rows);
    FloatVector l0 = load(x, xo, xPitch, 11, rows);
    FloatVector m0 = load(x, xo, xPitch, 12, rows);
    FloatVector n0 = load(x, xo, xPitch, 13, rows);
    FloatVector o0 = load(x, xo, xPitch, 14, rows);
    FloatVector p0 = load(x, xo, xPitch, 15, rows);
    FloatVector a1 = a0.blend(i0.rearrange(SWAP_8), BIT_8);
    FloatVector i1 = a0.rearrange(SWAP_8).blend(i0, BIT_8);
    FloatVector b1 = b0.blend(j0.rearrange(SWAP_8), BIT_8);
    FloatVector j1 = b0.rearrange(SWAP_8).blend(j0, BIT_8);
    FloatVector c1 = c0.blend(k0.rearrange(SWAP_8), BIT_8);
    FloatVector k1 = c0.rearrange(SWAP_8).blend(k0, BIT_8);
    FloatVector d1 = d0.blend(l0.rearrange(SWAP_8), BIT_8);
    FloatVector l1 = d0.rearrange(SWAP_8).blend(l0, BIT_8);
    FloatVector e1 = e0.blend(m0.rearrange(SWAP_8), BIT_8);
    FloatVector m1 = e0.rearrange(SWAP_8).blend(m0, BIT_8);
    FloatVector f1 = f0.blend(n0.rearrange(SWAP_8), BIT_8);
    FloatVector n1 = f0.rearrange(SWAP_8).blend(n0, BIT_8);
    FloatVector g1 = g0.blend(o0.rearrange(SWAP_8), BIT_8);
    FloatVector o1 = g0.rearrange(SWAP_8).blend(o0, BIT_8);
    FloatVector h1 = h0.blend(p0.rearrange(SWAP_8), BIT_8);
    FloatVector p1 = h0.rearrange(SWAP_8).blend(p0, BIT_8);
    FloatVector a2 = a1.blend(e1.rearrange(SWAP_4), BIT_4);
    FloatVector e2 = a1.rearrange(SWAP_4).blend(e1, BIT_4);
    FloatVector b2 = b1.blend(f1.rearrange(SWAP_4), BIT_4);
    FloatVector f2 = b1.rearrange(SWAP_4).blend(f1, BIT_4);
    FloatVector c2 = c1.blend(g1.rearrange(SWAP_4), BIT_4);
    FloatVector g2 = c1.rearrange(SWAP_4).blend(g1, BIT_4);
    FloatVector d2 = d1.blend(h1.rearrange(SWAP_4), BIT_4);
    FloatVector h2 = d1.rearrange(SWAP_4).blend(h1, BIT_4);
    FloatVector i2 = i1.blend(m1.rearrange(SWAP_4), BIT_4);
    FloatVector m2 = i1.rearrange(SWAP_4).blend(m1, BIT_4);
    FloatVector j2 = j1.blend(n1.rearrange(SWAP_4), BIT_4);
    FloatVector n2 = j1.rearrange(SWAP_4).blend(n1, BIT_4);
    FloatVector k2 = k1.blend(o1.rearrange(SWAP_4), BIT_4);
    FloatVector o2 = k1.rearrange(SWAP_4).blend(o1, BIT_4);
    FloatVector l2 = l1.blend(p1.rearrange(SWAP_4), BIT_4);
    FloatVector p2 = l1.rearrange(SWAP_4).blend(p1, BIT_4);
    FloatVector a3 = a2.blend(c2.rearrange(SWAP_2), BIT_2);
    FloatVector c3 = a2.rearrange(SWAP_2).blend(c2, BIT_2);
    FloatVector b3 = b2.blend(d2.rearrange(SWAP_2), BIT_2);
    FloatVector d3 = b2.rearrange(SWAP_2).blend(d2, BIT_2);
    FloatVector e3 = e2.blend(g2.rearrange(SWAP_2), BIT_2);
    FloatVector g3 = e2.rearrange(SWAP_2).blend(g2, BIT_2);
    FloatVector f3 = f2.blend(h2.rearrange(SWAP_2), BIT_2);
    FloatVector h3 = f2.rearrange(SWAP_2).blend(h2, BIT_2);
    FloatVector i3 = i2.blend(k2.rearrange(SWAP_2), BIT_2);
    FloatVector k3 = i2.rearrange(SWAP_2).blend(k2, BIT_2);
    FloatVector j3 = j2.blend(l2.rearrange(SWAP_2), BIT_2);
    FloatVector l3 = j2.rearrange(SWAP_2).blend(l2, BIT_2);
    FloatVector m3 = m2.blend(o2.rearrange(SWAP_2), BIT_2);
    FloatVector o3 = m2.rearrange(SWAP_2).blend(o2, BIT_2);
    FloatVector n3 = n2.blend(p2.rearrange(SWAP_2), BIT_2);
    FloatVector p3 = n2.rearrange(SWAP_2).blend(p2, BIT_2);
    FloatVector a4 = a3.blend(b3.rearrange(SWAP_1), BIT_1);
    FloatVector b4 = a3.rearrange(SWAP_1).blend(b3, BIT_1);
    FloatVector c4 = c3.blend(d3.rearrange(SWAP_1), BIT_1);
    FloatVector d4 = c3.rearrange(SWAP_1).blend(d3, BIT_1);
    FloatVector e4 = e3.blend(f3.rearrange(SWAP_1), BIT_1);
    FloatVector f4 = e3.rearrange(SWAP_1).blend(f3, BIT_1);
    FloatVector g4 = g3.blend(h3.rearrange(SWAP_1), BIT_1);
    FloatVector h4 = g3.rearrange(SWAP_1).blend(h3, BIT_1);
    FloatVector i4 = i3.blend(j3.rearrange(SWAP_1), BIT_1);
    FloatVector j4 = i3.rearrange(SWAP_1).blend(j3, BIT_1);
    FloatVector k4 = k3.blend(l3.rearrange(SWAP_1), BIT_1);
    FloatVector l4 = k3.rearrange(SWAP_1).blend(l3, BIT_1);
    FloatVector m4 = m3.blend(n3.rearrange(SWAP_1), BIT_1);
    FloatVector n4 = m3.rearrange(SWAP_1).blend(n3, BIT_1);
    FloatVector o4 = o3.blend(p3.rearrange(SWAP_1), BIT_1);
    FloatVector p4 = o3.rearrange(SWAP_1).blend(p3, BIT_1);
    a4.intoArray(y, yo);
    b4.intoArray(y, yo + yPitch);
    c4.intoArray(y, yo + 2 * yPitch);
    d4.intoArray(y, yo + 3 * yPitch);
    e4.intoArray(y, yo + 4 * yPitch);
    f4.intoArray(y, yo + 5 * yPitch);
    g4.intoArray(y, yo + 6 * yPitch);
    h4.intoArray(y, yo + 7 * yPitch);
    i4.intoArray(y, yo + 8 * yPitch);
    j4.intoArray(y, yo + 9 * yPitch);
    k4.intoArray(y, yo + 10 * yPitch);
    l4.intoArray(y, yo + 11 * yPitch);
    m4.intoArray(y, yo + 12 * yPitch);
    n4.intoArray(y, yo + 13 * yPitch);
    o4.intoArray(y, yo + 14 * yPitch);
    p4.intoArray(y, yo + 15 * yPitch);
  }
}

package akin.tensor.cpu;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over codes with the Vector API; needs vectors of 256 bits or more. */
final class VectorCodes implements Codes {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());

  /** As many bytes as a vector has floats. */
  private static final VectorSpecies<Byte> B =
      L == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  @Override
  public void decode(byte[] codes, int from, int n, float[] to) {
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      load(codes, from + i).intoArray(to, i);
      load(codes, from + i + L).intoArray(to, i + L);
      load(codes, from + i + 2 * L).intoArray(to, i + 2 * L);
      load(codes, from + i + 3 * L).intoArray(to, i + 3 * L);
    }
    for (; i < n; i += L) {
      load(codes, from + i).intoArray(to, i);
    }
  }

  @Override
  public void products(float[] q, byte[] codes, int from, int d, float[] sums) {
    // Four terms at once, each with its own running sums: enough chains to hide the latency.
    FloatVector p0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector q0 = FloatVector.zero(S);
    FloatVector q1 = FloatVector.zero(S);
    FloatVector q2 = FloatVector.zero(S);
    FloatVector q3 = FloatVector.zero(S);
    int k = 0;
    for (; k <= d - 4; k += 4) {
      int c = from + k * ROWS;
      FloatVector x0 = FloatVector.broadcast(S, q[k]);
      p0 = load(codes, c).fma(x0, p0);
      q0 = load(codes, c + L).fma(x0, q0);
      FloatVector x1 = FloatVector.broadcast(S, q[k + 1]);
      p1 = load(codes, c + ROWS).fma(x1, p1);
      q1 = load(codes, c + ROWS + L).fma(x1, q1);
      FloatVector x2 = FloatVector.broadcast(S, q[k + 2]);
      p2 = load(codes, c + 2 * ROWS).fma(x2, p2);
      q2 = load(codes, c + 2 * ROWS + L).fma(x2, q2);
      FloatVector x3 = FloatVector.broadcast(S, q[k + 3]);
      p3 = load(codes, c + 3 * ROWS).fma(x3, p3);
      q3 = load(codes, c + 3 * ROWS + L).fma(x3, q3);
    }
    for (; k < d; k++) {
      FloatVector x = FloatVector.broadcast(S, q[k]);
      p0 = load(codes, from + k * ROWS).fma(x, p0);
      q0 = load(codes, from + k * ROWS + L).fma(x, q0);
    }
    FloatVector.zero(S).add(p0).add(p1).add(p2).add(p3).intoArray(sums, 0);
    FloatVector.zero(S).add(q0).add(q1).add(q2).add(q3).intoArray(sums, L);
  }

  @Override
  public void fours(float[] q, int at, byte[] codes, int from, int d, float[] sums) {
    FloatVector p0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector q0 = FloatVector.zero(S);
    FloatVector q1 = FloatVector.zero(S);
    FloatVector q2 = FloatVector.zero(S);
    FloatVector q3 = FloatVector.zero(S);
    for (int k = 0; k < d; k++) {
      FloatVector p = load(codes, from + k * ROWS);
      FloatVector r = load(codes, from + k * ROWS + L);
      int x = at + k * FOUR;
      FloatVector x0 = FloatVector.broadcast(S, q[x]);
      p0 = p.fma(x0, p0);
      q0 = r.fma(x0, q0);
      FloatVector x1 = FloatVector.broadcast(S, q[x + 1]);
      p1 = p.fma(x1, p1);
      q1 = r.fma(x1, q1);
      FloatVector x2 = FloatVector.broadcast(S, q[x + 2]);
      p2 = p.fma(x2, p2);
      q2 = r.fma(x2, q2);
      FloatVector x3 = FloatVector.broadcast(S, q[x + 3]);
      p3 = p.fma(x3, p3);
      q3 = r.fma(x3, q3);
    }
    FloatVector zero = FloatVector.zero(S);
    zero.add(p0).intoArray(sums, 0);
    zero.add(q0).intoArray(sums, L);
    zero.add(p1).intoArray(sums, ROWS);
    zero.add(q1).intoArray(sums, ROWS + L);
    zero.add(p2).intoArray(sums, 2 * ROWS);
    zero.add(q2).intoArray(sums, 2 * ROWS + L);
    zero.add(p3).intoArray(sums, 3 * ROWS);
    zero.add(q3).intoArray(sums, 3 * ROWS + L);
  }

  private static FloatVector load(byte[] codes, int at) {
    return (FloatVector) ByteVector.fromArray(B, codes, at).convertShape(VectorOperators.B2F, S, 0);
  }

  @Override
  public int left(
      float[] sums,
      int at,
      int pitch,
      int n,
      ProductBound bound,
      int row,
      float[] level,
      float[] reach,
      int i) {
    // Every query's signs are reduced by themselves: JDK 17 would box vectors that go round loops.
    int left = 0;
    for (int q = 0; q < n; q++) {
      int from = at + q * pitch;
      IntVector some = slack(sums, from, bound, row, level[i + q], reach[i + q]);
      IntVector others = slack(sums, from + L, bound, row + L, level[i + q], reach[i + q]);
      left |= some.or(others).reduceLanes(VectorOperators.OR) >>> 31 << q;
    }
    return left;
  }

  /** How far sums are below the least that is not ruled out; a sign says that one is not. */
  private static IntVector slack(
      float[] sums, int at, ProductBound bound, int row, float level, float reach) {
    FloatVector scale = FloatVector.fromArray(S, bound.scale(), row).neg();
    FloatVector offset = FloatVector.fromArray(S, bound.offset(), row);
    FloatVector error = FloatVector.fromArray(S, bound.error(), row).neg();
    FloatVector least = error.fma(FloatVector.broadcast(S, reach), offset.add(level));
    return FloatVector.fromArray(S, sums, at).fma(scale, least).reinterpretAsInts();
  }
}

package akin.retrieval.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Counting finds the ranks that sorting all rows finds. */
class HitRanksTest {
  private static final float[] WILD = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    -0f,
    0f,
    Float.MIN_VALUE,
    -1,
    Float.MAX_VALUE
  };

  @Property
  void ranksAreThoseOfTheSortedRows(
      @ForAll long seed,
      @ForAll @IntRange(max = 400) int n,
      @ForAll @IntRange(max = 3) int kind,
      @ForAll @IntRange(max = 16) int share) {
    Random random = new Random(seed);
    float[] distances = new float[n + 5];
    for (int i = 0; i < distances.length; i++) {
      distances[i] =
          switch (kind) {
            case 0 -> random.nextFloat();
            case 1 -> random.nextInt(7);
            case 2 -> WILD[random.nextInt(WILD.length)];
            default -> (float) Math.exp(40 * random.nextGaussian());
          };
    }
    boolean[] relevant = new boolean[n];
    boolean[] listed = new boolean[n];
    for (int row = 0; row < n; row++) {
      relevant[row] = random.nextInt(80) < share;
      listed[row] = random.nextInt(5) > 0;
    }
    int[] order = Ranking.order(Arrays.copyOfRange(distances, 5, n + 5));
    IntPredicate in = row -> listed[row];
    int[] rows = Arrays.stream(order).filter(in).toArray();
    boolean[] inOrder = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      inOrder[i] = relevant[rows[i]];
    }
    RankedRelevance expected = RankedRelevance.of(inOrder);
    RankedRelevance found = counted(distances, relevant, listed, random);
    assertArrayEquals(expected.hits(), found.hits());
    assertEquals(expected.listed(), found.listed());
    assertEquals(expected.relevant(), found.relevant());
  }

  /** In parts of any size, the first one last; rows that are not listed are taken back. */
  private static RankedRelevance counted(
      float[] distances, boolean[] relevant, boolean[] listed, Random random) {
    int n = relevant.length;
    long[] hits =
        IntStream.range(0, n)
            .filter(row -> relevant[row] && listed[row])
            .mapToLong(row -> HitRanks.key(distances[5 + row], row))
            .toArray();
    HitRanks ranks = new HitRanks(hits);
    int cut = random.nextInt(n + 1);
    ranks.count(cut, distances, 5 + cut, n - cut);
    ranks.count(0, distances, 5, cut);
    int[] not = IntStream.range(0, n).filter(row -> !listed[row]).toArray();
    Arrays.stream(not).forEach(row -> ranks.discount(distances[5 + row], row));
    return ranks.ranking(n - not.length);
  }
}

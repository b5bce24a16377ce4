package akin.retrieval.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** A ranking is ordered by (distance, row), NaN last. */
class RankingTest {

  @Test
  void equalDistancesAreOrderedByRowAndNaNComesLast() {
    float nan = Float.intBitsToFloat(0xffc00001);
    assertArrayEquals(
        new int[] {4, 1, 2, 5, 3, 0, 6},
        Ranking.order(new float[] {nan, 0f, -0f, Float.POSITIVE_INFINITY, -1, 0f, Float.NaN}));
    assertArrayEquals(
        new int[] {4, 1, 2, 5, 3, 0, 6},
        Ranking.order(
            new double[] {Double.NaN, 0, -0.0, Double.POSITIVE_INFINITY, -1, 0, Double.NaN}));
    assertArrayEquals(new int[0], Ranking.order(new float[0]));
  }

  @Property(tries = 200, seed = "1")
  void theOrderIsThatOfAComparisonSort(@ForAll("distances") float[] distances) {
    int[] expected =
        IntStream.range(0, distances.length)
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> distances[i] + 0f, Float::compare)
                    .thenComparing(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    assertArrayEquals(expected, Ranking.order(distances));
    double[] doubles = new double[distances.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = distances[i];
    }
    assertArrayEquals(expected, Ranking.order(doubles));
  }

  @Property(tries = 1000, seed = "1")
  void keysOrderAsDistancesDo(@ForAll("distance") float a, @ForAll("distance") float b) {
    int byValue = Float.compare(a + 0f, b + 0f);
    assertEquals(byValue, Integer.compare(Ranking.key(a), Ranking.key(b)));
    assertEquals(
        byValue, Integer.signum(Long.compare(Ranking.key((double) a), Ranking.key((double) b))));
  }

  @Test
  void aLongRankingIsSortedToo() {
    int n = 100_000;
    double[] distances = new double[n];
    for (int i = 0; i < n; i++) {
      distances[i] = Math.sin(i) * Math.pow(10, i % 40 - 20);
    }
    int[] order = Ranking.order(distances);
    for (int k = 1; k < n; k++) {
      assertTrue(distances[order[k - 1]] <= distances[order[k]]);
    }
    assertEquals((long) n * (n - 1) / 2, IntStream.of(order).asLongStream().sum());
  }

  @Provide
  Arbitrary<Float> distance() {
    return Arbitraries.oneOf(
        Arbitraries.floats(),
        Arbitraries.of(0f, -0f, 1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY));
  }

  @Provide
  Arbitrary<float[]> distances() {
    return distance().array(float[].class).ofMaxSize(50);
  }
}

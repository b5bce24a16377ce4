package akin.retrieval.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Attributes;
import akin.retrieval.sample.Negatives.Existing;
import akin.retrieval.sample.Negatives.Flips;
import akin.retrieval.sample.Negatives.Mixture;
import akin.retrieval.sample.Negatives.MultiHot;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A negative differs from its positive, is drawn as its strategy says, and by itself. */
class NegativesTest {
  private static final int DRAWS = 30_000;

  @Property(tries = 300, seed = "1")
  void aNegativeIsARowOfBitsThatDiffersFromThePositive(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 2, max = 40) int rows,
      @ForAll long seed) {
    Attributes table = table(width, rows, seed);
    for (Negatives negatives : strategies(table)) {
      byte[] drawn = new byte[table.bits().length];
      negatives.fill(table.bits(), RandomStream.of(seed, "step"), drawn);
      for (int i = 0; i < rows; i++) {
        byte[] positive = row(table.bits(), width, i);
        byte[] negative = row(drawn, width, i);
        assertFalse(Arrays.equals(positive, negative), negatives + " row " + i);
        for (byte bit : negative) {
          assertTrue(bit == 0 || bit == 1);
        }
      }
    }
  }

  @Property(tries = 100, seed = "1")
  void aDrawDependsOnItsPlaceAloneAndNotOnTheRestOfTheBatch(
      @ForAll @IntRange(min = 1, max = 20) int width, @ForAll long seed) {
    Attributes table = table(width, 12, seed);
    RandomStream step = RandomStream.of(seed, "epoch 3").child(17);
    for (Negatives negatives : strategies(table)) {
      byte[] batch = new byte[12 * width];
      negatives.fill(table.bits(), step, batch);
      byte[] alone = new byte[width + 5];
      negatives.draw(table.bits(), 7 * width, step.child(7), alone, 5);
      assertArrayEquals(row(batch, width, 7), Arrays.copyOfRange(alone, 5, 5 + width));
      byte[] again = new byte[12 * width];
      byte[] others = table.bits().clone();
      System.arraycopy(table.bits(), 0, others, 8 * width, width);
      negatives.fill(others, step, again);
      assertArrayEquals(row(batch, width, 7), row(again, width, 7));
    }
  }

  @Test
  void anotherStepDrawsOtherNegatives() {
    Attributes table = table(20, 50, 1);
    for (Negatives negatives : strategies(table)) {
      byte[] first = new byte[20 * 50];
      byte[] second = new byte[20 * 50];
      negatives.fill(table.bits(), RandomStream.of(1, "step").child(0), first);
      negatives.fill(table.bits(), RandomStream.of(1, "step").child(1), second);
      assertFalse(Arrays.equals(first, second), negatives.toString());
    }
  }

  @Test
  void everyOtherRowOfTheTableIsEquallyLikely() {
    // Rows 00 ×1, 01 ×3, 10 ×2, 11 ×4; the positive 01 leaves 1, 2 and 4 of 7.
    byte[] bits = {0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1};
    Existing existing = new Existing(new Attributes(List.of("a", "b"), bits));
    int[] counts = count(existing, new byte[] {0, 1});
    assertShare(1 / 7.0, counts[0b00]);
    assertEquals(0, counts[0b01]);
    assertShare(2 / 7.0, counts[0b10]);
    assertShare(4 / 7.0, counts[0b11]);
    // A positive that is no row of the table, such as a validation picture's: any row will do.
    byte[] twoValues = {0, 1, 1, 0, 1, 0};
    Existing without = new Existing(new Attributes(List.of("a", "b"), twoValues));
    int[] all = count(without, new byte[] {1, 1});
    assertShare(1 / 3.0, all[0b01]);
    assertShare(2 / 3.0, all[0b10]);
  }

  @Test
  void everyRowOfBitsButThePositiveIsEquallyLikely() {
    int[] counts = count(new MultiHot(2), new byte[] {1, 0});
    assertEquals(0, counts[0b10]);
    assertShare(1 / 3.0, counts[0b00]);
    assertShare(1 / 3.0, counts[0b01]);
    assertShare(1 / 3.0, counts[0b11]);
  }

  @Test
  void flipsChangeOneToThreeBitsAsDrawingWithReplacementGives() {
    int width = 10;
    Flips flips = new Flips(width, 3);
    byte[] positive = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    byte[] negative = new byte[width];
    int[] changed = new int[width + 1];
    int[] byAttribute = new int[width];
    for (int i = 0; i < DRAWS; i++) {
      flips.draw(positive, 0, RandomStream.of(i, "draw"), negative, 0);
      int changes = 0;
      for (int a = 0; a < width; a++) {
        if (negative[a] != positive[a]) {
          changes++;
          byAttribute[a]++;
        }
      }
      changed[changes]++;
    }
    // n of 1, 2, 3 alike; two draws agree with 1/10; three draws: all agree with 1/100, all differ
    // with 9/10 · 8/10.
    double one = (1 + 0.1 + 0.01) / 3;
    double three = 0.72 / 3;
    assertShare(one, changed[1]);
    assertShare(1 - one - three, changed[2]);
    assertShare(three, changed[3]);
    double mean = one + 2 * (1 - one - three) + 3 * three;
    for (int count : byAttribute) {
      assertShare(mean / width, count);
    }
  }

  @Test
  void aMixtureDrawsItsPartsByWeight() {
    // Only the flips can reach 00 from 01 in this table of 01 and 10.
    Attributes table = new Attributes(List.of("a", "b"), new byte[] {0, 1, 1, 0});
    Existing existing = new Existing(table);
    Negatives flip = new Flips(2, 1);
    int[] counts =
        count(
            new Mixture(
                List.of(
                    new Mixture.Part(new MultiHot(2), 0),
                    new Mixture.Part(existing, 4),
                    new Mixture.Part(flip, 2))),
            new byte[] {0, 1});
    assertShare(2 / 3.0, counts[0b10]);
    assertShare(1 / 6.0, counts[0b00]);
    assertShare(1 / 6.0, counts[0b11]);
    int[] usual = count(Negatives.mixture(table), new byte[] {0, 1});
    // Two flips reach 10 too: flips to 10 with ½·½.
    assertShare(2 / 3.0 + 1 / 3.0 * 1 / 4, usual[0b10]);
    int[] never =
        count(
            new Mixture(List.of(new Mixture.Part(flip, 0), new Mixture.Part(existing, 1e-300))),
            new byte[] {0, 1});
    assertEquals(DRAWS, never[0b10]);
  }

  @Test
  void whatCannotBeDrawnIsAUserError() {
    Attributes equal = new Attributes(List.of("a", "b"), new byte[] {1, 0, 1, 0, 1, 0});
    UserError error = assertThrows(UserError.class, () -> new Existing(equal));
    assertTrue(error.getMessage().contains("all 3 training pictures"), error.getMessage());
    assertThrows(UserError.class, () -> Negatives.mixture(equal));
    assertThrows(UserError.class, () -> new Existing(new Attributes(List.of("a"), new byte[0])));
    UserError flips = assertThrows(UserError.class, () -> new Flips(2, 3));
    assertTrue(flips.getMessage().contains("1 to 2"), flips.getMessage());
    assertThrows(UserError.class, () -> new Flips(2, 0));
    Negatives one = new MultiHot(2);
    for (List<Double> weights :
        List.of(
            List.<Double>of(),
            List.of(0.0),
            List.of(-1.0, 2.0),
            List.of(Double.NaN),
            List.of(Double.POSITIVE_INFINITY))) {
      List<Mixture.Part> parts = weights.stream().map(w -> new Mixture.Part(one, w)).toList();
      assertThrows(UserError.class, () -> new Mixture(parts), weights.toString());
    }
  }

  private static List<Negatives> strategies(Attributes table) {
    return List.of(
        new MultiHot(table.count()),
        new Existing(table),
        new Flips(table.count(), Math.min(3, table.count())),
        Negatives.mixture(table));
  }

  /** Random rows, at least two of them different. */
  private static Attributes table(int width, int rows, long seed) {
    RandomStream stream = RandomStream.of(seed, "table");
    byte[] bits = new byte[width * rows];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (byte) stream.below(i, 2);
    }
    bits[0] = (byte) (1 - bits[width]);
    return new Attributes(IntStream.range(0, width).mapToObj(a -> "a" + a).toList(), bits);
  }

  private static byte[] row(byte[] bits, int width, int i) {
    return Arrays.copyOfRange(bits, i * width, (i + 1) * width);
  }

  /** How often each row of two bits was drawn. */
  private static int[] count(Negatives negatives, byte[] positive) {
    int[] counts = new int[4];
    byte[] negative = new byte[2];
    for (int i = 0; i < DRAWS; i++) {
      negatives.draw(positive, 0, RandomStream.of(5, "count").child(i), negative, 0);
      counts[negative[0] * 2 + negative[1]]++;
    }
    return counts;
  }

  /** Within six standard deviations of a binomial. */
  private static void assertShare(double expected, int count) {
    double sixSigma = 6 * Math.sqrt(expected * (1 - expected) / DRAWS);
    assertEquals(expected, (double) count / DRAWS, sixSigma);
  }
}

package akin.retrieval.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Every triplet is easy, semi-hard or hard, and only one of them. */
class TripletSharesTest {

  @Test
  void equalitiesAreSemiHard() {
    assertEquals(new TripletShares(0, 1, 0), shares(1f, 1f, 0.5));
    assertEquals(new TripletShares(0, 1, 0), shares(1f, 1.5f, 0.5));
    assertEquals(new TripletShares(1, 0, 0), shares(1f, Math.nextUp(1.5f), 0.5));
    assertEquals(new TripletShares(0, 1, 0), shares(1f, Math.nextDown(1.5f), 0.5));
    assertEquals(new TripletShares(0, 0, 1), shares(1f, Math.nextDown(1f), 0.5));
    assertEquals(new TripletShares(0, 1, 0), shares(0f, 0f, 0));
  }

  @Test
  void aTripletThatIsNotANumberIsHard() {
    assertEquals(new TripletShares(0, 0, 1), shares(Float.NaN, 1f, 0.5));
    assertEquals(new TripletShares(0, 0, 1), shares(1f, Float.NaN, 0.5));
  }

  @Test
  void aMarginBelowZeroOrNoNumberIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> shares(1f, 1f, -0.1));
    assertThrows(IllegalArgumentException.class, () -> shares(1f, 1f, Double.NaN));
  }

  @Property(seed = "1")
  void theThreePartitionTheTripletsAndAddUpOverBatches(
      @ForAll @Size(20) @FloatRange(max = 4) float[] positive,
      @ForAll @Size(20) @FloatRange(max = 4) float[] negative,
      @ForAll @FloatRange(max = 2) float margin) {
    TripletShares all = TripletShares.of(positive, negative, margin);
    assertEquals(20, all.total());
    assertEquals(1, all.easyShare() + all.semiHardShare() + all.hardShare(), 3 * Math.ulp(1.0));
    TripletShares sum = TripletShares.NONE;
    for (int i = 0; i < 20; i++) {
      TripletShares one = shares(positive[i], negative[i], margin);
      assertEquals(1, one.total());
      double hinge = Math.max(0, (double) margin + positive[i] - negative[i]);
      assertEquals(hinge == 0 && negative[i] > positive[i] + (double) margin, one.easy() == 1);
      assertEquals(negative[i] < positive[i], one.hard() == 1);
      sum = sum.plus(one);
    }
    assertEquals(all, sum);
  }

  private static TripletShares shares(float positive, float negative, double margin) {
    return TripletShares.of(new float[] {positive}, new float[] {negative}, margin);
  }
}

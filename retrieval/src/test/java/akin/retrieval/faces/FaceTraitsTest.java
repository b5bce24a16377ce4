package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The laws that the attributes of drawn faces obey, over 8,000 faces. */
class FaceTraitsTest {
  private static final int FACES = 8000;
  private static final List<FaceTraits> ALL = all();

  private static List<FaceTraits> all() {
    FaceMaker maker = new FaceMaker(FACES, 64, 3);
    List<FaceTraits> all = new ArrayList<>();
    for (int i = 0; i < FACES; i++) {
      all.add(maker.traits(i));
    }
    return all;
  }

  private static void never(FaceAttribute a, Set<FaceAttribute> others) {
    for (FaceTraits traits : ALL) {
      for (FaceAttribute other : others) {
        assertFalse(traits.has(a) && traits.has(other), a + " with " + other);
      }
    }
  }

  /** The share of faces with {@code a} among those whose {@code given} is as asked. */
  private static double share(FaceAttribute a, FaceAttribute given, boolean holds) {
    List<FaceTraits> those = ALL.stream().filter(traits -> traits.has(given) == holds).toList();
    return (double) those.stream().filter(traits -> traits.has(a)).count() / those.size();
  }

  @Test
  void thereIsOneHairColourAtMostAndNoHairOnABaldHead() {
    Set<FaceAttribute> colours = Set.of(BLACK_HAIR, BLOND_HAIR, BROWN_HAIR, GRAY_HAIR);
    for (FaceTraits traits : ALL) {
      assertTrue(colours.stream().filter(traits::has).count() <= 1);
    }
    never(BALD, colours);
    never(BALD, Set.of(BANGS, STRAIGHT_HAIR, WAVY_HAIR, RECEDING_HAIRLINE, SIDEBURNS));
    never(STRAIGHT_HAIR, Set.of(WAVY_HAIR));
    never(RECEDING_HAIRLINE, Set.of(BANGS));
  }

  @Test
  void hatsHideTheForeheadAndTiesTheNeck() {
    never(WEARING_HAT, Set.of(BALD, BANGS, RECEDING_HAIRLINE));
    never(WEARING_NECKTIE, Set.of(WEARING_NECKLACE));
  }

  @Test
  void noBeardMeansNoneOfItsKinds() {
    never(NO_BEARD, Set.of(GOATEE, MUSTACHE, FIVE_O_CLOCK_SHADOW));
    never(FIVE_O_CLOCK_SHADOW, Set.of(GOATEE, MUSTACHE));
    never(GOATEE, Set.of(DOUBLE_CHIN));
    for (FaceTraits traits : ALL) {
      assertTrue(traits.has(NO_BEARD) || traits.has(MALE), "a beard without Male");
    }
  }

  @Test
  void someAttributesGoTogether() {
    for (FaceAttribute a : List.of(WEARING_NECKTIE, BUSHY_EYEBROWS, BIG_NOSE, SIDEBURNS, BALD)) {
      assertTrue(share(a, MALE, true) > 1.8 * share(a, MALE, false), a.celebaName());
    }
    for (FaceAttribute a :
        List.of(HEAVY_MAKEUP, WEARING_LIPSTICK, WEARING_EARRINGS, ARCHED_EYEBROWS, WAVY_HAIR)) {
      assertTrue(share(a, MALE, false) > 1.8 * share(a, MALE, true), a.celebaName());
    }
    for (FaceAttribute a : List.of(GRAY_HAIR, BAGS_UNDER_EYES, RECEDING_HAIRLINE, EYEGLASSES)) {
      assertTrue(share(a, YOUNG, false) > 1.8 * share(a, YOUNG, true), a.celebaName());
    }
    assertTrue(share(MOUTH_SLIGHTLY_OPEN, SMILING, true) > 0.3);
    assertTrue(share(DOUBLE_CHIN, CHUBBY, true) > 5 * share(DOUBLE_CHIN, CHUBBY, false));
    assertTrue(share(WEARING_LIPSTICK, HEAVY_MAKEUP, true) > 0.8);
  }

  @Test
  void attributesAreRareEnoughForAQueryToMeanSomething() {
    double sum = 0;
    for (FaceAttribute attribute : FaceAttribute.values()) {
      double rate = ALL.stream().filter(traits -> traits.has(attribute)).count() / (double) FACES;
      System.out.printf("base rate %-20s %.3f%n", attribute.celebaName(), rate);
      // Ten answers must exist in a test split of 400 faces.
      assertTrue(rate > 0.04, attribute.celebaName() + " " + rate);
      sum += rate;
    }
    double mean = sum / FaceAttribute.values().length;
    System.out.printf(
        "mean base rate %.4f over %d attributes%n", mean, FaceAttribute.values().length);
    assertEquals(39, FaceAttribute.values().length);
    assertTrue(mean <= 0.2, "mean base rate " + mean);
  }
}

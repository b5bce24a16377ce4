package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;

import akin.tensor.RandomStream;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The attributes of one face, drawn with the correlations that one expects of photographs: beards
 * and ties go with Male, make-up and earrings mostly without; grey hair, bags and wrinkles with
 * age; a smile opens the mouth. Some exclude each other: one hair colour at most, no hair style
 * without hair, nothing on the forehead below a hat.
 *
 * @param present those that hold
 */
public record FaceTraits(Set<FaceAttribute> present) {
  /** Keeps the set as it is. */
  public FaceTraits {
    present = Collections.unmodifiableSet(present);
  }

  /** Whether the attribute holds. */
  public boolean has(FaceAttribute attribute) {
    return present.contains(attribute);
  }

  /** Draws the attributes of a face. */
  static FaceTraits sample(RandomStream stream) {
    return new Sampler(new Draws(stream.child("traits"))).sample();
  }

  /**
   * Each attribute in turn, given those before it. Every decision takes its draw whatever came
   * before, so that a changed probability moves only what depends on it.
   */
  private static final class Sampler {
    private final Draws draws;
    private final Set<FaceAttribute> is = EnumSet.noneOf(FaceAttribute.class);
    private boolean male;
    private boolean young;

    Sampler(Draws draws) {
      this.draws = draws;
    }

    FaceTraits sample() {
      male = draw(MALE, 0.42);
      young = draw(YOUNG, male ? 0.70 : 0.78);
      head();
      hair();
      beard();
      face();
      mouth();
      wear();
      draw(BLURRY, 0.06);
      return new FaceTraits(is);
    }

    private boolean draw(FaceAttribute attribute, double probability) {
      boolean holds = draws.chance(probability);
      if (holds) {
        is.add(attribute);
      }
      return holds;
    }

    private boolean has(FaceAttribute attribute) {
      return is.contains(attribute);
    }

    private void head() {
      boolean chubby = draw(CHUBBY, young ? 0.08 : 0.16);
      draw(DOUBLE_CHIN, chubby ? 0.45 : 0.04);
      draw(OVAL_FACE, chubby ? 0 : male ? 0.11 : 0.21);
      draw(PALE_SKIN, 0.07);
      draw(HIGH_CHEEKBONES, male ? 0.09 : 0.18);
    }

    private void hair() {
      boolean hat = draw(WEARING_HAT, male ? 0.10 : 0.06);
      boolean bald = draw(BALD, !male || hat ? 0 : young ? 0.08 : 0.28);
      boolean receding =
          draw(RECEDING_HAIRLINE, hat || bald ? 0 : male ? (young ? 0.12 : 0.36) : 0.03);
      draw(BANGS, hat || bald || receding ? 0 : male ? 0.09 : 0.24);
      colour(bald, draws.between(0, 1));
      double style = bald ? 1 : draws.between(0, 1);
      double wavy = male ? 0.14 : 0.32;
      double straight = male ? 0.20 : 0.26;
      if (style < wavy) {
        is.add(WAVY_HAIR);
      } else if (style < wavy + straight) {
        is.add(STRAIGHT_HAIR);
      }
    }

    /** What is left over is red or dyed. */
    private void colour(boolean bald, double draw) {
      double gray = young ? 0.02 : 0.38;
      double black = gray + (1 - gray) * 0.29;
      double brown = black + (1 - gray) * 0.27;
      double blond = brown + (1 - gray) * (male ? 0.14 : 0.24);
      if (bald) {
        return;
      }
      if (draw < gray) {
        is.add(GRAY_HAIR);
      } else if (draw < black) {
        is.add(BLACK_HAIR);
      } else if (draw < brown) {
        is.add(BROWN_HAIR);
      } else if (draw < blond) {
        is.add(BLOND_HAIR);
      }
    }

    /** Of the bearded, a sixth wear a full beard, which has no attribute of its own. */
    private void beard() {
      boolean bearded = draws.chance(male ? 0.52 : 0);
      double kind = draws.between(0, 1);
      boolean fullBeard = bearded && kind >= 0.84;
      draw(SIDEBURNS, !male || has(BALD) ? 0 : fullBeard ? 0.8 : bearded ? 0.30 : 0.08);
      if (!bearded) {
        is.add(NO_BEARD);
      } else if (kind < 0.30) {
        is.add(FIVE_O_CLOCK_SHADOW);
      } else if (!fullBeard) {
        if (kind < 0.66) {
          is.add(MUSTACHE);
        }
        if (kind >= 0.48) {
          is.add(GOATEE);
        }
      }
      if (fullBeard || has(GOATEE)) {
        is.remove(DOUBLE_CHIN);
      }
    }

    private void face() {
      boolean bushy = draw(BUSHY_EYEBROWS, male ? 0.24 : 0.07);
      draw(ARCHED_EYEBROWS, bushy ? 0 : male ? 0.05 : 0.26);
      draw(NARROW_EYES, 0.12);
      draw(BAGS_UNDER_EYES, young ? 0.09 : 0.42);
      boolean big = draw(BIG_NOSE, (male ? 0.22 : 0.08) + (young ? 0 : 0.10));
      draw(POINTY_NOSE, big ? 0 : male ? 0.13 : 0.22);
      draw(EYEGLASSES, young ? 0.08 : 0.24);
      boolean makeup = draw(HEAVY_MAKEUP, male ? 0 : young ? 0.34 : 0.22);
      draw(ROSY_CHEEKS, makeup ? 0.30 : male ? 0.04 : 0.12);
    }

    private void mouth() {
      boolean smiling = draw(SMILING, male ? 0.32 : 0.40);
      draw(MOUTH_SLIGHTLY_OPEN, smiling ? 0.42 : 0.14);
      draw(BIG_LIPS, male ? 0.10 : 0.18);
      draw(WEARING_LIPSTICK, has(HEAVY_MAKEUP) ? 0.88 : male ? 0 : 0.20);
    }

    private void wear() {
      draw(WEARING_EARRINGS, male ? 0.03 : 0.28);
      boolean tie = draw(WEARING_NECKTIE, male ? 0.22 : 0.01);
      draw(WEARING_NECKLACE, tie ? 0 : male ? 0.03 : 0.24);
    }
  }
}

package akin.retrieval.faces;

/**
 * CelebA's attributes, in CelebA's order, that a drawing can show. One is missing: Attractive,
 * which is a judgement and not a thing that one could draw.
 */
public enum FaceAttribute {
  /** Stubble over jaw and upper lip. */
  FIVE_O_CLOCK_SHADOW("5_o_Clock_Shadow"),
  /** Brows with a high peak. */
  ARCHED_EYEBROWS("Arched_Eyebrows"),
  /** Dark crescents below the eyes. */
  BAGS_UNDER_EYES("Bags_Under_Eyes"),
  /** No hair on the head. */
  BALD("Bald"),
  /** A fringe down to the brows. */
  BANGS("Bangs"),
  /** Lips about twice as thick. */
  BIG_LIPS("Big_Lips"),
  /** A broad nose with wings and nostrils. */
  BIG_NOSE("Big_Nose"),
  /** Black hair. */
  BLACK_HAIR("Black_Hair"),
  /** Blond hair. */
  BLOND_HAIR("Blond_Hair"),
  /** The whole picture out of focus. */
  BLURRY("Blurry"),
  /** Brown hair. */
  BROWN_HAIR("Brown_Hair"),
  /** Thick brows. */
  BUSHY_EYEBROWS("Bushy_Eyebrows"),
  /** A wide face with full cheeks. */
  CHUBBY("Chubby"),
  /** A second arc below the chin. */
  DOUBLE_CHIN("Double_Chin"),
  /** Frames around the eyes. */
  EYEGLASSES("Eyeglasses"),
  /** A beard on the chin only. */
  GOATEE("Goatee"),
  /** Grey hair. */
  GRAY_HAIR("Gray_Hair"),
  /** Coloured lids and a dark line around the eyes. */
  HEAVY_MAKEUP("Heavy_Makeup"),
  /** Light cheekbones with a dark slope below them. */
  HIGH_CHEEKBONES("High_Cheekbones"),
  /** A square jaw, a thick neck, no lashes. */
  MALE("Male"),
  /** A dark gap between the lips. */
  MOUTH_SLIGHTLY_OPEN("Mouth_Slightly_Open"),
  /** Hair on the upper lip. */
  MUSTACHE("Mustache"),
  /** Eyes nearly shut. */
  NARROW_EYES("Narrow_Eyes"),
  /** None of beard, goatee, mustache and stubble. */
  NO_BEARD("No_Beard"),
  /** A long, egg-shaped face. */
  OVAL_FACE("Oval_Face"),
  /** Skin nearly white. */
  PALE_SKIN("Pale_Skin"),
  /** A nose that ends in a point. */
  POINTY_NOSE("Pointy_Nose"),
  /** The hair begins far back, with bare corners. */
  RECEDING_HAIRLINE("Receding_Hairline"),
  /** Pink cheeks. */
  ROSY_CHEEKS("Rosy_Cheeks"),
  /** Hair in front of the ears down to the jaw. */
  SIDEBURNS("Sideburns"),
  /** The corners of the mouth turned up. */
  SMILING("Smiling"),
  /** Hair in straight strands: spikes when short, a straight edge when long. */
  STRAIGHT_HAIR("Straight_Hair"),
  /** Hair in waves. */
  WAVY_HAIR("Wavy_Hair"),
  /** Something bright at the ear lobes. */
  WEARING_EARRINGS("Wearing_Earrings"),
  /** A cap, a woollen hat or a hat with a brim. */
  WEARING_HAT("Wearing_Hat"),
  /** Lips of a strong red, pink or plum. */
  WEARING_LIPSTICK("Wearing_Lipstick"),
  /** Beads or a chain around the neck. */
  WEARING_NECKLACE("Wearing_Necklace"),
  /** A tie. */
  WEARING_NECKTIE("Wearing_Necktie"),
  /** No wrinkles. */
  YOUNG("Young");

  private final String celebaName;

  FaceAttribute(String celebaName) {
    this.celebaName = celebaName;
  }

  /** The name in CelebA's list. */
  public String celebaName() {
    return celebaName;
  }
}

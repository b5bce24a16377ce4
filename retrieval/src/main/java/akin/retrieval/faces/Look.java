package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;

import akin.tensor.RandomStream;
import java.awt.Color;

/**
 * All that varies from face to face besides the attributes: colours, proportions, pose. The
 * attributes push some of it (a chubby face is wider), the stream decides the rest.
 */
final class Look {
  private static final Color[] SKINS = {
    new Color(242, 203, 174),
    new Color(232, 186, 150),
    new Color(216, 163, 122),
    new Color(190, 134, 94),
    new Color(150, 100, 68),
    new Color(112, 74, 52)
  };
  private static final Color[] IRISES = {
    new Color(88, 56, 32), new Color(62, 104, 66), new Color(70, 112, 160), new Color(60, 60, 66)
  };

  private static final Color[] BROWS = {
    new Color(52, 42, 40), new Color(110, 74, 48), new Color(150, 148, 150)
  };

  final FaceTraits traits;
  private final RandomStream stream;

  final Color skin;
  final Color shade;
  final Color hair;
  final Color brow;
  final Color iris;
  final Color lip;

  // Half widths and heights of the head around its centre between the eyes, in units of the
  // picture.
  final double top;
  final double width;
  final double jaw;
  final double jawY;
  final double chinWidth;
  final double chin;
  final double neck;

  /** The head's turn to the side, −1 to 1: features move and the far half narrows. */
  final double yaw;

  /** Up or down, in units that the features move. */
  final double nod;

  /** In radians. */
  final double tilt;

  final double x;
  final double y;
  final double scale;

  /** How far the eyes look aside and down, in units. */
  final double gazeX;

  final double gazeY;

  Look(FaceTraits traits, RandomStream stream) {
    this.traits = traits;
    this.stream = stream;
    Draws colour = draws("colours");
    Color tone =
        has(PALE_SKIN)
            ? new Color(252, 234, 227)
            : Colours.mix(colour.pick(SKINS), colour.pick(SKINS), colour.between(0, 0.5));
    skin = Colours.vary(tone, 5, colour);
    shade = Colours.mix(Colours.dark(skin, 0.72), new Color(150, 70, 50), 0.18);
    hair = Colours.vary(hairColour(colour), 9, colour);
    brow = Colours.dark(hair, 0.62);
    iris = Colours.vary(colour.pick(IRISES), 10, colour);
    lip = lipColour(colour);

    Draws form = draws("form");
    boolean male = has(MALE);
    boolean chubby = has(CHUBBY);
    boolean oval = has(OVAL_FACE);
    top = 27 + form.between(-1, 1);
    width = (chubby ? 23.6 : oval ? 18.4 : 20.6) + form.between(-0.7, 0.7);
    jaw = width * (chubby ? 0.90 : male ? 0.87 : oval ? 0.70 : 0.74);
    jawY = (oval ? 17 : chubby ? 15 : male ? 18 : 16) + form.between(-0.8, 0.8);
    chinWidth = (male ? 8.2 : chubby ? 6.5 : 3.6) + form.between(-0.6, 0.6);
    chin = (oval ? 32 : 28.3) + form.between(-0.8, 0.8);
    neck = (male ? 12.6 : 8.0) + form.between(-0.6, 0.6) + (chubby ? 1.5 : 0);

    Draws pose = draws("pose");
    yaw = pose.between(-1, 1);
    nod = pose.between(-1.4, 1.4);
    tilt = Math.toRadians(pose.between(-11, 11));
    x = 50 + pose.between(-5, 5);
    y = 44 + pose.between(-3, 3);
    scale = pose.between(0.96, 1.18);
    gazeX = pose.between(-1.3, 1.3);
    gazeY = pose.between(-0.4, 0.6);
  }

  boolean has(FaceAttribute attribute) {
    return traits.has(attribute);
  }

  /** The stream of a part of the drawing. */
  Draws draws(String part) {
    return new Draws(stream.child(part));
  }

  /** Hair that is long, falling to the shoulders. */
  boolean longHair() {
    return !has(BALD) && !has(RECEDING_HAIRLINE) && !has(SIDEBURNS) && !has(MALE);
  }

  /** A beard along the whole jaw: bearded, but none of the kinds that have a name. */
  boolean fullBeard() {
    return !has(NO_BEARD) && !has(GOATEE) && !has(MUSTACHE) && !has(FIVE_O_CLOCK_SHADOW);
  }

  private Color hairColour(Draws colour) {
    if (has(BLACK_HAIR)) {
      return new Color(30, 27, 31);
    }
    if (has(BALD)) {
      return colour.pick(BROWS);
    }
    if (has(BROWN_HAIR)) {
      return Colours.mix(new Color(84, 52, 30), new Color(118, 76, 44), colour.between(0, 1));
    }
    if (has(BLOND_HAIR)) {
      return Colours.mix(new Color(228, 190, 104), new Color(242, 216, 148), colour.between(0, 1));
    }
    if (has(GRAY_HAIR)) {
      return Colours.mix(new Color(150, 150, 156), new Color(214, 214, 218), colour.between(0, 1));
    }
    return colour.chance(0.88)
        ? Colours.mix(new Color(190, 78, 28), new Color(152, 46, 26), colour.between(0, 1))
        : Colours.hue(colour.between(0.45, 0.95), 0.6, 0.75);
  }

  private Color lipColour(Draws colour) {
    if (has(WEARING_LIPSTICK)) {
      Color[] sticks = {new Color(206, 18, 42), new Color(214, 24, 100), new Color(136, 14, 70)};
      return Colours.vary(colour.pick(sticks), 12, colour);
    }
    // On light skin the rose of the lips tells them apart, on dark skin their shade.
    return Colours.luminance(skin) < 135
        ? Colours.mix(Colours.dark(skin, 0.55), new Color(130, 40, 50), 0.3)
        : Colours.mix(Colours.dark(skin, 0.70), new Color(178, 92, 88), 0.5);
  }
}

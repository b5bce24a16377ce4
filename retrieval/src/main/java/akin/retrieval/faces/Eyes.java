package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;
import static akin.retrieval.faces.Pencil.path;
import static akin.retrieval.faces.Pencil.to;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;

/** Eyes, what is around them, brows and glasses. */
final class Eyes {
  /** From the middle of the face to the middle of an eye. */
  static final double APART = 9.0;

  private static final Color LASHES = new Color(24, 18, 20);

  private final Look look;
  private final Pencil pencil;

  Eyes(Look look, Pencil pencil) {
    this.look = look;
    this.pencil = pencil;
  }

  void paint() {
    Draws draws = look.draws("eyes");
    Color shadow = Colours.hue(draws.between(0.5, 0.92), 0.75, 0.72);
    for (int side = -1; side <= 1; side += 2) {
      int s = side;
      pencil.at(s * APART, 0, 0, s * (1 - 0.13 * look.yaw * s), 1, () -> eye(s, shadow));
    }
  }

  /** One eye around (0, 0); positive x points to the temple. */
  private void eye(int side, Color shadow) {
    double height = look.has(NARROW_EYES) ? 1.05 : 3.0;
    if (look.has(BAGS_UNDER_EYES)) {
      bag();
    }
    if (look.has(HEAVY_MAKEUP)) {
      Path2D lid = path(-5.2, 0.5, to(-3, -8.2, 7.6, -6.6, 6.6, -0.2));
      lid.closePath();
      pencil.fill(lid, Colours.clear(shadow, 0.85));
    }
    Path2D almond = almond(height);
    pencil.fill(almond, new Color(246, 243, 240));
    pencil.inside(
        almond,
        () -> {
          double x = look.gazeX * side;
          pencil.dot(x, look.gazeY - 0.2, 2.35, 2.35, look.iris);
          pencil.dot(x, look.gazeY - 0.2, 1.15, 1.15, LASHES);
          pencil.dot(x - 0.8 * side, look.gazeY - 1, 0.6, 0.6, Color.WHITE);
        });
    lids(height);
    if (look.has(NARROW_EYES)) {
      Color fold = Colours.clear(Colours.dark(look.shade, 0.8), 0.85);
      pencil.line(path(-4.4, -1.8, to(0, -3.6, 4.8, -1.8)), 0.8, fold);
      pencil.line(path(-3.6, 1.9, to(0, 3.0, 4, 1.7)), 0.7, fold);
    }
    brow();
  }

  private static Path2D almond(double height) {
    Path2D almond = path(-4.6, 0.4, to(-1.5, -1.75 * height, 3.4, -1.35 * height, 4.8, -0.4));
    almond.curveTo(3.2, 1.1 * height, -2, 1.3 * height, -4.6, 0.4);
    return almond;
  }

  private void lids(double height) {
    Path2D upper = path(-4.6, 0.4, to(-1.5, -1.75 * height, 3.4, -1.35 * height, 4.8, -0.4));
    boolean makeup = look.has(HEAVY_MAKEUP);
    pencil.line(upper, makeup ? 1.7 : look.has(MALE) ? 0.8 : 1.15, LASHES);
    if (makeup) {
      Path2D lower = path(4.8, -0.4, to(3.2, 1.1 * height, -2, 1.3 * height, -4.6, 0.4));
      pencil.line(lower, 1.0, LASHES);
      pencil.line(path(4.4, -0.4, to(7.6, -2.8)), 1.4, LASHES);
    } else if (!look.has(MALE)) {
      pencil.line(path(4.2, -0.8, to(6.3, -2.2)), 0.8, LASHES);
      pencil.line(path(3.2, -1.3 * height * 0.8, to(4.9, -height - 1.6)), 0.7, LASHES);
    }
  }

  private void bag() {
    Color purple = Colours.mix(Colours.dark(look.skin, 0.55), new Color(88, 50, 92), 0.45);
    Path2D bag = path(-4.4, 3.2, to(0, 5.4, 5, 2.8));
    bag.curveTo(4.4, 7.2, -2.6, 8.2, -4.4, 3.2);
    bag.closePath();
    pencil.fill(bag, Colours.clear(purple, 0.62));
    pencil.line(path(-4, 4.6, to(-1.8, 7.9, 3.6, 7.2, 4.9, 3.6)), 0.8, Colours.clear(purple, 0.9));
  }

  private void brow() {
    if (look.has(BUSHY_EYEBROWS)) {
      Path2D brow =
          path(-5.6, -6.0, to(-4.6, -9.6, 2.6, -11.2, 7.4, -7.2), to(3, -7.2, -1, -6, -5.2, -5.0));
      pencil.fill(brow, look.brow);
      for (int i = 0; i < 6; i++) {
        double x = -4.6 + 1.9 * i;
        pencil.line(path(x, -6.4, to(x + 0.9, -10.2)), 0.8, look.brow);
      }
    } else if (look.has(ARCHED_EYEBROWS)) {
      Path2D brow = path(-5.0, -6.6, to(-2.6, -11.4, 3.4, -14.6, 6.9, -6.2));
      brow.curveTo(3.6, -12.2, -1.6, -9.6, -5.0, -6.6);
      pencil.fill(brow, look.brow);
      pencil.line(brow, 0.6, look.brow);
    } else {
      double thick = look.has(MALE) ? 1.7 : 1.3;
      pencil.line(path(-4.8, -6.5, to(1.2, -8.0, 6.2, -6.3)), thick, look.brow);
    }
  }

  /** Frames over everything else of the face. */
  void glasses() {
    Draws draws = look.draws("glasses");
    Color[] dark = {new Color(22, 22, 26), new Color(96, 18, 24), new Color(20, 40, 92)};
    Color[] bright = {new Color(236, 206, 96), new Color(240, 240, 240), new Color(226, 70, 58)};
    Color frame = draws.pick(Colours.luminance(look.skin) < 125 ? bright : dark);
    boolean round = draws.chance(0.5);
    double width = draws.between(1.3, 1.8);
    for (int side = -1; side <= 1; side += 2) {
      double s = side;
      var lens =
          round
              ? new Ellipse2D.Double(s * APART - 6.9, -6, 13.8, 12.8)
              : new RoundRectangle2D.Double(s * APART - 7.2, -4.9, 14.4, 10.6, 4.5, 4.5);
      pencil.fill(lens, new Color(225, 240, 255, 38));
      pencil.line(lens, width, frame);
      pencil.line(
          path(s * APART - 3, -2.2, to(s * APART, -4.6)), 0.8, new Color(255, 255, 255, 150));
      pencil.line(path(s * (APART + 7), -1.2, to(s * (look.width + 0.4), -2.2)), width, frame);
    }
    pencil.line(path(-2.1, -0.8, to(0, -2.6, 2.1, -0.8)), width, frame);
  }
}

package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;
import static akin.retrieval.faces.Pencil.path;
import static akin.retrieval.faces.Pencil.to;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/** Body and clothes, necktie, necklace, earrings, hats. */
final class Wear {
  private static final Color[] METALS = {
    new Color(250, 206, 60), new Color(236, 240, 246), new Color(255, 250, 235)
  };

  private final Look look;
  private final Pencil pencil;
  private final Color cloth;

  Wear(Look look, Pencil pencil) {
    this.look = look;
    this.pencil = pencil;
    Draws draws = look.draws("cloth");
    cloth = Colours.hue(draws.between(0, 1), draws.between(0.1, 0.7), draws.between(0.25, 0.9));
  }

  /** Shoulders and what covers them. */
  void body() {
    Draws draws = look.draws("body");
    boolean male = look.has(MALE);
    double wide = (male ? 47 : 36) + draws.between(-2, 2);
    double slope = (male ? 43 : 45) + draws.between(-1, 1);
    double n = look.neck + 1;
    Path2D body =
        path(
            -n,
            37,
            to(-n - 6, 40, -wide, slope - 2, -wide - 2, 70),
            to(wide + 2, 70),
            to(wide, slope - 2, n + 6, 40, n, 37));
    body.closePath();
    pencil.fill(body, cloth);
    pencil.inside(
        body,
        () -> {
          if (draws.chance(0.3)) {
            stripes(draws);
          }
        });
    boolean deep = !male && !look.has(WEARING_NECKTIE);
    double depth = deep ? draws.between(47, 52) : 42.5;
    double half = deep ? n + 5.5 : n + 0.6;
    Path2D neckline = path(-half, 38.6, to(-half * 0.75, depth, half * 0.75, depth, half, 38.6));
    neckline.closePath();
    pencil.fill(neckline, look.skin);
    pencil.line(
        path(-half, 38.6, to(-half * 0.75, depth, half * 0.75, depth, half, 38.6)),
        1.1,
        Colours.dark(cloth, 0.75));
  }

  private void stripes(Draws draws) {
    Color stripe = Colours.clear(Colours.light(cloth, 0.55), 0.7);
    boolean across = draws.chance(0.5);
    double step = draws.between(4, 7);
    for (double at = -60; at < 80; at += step) {
      pencil.line(across ? path(-60, at, to(60, at)) : path(at, 30, to(at, 80)), 1.3, stripe);
    }
  }

  /** The neck and what hangs around it. */
  void neck() {
    double n = look.neck;
    Path2D neck =
        path(-n, 14, to(-n * 0.94, 32, -n - 2, 40), to(0, 44, n + 2, 40), to(n * 0.94, 32, n, 14));
    neck.closePath();
    pencil.fill(neck, Colours.mix(look.skin, look.shade, 0.3));
    pencil.inside(
        neck,
        () -> pencil.glow(0, look.chin - 1, n * 1.7, 11, Colours.dark(look.shade, 0.85), 0.6));
    if (look.has(WEARING_NECKTIE)) {
      necktie();
    } else if (look.has(WEARING_NECKLACE)) {
      necklace();
    }
  }

  private void necktie() {
    Draws draws = look.draws("necktie");
    double n = look.neck;
    Color shirt = draws.chance(0.7) ? new Color(244, 246, 250) : new Color(200, 220, 242);
    Path2D front = path(-n - 1, 37, to(-7, 70), to(7, 70), to(n + 1, 37), to(0, 43, -n - 1, 37));
    pencil.fill(front, shirt);
    for (int side = -1; side <= 1; side += 2) {
      double s = side;
      Path2D collar =
          path(s * (n + 0.4), 33.5, to(s * (n + 3.4), 40), to(s * 6, 46), to(s * 1, 40.5));
      collar.closePath();
      pencil.fill(collar, shirt);
      pencil.line(collar, 0.7, Colours.dark(shirt, 0.68));
    }
    Color tie =
        Colours.hue(draws.between(0, 1), draws.between(0.65, 0.95), draws.between(0.3, 0.62));
    Path2D blade = path(-2.4, 43.5, to(-5.8, 66), to(5.8, 66), to(2.4, 43.5));
    blade.closePath();
    pencil.fill(blade, tie);
    if (draws.chance(0.5)) {
      Color stripe = Colours.light(tie, 0.55);
      for (int i = 0; i < 4; i++) {
        double y = 46 + 4.5 * i;
        pencil.inside(blade, () -> pencil.line(path(-7, y + 3, to(7, y - 2)), 1.2, stripe));
      }
    }
    Path2D knot = path(-4, 39, to(4, 39), to(2.7, 44.6), to(-2.7, 44.6));
    knot.closePath();
    pencil.fill(knot, Colours.dark(tie, 0.85));
  }

  private void necklace() {
    Draws draws = look.draws("necklace");
    double n = look.neck + 1.2;
    double sag = draws.between(44.5, 47);
    boolean beads = draws.chance(0.55);
    Color colour =
        beads && draws.chance(0.4)
            ? Colours.hue(draws.between(0, 1), 0.85, 0.8)
            : draws.pick(METALS);
    Color rim = Colours.dark(colour, 0.45);
    int count = 13;
    double[][] chain = new double[count][];
    for (int i = 0; i < count; i++) {
      double t = 2.0 * i / (count - 1) - 1;
      chain[i] = new double[] {t * n * (1.06 - 0.1 * t * t), 35.5 + (sag - 35.5) * (1 - t * t)};
    }
    if (beads) {
      for (double[] at : chain) {
        pencil.dot(at[0], at[1], 1.65, 1.65, rim);
        pencil.dot(at[0], at[1], 1.3, 1.3, colour);
      }
    } else {
      pencil.line(Pencil.through(chain, false), 2.2, rim);
      pencil.line(Pencil.through(chain, false), 1.4, colour);
      pencil.dot(0, sag + 2.2, 2.9, 3.2, rim);
      pencil.dot(0, sag + 2.2, 2.3, 2.6, colour);
    }
  }

  void earrings() {
    Draws draws = look.draws("earrings");
    Color colour =
        draws.chance(0.7) ? draws.pick(METALS) : Colours.hue(draws.between(0, 1), 0.9, 0.85);
    Color rim = Colours.dark(colour, 0.4);
    int kind = draws.below(3);
    double x = look.width + 1.6;
    for (int side = -1; side <= 1; side += 2) {
      double s = side * x;
      switch (kind) {
        case 0 -> {
          var hoop = new Ellipse2D.Double(s - 3, 9.4, 6, 7.2);
          pencil.line(hoop, 2.3, rim);
          pencil.line(hoop, 1.4, colour);
        }
        case 1 -> {
          pencil.line(path(s, 9, to(s, 13)), 1.2, rim);
          pencil.dot(s, 15, 2.7, 3.3, rim);
          pencil.dot(s, 15, 2.1, 2.7, colour);
        }
        default -> {
          pencil.dot(s, 10.2, 2.8, 2.8, rim);
          pencil.dot(s, 10.2, 2.2, 2.2, colour);
        }
      }
    }
  }

  void hat() {
    Draws draws = look.draws("hat");
    Color felt =
        Colours.hue(draws.between(0, 1), draws.between(0.35, 0.85), draws.between(0.3, 0.85));
    Color band = Colours.dark(felt, 0.62);
    double w = look.width + 5;
    double top = look.top + 7.5;
    Path2D dome =
        path(-w, -12, to(-w, -top, -w * 0.6, -top, 0, -top), to(w * 0.6, -top, w, -top, w, -12));
    dome.closePath();
    switch (draws.below(3)) {
      case 0 -> woollen(dome, felt, band, w, top);
      case 1 -> peaked(dome, felt, band, w, draws.chance(0.5) ? -1 : 1);
      default -> brimmed(felt, band, w, top);
    }
  }

  private void woollen(Path2D dome, Color felt, Color band, double w, double top) {
    pencil.dot(0, -top, 4.6, 4.2, Colours.light(felt, 0.45));
    pencil.fill(dome, felt);
    for (double x = -w + 4; x < w; x += 5) {
      double at = x;
      pencil.inside(dome, () -> pencil.line(path(at, -12, to(at * 0.55, -top)), 0.8, band));
    }
    Path2D cuff =
        path(
            -w - 0.6,
            -10.6,
            to(0, -13.6, w + 0.6, -10.6),
            to(w + 0.2, -17.5),
            to(0, -20.5, -w - 0.2, -17.5));
    cuff.closePath();
    pencil.fill(cuff, band);
  }

  private void peaked(Path2D dome, Color felt, Color band, double w, int side) {
    pencil.fill(dome, felt);
    pencil.line(path(0, -12, to(side * 5.0, -24, 0, -look.top - 7)), 0.8, band);
    Path2D peak =
        path(
            side * -w * 0.7,
            -12.4,
            to(0, -17.5, side * w, -13.5),
            to(side * (w + 12), -12, side * (w + 10), -8),
            to(side * 8, -13, side * -w * 0.7, -10));
    peak.closePath();
    pencil.fill(peak, band);
  }

  private void brimmed(Color felt, Color band, double w, double top) {
    double crown = w * 0.82;
    Path2D body =
        path(
            -crown,
            -12,
            to(-crown * 0.9, -top - 4, -crown * 0.3, -top - 2, 0, -top + 1),
            to(crown * 0.3, -top - 2, crown * 0.9, -top - 4, crown, -12));
    body.closePath();
    pencil.fill(body, felt);
    pencil.inside(
        body, () -> pencil.fill(path(-w, -18, to(0, -21, w, -18), to(w, -12), to(-w, -12)), band));
    Path2D brim = path(-w - 10, -13, to(0, -20, w + 10, -13), to(0, -8.4, -w - 10, -13));
    brim.closePath();
    pencil.fill(brim, Colours.mix(felt, band, 0.35));
  }
}

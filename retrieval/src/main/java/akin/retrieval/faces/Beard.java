package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;
import static akin.retrieval.faces.Pencil.path;
import static akin.retrieval.faces.Pencil.to;

import java.awt.Color;
import java.awt.geom.Path2D;

/** Stubble, mustache, goatee and full beard. */
final class Beard {
  private final Look look;
  private final Pencil pencil;

  Beard(Look look, Pencil pencil) {
    this.look = look;
    this.pencil = pencil;
  }

  /** Along the jaw, drawn on the face and before the mouth. */
  void paint() {
    Color hair = Colours.dark(look.hair, 0.82);
    if (look.fullBeard()) {
      pencil.fill(jaw(2.2), hair);
      pencil.fill(mustache(1), hair);
      strokes(hair);
    }
    if (look.has(FIVE_O_CLOCK_SHADOW)) {
      stubble();
    }
    if (look.has(GOATEE)) {
      pencil.fill(goatee(), hair);
      strokes(hair);
    }
    if (look.has(MUSTACHE)) {
      pencil.fill(mustache(1.15), hair);
    }
  }

  /** Everything below the cheeks; the mouth is drawn over it later. */
  private Path2D jaw(double more) {
    double w = look.width;
    Path2D beard = Head.jawline(look, more);
    beard.lineTo(-w + 2.8, -2);
    beard.curveTo(-w + 4, 11, -12, 15.5, -8.5, 15.6);
    beard.quadTo(0, 14.4, 8.5, 15.6);
    beard.curveTo(12, 15.5, w - 4, 11, w - 2.8, -2);
    beard.closePath();
    return beard;
  }

  private Path2D mustache(double thick) {
    double low = look.has(SMILING) ? 16.6 : 18.2;
    Path2D mustache =
        path(
            0,
            13.7,
            to(4.5, 12.9 - 0.6 * thick, 9.0, 14.4, 10.2, low + 1.2),
            to(7, 17.2 + thick, 3, 16.6 + thick, 0, 16.2 + thick),
            to(-3, 16.6 + thick, -7, 17.2 + thick, -10.2, low + 1.2),
            to(-9.0, 14.4, -4.5, 12.9 - 0.6 * thick, 0, 13.7));
    mustache.closePath();
    return mustache;
  }

  private Path2D goatee() {
    double chin = look.chin + 3;
    Path2D goatee =
        path(
            -6.4,
            22.4,
            to(-8.8, 26, -6.4, chin + 1, 0, chin + 1.4),
            to(6.4, chin + 1, 8.8, 26, 6.4, 22.4),
            to(3, 24.6, -3, 24.6, -6.4, 22.4));
    goatee.closePath();
    return goatee;
  }

  private void strokes(Color hair) {
    Color light = Colours.clear(Colours.light(hair, 0.35), 0.6);
    for (int i = -3; i <= 3; i++) {
      pencil.line(path(1.5 * i, look.chin - 2.6, to(1.7 * i, look.chin + 1.6)), 0.6, light);
    }
  }

  private void stubble() {
    Color grey = Colours.mix(Colours.dark(look.skin, 0.34), new Color(44, 56, 74), 0.55);
    Path2D jaw = jaw(0);
    pencil.inside(
        Head.outline(look, 0),
        () -> {
          pencil.fill(jaw, Colours.clear(grey, 0.42));
          pencil.fill(mustache(0.8), Colours.clear(grey, 0.35));
        });
    Draws draws = look.draws("stubble");
    pencil.inside(
        jaw,
        () -> {
          for (int i = 0; i < 90; i++) {
            double x = draws.between(-look.width, look.width);
            double y = draws.between(8, look.chin);
            pencil.dot(x, y, 0.45, 0.45, Colours.clear(Colours.dark(grey, 0.6), 0.7));
          }
        });
  }
}

package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;
import static akin.retrieval.faces.Pencil.path;
import static akin.retrieval.faces.Pencil.to;

import java.awt.Color;
import java.awt.geom.Path2D;

/** The head's outline, ears, cheeks, wrinkles and chins. */
final class Head {
  private final Look look;
  private final Pencil pencil;

  Head(Look look, Pencil pencil) {
    this.look = look;
    this.pencil = pencil;
  }

  /** The outline, grown by {@code more} units on all sides. */
  static Path2D outline(Look look, double more) {
    double top = -look.top - more;
    double w = look.width + more;
    Path2D outline = path(0, top, to(0.62 * w, top, w, 0.62 * top, w, -2));
    outline.append(jawline(look, more), true);
    outline.curveTo(-w, 0.62 * top, -0.62 * w, top, 0, top);
    outline.closePath();
    return outline;
  }

  /** From the right temple along the jaw to the left temple, grown by {@code more} units. */
  static Path2D jawline(Look look, double more) {
    boolean full = look.has(CHUBBY);
    double w = look.width + more;
    double jaw = look.jaw + more;
    double lean = full ? 0.3 : (w - jaw) * 0.5;
    double drop = full ? 10 : 6;
    double c = look.chinWidth;
    double bend = full ? c + 8 : c + 4.5;
    double chin = look.chin + more;
    double y = look.jawY;
    return path(
        w,
        -2,
        to(w, 6, jaw + lean, y - 6, jaw, y),
        to(jaw - lean, y + drop, bend, chin, c, chin),
        to(-c, chin),
        to(-bend, chin, -jaw + lean, y + drop, -jaw, y),
        to(-jaw - lean, y - 6, -w, 6, -w, -2));
  }

  void paint() {
    ears();
    if (look.has(DOUBLE_CHIN)) {
      doubleChin();
    }
    Path2D outline = outline(look, 0);
    pencil.fill(outline, look.skin);
    pencil.inside(outline, this::roundness);
    pencil.line(outline, 0.5, Colours.clear(look.shade, 0.8));
  }

  private void ears() {
    for (int side = -1; side <= 1; side += 2) {
      double x = side * (look.width + 0.8);
      pencil.dot(x, 3, 3.2, 5.4, look.skin);
      pencil.dot(x + side * 0.3, 3, 1.6, 3.4, Colours.clear(look.shade, 0.6));
    }
  }

  /** Light from above on one side, shadow on the other. */
  private void roundness() {
    Color light = Colours.light(look.skin, 0.45);
    pencil.glow(-look.yaw * 6, -10, 17, 14, light, 0.35);
    pencil.glow(look.width * 1.25, 8, 15, 32, look.shade, 0.45);
    pencil.glow(-look.width * 1.25, 8, 15, 32, look.shade, 0.45);
    pencil.glow(0, look.chin + 6, 20, 11, look.shade, 0.4);
  }

  private void doubleChin() {
    double y = look.chin;
    double w = look.jaw * 0.86;
    Path2D lobe =
        path(
            -w,
            look.jawY + 5,
            to(-w, y + 5, -w * 0.55, y + 7.6, 0, y + 7.6),
            to(w * 0.55, y + 7.6, w, y + 5, w, look.jawY + 5));
    pencil.fill(lobe, Colours.mix(look.skin, look.shade, 0.28));
    pencil.line(lobe, 1.5, Colours.dark(look.shade, 0.72));
  }

  /** What lies on the skin of the face, below eyes and nose. */
  void features() {
    if (look.has(HIGH_CHEEKBONES)) {
      cheekbones();
    }
    if (look.has(ROSY_CHEEKS)) {
      Color rose = new Color(238, 72, 92);
      pencil.glow(-12.2, 10, 6.4, 5.2, rose, 0.66);
      pencil.glow(12.2, 10, 6.4, 5.2, rose, 0.66);
    }
    if (look.has(CHUBBY)) {
      cheekFolds();
    }
    if (!look.has(YOUNG)) {
      wrinkles();
    }
    if (look.has(DOUBLE_CHIN)) {
      Path2D arc = path(-8, look.chin - 0.6, to(0, look.chin + 1.6, 8, look.chin - 0.6));
      pencil.line(arc, 1.4, Colours.dark(look.shade, 0.75));
    }
  }

  private void cheekbones() {
    for (int side = -1; side <= 1; side += 2) {
      double s = side;
      pencil.glow(s * 13.4, 6.6, 5.6, 2.6, Colours.light(look.skin, 0.75), 0.85);
      Path2D hollow =
          path(
              s * (look.width - 1.4),
              7.5,
              to(s * 14.5, 11.5, s * 9.6, 16.5),
              to(s * 14, 16.5, s * (look.width - 2.4), 13.5));
      hollow.closePath();
      pencil.fill(hollow, Colours.clear(Colours.dark(look.shade, 0.72), 0.62));
    }
  }

  private void cheekFolds() {
    for (int side = -1; side <= 1; side += 2) {
      double s = side;
      pencil.glow(s * 14.5, 11, 6.5, 7, Colours.light(look.skin, 0.35), 0.5);
      Path2D fold = path(s * 11.2, 20.5, to(s * 16.8, 19.5, s * 18.4, 13.5));
      pencil.line(fold, 0.9, Colours.clear(look.shade, 0.8));
    }
  }

  private void wrinkles() {
    Color line = Colours.clear(Colours.dark(look.shade, 0.68), 0.9);
    for (int row = 0; row < 3; row++) {
      double y = -12.6 - 3.1 * row;
      double w = 9.5 - row;
      pencil.line(path(-w, y + 0.4, to(-w / 2, y - 1, 0, y), to(w / 2, y + 1, w, y)), 0.95, line);
    }
    for (int side = -1; side <= 1; side += 2) {
      double s = side;
      pencil.line(path(s * 4.6, 11, to(s * 9, 13.5, s * 10.6, 19.5)), 1.25, line);
      pencil.line(path(s * 14.6, 0.6, to(s * 18.0, -1.8)), 0.9, line);
      pencil.line(path(s * 14.6, 1.8, to(s * 18.2, 2.6)), 0.9, line);
    }
  }
}

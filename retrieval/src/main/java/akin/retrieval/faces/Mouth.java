package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;
import static akin.retrieval.faces.Pencil.path;
import static akin.retrieval.faces.Pencil.to;

import java.awt.Color;
import java.awt.geom.Path2D;

/** Nose and mouth. */
final class Mouth {
  private static final int STEPS = 16;

  private final Look look;
  private final Pencil pencil;

  Mouth(Look look, Pencil pencil) {
    this.look = look;
    this.pencil = pencil;
  }

  void nose() {
    Color line = Colours.clear(Colours.dark(look.shade, 0.68), 0.95);
    double lean = look.yaw * 1.2;
    if (look.has(BIG_NOSE)) {
      bigNose(lean, line);
    } else if (look.has(POINTY_NOSE)) {
      pointyNose(lean, line);
    } else {
      pencil.glow(lean, 9.6, 2.8, 2.6, Colours.light(look.skin, 0.5), 0.6);
      pencil.line(path(lean - 2.6, 10.4, to(lean, 12.8, lean + 2.6, 10.4)), 1.0, line);
    }
  }

  private void bigNose(double lean, Color line) {
    Color side = Colours.mix(look.skin, look.shade, 0.45);
    Path2D whole =
        path(
            lean - 1.8,
            -2,
            to(lean - 2.4, 5, lean - 6.8, 7.2, lean - 6.6, 10.8),
            to(lean - 6, 14.6, lean - 2.6, 13.2, lean, 14.4),
            to(lean + 2.6, 13.2, lean + 6, 14.6, lean + 6.6, 10.8),
            to(lean + 6.8, 7.2, lean + 2.4, 5, lean + 1.8, -2));
    pencil.fill(whole, Colours.clear(side, 0.5));
    pencil.line(whole, 0.9, line);
    pencil.glow(lean - 0.6, 8.6, 3.6, 3.4, Colours.light(look.skin, 0.55), 0.8);
    pencil.dot(lean - 3.2, 12.2, 1.5, 0.9, Colours.dark(look.shade, 0.4));
    pencil.dot(lean + 3.2, 12.2, 1.5, 0.9, Colours.dark(look.shade, 0.4));
  }

  private void pointyNose(double lean, Color line) {
    double tip = lean * 1.6;
    double far = look.yaw < 0 ? -1 : 1;
    Path2D flank = path(far * 0.9, -3, to(tip, 14.4), to(tip + far * 3.8, 10.8));
    flank.closePath();
    pencil.fill(flank, Colours.clear(look.shade, 0.75));
    pencil.line(
        path(-far * 0.4, -2, to(tip - far * 0.2, 13.8)), 1.2, Colours.light(look.skin, 0.7));
    pencil.line(path(tip - far * 2.8, 10.4, to(tip, 14.4), to(tip + far * 3.8, 10.8)), 1.15, line);
  }

  void mouth() {
    boolean smiling = look.has(SMILING);
    boolean open = look.has(MOUTH_SLIGHTLY_OPEN);
    boolean big = look.has(BIG_LIPS);
    Draws draws = look.draws("mouth");
    double half = (smiling ? 9.4 : 6.6) + draws.between(-0.4, 0.4) + (big ? 0.5 : 0);
    double lift = smiling ? draws.between(4.4, 5.4) : draws.between(-0.6, 0.5);
    double gap = open ? (smiling ? 5.2 : 4.4) : 0;
    double upper = big ? 3.6 : 1.5;
    double lower = big ? 4.6 : 1.9;
    double middle = smiling ? 20.6 : 19.2;

    double[][] upperOut = new double[STEPS + 1][];
    double[][] upperIn = new double[STEPS + 1][];
    double[][] lowerIn = new double[STEPS + 1][];
    double[][] lowerOut = new double[STEPS + 1][];
    for (int i = 0; i <= STEPS; i++) {
      double t = 2.0 * i / STEPS - 1;
      double x = t * half;
      double y = middle - lift * t * t;
      double full = Math.sqrt(Math.max(0, 1 - t * t));
      double bow = 1 - 0.35 * Math.max(0, 1 - 9 * t * t);
      upperIn[i] = new double[] {x, y - 0.35 * gap * full};
      lowerIn[i] = new double[] {x, y + 0.65 * gap * full};
      upperOut[i] = new double[] {x, upperIn[i][1] - upper * full * bow};
      lowerOut[i] = new double[] {x, lowerIn[i][1] + lower * full};
    }
    pencil.fill(between(upperOut, lowerOut), look.lip);
    Color line = Colours.dark(look.lip, 0.5);
    if (big) {
      pencil.line(between(upperOut, lowerOut), 0.9, Colours.dark(look.lip, 0.66));
      pencil.glow(
          0,
          lowerIn[STEPS / 2][1] + 0.5 * lower,
          0.5 * half,
          0.4 * lower,
          Colours.light(look.lip, 0.6),
          0.8);
    }
    if (open) {
      Path2D inside = between(upperIn, lowerIn);
      pencil.fill(inside, new Color(74, 14, 20));
      if (smiling) {
        pencil.inside(inside, () -> pencil.fill(teeth(upperIn), new Color(250, 248, 242)));
      } else {
        pencil.dot(0, middle + 0.65 * gap - 0.3, half * 0.45, 0.9, new Color(190, 80, 86));
      }
    } else {
      pencil.line(Pencil.through(upperIn, false), smiling ? 1.1 : 0.9, line);
    }
    if (look.has(WEARING_LIPSTICK)) {
      pencil.glow(-half * 0.2, lowerIn[STEPS / 2][1] + lower * 0.5, 2.4, 0.9, Color.WHITE, 0.6);
    }
    if (smiling) {
      dimples(half, middle - lift);
    }
  }

  private static Path2D between(double[][] above, double[][] below) {
    double[][] around = new double[2 * above.length][];
    for (int i = 0; i < above.length; i++) {
      around[i] = above[i];
      around[2 * above.length - 1 - i] = below[i];
    }
    return Pencil.through(around, true);
  }

  /** A band that hangs from the upper lip. */
  private static Path2D teeth(double[][] upperIn) {
    double[][] edge = new double[upperIn.length][];
    for (int i = 0; i < edge.length; i++) {
      edge[i] = new double[] {upperIn[i][0], upperIn[i][1] + 2.5};
    }
    return between(upperIn, edge);
  }

  private void dimples(double half, double y) {
    Color line = Colours.clear(Colours.dark(look.shade, 0.7), 0.85);
    for (int side = -1; side <= 1; side += 2) {
      double s = side;
      double x = s * (half + 0.9);
      pencil.line(path(x - s * 0.4, y - 2.2, to(x + s * 1.4, y - 0.2, x, y + 1.6)), 0.9, line);
    }
  }
}

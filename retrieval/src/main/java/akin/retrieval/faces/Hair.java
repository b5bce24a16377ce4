package akin.retrieval.faces;

import static akin.retrieval.faces.FaceAttribute.*;
import static akin.retrieval.faces.Pencil.path;
import static akin.retrieval.faces.Pencil.to;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;

/** The hair of the head: what hangs behind it, what lies on it, fringe and sideburns. */
final class Hair {
  private final Look look;
  private final Pencil pencil;

  /** How far the hair stands out from the skull. */
  private final double volume;

  /** Where long hair ends, and short hair at the ears. */
  private final double end;

  private final boolean bun;
  private final double part;
  private final double phase;

  Hair(Look look, Pencil pencil) {
    this.look = look;
    this.pencil = pencil;
    Draws draws = look.draws("hair");
    boolean styled = look.has(WAVY_HAIR) || look.has(STRAIGHT_HAIR);
    bun = look.longHair() && !styled && draws.chance(0.55);
    volume = look.has(RECEDING_HAIRLINE) ? 1.6 : draws.between(2.6, 4.4);
    double length = styled ? draws.between(34, 46) : draws.between(18, 24);
    end = look.longHair() && !bun ? length : 1.5;
    part = draws.between(-7, 7);
    phase = draws.between(0, 6);
  }

  /** Behind neck and head. */
  void back() {
    if (look.has(BALD)) {
      return;
    }
    Color dark = Colours.dark(look.hair, 0.72);
    double w = look.width + volume;
    if (bun && !look.has(WEARING_HAT)) {
      pencil.dot(part * 0.4, -look.top - 5.6, 8.2, 7.4, look.hair);
      pencil.dot(part * 0.4 + 1, -look.top - 4.6, 5.6, 4.6, Colours.clear(dark, 0.5));
    }
    if (end > 10) {
      Path2D mass = path(-w, -4, to(-w - 1, end - 2), to(0, end + 3, w + 1, end - 2), to(w, -4));
      mass.closePath();
      pencil.fill(mass, dark);
    }
  }

  /** On the head and beside the face. */
  void front() {
    if (look.has(BALD)) {
      pencil.glow(-5 - look.yaw * 4, -20, 7, 4, Color.WHITE, 0.75);
      return;
    }
    if (look.has(SIDEBURNS)) {
      sideburns();
    }
    Path2D cap = Pencil.through(cap(), true);
    pencil.fill(cap, look.hair);
    pencil.inside(cap, this::strands);
    if (look.has(BANGS)) {
      bangs();
    }
  }

  /** The outer edge from right to left over the crown, then the hairline back. */
  private double[][] cap() {
    double rx = look.width + volume;
    double ry = look.top + volume - 3;
    List<double[]> spine = new ArrayList<>();
    boolean hanging = end > 10;
    for (double y = end; hanging && y > -3; y -= 1.5) {
      // Long hair widens a little towards its end; without a style it curls in.
      double flare = look.has(WAVY_HAIR) ? 3.5 : look.has(STRAIGHT_HAIR) ? 1.5 : -1;
      spine.add(new double[] {rx + flare * y / end, y});
    }
    if (!hanging) {
      spine.add(new double[] {rx - 1, end});
    }
    for (int i = 0; i <= 48; i++) {
      double angle = Math.PI * i / 48;
      spine.add(new double[] {rx * Math.cos(angle), -3 - ry * Math.sin(angle)});
    }
    int half = spine.size();
    for (int i = half - 50; i >= 0; i--) {
      spine.add(new double[] {-spine.get(i)[0], spine.get(i)[1]});
    }
    List<double[]> points = edge(spine);
    points.addAll(hairline());
    return points.toArray(double[][]::new);
  }

  /** From the left end over the forehead to the right end. */
  private List<double[]> hairline() {
    double w = look.width;
    List<double[]> line = new ArrayList<>();
    if (end > 10) {
      double gap = look.has(OVAL_FACE) ? 0.6 : 1.6;
      line.add(new double[] {-w + 1.5, end});
      line.add(new double[] {-w + gap, 14});
      line.add(new double[] {-w + gap + 0.6, -3});
    } else {
      line.add(new double[] {-w - 0.2, end});
      line.add(new double[] {-w + 1.2, -4});
    }
    if (look.has(RECEDING_HAIRLINE)) {
      line.add(new double[] {-w + 1.8, -11});
      line.add(new double[] {-w * 0.62, -24.6});
      line.add(new double[] {-3.4, -23.4});
      line.add(new double[] {0, -20.4});
      line.add(new double[] {3.4, -23.4});
      line.add(new double[] {w * 0.62, -24.6});
      line.add(new double[] {w - 1.8, -11});
    } else {
      line.add(new double[] {-w + 3.4, -11});
      for (int i = 0; i <= 8; i++) {
        double t = i / 8.0;
        double x = -w * 0.68 + 1.36 * w * t;
        double fall = Math.abs(x - part) / w;
        line.add(new double[] {x, -19.5 + 5 * fall * fall});
      }
      line.add(new double[] {w - 3.4, -11});
    }
    if (end > 10) {
      double gap = look.has(OVAL_FACE) ? 0.6 : 1.6;
      line.add(new double[] {w - gap - 0.6, -3});
      line.add(new double[] {w - gap, 14});
      line.add(new double[] {w - 1.5, end});
    } else {
      line.add(new double[] {w - 1.2, -4});
      line.add(new double[] {w + 0.2, end});
    }
    return line;
  }

  /**
   * Walks along the spine in small steps and moves each point outwards: by arches for wavy hair, by
   * spikes for straight hair that is short, not at all otherwise.
   */
  private List<double[]> edge(List<double[]> spine) {
    boolean wavy = look.has(WAVY_HAIR);
    boolean spiky = look.has(STRAIGHT_HAIR) && end < 10;
    List<double[]> out = new ArrayList<>();
    double walked = 0;
    for (int i = 0; i + 1 < spine.size(); i++) {
      double[] a = spine.get(i);
      double[] b = spine.get(i + 1);
      double length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      int steps = Math.max(1, (int) Math.ceil(length / 0.7));
      for (int k = 0; k < steps; k++) {
        double t = (double) k / steps;
        double s = walked + t * length;
        double lift = wavy ? arch(s / 8.2 + phase) : spiky ? spike(s / 5.6 + phase) : 0;
        double nx = (b[1] - a[1]) / length;
        double ny = -(b[0] - a[0]) / length;
        // The spine runs from the right over the crown to the left: outside is (−nx, −ny).
        out.add(
            new double[] {
              a[0] + t * (b[0] - a[0]) - nx * lift, a[1] + t * (b[1] - a[1]) - ny * lift
            });
      }
      walked += length;
    }
    return out;
  }

  private static double arch(double turns) {
    return 3.1 * Math.abs(Math.sin(Math.PI * turns)) - 0.6;
  }

  private static double spike(double turns) {
    return 4.4 * Math.abs(2 * (turns - Math.floor(turns)) - 1) - 0.6;
  }

  /** Lines along the hair, or one soft shine if it has no style. */
  private void strands() {
    if (!look.has(WAVY_HAIR) && !look.has(STRAIGHT_HAIR)) {
      pencil.glow(-8, -look.top + 2, 13, 4, Colours.light(look.hair, 0.5), 0.55);
      return;
    }
    Color[] tones = {
      Colours.clear(Colours.light(look.hair, 0.38), 0.75),
      Colours.clear(Colours.dark(look.hair, 0.5), 0.7)
    };
    double rx = look.width + volume;
    for (int i = 0; i <= 16; i++) {
      double to = rx * (2.0 * i / 16 - 1) * 1.04;
      Color tone = tones[i % 2];
      pencil.line(look.has(WAVY_HAIR) ? wavyStrand(to) : straightStrand(to), 1.0, tone);
    }
  }

  private Path2D straightStrand(double x) {
    double crown = -look.top - volume;
    double start = part + 0.35 * (x - part);
    return path(start, crown - 4, to(x, crown + 9, x, -2), to(x * 1.04, Math.max(end, 3)));
  }

  private Path2D wavyStrand(double x) {
    double crown = -look.top - volume;
    double bottom = Math.max(end, 3);
    int steps = (int) (bottom - crown);
    double[][] points = new double[steps + 1][];
    for (int k = 0; k <= steps; k++) {
      double y = crown - 2 + k;
      double spread = Math.min(1, 0.35 + (y - crown) / 16);
      double wave = 1.7 * Math.sin(2 * Math.PI * (y / 8.2 + phase + 0.06 * x));
      points[k] = new double[] {part + spread * (x - part) + wave, y};
    }
    return Pencil.through(points, false);
  }

  private void bangs() {
    double w = look.width - 1.6;
    boolean wavy = look.has(WAVY_HAIR);
    int tufts = wavy ? 5 : 8;
    List<double[]> points = new ArrayList<>();
    points.add(new double[] {-w, -15});
    for (int i = 0; i <= tufts * 4; i++) {
      double t = i / (tufts * 4.0);
      double x = -w + 2 * w * t;
      double tuft = t * tufts - Math.floor(t * tufts);
      double notch = wavy ? 2.2 * Math.sin(Math.PI * tuft) : 2.4 * (1 - Math.abs(2 * tuft - 1));
      points.add(new double[] {x, -10.6 + notch + 3.5 * Math.pow(2 * t - 1, 4)});
    }
    points.add(new double[] {w, -15});
    points.add(new double[] {w * 0.7, -22});
    points.add(new double[] {-w * 0.7, -22});
    pencil.fill(Pencil.through(points.toArray(double[][]::new), true), look.hair);
    Color line = Colours.clear(Colours.dark(look.hair, 0.55), 0.8);
    for (int i = 1; i < tufts; i++) {
      double x = -w + 2 * w * i / tufts;
      pencil.line(path(x * 0.6, -21, to(x, -16, x, -10.6)), 0.8, line);
    }
  }

  private void sideburns() {
    for (int side = -1; side <= 1; side += 2) {
      double s = side;
      double w = look.width;
      double foot = look.jawY - 2;
      double narrow = (look.width - look.jaw) * 0.8;
      Path2D burn =
          path(
              s * (w + 0.6),
              -4,
              to(s * (w + 0.4), 6, s * (w - narrow + 0.2), foot),
              to(s * (w - narrow - 5.6), foot + 0.5),
              to(s * (w - 4.4), 5, s * (w - 3.8), -4));
      burn.closePath();
      pencil.fill(burn, look.hair);
    }
  }
}

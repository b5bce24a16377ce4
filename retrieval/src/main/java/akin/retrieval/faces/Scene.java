package akin.retrieval.faces;

import static akin.retrieval.faces.Pencil.path;
import static akin.retrieval.faces.Pencil.to;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** What is behind the person: a gradient, patches of light, things. */
final class Scene {
  private Scene() {}

  static void paint(Graphics2D graphics, Pencil pencil, Draws draws) {
    Color a = any(draws);
    Color b = draws.chance(0.5) ? Colours.mix(a, any(draws), 0.6) : any(draws);
    double turn = draws.between(0, 2 * Math.PI);
    float dx = (float) (60 * Math.cos(turn));
    float dy = (float) (60 * Math.sin(turn));
    graphics.setPaint(new GradientPaint(50 - dx, 50 - dy, a, 50 + dx, 50 + dy, b));
    graphics.fill(new Rectangle2D.Double(0, 0, 100, 100));
    int patches = draws.below(5);
    for (int i = 0; i < patches; i++) {
      double size = draws.between(8, 30);
      pencil.glow(
          draws.between(0, 100),
          draws.between(0, 100),
          size,
          size * draws.between(0.6, 1.4),
          any(draws),
          draws.between(0.3, 0.9));
    }
    int things = draws.below(6);
    for (int i = 0; i < things; i++) {
      thing(pencil, draws);
    }
  }

  private static void thing(Pencil pencil, Draws draws) {
    Color colour = Colours.clear(any(draws), draws.between(0.4, 1));
    double x = draws.between(-5, 105);
    double y = draws.between(-5, 105);
    double w = draws.between(3, 22);
    double h = draws.between(3, 30);
    switch (draws.below(4)) {
      case 0 ->
          pencil.at(
              x,
              y,
              draws.between(-0.4, 0.4),
              1,
              1,
              () -> pencil.fill(new Rectangle2D.Double(-w / 2, -h / 2, w, h), colour));
      case 1 -> pencil.dot(x, y, w * 0.6, w * 0.6, colour);
      case 2 ->
          pencil.line(
              path(x, -5, to(x + draws.between(-30, 30), 105)), draws.between(1, 6), colour);
      default ->
          pencil.line(
              path(-5, y, to(105, y + draws.between(-20, 20))), draws.between(1, 6), colour);
    }
  }

  private static Color any(Draws draws) {
    return Colours.hue(draws.between(0, 1), draws.between(0.05, 0.6), draws.between(0.25, 0.97));
  }
}

package akin.retrieval.faces;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/**
 * Fills and strokes in the units of a face: the picture is 100 wide and high whatever its pixels, y
 * points down.
 */
final class Pencil {
  private final Graphics2D graphics;

  Pencil(Graphics2D graphics) {
    this.graphics = graphics;
  }

  void fill(Shape shape, Color colour) {
    graphics.setColor(colour);
    graphics.fill(shape);
  }

  /** An ellipse around (x, y). */
  void dot(double x, double y, double rx, double ry, Color colour) {
    fill(new Ellipse2D.Double(x - rx, y - ry, 2 * rx, 2 * ry), colour);
  }

  void line(Shape shape, double width, Color colour) {
    graphics.setColor(colour);
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  /** An ellipse that fades out towards its rim. */
  void glow(double x, double y, double rx, double ry, Color colour, double alpha) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(x, y);
    graphics.scale(rx, ry);
    Color[] colours = {
      Colours.clear(colour, alpha), Colours.clear(colour, 0.7 * alpha), Colours.clear(colour, 0)
    };
    graphics.setPaint(new RadialGradientPaint(0, 0, 1, new float[] {0, 0.45f, 1}, colours));
    graphics.fill(new Ellipse2D.Double(-1, -1, 2, 2));
    graphics.setTransform(before);
  }

  /** Runs the drawing with the inside of {@code shape} as the only paper. */
  void inside(Shape shape, Runnable drawing) {
    Shape before = graphics.getClip();
    graphics.clip(shape);
    drawing.run();
    graphics.setClip(before);
  }

  /** Runs the drawing moved by (x, y), turned by an angle in radians, and scaled. */
  void at(double x, double y, double angle, double scaleX, double scaleY, Runnable drawing) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(x, y);
    graphics.rotate(angle);
    graphics.scale(scaleX, scaleY);
    drawing.run();
    graphics.setTransform(before);
  }

  /**
   * A path from numbers: the first point, then segments of one point (a line), two (a quadratic) or
   * three (a cubic curve).
   */
  static Path2D path(double x, double y, double[]... segments) {
    Path2D path = new Path2D.Double();
    path.moveTo(x, y);
    for (double[] s : segments) {
      switch (s.length) {
        case 2 -> path.lineTo(s[0], s[1]);
        case 4 -> path.quadTo(s[0], s[1], s[2], s[3]);
        case 6 -> path.curveTo(s[0], s[1], s[2], s[3], s[4], s[5]);
        default -> throw new IllegalArgumentException("a segment of " + s.length + " numbers");
      }
    }
    return path;
  }

  /** One segment of a {@link #path}. */
  static double[] to(double... numbers) {
    return numbers;
  }

  /** The path through points, closed if asked for. */
  static Path2D through(double[][] points, boolean closed) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0][0], points[0][1]);
    for (int i = 1; i < points.length; i++) {
      path.lineTo(points[i][0], points[i][1]);
    }
    if (closed) {
      path.closePath();
    }
    return path;
  }

  /** The shape mirrored in the line x = 0. */
  static Shape mirror(Shape shape) {
    return AffineTransform.getScaleInstance(-1, 1).createTransformedShape(shape);
  }
}

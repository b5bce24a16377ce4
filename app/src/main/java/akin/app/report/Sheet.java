package akin.app.report;

import akin.retrieval.data.Image;
import akin.retrieval.data.ResizeFilter;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** White paper to draw pictures, frames and words on; no words where this Java has no fonts. */
final class Sheet implements AutoCloseable {
  static final Color PAPER = new Color(0xffffff);
  static final Color INK = new Color(0x1d2330);
  static final Color SOFT = new Color(0x5d6678);
  static final Color HIT = new Color(0x1f9d61);
  static final Color MISS = new Color(0xd6453d);
  static final Color ASKED = new Color(0x2f6fdb);
  static final Color UNKNOWN = new Color(0x9aa3b2);

  private static final String CUT = "…";

  private final BufferedImage paper;
  private final Graphics2D pen;
  private final boolean fonts = hasFonts();

  Sheet(int width, int height) {
    paper = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    pen = paper.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    fill(PAPER, 0, 0, width, height);
  }

  boolean fonts() {
    return fonts;
  }

  void fill(Color colour, int left, int top, int width, int height) {
    pen.setColor(colour);
    pen.fillRect(left, top, width, height);
  }

  /**
   * The picture, fitted into the middle of a square. One so small that its pixels matter, such as a
   * digit, is enlarged by a whole number, each pixel a square.
   */
  void picture(Image image, int left, int top, int side) {
    Image rgb = image.rgb();
    int longer = Math.max(rgb.width(), rgb.height());
    boolean pixels = longer < Page.PIXELATED_BELOW && longer <= side;
    double scale = pixels ? side / longer : (double) side / longer;
    int width = Math.max(1, (int) Math.round(rgb.width() * scale));
    int height = Math.max(1, (int) Math.round(rgb.height() * scale));
    Image fitted = rgb.resize(width, height, pixels ? ResizeFilter.NEAREST : ResizeFilter.BICUBIC);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        paper.setRGB(
            left + (side - width) / 2 + x,
            top + (side - height) / 2 + y,
            fitted.at(x, y, 0) << 16 | fitted.at(x, y, 1) << 8 | fitted.at(x, y, 2));
      }
    }
  }

  /** A tick, a cross or a dot in a square: drawn, since not every font has them. */
  void sign(Block.Mark mark, int left, int top, int side) {
    pen.setColor(colour(mark));
    pen.setStroke(new BasicStroke(side / 5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    int right = left + side;
    int bottom = top + side;
    switch (mark) {
      case HIT -> {
        pen.drawLine(left, top + side * 3 / 5, left + side * 2 / 5, bottom);
        pen.drawLine(left + side * 2 / 5, bottom, right, top);
      }
      case MISS -> {
        pen.drawLine(left, top, right, bottom);
        pen.drawLine(left, bottom, right, top);
      }
      case ASKED -> pen.fillOval(left, top, side, side);
      case NONE -> {}
    }
  }

  static Color colour(Block.Mark mark) {
    return switch (mark) {
      case HIT -> HIT;
      case MISS -> MISS;
      case ASKED -> ASKED;
      case NONE -> UNKNOWN;
    };
  }

  /** One line, cut off by … where it is too long. */
  void line(String text, int size, boolean bold, Color colour, int left, int baseline, int width) {
    if (fonts) {
      FontMetrics metrics = font(size, bold);
      pen.setColor(colour);
      pen.drawString(shortened(text, metrics, width), left, baseline);
    }
  }

  /** Lines of whole words as far as they fit; the last one is cut off where there are more. */
  List<String> lines(String text, int size, boolean bold, int width, int most) {
    List<String> lines = new ArrayList<>();
    if (!fonts) {
      return lines;
    }
    FontMetrics metrics = font(size, bold);
    String rest = text.strip();
    while (!rest.isEmpty() && lines.size() < most - 1) {
      int end = rest.length();
      while (end > 0 && metrics.stringWidth(rest.substring(0, end)) > width) {
        end = rest.lastIndexOf(' ', end - 1);
      }
      if (end <= 0) {
        break; // a word that is wider than the line
      }
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).strip();
    }
    if (!rest.isEmpty()) {
      lines.add(shortened(rest, metrics, width));
    }
    return lines;
  }

  /** How wide a line is. */
  int width(String text, int size, boolean bold) {
    return fonts ? font(size, bold).stringWidth(text) : 0;
  }

  private FontMetrics font(int size, boolean bold) {
    pen.setFont(new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size));
    return pen.getFontMetrics();
  }

  private static String shortened(String text, FontMetrics metrics, int width) {
    if (metrics.stringWidth(text) <= width) {
      return text;
    }
    int end = text.length();
    while (end > 0 && metrics.stringWidth(text.substring(0, end).strip() + CUT) > width) {
      end--;
    }
    return text.substring(0, end).strip() + CUT;
  }

  Image image() {
    int width = paper.getWidth();
    int height = paper.getHeight();
    byte[] bytes = new byte[3 * width * height];
    int at = 0;
    for (int pixel : paper.getRGB(0, 0, width, height, null, 0, width)) {
      bytes[at++] = (byte) (pixel >> 16);
      bytes[at++] = (byte) (pixel >> 8);
      bytes[at++] = (byte) pixel;
    }
    return new Image(width, height, 3, bytes);
  }

  /**
   * Whether this Java can draw text. Minimal packages come without the libraries behind fonts and
   * tell so by errors.
   */
  static boolean hasFonts() {
    try {
      BufferedImage scrap = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
      Graphics2D pen = scrap.createGraphics();
      pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      int width = pen.getFontMetrics().stringWidth("akin");
      pen.dispose();
      return width > 0;
    } catch (LinkageError | InternalError | RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() {
    pen.dispose();
  }
}

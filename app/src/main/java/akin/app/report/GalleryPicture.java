package akin.app.report;

import akin.app.report.Block.Gallery;
import akin.app.report.Block.Hit;
import akin.app.report.Block.Row;
import akin.retrieval.data.Image;
import akin.retrieval.data.ResizeFilter;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * Draws a gallery as one picture for pages that cannot hold HTML: a line per query, each answer in
 * a green frame if it is what was asked for, in a red one if not.
 *
 * @param tile side of the square that each picture is fitted into, pixels
 * @param perRow the most answers in a line
 */
public record GalleryPicture(int tile, int perRow) {
  private static final Color PAPER = new Color(0xffffff);
  private static final Color INK = new Color(0x1d2330);
  private static final Color SOFT = new Color(0x5d6678);
  private static final Color HIT = new Color(0x1f9d61);
  private static final Color MISS = new Color(0xd6453d);
  private static final Color UNKNOWN = new Color(0x9aa3b2);
  private static final int FRAME = 4;
  private static final int GAP = 6;
  private static final int MARGIN = 14;

  /** The picture; without labels where this Java has no fonts. */
  public Image draw(Gallery gallery) {
    boolean fonts = hasFonts();
    int label = fonts ? 3 * tile : 0;
    int step = tile + 2 * FRAME + GAP;
    int columns = gallery.rows().stream().mapToInt(row -> row.hits().size()).max().orElse(0);
    int width = 2 * MARGIN + label + Math.max(1, Math.min(columns, perRow)) * step - GAP;
    int height = 2 * MARGIN + Math.max(1, gallery.rows().size()) * step - GAP;
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = sheet.createGraphics();
    pen.setColor(PAPER);
    pen.fillRect(0, 0, width, height);
    for (int r = 0; r < gallery.rows().size(); r++) {
      Row row = gallery.rows().get(r);
      int top = MARGIN + r * step;
      if (fonts) {
        label(pen, row, top, label - GAP);
      }
      for (int h = 0; h < Math.min(perRow, row.hits().size()); h++) {
        tile(sheet, pen, row.hits().get(h), MARGIN + label + h * step, top);
      }
    }
    pen.dispose();
    return image(sheet);
  }

  private void tile(BufferedImage sheet, Graphics2D pen, Hit hit, int left, int top) {
    pen.setColor(hit.relevant() == null ? UNKNOWN : hit.relevant() ? HIT : MISS);
    pen.fillRect(left, top, tile + 2 * FRAME, tile + 2 * FRAME);
    pen.setColor(PAPER);
    pen.fillRect(left + FRAME, top + FRAME, tile, tile);
    Image rgb = hit.image().rgb();
    double scale = (double) tile / Math.max(rgb.width(), rgb.height());
    int width = Math.max(1, (int) Math.round(rgb.width() * scale));
    int height = Math.max(1, (int) Math.round(rgb.height() * scale));
    Image fitted = rgb.resize(width, height, ResizeFilter.BICUBIC);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        sheet.setRGB(
            left + FRAME + (tile - width) / 2 + x,
            top + FRAME + (tile - height) / 2 + y,
            fitted.at(x, y, 0) << 16 | fitted.at(x, y, 1) << 8 | fitted.at(x, y, 2));
      }
    }
  }

  /** The query, one word a line as long as they fit, and the note below. */
  private void label(Graphics2D pen, Row row, int top, int width) {
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    int size = Math.max(9, tile / 5);
    int baseline = top + FRAME + size;
    pen.setFont(new Font(Font.SANS_SERIF, Font.BOLD, size));
    pen.setColor(INK);
    StringBuilder line = new StringBuilder();
    for (String word : row.query().split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && pen.getFontMetrics().stringWidth(longer) > width) {
        pen.drawString(line.toString(), MARGIN, baseline);
        baseline += size + 3;
        line.setLength(0);
        line.append(word);
      } else {
        line.setLength(0);
        line.append(longer);
      }
    }
    pen.drawString(line.toString(), MARGIN, baseline);
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(8, size - 2)));
    pen.setColor(SOFT);
    pen.drawString(row.note(), MARGIN, baseline + size + 2);
  }

  /**
   * Whether this Java can draw text. Minimal packages come without the libraries behind fonts and
   * tell so by errors.
   */
  public static boolean hasFonts() {
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

  private static Image image(BufferedImage sheet) {
    int width = sheet.getWidth();
    int height = sheet.getHeight();
    byte[] bytes = new byte[3 * width * height];
    int at = 0;
    for (int pixel : sheet.getRGB(0, 0, width, height, null, 0, width)) {
      bytes[at++] = (byte) (pixel >> 16);
      bytes[at++] = (byte) (pixel >> 8);
      bytes[at++] = (byte) pixel;
    }
    return new Image(width, height, 3, bytes);
  }
}

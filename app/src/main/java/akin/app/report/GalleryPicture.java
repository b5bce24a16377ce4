package akin.app.report;

import akin.app.report.Block.Gallery;
import akin.app.report.Block.Hit;
import akin.app.report.Block.Row;
import akin.retrieval.data.Image;
import java.awt.Color;

/**
 * Draws a gallery as one picture for pages that cannot hold HTML: a line per query, each answer in
 * a green frame if it is what was asked for, in a red one if not.
 *
 * @param tile side of the square that each picture is fitted into, pixels
 * @param perRow the most answers in a line
 */
public record GalleryPicture(int tile, int perRow) {
  private static final int FRAME = 4;
  private static final int GAP = 6;
  private static final int MARGIN = 14;
  private static final int MOST_LINES = 9;

  /** The picture; without labels where this Java has no fonts. */
  public Image draw(Gallery gallery) {
    int label = hasFonts() ? 3 * tile : 0;
    int step = tile + 2 * FRAME + GAP;
    int columns = gallery.rows().stream().mapToInt(row -> row.hits().size()).max().orElse(0);
    int width = 2 * MARGIN + label + Math.max(1, Math.min(columns, perRow)) * step - GAP;
    int height = 2 * MARGIN + Math.max(1, gallery.rows().size()) * step - GAP;
    try (Sheet sheet = new Sheet(width, height)) {
      for (int r = 0; r < gallery.rows().size(); r++) {
        Row row = gallery.rows().get(r);
        int top = MARGIN + r * step;
        label(sheet, row, top, label - GAP);
        for (int h = 0; h < Math.min(perRow, row.hits().size()); h++) {
          tile(sheet, row.hits().get(h), MARGIN + label + h * step, top);
        }
      }
      return sheet.image();
    }
  }

  private void tile(Sheet sheet, Hit hit, int left, int top) {
    Color frame = hit.relevant() == null ? Sheet.UNKNOWN : hit.relevant() ? Sheet.HIT : Sheet.MISS;
    sheet.fill(frame, left, top, tile + 2 * FRAME, tile + 2 * FRAME);
    sheet.fill(Sheet.PAPER, left + FRAME, top + FRAME, tile, tile);
    sheet.picture(hit.image(), left + FRAME, top + FRAME, tile);
  }

  /** The query, as many words a line as fit, and the note below. */
  private void label(Sheet sheet, Row row, int top, int width) {
    int size = Math.max(9, tile / 5);
    int baseline = top + FRAME + size;
    for (String line : sheet.lines(row.query(), size, true, width, MOST_LINES)) {
      sheet.line(line, size, true, Sheet.INK, MARGIN, baseline, width);
      baseline += size + 3;
    }
    sheet.line(row.note(), Math.max(8, size - 2), false, Sheet.SOFT, MARGIN, baseline - 1, width);
  }

  /**
   * Whether this Java can draw text. Minimal packages come without the libraries behind fonts and
   * tell so by errors.
   */
  public static boolean hasFonts() {
    return Sheet.hasFonts();
  }
}

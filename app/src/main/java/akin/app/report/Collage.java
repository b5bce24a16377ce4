package akin.app.report;

import akin.app.report.Block.Mark;
import akin.app.report.Block.Tile;
import akin.app.report.Block.Tiles;
import akin.retrieval.data.Image;
import java.util.List;
import java.util.Set;

/**
 * Draws groups of pictures, each with its words below, as one picture to be looked at pixel by
 * pixel: a heading per group, and a legend of the marks that occur.
 *
 * @param tile side of the square that each picture is fitted into, pixels
 * @param perRow pictures in a line
 */
public record Collage(int tile, int perRow) {
  private static final int FRAME = 4;
  private static final int GAP = 8;
  private static final int MARGIN = 16;
  private static final int TITLE = 20;
  private static final int HEADING = 15;
  private static final int WORDS = 12;
  private static final int LEADING = 4;
  private static final int SIGN = 9;
  private static final int MOST_LINES = 4;
  private static final int MOST_HEADING = 1000;

  /** The picture; without words where this Java has no fonts. */
  public Image draw(String title, List<Tiles> groups) {
    Set<Mark> marks = Mark.of(groups);
    int head = TITLE + GAP + (marks.isEmpty() ? 0 : WORDS + GAP) + GAP;
    try (Sheet trial = new Sheet(1, 1)) {
      int[] lines = groups.stream().mapToInt(group -> lines(trial, group)).toArray();
      int height = MARGIN + head;
      for (int g = 0; g < lines.length; g++) {
        height += HEADING + GAP + rows(groups.get(g)) * step(lines[g]) + GAP;
      }
      int width = Math.max(perRow * column() - GAP, widestHeading(trial, title, groups));
      try (Sheet sheet = new Sheet(2 * MARGIN + width, height + MARGIN)) {
        sheet.line(title, TITLE, true, Sheet.INK, MARGIN, MARGIN + TITLE - 3, width);
        legend(sheet, marks, MARGIN + TITLE + GAP);
        int y = MARGIN + head;
        for (int g = 0; g < lines.length; g++) {
          sheet.line(
              groups.get(g).caption(), HEADING, true, Sheet.INK, MARGIN, y + HEADING - 2, width);
          y += HEADING + GAP;
          List<Tile> tiles = groups.get(g).tiles();
          for (int t = 0; t < tiles.size(); t++) {
            int left = MARGIN + t % perRow * column();
            tile(sheet, tiles.get(t), left, y + t / perRow * step(lines[g]));
          }
          y += rows(groups.get(g)) * step(lines[g]) + GAP;
        }
        return sheet.image();
      }
    }
  }

  /** Few pictures in a line leave their heading more room than they need. */
  private static int widestHeading(Sheet sheet, String title, List<Tiles> groups) {
    int widest = sheet.width(title, TITLE, true);
    for (Tiles group : groups) {
      widest = Math.max(widest, sheet.width(group.caption(), HEADING, true));
    }
    return Math.min(widest, MOST_HEADING);
  }

  private int framed() {
    return tile + 2 * FRAME;
  }

  private int column() {
    return framed() + GAP;
  }

  private int rows(Tiles group) {
    return (group.tiles().size() + perRow - 1) / perRow;
  }

  /** Height of a row of pictures with so many lines of words. */
  private int step(int lines) {
    return framed() + lines * (WORDS + LEADING) + GAP;
  }

  private int lines(Sheet sheet, Tiles group) {
    return group.tiles().stream()
        .mapToInt(tile -> (noted(tile) ? 1 : 0) + name(sheet, tile).size())
        .max()
        .orElse(0);
  }

  private static boolean noted(Tile tile) {
    return tile.mark() != Mark.NONE || !tile.note().isEmpty();
  }

  private List<String> name(Sheet sheet, Tile tile) {
    return sheet.lines(tile.name(), WORDS, false, framed(), MOST_LINES);
  }

  private void tile(Sheet sheet, Tile tile, int left, int top) {
    sheet.fill(Sheet.colour(tile.mark()), left, top, framed(), framed());
    sheet.fill(Sheet.PAPER, left + FRAME, top + FRAME, this.tile, this.tile);
    sheet.picture(tile.image(), left + FRAME, top + FRAME, this.tile);
    int baseline = top + framed() + WORDS + 2;
    sheet.sign(tile.mark(), left + 2, baseline - SIGN, SIGN);
    if (noted(tile)) {
      int room = tile.mark() == Mark.NONE ? 0 : SIGN + 8;
      sheet.line(tile.note(), WORDS, false, Sheet.SOFT, left + room, baseline, framed() - room);
      baseline += WORDS + LEADING;
    }
    for (String line : name(sheet, tile)) {
      sheet.line(line, WORDS, false, Sheet.INK, left, baseline, framed());
      baseline += WORDS + LEADING;
    }
  }

  private static void legend(Sheet sheet, Set<Mark> marks, int top) {
    int left = MARGIN;
    for (Mark mark : marks) {
      sheet.sign(mark, left + 2, top + WORDS - SIGN, SIGN);
      int width = sheet.width(mark.meaning(), WORDS, false);
      sheet.line(mark.meaning(), WORDS, false, Sheet.SOFT, left + SIGN + 8, top + WORDS, width);
      left += SIGN + 8 + width + 3 * GAP;
    }
  }
}

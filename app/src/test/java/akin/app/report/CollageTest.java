package akin.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akin.app.report.Block.Mark;
import akin.app.report.Block.Tile;
import akin.app.report.Block.Tiles;
import akin.retrieval.data.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A collage can be read as it is. */
class CollageTest {
  private static final int TILE = 84;
  private static final int COLUMN = TILE + 2 * 4 + 8;
  private static final int MARGIN = 16;

  private static Tiles group(String name, Mark... marks) {
    List<Tile> tiles = new ArrayList<>();
    byte[] grey = new byte[28 * 28];
    Arrays.fill(grey, (byte) 77);
    for (Mark mark : marks) {
      tiles.add(new Tile(new Image(28, 28, 1, grey), "id", name, "1 · 0.123", mark));
    }
    return new Tiles("a heading", tiles);
  }

  private static int rgb(Image image, int x, int y) {
    return image.at(x, y, 0) << 16 | image.at(x, y, 1) << 8 | image.at(x, y, 2);
  }

  @Test
  void framesTellTheMarksAndPixelsStaySquares() {
    Image sheet =
        new Collage(TILE, 3).draw("title", List.of(group("7", Mark.ASKED, Mark.HIT, Mark.MISS)));
    assertEquals(2 * MARGIN + 3 * COLUMN - 8, sheet.width());
    int top = 0;
    while (rgb(sheet, MARGIN, top) != 0x2f6fdb || rgb(sheet, MARGIN, top + 40) != 0x2f6fdb) {
      top++;
    }
    assertEquals(0x1f9d61, rgb(sheet, MARGIN + COLUMN, top));
    assertEquals(0xd6453d, rgb(sheet, MARGIN + 2 * COLUMN, top));
    int grey = 77 << 16 | 77 << 8 | 77;
    for (int x = 0; x < TILE; x++) {
      assertEquals(grey, rgb(sheet, MARGIN + 4 + x, top + 4), "28 × 28 fills 84 × 84");
      assertEquals(grey, rgb(sheet, MARGIN + 4 + x, top + 4 + TILE - 1));
    }
  }

  @Test
  void longNamesStayInTheirColumn() {
    assumeTrue(Sheet.hasFonts(), "this Java draws no text");
    String name = "an_endless_name_of_one_word_" + "x".repeat(99);
    Image sheet =
        new Collage(TILE, 4)
            .draw(
                "title ".repeat(99).strip(), List.of(group(name, Mark.HIT, Mark.MISS, Mark.MISS)));
    int headings = MARGIN + 20 + 8 + 12 + 8 + 8 + 15;
    for (int gap = 1; gap < 4; gap++) {
      for (int x = MARGIN + gap * COLUMN - 7; x < MARGIN + gap * COLUMN - 1; x++) {
        for (int y = headings + 8; y < sheet.height(); y++) {
          assertEquals(0xffffff, rgb(sheet, x, y), "column " + x + ", row " + y);
        }
      }
    }
    assertEquals(1000 + 2 * MARGIN, sheet.width());
    for (int y = 0; y < sheet.height(); y++) {
      assertEquals(0xffffff, rgb(sheet, sheet.width() - 8, y), "the right margin, row " + y);
    }
    long below = 0;
    for (int x = MARGIN; x < MARGIN + TILE; x++) {
      for (int y = headings + 8 + TILE + 8 + 16; y < sheet.height(); y++) {
        below += rgb(sheet, x, y) != 0xffffff ? 1 : 0;
      }
    }
    assertTrue(below > 50, "the name stands below its picture");
  }

  @Test
  void aSignIsDrawnForEveryMark() {
    Image hit = new Collage(TILE, 1).draw("", List.of(group("", Mark.HIT)));
    Image miss = new Collage(TILE, 1).draw("", List.of(group("", Mark.MISS)));
    int signs = hit.height() - 16 - 8 - 16 - 8;
    int different = 0;
    for (int y = signs; y < hit.height(); y++) {
      for (int x = MARGIN; x < MARGIN + 14; x++) {
        boolean inkOfHit = rgb(hit, x, y) != 0xffffff;
        different += inkOfHit != (rgb(miss, x, y) != 0xffffff) ? 1 : 0;
      }
    }
    assertTrue(different > 10, "a tick and a cross differ by more than colour: " + different);
    assertNotEquals(0, Mark.of(List.of(group("", Mark.NONE, Mark.MISS))).size());
  }
}

package akin.app;

import akin.app.report.Block;
import akin.app.report.Block.Mark;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Image;
import akin.retrieval.data.ResizeFilter;
import akin.retrieval.search.Search;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Pictures of a data set with what they are in words.
 *
 * @param pictures of which some are shown
 * @param attributes whether a picture is its attributes that hold, or its class
 */
record ShownPictures(Dataset pictures, boolean attributes) {
  /** More pictures of a group are not shown: nobody looks at them, and pages grow. */
  static final int MOST = 240;

  private static final int LONGEST_SIDE = 256;

  /**
   * Checks that there is something to be seen.
   *
   * @throws UserError if the data set holds features alone
   */
  ShownPictures {
    if (!pictures.showsPictures()) {
      throw UserError.of("features have no pictures to be shown")
          .at(pictures.name())
          .rule("the data set that they were made of is not where it was, or needs its layout told")
          .mend(
              "say where its pictures are now: --data DIR; where a layout was told, write a list of"
                  + " it, akin data list, and extract from that");
    }
  }

  /** A class's name; the names of the attributes that hold; – for neither. */
  String words(int picture) {
    if (!attributes) {
      int label = pictures.label(picture);
      return label < 0 ? "–" : pictures.classNames().get(label);
    }
    Attributes table = pictures.attributes().orElseThrow();
    List<String> held = new ArrayList<>();
    for (int a = 0; a < table.count(); a++) {
      if (table.has(picture, a)) {
        held.add(table.names().get(a));
      }
    }
    return held.isEmpty() ? "–" : String.join(", ", held);
  }

  /** The picture that asks. */
  Block.Tile asked(int picture) {
    return tile(image(picture), picture, "query", Mark.ASKED);
  }

  /** Pictures that were found, nearest first; at most {@link #MOST}. */
  List<Block.Tile> found(List<Search.Hit> hits) {
    List<Block.Tile> tiles = new ArrayList<>();
    for (Search.Hit hit : hits.subList(0, Math.min(MOST, hits.size()))) {
      Mark mark = hit.relevant() == null ? Mark.NONE : hit.relevant() ? Mark.HIT : Mark.MISS;
      String note = String.format(Locale.ROOT, "%d · %.3f", hit.rank(), hit.distance());
      tiles.add(tile(image(hit.row()), hit.row(), note, mark));
    }
    return tiles;
  }

  /** A picture with its words, shown as {@code image}. */
  Block.Tile tile(Image image, int picture, String note, Mark mark) {
    return new Block.Tile(image, pictures.id(picture), words(picture), note, mark);
  }

  private Image image(int picture) {
    Image image = pictures.image(picture);
    int longer = Math.max(image.width(), image.height());
    if (longer <= LONGEST_SIDE) {
      return image;
    }
    int width = Math.max(1, image.width() * LONGEST_SIDE / longer);
    int height = Math.max(1, image.height() * LONGEST_SIDE / longer);
    return image.resize(width, height, ResizeFilter.BICUBIC);
  }
}

package akin.app.report;

import akin.retrieval.data.Image;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One thing on a page: plain data that says nothing about its looks. */
public sealed interface Block {

  /**
   * Running text.
   *
   * @param text one paragraph
   */
  record Paragraph(String text) implements Block {}

  /**
   * What the reader must not miss, such as the warnings of a training.
   *
   * @param lines each a paragraph; none shows nothing
   */
  record Notice(List<String> lines) implements Block {}

  /**
   * A few figures in large type.
   *
   * @param facts in reading order
   */
  record Facts(List<Fact> facts) implements Block {}

  /**
   * One figure.
   *
   * @param name what it is
   * @param value formatted
   * @param note what to compare it with; empty for nothing
   */
  record Fact(String name, String value, String note) {}

  /**
   * A table; columns of numbers are set to the right.
   *
   * @param caption above it; may be empty
   * @param header names of the columns
   * @param rows each as long as the header
   */
  record Table(String caption, List<String> header, List<List<String>> rows) implements Block {
    /** Checks that every row is as long as the header. */
    public Table {
      for (List<String> row : rows) {
        if (row.size() != header.size()) {
          throw new IllegalArgumentException(row + " does not fit the header " + header);
        }
      }
    }
  }

  /**
   * Lines over a common axis, with a second vertical axis if a line asks for it.
   *
   * @param caption above it
   * @param x name of the horizontal axis
   * @param y name of the vertical axis
   * @param second name of the second vertical axis; empty without one
   * @param share whether the vertical axis runs from 0 to 1
   * @param lines in the order of the legend
   */
  record LineChart(
      String caption, String x, String y, String second, boolean share, List<Line> lines)
      implements Block {
    /** A precision-recall plot: both axes from 0 to 1. */
    public static LineChart precisionRecall(String caption, List<Line> curves) {
      return new LineChart(caption, "recall", "precision", "", true, curves);
    }
  }

  /**
   * One line of a chart.
   *
   * @param name in the legend
   * @param x ascending
   * @param y as long as x; NaN leaves a gap
   * @param second whether it belongs to the second axis
   */
  record Line(String name, double[] x, double[] y, boolean second) {
    /** Checks the lengths. */
    public Line {
      if (x.length != y.length) {
        throw new IllegalArgumentException(name + ": " + x.length + " x, " + y.length + " y");
      }
    }

    /** A line of the first axis. */
    public Line(String name, double[] x, double[] y) {
      this(name, x, y, false);
    }
  }

  /**
   * How a whole is divided, over time: the shares of easy, semi-hard and hard triplets.
   *
   * @param caption above it
   * @param x name of the horizontal axis
   * @param at the points in time, ascending
   * @param names of the parts, best first
   * @param shares {@code shares[part][point]}, 0 to 1, adding up to 1 at each point
   */
  record ShareChart(String caption, String x, double[] at, List<String> names, double[][] shares)
      implements Block {}

  /**
   * A picture by itself.
   *
   * @param caption above it
   * @param image what is shown
   */
  record Picture(String caption, Image image) implements Block {}

  /**
   * Queries, each with its nearest pictures in rows.
   *
   * @param caption above it; may be empty
   * @param rows one a query
   */
  record Gallery(String caption, List<Row> rows) implements Block {}

  /**
   * A query and its answer.
   *
   * @param query as typed
   * @param note how well it was answered; empty for nothing
   * @param picture the picture that was asked with; null if none
   * @param hits nearest first
   */
  record Row(String query, String note, Image picture, List<Hit> hits) {}

  /**
   * One answer.
   *
   * @param id the picture's name
   * @param image the picture itself
   * @param distance from the query
   * @param relevant whether it is what was asked for; null if nobody knows
   */
  record Hit(String id, Image image, double distance, Boolean relevant) {}

  /**
   * Pictures side by side, each with words below.
   *
   * @param caption above them; may be empty
   * @param tiles in reading order
   */
  record Tiles(String caption, List<Tile> tiles) implements Block {}

  /**
   * A picture with words below.
   *
   * @param image the picture
   * @param id its name in the data set
   * @param name what it is, such as its class
   * @param note beside the mark, such as its rank; may be empty
   * @param mark what part it plays
   */
  record Tile(Image image, String id, String name, String note, Mark mark) {}

  /** The part that a picture plays: colour and sign say the same. */
  enum Mark {
    /** The picture that was asked with. */
    ASKED("●", "the query"),
    /** What was asked for. */
    HIT("✓", "what was asked for"),
    /** Something else. */
    MISS("✗", "something else"),
    /** Nothing is asked. */
    NONE("", "");

    private final String sign;
    private final String meaning;

    Mark(String sign, String meaning) {
      this.sign = sign;
      this.meaning = meaning;
    }

    /** Those that occur, in this order, without {@link #NONE}. */
    public static Set<Mark> of(List<Tiles> groups) {
      Set<Mark> marks = EnumSet.noneOf(Mark.class);
      groups.forEach(group -> group.tiles().forEach(tile -> marks.add(tile.mark())));
      marks.remove(NONE);
      return marks;
    }

    /** The sign that stands for it; empty for nothing. */
    public String sign() {
      return sign;
    }

    /** What the sign means. */
    public String meaning() {
      return meaning;
    }
  }
}

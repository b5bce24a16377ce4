package akin.app.report;

import akin.app.report.Block.Line;
import akin.app.report.Block.LineChart;
import akin.app.report.Block.ShareChart;
import akin.app.report.Block.Table;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A chart as JSON for the script of the page, and as a table for those without scripts. */
final class ChartData {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MathContext DIGITS = new MathContext(6);

  /** Two points nearer than this share of the axes are one on any screen. */
  private static final double VISIBLE = 1 / 600.0;

  private static final int TABLE_ROWS = 40;

  private ChartData() {}

  static String of(LineChart chart) {
    ObjectNode data = JSON.createObjectNode();
    data.put("x", chart.x()).put("y", chart.y()).put("y2", chart.second());
    data.put("share", chart.share());
    ArrayNode series = data.putArray("series");
    for (Line line : chart.lines()) {
      int[] kept = visible(line.x(), line.y());
      ObjectNode node = series.addObject().put("name", line.name()).put("second", line.second());
      numbers(node.putArray("x"), line.x(), kept);
      numbers(node.putArray("y"), line.y(), kept);
    }
    return text(data);
  }

  static String of(ShareChart chart) {
    ObjectNode data = JSON.createObjectNode();
    data.put("x", chart.x());
    int[] all = all(chart.at().length);
    numbers(data.putArray("at"), chart.at(), all);
    ArrayNode series = data.putArray("series");
    for (int i = 0; i < chart.names().size(); i++) {
      ObjectNode node = series.addObject().put("name", chart.names().get(i));
      numbers(node.putArray("y"), chart.shares()[i], all);
    }
    return text(data);
  }

  /** One column of x if all lines share it, else one before each line; at most 40 rows. */
  static Table numbers(LineChart chart) {
    List<Line> lines = chart.lines();
    boolean shared = lines.stream().allMatch(line -> Arrays.equals(line.x(), lines.get(0).x()));
    List<String> header = new ArrayList<>();
    List<List<String>> columns = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (i == 0 || !shared) {
        header.add(chart.x());
        columns.add(column(line.x()));
      }
      header.add(line.name());
      columns.add(column(line.y()));
    }
    return table(header, columns);
  }

  static Table numbers(ShareChart chart) {
    List<String> header = new ArrayList<>(List.of(chart.x()));
    header.addAll(chart.names());
    List<List<String>> columns = new ArrayList<>();
    columns.add(column(chart.at()));
    for (double[] share : chart.shares()) {
      columns.add(column(share));
    }
    return table(header, columns);
  }

  private static Table table(List<String> header, List<List<String>> columns) {
    int rows = columns.stream().mapToInt(List::size).max().orElse(0);
    List<List<String>> table = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      int row = r;
      table.add(columns.stream().map(c -> row < c.size() ? c.get(row) : "").toList());
    }
    return new Table("", header, table);
  }

  /** At most 40 of the values, evenly spread, the first and the last among them. */
  private static List<String> column(double[] values) {
    int rows = Math.min(values.length, TABLE_ROWS);
    List<String> column = new ArrayList<>(rows);
    for (int r = 0; r < rows; r++) {
      double value = values[rows == 1 ? 0 : (int) ((long) r * (values.length - 1) / (rows - 1))];
      column.add(Double.isFinite(value) ? rounded(value).toPlainString() : "–");
    }
    return column;
  }

  /** The points of a line that can be told apart from the one kept before; all of a short line. */
  private static int[] visible(double[] x, double[] y) {
    if (x.length <= 1 / VISIBLE) {
      return all(x.length);
    }
    double width = x[x.length - 1] - x[0];
    double height =
        Arrays.stream(y).filter(Double::isFinite).max().orElse(0)
            - Arrays.stream(y).filter(Double::isFinite).min().orElse(0);
    int[] kept = new int[x.length];
    int count = 1;
    for (int i = 1; i < x.length; i++) {
      int last = kept[count - 1];
      if (i == x.length - 1
          || x[i] - x[last] > VISIBLE * width
          || !(Math.abs(y[i] - y[last]) <= VISIBLE * height)) {
        kept[count++] = i;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  private static int[] all(int n) {
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    return all;
  }

  private static void numbers(ArrayNode to, double[] values, int[] kept) {
    for (int i : kept) {
      if (Double.isFinite(values[i])) {
        to.add(rounded(values[i]));
      } else {
        to.addNull();
      }
    }
  }

  private static BigDecimal rounded(double value) {
    BigDecimal rounded = new BigDecimal(value, DIGITS).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  /** JSON that cannot end the script element around it. */
  private static String text(ObjectNode data) {
    try {
      return JSON.writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

package akin.app.report;

import akin.app.report.Block.Fact;
import akin.app.report.Block.Facts;
import akin.app.report.Block.Gallery;
import akin.app.report.Block.Hit;
import akin.app.report.Block.LineChart;
import akin.app.report.Block.Notice;
import akin.app.report.Block.Paragraph;
import akin.app.report.Block.Picture;
import akin.app.report.Block.Row;
import akin.app.report.Block.ShareChart;
import akin.app.report.Block.Table;
import akin.app.report.Block.Tile;
import akin.app.report.Block.Tiles;
import akin.app.report.Report.Section;
import akin.retrieval.data.Image;
import akin.retrieval.data.ImageCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Writes a report as HTML. */
final class Page {
  /** The bundle inside the jar of chart.js; the parent POM names its version. */
  private static final String CHART_JS =
      "/META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";

  private static final double JPEG_QUALITY = 0.9;

  /** Pictures with a longer side below this are shown pixel by pixel. */
  static final int PIXELATED_BELOW = 48;

  private final StringBuilder html = new StringBuilder();

  String html(Report report) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // The page fetches nothing, and the browser holds it to that.
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
        .append(" style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n");
    html.append("<link rel=\"icon\" href=\"data:,\">\n");
    element("title", "", report.title());
    html.append("<style>\n").append(resource("report.css")).append("</style>\n</head>\n<body>\n");
    header(report);
    html.append("<main>\n");
    for (int i = 0; i < report.sections().size(); i++) {
      section(report.sections().get(i), i);
    }
    html.append("</main>\n");
    if (report.sections().stream().flatMap(s -> s.blocks().stream()).anyMatch(Page::isChart)) {
      html.append("<footer>Charts: Chart.js, © Chart.js Contributors, MIT licence.</footer>\n");
      html.append("<script>\n").append(resource(CHART_JS)).append("\n</script>\n");
      html.append("<script>\n").append(resource("report.js")).append("</script>\n");
    }
    return html.append("</body>\n</html>\n").toString();
  }

  private static boolean isChart(Block block) {
    return block instanceof LineChart || block instanceof ShareChart;
  }

  private void header(Report report) {
    html.append("<header>\n");
    element("h1", "", report.title());
    element("p", "subtitle", report.subtitle());
    if (report.sections().size() > 1) {
      html.append("<nav>\n");
      for (int i = 0; i < report.sections().size(); i++) {
        html.append("<a href=\"#s").append(i).append("\">");
        text(report.sections().get(i).title());
        html.append("</a>\n");
      }
      html.append("</nav>\n");
    }
    html.append("</header>\n");
  }

  private void section(Section section, int number) {
    html.append("<section id=\"s").append(number).append("\">\n");
    element("h2", "", section.title());
    section.blocks().forEach(this::block);
    html.append("</section>\n");
  }

  private void block(Block block) {
    if (block instanceof Paragraph paragraph) {
      element("p", "", paragraph.text());
    } else if (block instanceof Notice notice) {
      notice(notice);
    } else if (block instanceof Facts facts) {
      facts(facts);
    } else if (block instanceof Table table) {
      html.append("<div class=\"sheet scroll\">\n");
      table(table);
      html.append("</div>\n");
    } else if (block instanceof LineChart chart) {
      chart(chart.caption(), ChartData.of(chart), ChartData.numbers(chart));
    } else if (block instanceof ShareChart chart) {
      chart(chart.caption(), ChartData.of(chart), ChartData.numbers(chart));
    } else if (block instanceof Picture picture) {
      html.append("<div class=\"sheet\">\n");
      element("figcaption", "", picture.caption());
      picture(picture.image(), picture.caption());
      html.append("</div>\n");
    } else if (block instanceof Gallery gallery) {
      gallery(gallery);
    } else if (block instanceof Tiles tiles) {
      tiles(tiles);
    }
  }

  private void notice(Notice notice) {
    if (!notice.lines().isEmpty()) {
      html.append("<div class=\"notice\" role=\"note\">\n");
      notice.lines().forEach(line -> element("p", "", line));
      html.append("</div>\n");
    }
  }

  private void facts(Facts facts) {
    html.append("<dl class=\"facts\">\n");
    for (Fact fact : facts.facts()) {
      html.append("<div>");
      element("dt", "", fact.name());
      element("dd", "", fact.value());
      if (!fact.note().isEmpty()) {
        element("dd", "note", fact.note());
      }
      html.append("</div>\n");
    }
    html.append("</dl>\n");
  }

  private void table(Table table) {
    html.append("<table>\n");
    if (!table.caption().isEmpty()) {
      element("caption", "", table.caption());
    }
    boolean[] numbers = new boolean[table.header().size()];
    html.append("<thead><tr>");
    for (int c = 0; c < numbers.length; c++) {
      int column = c;
      numbers[c] =
          !table.rows().isEmpty()
              && table.rows().stream().allMatch(row -> isNumber(row.get(column)));
      element("th", numbers[c] ? "n" : "", table.header().get(c));
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      html.append("<tr>");
      for (int c = 0; c < numbers.length; c++) {
        element("td", numbers[c] ? "n" : "", row.get(c));
      }
      html.append("</tr>\n");
    }
    html.append("</tbody>\n</table>\n");
  }

  private static boolean isNumber(String cell) {
    return cell.isEmpty() || cell.matches("[-+−]?[0-9][0-9.,eE+-]*( ?%| ?[µm]?s)?|–|NaN");
  }

  private void chart(String caption, String data, Table numbers) {
    html.append("<figure class=\"chart\">\n");
    element("figcaption", "", caption);
    html.append("<div class=\"canvas\"><canvas role=\"img\" aria-label=\"");
    text(caption);
    html.append("\"></canvas></div>\n<script type=\"application/json\">")
        .append(data)
        .append("</script>\n<details open><summary>Numbers</summary><div class=\"scroll\">\n");
    table(numbers);
    html.append("</div></details>\n</figure>\n");
  }

  private void gallery(Gallery gallery) {
    html.append("<div class=\"sheet\">\n");
    if (!gallery.caption().isEmpty()) {
      element("figcaption", "", gallery.caption());
    }
    gallery.rows().forEach(this::row);
    html.append("</div>\n");
  }

  private void row(Row row) {
    html.append("<div class=\"row\"><div class=\"query\">");
    // A line may break between words and behind an underscore, never behind the minus.
    for (String word : row.query().split(" ")) {
      html.append("<span>");
      int start = html.length();
      text(word);
      html.replace(start, html.length(), html.substring(start).replace("_", "_<wbr>"));
      html.append("</span> ");
    }
    if (!row.note().isEmpty()) {
      element("small", "", row.note());
    }
    if (row.picture() != null) {
      picture(row.picture(), "query");
    }
    html.append("</div><div class=\"hits\">\n");
    for (int i = 0; i < row.hits().size(); i++) {
      hit(row.hits().get(i), i + 1);
    }
    html.append("</div></div>\n");
  }

  /** Colour is not the only mark: a tick or a cross says the same. */
  private void hit(Hit hit, int rank) {
    boolean known = hit.relevant() != null;
    boolean relevant = known && hit.relevant();
    html.append("<figure class=\"").append(!known ? "" : relevant ? "hit" : "miss");
    html.append("\" title=\"");
    text(hit.id());
    html.append("\">");
    picture(hit.image(), hit.id());
    html.append("<figcaption><span>").append(rank);
    if (known) {
      html.append(" <span class=\"mark\">").append(relevant ? "✓" : "✗").append("</span>");
    }
    html.append("</span><span>")
        .append(String.format(Locale.ROOT, "%.3f", hit.distance()))
        .append("</span></figcaption></figure>\n");
  }

  private void tiles(Tiles group) {
    html.append("<div class=\"sheet\">\n");
    if (!group.caption().isEmpty()) {
      element("figcaption", "", group.caption());
    }
    html.append("<div class=\"hits tiles\">\n");
    for (Tile tile : group.tiles()) {
      String kind = tile.mark().name().toLowerCase(Locale.ROOT);
      html.append("<figure class=\"").append(kind).append("\" title=\"");
      text(tile.id());
      html.append("\">");
      picture(tile.image(), tile.id());
      html.append("<figcaption><span class=\"mark\">").append(tile.mark().sign()).append("</span>");
      element("span", "", tile.note());
      element("span", "name", tile.name());
      html.append("</figcaption></figure>\n");
    }
    html.append("</div></div>\n");
  }

  private void picture(Image image, String name) {
    boolean photograph = image.channels() == 3;
    byte[] file = photograph ? ImageCodec.jpeg(image, JPEG_QUALITY) : ImageCodec.png(image);
    html.append("<img class=\"")
        .append(image.width() < PIXELATED_BELOW ? "small" : "")
        .append("\" alt=\"");
    text(name);
    html.append("\" loading=\"lazy\" width=\"")
        .append(image.width())
        .append("\" height=\"")
        .append(image.height())
        .append("\" src=\"data:image/")
        .append(photograph ? "jpeg" : "png")
        .append(";base64,")
        .append(Base64.getEncoder().encodeToString(file))
        .append("\">");
  }

  private void element(String name, String style, String content) {
    html.append('<').append(name);
    if (!style.isEmpty()) {
      html.append(" class=\"").append(style).append('"');
    }
    html.append('>');
    text(content);
    html.append("</").append(name).append(">");
    html.append('\n');
  }

  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&quot;");
        default -> html.append(c);
      }
    }
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

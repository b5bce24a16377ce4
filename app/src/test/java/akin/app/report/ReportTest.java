package akin.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.app.report.Block.Gallery;
import akin.app.report.Block.Hit;
import akin.app.report.Block.Line;
import akin.app.report.Block.LineChart;
import akin.app.report.Block.Row;
import akin.app.report.Block.Table;
import akin.app.report.Report.Section;
import akin.retrieval.data.Image;
import akin.retrieval.data.ImageCodec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page is whole, needs nothing else, and shows what it was given. */
class ReportTest {
  private static final String HTML = SampleReport.report().html();

  @TempDir Path folder;

  private static String body() {
    return HTML.substring(HTML.indexOf("<body>"), HTML.indexOf("<footer>"));
  }

  private static int count(String part, String text) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  /** The JSON of the first chart that is named so. */
  private static JsonNode chart(String html, String caption) throws IOException {
    Matcher script =
        Pattern.compile("<script type=\"application/json\">(.*?)</script>", Pattern.DOTALL)
            .matcher(html.substring(html.indexOf("<figcaption>" + caption)));
    assertTrue(script.find());
    return new ObjectMapper().readTree(script.group(1));
  }

  @Test
  void nothingIsFetched() {
    assertTrue(HTML.contains("content=\"default-src 'none'; style-src 'unsafe-inline';"));
    Matcher address = Pattern.compile("(src|href)=\"([^\"]*)\"").matcher(body());
    int addresses = 0;
    while (address.find()) {
      addresses++;
      String target = address.group(2);
      assertTrue(target.startsWith("data:image/") || target.startsWith("#s"), target);
    }
    assertTrue(addresses > 30, "only " + addresses + " addresses were looked at");
  }

  @Test
  void textIsEscaped() {
    assertTrue(body().contains("one attribute &amp; &lt;nothing&gt; else"));
    assertTrue(body().contains("<span>like:&quot;photo</span> <span>1&quot;.jpg</span>"));
    assertFalse(body().contains("<nothing>"));
    Report hostile =
        new Report(
            "t",
            "",
            List.of(
                Section.of(
                    "s",
                    new LineChart(
                        "c",
                        "x",
                        "y",
                        "",
                        false,
                        List.of(new Line("</script>", new double[1], new double[1]))))));
    assertEquals(
        count("<script", hostile.html()), count("</script>", hostile.html()), "script elements");
  }

  @Test
  void everyElementIsClosed() {
    for (String name : List.of("section", "div", "figure", "table", "tr", "dl", "details", "p")) {
      assertEquals(
          count("<" + name + ">", body()) + count("<" + name + " ", body()),
          count("</" + name + ">", body()),
          name);
    }
  }

  @Test
  void chartsCarryTheirNumbersForScriptsAndForReaders() throws IOException {
    JsonNode chart = chart(HTML, "Loss and easy triplets");
    assertEquals("training", chart.at("/series/0/name").asText());
    assertEquals(Math.exp(-1 / 6.0), chart.at("/series/0/y/0").asDouble(), 1e-6);
    assertTrue(chart.at("/series/2/second").asBoolean());
    assertTrue(body().contains("<td class=\"n\">0.846482</td>"), "the same number in a table");
    assertEquals(20, chart(HTML, "Triplets of").at("/series/1/y").size());
  }

  @Test
  void longLinesKeepWhatCanBeSeen() throws IOException {
    int n = 100_000;
    double[] x = new double[n];
    double[] y = new double[n];
    Arrays.setAll(x, i -> i);
    Arrays.setAll(y, i -> i < 10 ? 1 - i / 10.0 : 0);
    y[50_000] = 1;
    y[60_000] = Double.NaN;
    String html =
        new Report(
                "t",
                "",
                List.of(
                    Section.of(
                        "s",
                        new LineChart("long", "x", "y", "", false, List.of(new Line("a", x, y))))))
            .html();
    JsonNode series = chart(html, "long").at("/series/0");
    assertTrue(series.at("/x").size() < 700, "points: " + series.at("/x").size());
    double[] kept = new ObjectMapper().convertValue(series.at("/x"), double[].class);
    for (double seen : new double[] {0, 1, 2, 9, 49_999, 50_000, 50_001, 60_000, n - 1}) {
      boolean found = Arrays.stream(kept).anyMatch(v -> v == seen);
      assertEquals(seen != 49_999, found, "point " + seen);
    }
    assertTrue(series.at("/y/" + Arrays.binarySearch(kept, 60_000)).isNull());
  }

  @Test
  void hitsAndMissesAreMarkedByMoreThanColour() {
    assertEquals(24, count("class=\"hit\"", body()));
    assertEquals(24, count("✓", body()));
    assertEquals(6, count("class=\"miss\"", body()));
    assertEquals(6, count("✗", body()));
    Gallery unknown =
        new Gallery("", List.of(new Row("q", "", null, List.of(new Hit("a", grey(), 1, null)))));
    String html = new Report("t", "", List.of(Section.of("s", unknown))).html();
    assertEquals(0, count("✓", html) + count("✗", html));
  }

  @Test
  void picturesAreInsideThePage() throws IOException {
    Matcher png = Pattern.compile("data:image/png;base64,([^\"]+)").matcher(body());
    assertTrue(png.find());
    assertEquals(28, ImageCodec.decode(Base64.getDecoder().decode(png.group(1))).width());
    assertEquals(21, count("data:image/jpeg;base64,", body()), "twenty answers and a query");
  }

  @Test
  void withoutChartsThereIsNoScript() {
    String html = new Report("t", "", List.of(Section.of("s", SampleReport.gallery()))).html();
    assertEquals(0, count("<script", html));
  }

  @Test
  void tableRefusesRowsThatDoNotFit() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Table("", List.of("a", "b"), List.of(List.of("1"))));
  }

  @Test
  void fileIsTheText() throws IOException {
    Path file = folder.resolve("run/report.html");
    SampleReport.report().write(file);
    assertEquals(HTML, Files.readString(file, StandardCharsets.UTF_8));
  }

  @Test
  void galleryPictureFramesHitsGreenAndMissesRed() {
    GalleryPicture look = new GalleryPicture(72, 10);
    Image sheet = look.draw(SampleReport.gallery());
    // The frame of the tile is 4 pixels wide; its corners are 14 pixels from the right edge.
    int right = sheet.width() - 14 - 1;
    int top = 14 + 1;
    assertEquals(List.of(0x1f, 0x9d, 0x61), pixel(sheet, right, top), "tenth answer");
    int step = 72 + 8 + 6;
    assertEquals(List.of(0xd6, 0x45, 0x3d), pixel(sheet, right - 2 * step, top), "eighth answer");
    assertEquals(2 * 14 + 3 * step - 6, sheet.height());
    assertEquals(
        sheet.width() - 4 * step, new GalleryPicture(72, 6).draw(SampleReport.gallery()).width());
  }

  private static Image grey() {
    return new Image(2, 2, 1, new byte[4]);
  }

  private static List<Integer> pixel(Image image, int x, int y) {
    return List.of(image.at(x, y, 0), image.at(x, y, 1), image.at(x, y, 2));
  }
}

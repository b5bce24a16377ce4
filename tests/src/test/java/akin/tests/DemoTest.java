package akin.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.app.Main;
import akin.nn.io.Safetensors;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.FeatureFile;
import akin.retrieval.data.Features;
import akin.retrieval.data.Image;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo and the commands on its run, as a user types them: a small one, for its figures do not
 * matter.
 */
class DemoTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Path run;
  private static JsonNode demo;

  /** What a command said. */
  private record Said(int code, String out, String err) {
    JsonNode json() throws Exception {
      assertEquals(0, code, err);
      return JSON.readTree(out);
    }

    /** A user's mistake: one message with all of these, no stack trace. */
    void refused(int expected, String... parts) {
      assertEquals(expected, code, out + err);
      assertEquals("", out);
      for (String part : parts) {
        assertTrue(err.contains(part), "'" + part + "' in " + err);
      }
      assertFalse(err.contains("\tat "), err);
      assertFalse(err.contains("defect"), err);
    }
  }

  private static Said akin(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args = Stream.of(words).map(Object::toString).toArray(String[]::new);
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Said(code, out.toString(), err.toString());
  }

  @BeforeAll
  static void demo() throws Exception {
    demo = akin("demo", "--out", folder, "--faces", 400, "--json").json();
    run = folder.resolve("run");
  }

  /**
   * Twenty updates are too few to rank better than chance on every machine, whose vectors round
   * differently; that they learn shows in the loss.
   */
  private static void assertLossFell(Path run) throws Exception {
    List<String> rows = Files.readAllLines(run.resolve("metrics.csv"));
    int column = List.of(rows.get(0).split(",")).indexOf("train_loss");
    double first = Double.parseDouble(rows.get(1).split(",")[column]);
    double last = Double.parseDouble(rows.get(rows.size() - 1).split(",")[column]);
    assertTrue(last < first, "training loss from " + first + " to " + last);
  }

  @Test
  void theDemoTellsItsFiguresAndWritesItsReport() throws Exception {
    assertEquals(run.toString(), demo.get("run").asText());
    assertTrue(Files.size(Path.of(demo.get("report").asText())) > 100_000);
    assertTrue(demo.get("queries").asInt() >= 30, demo.toString());
    assertTrue(demo.get("baseRate").asDouble() <= 0.25, demo.toString());
    assertTrue(demo.get("P@10").asDouble() >= 0 && demo.get("P@10").asDouble() <= 1);
    assertLossFell(run);
    assertTrue(demo.get("seconds").asDouble() > 0);
  }

  @Test
  void aFinishedDemoIsNotTrainedAgain() throws Exception {
    byte[] model = Files.readAllBytes(run.resolve("model.safetensors"));
    JsonNode again = akin("demo", "--out", folder, "--faces", 400, "--json").json();
    assertEquals(demo.get("P@10"), again.get("P@10"));
    assertTrue(Arrays.equals(model, Files.readAllBytes(run.resolve("model.safetensors"))));
  }

  @Test
  void evaluateTellsEveryMetricOfTheContract() throws Exception {
    JsonNode figures = akin("evaluate", run, "--split", "test", "--json").json();
    assertEquals("test", figures.get("split").asText());
    for (String metric :
        new String[] {"P@1", "P@5", "P@10", "mAP", "MAP@R", "Recall@1", "Recall@8"}) {
      double value = figures.get(metric).asDouble(-1);
      assertTrue(value >= 0 && value <= 1, metric + " " + figures.get(metric));
    }
    assertEquals(demo.get("P@10").asDouble(), figures.get("P@10").asDouble());
    assertTrue(figures.has("multi-hot"), "the plain multi-hot query stands beside it");
    JsonNode without = figures.get("without");
    assertTrue(without.get("queries").asInt() > 0, "one attribute without another");
    assertTrue(without.get("P@10").asDouble() > 0 && without.get("P@10").asDouble() <= 1);
  }

  @Test
  void changedAttributesAreMeasured() throws Exception {
    JsonNode figures = akin("evaluate", run, "--changed", 30, "--json").json();
    JsonNode changed = figures.get("changed");
    assertEquals(30, changed.get("queries").asInt());
    double asked = changed.get("MCA@10").asDouble();
    assertTrue(asked >= 0 && asked <= 10, changed.toString());
    for (String kind : new String[] {"", "-bits"}) {
      double all = changed.get("MCS" + kind + "@10").asDouble();
      assertTrue(all > 0 && all <= 1, changed.toString());
      assertTrue(Math.abs(changed.get("CS-P" + kind + "@10").asDouble()) <= 1, changed.toString());
    }
    JsonNode one = figures.get("attributes").get("Male");
    assertEquals(one.get("mAP").asDouble(), one.get("mAP-ties").asDouble(), 0.02, "few are equal");
    assertTrue(one.get("AUC").asDouble() >= 0 && one.get("AUC").asDouble() <= 1);
    assertEquals(changed, akin("evaluate", run, "--changed", 30, "--json").json().get("changed"));
    akin("evaluate", run, "--measures", "mAP").refused(1, "queries of this run are attributes");
    akin("evaluate", run, "--gallery", "train").refused(2, "--gallery", "--split");
  }

  @Test
  void aQueryIsAnsweredInOrderAndJudged() throws Exception {
    JsonNode answer = akin("query", run, "+Male -Eyeglasses ~Young*0.5", "-k", 7, "--json").json();
    assertEquals(7, answer.get("results").size());
    double before = 0;
    for (int i = 0; i < 7; i++) {
      JsonNode hit = answer.get("results").get(i);
      assertEquals(i + 1, hit.get("rank").asInt());
      assertTrue(hit.get("distance").asDouble() >= before);
      assertTrue(hit.get("relevant").isBoolean());
      before = hit.get("distance").asDouble();
    }
    int relevant = answer.get("relevantInGallery").asInt();
    assertTrue(relevant > 0 && relevant < 40, "of 40 test pictures: " + relevant);
  }

  @Test
  void aQueryAmongPicturesWithAttributesAndInAnyFormOfTheIndex() throws Exception {
    JsonNode all = akin("query", run, "+Male", "-k", 40, "--json").json();
    JsonNode some = akin("query", run, "+Male", "--where=-Smiling", "-k", 5, "--json").json();
    int without =
        akin("query", run, "~Male -Smiling", "--json").json().get("relevantInGallery").asInt();
    assertTrue(some.get("relevantInGallery").asInt() < all.get("relevantInGallery").asInt());
    akin("query", run, "+Male", "--where=-Smiling", "-k", without + 1)
        .refused(2, "k ≤ " + without, "--where");
    akin("query", run, "+Male", "--where", "~Smiling").refused(2, "--where", "+ and -");
    List<JsonNode> order = all.findValues("id");
    assertTrue(order.containsAll(some.findValues("id")));
    for (String form : List.of("int8", "float32")) {
      assertEquals(
          all, akin("query", run, "+Male", "-k", 40, "--index", form, "--json").json(), form);
    }
  }

  @Test
  void theReportTellsWhatTheEpochsWarnOf() throws Exception {
    Path metrics = run.resolve("metrics.csv");
    String before = Files.readString(metrics);
    String[] header = before.lines().findFirst().orElseThrow().split(",");
    String easy =
        Stream.of(header)
            .map(
                column ->
                    switch (column) {
                      case "epoch" -> "1";
                      case "train_easy" -> "0.999";
                      case "train_semihard", "train_hard" -> "0.0005";
                      default -> "0.5";
                    })
            .collect(Collectors.joining(","));
    try {
      Files.writeString(metrics, String.join(",", header) + "\n" + easy + "\n");
      akin("evaluate", run, "--json").json();
      String report = Files.readString(run.resolve("report.html"));
      String notice = report.substring(report.indexOf("<div class=\"notice\""));
      assertTrue(notice.substring(0, 200).contains("easy"), notice.substring(0, 200));
    } finally {
      Files.writeString(metrics, before);
    }
    akin("evaluate", run, "--json").json();
    assertFalse(Files.readString(run.resolve("report.html")).contains("<div class=\"notice\""));
  }

  @Test
  void answersAreDrawnInBothFormats() throws Exception {
    Path queries = Files.writeString(folder.resolve("q.txt"), "+Male\n+Young -Smiling\n");
    Image[] sheets = new Image[2];
    for (int i = 0; i < 2; i++) {
      Path file = folder.resolve("answers" + List.of(".png", ".JPG").get(i));
      JsonNode answer = akin("query", run, "--file", queries, "--picture", file, "--json").json();
      assertEquals(2, answer.get("queries").size());
      sheets[i] = Image.decode(file);
    }
    assertEquals(0x89, Files.readAllBytes(folder.resolve("answers.png"))[0] & 0xff);
    assertEquals(0xff, Files.readAllBytes(folder.resolve("answers.JPG"))[0] & 0xff);
    assertEquals(sheets[0].width(), sheets[1].width());
    assertTrue(sheets[0].width() > 10 * 72 && sheets[0].height() > 2 * 72);
  }

  @Test
  void theQueriedPictureIsNeverAmongItsAnswers() throws Exception {
    String id = "000361.jpg"; // the first of the test split
    Path file = folder.resolve("faces/Img/img_align_celeba").resolve(id);
    for (String picture : new String[] {id, file.toString()}) {
      JsonNode answer = akin("query", run, "like:" + picture, "-k", 39, "--json").json();
      assertEquals(39, answer.get("results").size());
      answer.get("results").forEach(hit -> assertFalse(hit.get("id").asText().equals(id)));
      assertTrue(answer.get("relevantInGallery").isNull(), "no attribute is asked for");
    }
    akin("query", run, "like:" + id, "-k", 40).refused(2, "-k 40", "k ≤ 39");
  }

  @Test
  void queriesOfAFileAndAPageOfAnswers() throws Exception {
    Path queries =
        Files.writeString(folder.resolve("queries.txt"), "# two\n+Male\n-Male +Smiling\n");
    Path page = folder.resolve("answers.html");
    JsonNode answers =
        akin("query", run, "--file", queries, "--html", page, "-k", 3, "--json").json();
    assertEquals(2, answers.get("queries").size());
    assertTrue(Files.readString(page).contains("data:image/jpeg;base64,"));
  }

  @Test
  void embedWritesRowsAndIds() throws Exception {
    Path file = folder.resolve("e.safetensors");
    Path pictures = folder.resolve("faces/Img/img_align_celeba");
    JsonNode result =
        akin(
                "embed",
                run,
                pictures.resolve("000001.jpg"),
                pictures.resolve("000002.jpg"),
                "--out",
                file,
                "--json")
            .json();
    assertEquals(2, result.get("images").asInt());
    try (Safetensors read = Safetensors.open(file)) {
      assertEquals(2, read.tensor("embeddings").shape()[0]);
      assertEquals(3, read.tensor("ids.offsets").count());
    }
  }

  @Test
  void headsLearnFromFeaturesExtractedOnceAndFromNoOtherOnes() throws Exception {
    Path file = folder.resolve("features.safetensors");
    JsonNode extracted = akin("extract", run, "--out", file, "--json").json();
    assertEquals(400, extracted.get("pictures").asInt());
    Path recipe = Path.of(System.getProperty("akin.root"), "configs", "faces-features.yaml");
    Path heads = folder.resolve("heads");
    akin("train", recipe, "--data", file, "--out", heads, "--set", "training.epochs=10", "--json")
        .json();
    JsonNode figures = akin("evaluate", heads, "--json").json();
    assertLossFell(heads);
    assertTrue(figures.has("multi-hot"), "means over training vectors, beside multi-hot ones");
    assertEquals(5, akin("query", heads, "+Male", "-k", 5, "--json").json().get("results").size());

    Path picture = folder.resolve("faces/Img/img_align_celeba/000001.jpg");
    akin("query", heads, "like:" + picture, "-k", 3, "--json").json();
    akin("query", heads, "like:" + picture, "--weights", folder.resolve("none.pth"))
        .refused(1, "none.pth", "weights are not there", "--weights FILE");
    aNewPictureTakesTheSamePathAsTheGallery(heads);
    Dataset stored = Datasets.open(file, Datasets.Layout.AUTO);
    Features features = stored.features().orElseThrow();
    Features.Source source = features.source();
    Path other = folder.resolve("other.safetensors");
    FeatureFile.write(
        other,
        stored,
        new Features(
            new Features.Source(source.backbone(), "0123", source.preprocessing(), ""),
            features.rows()));
    akin("evaluate", heads, "--data", other)
        .refused(1, "another weights", source.weights(), "0123", "other.safetensors");
    akin(
            "train",
            recipe,
            "--data",
            other,
            "--out",
            heads,
            "--resume",
            "--set",
            "training.epochs=10")
        .refused(1, "another weights");
    akin("train", recipe, "--data", folder.resolve("faces"), "--out", folder.resolve("no"))
        .refused(1, "faces");
    Files.write(other, Arrays.copyOf(Files.readAllBytes(file), 5000));
    akin("evaluate", heads, "--data", other).refused(1, "other.safetensors");
  }

  @Test
  void aHeadWithAHiddenLayerKeepsTheFiguresOfItsTrainingFeatures() throws Exception {
    Path file = folder.resolve("plain.safetensors");
    akin("extract", run, "--out", file, "--json").json();
    Path recipe = Path.of(System.getProperty("akin.root"), "configs", "faces-features.yaml");
    Path heads = folder.resolve("hidden");
    String head = "model.head={kind: hidden, width: 24, standardize: true}";
    akin("train", recipe, "--data", file, "--out", heads, "--set", head, "--json").json();
    assertLossFell(heads);
    try (Safetensors model = Safetensors.open(heads.resolve("model.safetensors"))) {
      String mean = "image.standardize.mean";
      Safetensors.Entry stored =
          model.tensors().values().stream()
              .filter(entry -> entry.name().endsWith(mean))
              .findFirst()
              .orElseThrow();
      double[] means = stored.doubles();
      assertTrue(Arrays.stream(means).anyMatch(m -> m != 0), "set from the training split");
    }
    akin("evaluate", heads, "--json").json();
    aNewPictureTakesTheSamePathAsTheGallery(heads);
  }

  /** The embedding of a picture's file is that of its extracted feature. */
  private void aNewPictureTakesTheSamePathAsTheGallery(Path heads) throws Exception {
    Path embedded = folder.resolve("one.safetensors");
    try (Safetensors index = Safetensors.open(heads.resolve("index.safetensors"))) {
      long[] offsets = index.tensor("ids.offsets").longs();
      String id = new String(index.tensor("ids").bytes(), 0, (int) offsets[1], UTF_8);
      Path file = folder.resolve("faces/Img/img_align_celeba").resolve(id);
      akin("embed", heads, file, "--out", embedded, "--json").json();
      try (Safetensors one = Safetensors.open(embedded)) {
        float[] found = one.tensor("embeddings").floats();
        float[] gallery = index.tensor("embeddings").floats();
        assertArrayEquals(Arrays.copyOf(gallery, found.length), found, 1e-5f);
      }
    }
  }

  @Test
  void mistakesEndInOneMessage() throws Exception {
    akin("query", run, "+Smilling").refused(1, "Smilling", "Smiling", "query \"+Smilling\"");
    akin("query", run, "+Male -Male").refused(1, "with and without Male");
    akin("query", run, "like:nowhere.jpg").refused(1, "like:nowhere.jpg", "no such picture");
    akin("query", run, "+Male", "-k", 41).refused(2, "-k 41", "k ≤ 40");
    akin("query", run, "+Male", "-k", "many").refused(2, "many");
    akin("query", folder.resolve("nowhere"), "+Male").refused(1, "no finished run", "akin train");
    akin("evaluate", run, "--split", "tset")
        .refused(2, "--split", "'tset' is no split; one of train");
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "not a picture");
    akin("query", run, "like:" + broken).refused(1, "broken.jpg");
    akin("embed", run, broken, "--out", folder.resolve("x")).refused(1, "broken.jpg");
    akin("train", folder.resolve("no.yaml"), "--out", folder.resolve("r")).refused(1, "no.yaml");
    akin("train", "--out", folder.resolve("r")).refused(2, "RECIPE");
    akin("trian").refused(2, "trian", "train");
  }
}

package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Image;
import akin.retrieval.data.ImageCodec;
import akin.retrieval.faces.FaceMaker;
import akin.tensor.RandomStream;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of runs on folders of classes, on attributes, and on features. */
class ShowCommandTest {
  private static final int CLASSES = 3;
  private static final int EACH = 6;
  private static final String CLASS_RECIPE =
      """
      data: {layout: folder, width: 32, height: 32, mirror: true, shift: 2}
      model: {backbone: small, widths: [4], embedding: 4}
      objective: {kind: metric, loss: triplet-margin, classes: 3, samples: 4}
      training: {epochs: 1, steps: 2}
      """;
  private static final String ATTRIBUTE_RECIPE =
      """
      data: {layout: celeba, width: 32, height: 32}
      model: {backbone: small, widths: [4], embedding: 4, hidden: 8}
      objective: {kind: partial-queries}
      training: {epochs: 1, steps: 2, batch: 16}
      """;
  private static final String FEATURE_RECIPE =
      """
      data: {layout: features}
      model: {backbone: features, embedding: 4}
      objective: {kind: metric, loss: triplet-margin, classes: 3, samples: 4}
      training: {epochs: 1, steps: 2}
      """;

  @TempDir static Path shared;
  private static Path pictures;
  private static Path recipe;
  private static Path run;
  private static Path faces;
  private static Path faceRun;

  @TempDir Path folder;

  @BeforeAll
  static void train() throws IOException {
    pictures = shared.resolve("pictures");
    for (int i = 0; i < 2 * CLASSES * EACH; i++) {
      String part = i % 2 == 0 ? "train" : "test";
      Path kind = pictures.resolve(part + "/a_rather_long_name_of_class_" + i / 2 % CLASSES);
      Files.createDirectories(kind);
      Files.write(kind.resolve(i + ".png"), ImageCodec.png(noise(i)));
    }
    recipe = Files.writeString(shared.resolve("classes.yaml"), CLASS_RECIPE);
    run = trained(recipe, pictures, "run");
    faces = shared.resolve("faces");
    new FaceMaker(60, 32, 7).write(faces, 1, done -> {});
    Path attributes = Files.writeString(shared.resolve("attributes.yaml"), ATTRIBUTE_RECIPE);
    faceRun = trained(attributes, faces, "faceRun");
  }

  /** Noise about a colour of its own. */
  private static Image noise(int number) {
    RandomStream noise = RandomStream.of(number, "noise");
    byte[] bytes = new byte[3 * 40 * 30];
    for (int b = 0; b < bytes.length; b++) {
      bytes[b] = (byte) (noise.below(b, 100) + (b % 3 == number / 2 % CLASSES ? 150 : 0));
    }
    return new Image(40, 30, 3, bytes);
  }

  private static Path trained(Path recipe, Path data, String name) {
    Path run = shared.resolve(name);
    Cli cli = akin("train", recipe, "--data", data, "--out", run);
    assertEquals(0, cli.code(), cli.err());
    return run;
  }

  private static Cli akin(Object... words) {
    List<String> all = new ArrayList<>();
    for (Object word : words) {
      all.add(word.toString());
    }
    all.addAll(List.of("--device", "cpu", "--threads", "1"));
    return Cli.run(all.toArray(String[]::new));
  }

  private static JsonNode json(Object... words) {
    Object[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--json";
    Cli cli = akin(all);
    assertEquals(0, cli.code(), cli.err());
    return cli.json();
  }

  private static void assertRefused(Cli cli, int code, String... parts) {
    assertEquals(code, cli.code(), cli.err());
    assertEquals("", cli.out());
    for (String part : parts) {
      assertTrue(cli.err().contains(part), part + " is not in: " + cli.err());
    }
  }

  /** Both files are there, and the page holds its pictures and fetches nothing. */
  private static String page(JsonNode json, int least) throws IOException {
    Image collage = ImageCodec.decode(Path.of(json.get("png").asText()));
    assertTrue(collage.width() > 300 && collage.height() > 100, collage.toString());
    String page = Files.readString(Path.of(json.get("html").asText()));
    assertTrue(page.split("src=\"data:image/", -1).length > least, "pictures in the page");
    return page;
  }

  @Test
  void aRecipeMayBeTakenByItsName() {
    Object[] words = {"show", "data", "mnist-classifier", "--data", pictures, "--out", folder};
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--set", "data.layout=folder", "--set", "training.batch=4"));
    assertEquals(4, json(all.toArray()).get("batches").size());
  }

  @Test
  void trainingBatchesAreThoseOfTheRecipeAndOfItsRun() throws IOException {
    Path out = folder.resolve("out");
    JsonNode ofRecipe = json("show", "data", recipe, "--data", pictures, "--out", out);
    assertEquals(4, ofRecipe.get("batches").size());
    assertEquals(ofRecipe.get("batches"), json("show", "data", run).get("batches"));
    assertTrue(Files.isRegularFile(run.resolve("show/data.png")));
    Set<String> all = new HashSet<>();
    for (JsonNode batch : ofRecipe.get("batches")) {
      assertEquals(12, batch.get("ids").size());
      for (int i = 0; i < 12; i++) {
        String id = batch.get("ids").get(i).asText();
        assertTrue(id.contains("train"), id);
        assertTrue(id.contains(batch.get("labels").get(i).asText()), id);
        all.add(id);
      }
    }
    assertTrue(all.size() > EACH, "several pictures of each class");
    assertTrue(page(ofRecipe, 48).contains("a_rather_long_name_of_class_1"));
    JsonNode other = json("show", "data", run, "--out", out, "--seed", 9, "--count", 1);
    assertEquals(1, other.get("batches").size());
    assertNotEquals(ofRecipe.get("batches").get(0), other.get("batches").get(0));
  }

  @Test
  void batchesAreRankedAndTheirAveragePositionIsTheMeasures() throws IOException {
    JsonNode json = json("show", "batches", run, "--out", folder, "--count", 3);
    assertEquals("test", json.get("split").asText());
    for (JsonNode batch : json.get("batches")) {
      double last = 0;
      double ranks = 0;
      int relevant = 0;
      String asked = batch.get("query").asText();
      for (JsonNode hit : batch.get("results")) {
        assertNotEquals(asked, hit.get("id").asText());
        assertTrue(hit.get("distance").asDouble() >= last);
        last = hit.get("distance").asDouble();
        boolean alike = kind(hit.get("id").asText()).equals(kind(asked));
        assertEquals(alike, hit.get("relevant").asBoolean());
        ranks += alike ? hit.get("rank").asInt() : 0;
        relevant += alike ? 1 : 0;
      }
      assertEquals(3, relevant);
      assertEquals(ranks / (relevant + 1), batch.get("averagePosition").asDouble(), 1e-12);
    }
    String page = page(json, 36);
    assertTrue(page.contains("●") && page.contains("✓") && page.contains("✗"), "signs");
    JsonNode again = json("show", "batches", run, "--out", folder, "--count", 3);
    assertEquals(json, again, "the same seed, the same batches");
  }

  private static String kind(String id) {
    return id.substring(0, id.lastIndexOf('/'));
  }

  @Test
  void queriesAreAnsweredFromTheWholeSplitWithoutThemselves() throws IOException {
    JsonNode json = json("show", "queries", run, "--out", folder, "--split", "all");
    assertEquals(8, json.get("queries").size());
    Set<String> asked = new HashSet<>();
    for (JsonNode query : json.get("queries")) {
      asked.add(query.get("query").asText());
      assertEquals(8, query.get("results").size());
      assertEquals(2 * EACH - 1, query.get("relevantInGallery").asInt());
      for (JsonNode hit : query.get("results")) {
        assertFalse(query.get("query").asText().contains(hit.get("id").asText()));
      }
    }
    assertEquals(8, asked.size(), "all different");
    page(json, 72);
  }

  @Test
  void runsOfAttributesAskByAttributes() throws IOException {
    JsonNode data = json("show", "data", faceRun, "--count", 1);
    assertEquals(16, data.get("batches").get(0).get("labels").size());
    assertTrue(data.get("batches").get(0).get("labels").get(0).asText().contains(", "));
    JsonNode batches = json("show", "batches", faceRun, "--split", "train");
    for (JsonNode batch : batches.get("batches")) {
      assertTrue(batch.get("query").asText().startsWith("+"));
      double ranks = 0;
      int relevant = 0;
      for (JsonNode hit : batch.get("results")) {
        ranks += hit.get("relevant").asBoolean() ? hit.get("rank").asInt() : 0;
        relevant += hit.get("relevant").asBoolean() ? 1 : 0;
      }
      assertTrue(relevant > 0 && relevant < 16, "it tells the pictures apart");
      assertEquals(ranks / relevant, batch.get("averagePosition").asDouble(), 1e-12);
    }
    JsonNode queries = json("show", "queries", faceRun, "--split", "all", "--top", 3);
    assertTrue(queries.get("queries").get(0).get("query").asText().startsWith("+"));
    assertFalse(page(queries, 24).contains("●"), "no picture asked");
  }

  @Test
  void otherAttributesThanTheRunLearnedAreRefused() throws IOException {
    Path other = folder.resolve("faces");
    new FaceMaker(60, 32, 7).write(other, 1, done -> {});
    Path list = other.resolve("Anno/list_attr_celeba.txt");
    List<String> lines = new ArrayList<>(Files.readAllLines(list));
    String first = lines.get(1).strip().split(" +")[0];
    lines.set(1, lines.get(1).replace(first, "Something_Else"));
    Files.write(list, lines);
    for (Cli cli :
        List.of(
            akin("evaluate", faceRun, "--data", other),
            akin("show", "batches", faceRun, "--data", other, "--out", folder.resolve("b")),
            akin("show", "queries", faceRun, "--data", other, "--out", folder.resolve("q")))) {
      assertRefused(cli, 1, "other attributes than the run", first, "Something_Else", "--data");
    }
    Files.writeString(
        folder.resolve("none.csv"), "path,split\nfaces/Img/img_align_celeba/000001.jpg,test\n");
    Path csv =
        Files.writeString(shared.resolve("list.yaml"), ATTRIBUTE_RECIPE.replace("celeba", "auto"));
    Path run = trained(csv, faces, "listRun");
    assertRefused(
        akin("evaluate", run, "--data", folder.resolve("none.csv")),
        1,
        "have no attributes",
        first);
  }

  @Test
  void featuresShowThePicturesThatTheyWereMadeOf() throws IOException {
    Path moved = folder.resolve("pictures");
    for (int i = 0; i < CLASSES * EACH; i++) {
      Path kind = Files.createDirectories(moved.resolve("kind" + i % CLASSES));
      Files.write(kind.resolve(i + ".png"), ImageCodec.png(noise(i)));
    }
    Path features = folder.resolve("features.safetensors");
    Cli extracted = akin("extract", run, "--data", moved, "--out", features);
    assertEquals(0, extracted.code(), extracted.err());
    Path heads = Files.writeString(folder.resolve("heads.yaml"), FEATURE_RECIPE);
    Path headRun = folder.resolve("heads");
    Cli trained = akin("train", heads, "--data", features, "--out", headRun);
    assertEquals(0, trained.code(), trained.err());
    JsonNode before = json("show", "data", headRun);
    assertEquals(
        before.get("batches"),
        json("show", "data", heads, "--data", features, "--out", folder.resolve("o"))
            .get("batches"));
    Path elsewhere = Files.move(moved, folder.resolve("elsewhere"));
    for (String what : List.of("data", "batches", "queries")) {
      assertRefused(akin("show", what, headRun), 1, "features have no pictures", "--data DIR");
      page(json("show", what, headRun, "--data", elsewhere), 8);
    }
    Files.delete(elsewhere.resolve("kind0/0.png"));
    Cli missing = akin("show", "queries", headRun, "--data", elsewhere, "--count", 18);
    assertEquals(1, missing.code(), missing.err());
    assertTrue(missing.err().contains("there is no picture kind0/0.png"), missing.err());
  }

  @Test
  void mistakesEndInOneMessage() throws IOException {
    Path none = folder.resolve("none");
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertRefused(akin("show", "batches", none), 1, "no finished run", none.toString());
    assertRefused(akin("show", "queries", none), 1, "no finished run");
    assertRefused(akin("show", "data", none, "--out", folder), 1, none.toString());
    assertRefused(akin("show", "data", recipe, "--data", pictures), 1, "--out FOLDER");
    assertRefused(akin("show", "data", recipe, "--out", folder), 1, "no data set is given");
    for (String what : List.of("data", "batches", "queries")) {
      assertRefused(akin("show", what, run, "--out", file), 2, "is in the way", "--out " + file);
      assertRefused(akin("show", what, run, "--count", 0), 2, "--count 0", "≥ 1");
      assertRefused(akin("show", what, run, "--data", none), 1, none.toString());
    }
    assertEquals("mine", Files.readString(file));
    assertRefused(akin("show", "queries", run, "--count", 19), 2, "--count 19", "at most 18");
    assertRefused(akin("show", "queries", run, "--top", 18), 2, "--top 18", "at most 17");
    assertRefused(
        akin("show", "batches", run, "--split", "validation"), 2, "no pictures of that split");
    assertRefused(akin("show", "batches", run, "--split", "half"), 2, "'half' is no split");
  }
}

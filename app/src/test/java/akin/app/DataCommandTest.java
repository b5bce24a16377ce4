package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Making data sets, and looking at them. */
class DataCommandTest {
  @TempDir Path folder;

  private Cli make(Path out, String... more) {
    String[] args = {"data", "make", "faces", "--out", out.toString(), "--count", "20", "--size"};
    return Cli.run(
        java.util.stream.Stream.concat(List.of(args).stream(), List.of(more).stream())
            .toArray(String[]::new));
  }

  @Test
  void facesAreMadeAndLookedAt() {
    Path faces = folder.resolve("faces");
    Cli made = make(faces, "32", "--json", "--seed", "3");
    assertEquals(0, made.code(), made.err());
    assertEquals(20, made.json().get("faces").asInt());
    assertEquals(3, made.json().get("seed").asInt());
    Cli info = Cli.run("data", "info", faces.toString(), "--json", "--decode");
    assertEquals(0, info.code(), info.err());
    JsonNode json = info.json();
    assertEquals(20, json.get("pictures").asInt());
    assertEquals(16, json.at("/splits/train").asInt());
    assertEquals(2, json.at("/splits/validation").asInt());
    assertEquals(2, json.at("/splits/test").asInt());
    assertTrue(json.get("attributes").size() >= 30, info.out());
    assertTrue(info.err().contains("every picture can be decoded"), info.err());
  }

  @Test
  void theSameSeedDrawsTheSameFacesAnotherSeedOthers() throws IOException {
    make(folder.resolve("a"), "16", "--seed", "5", "--threads", "1");
    make(folder.resolve("b"), "16", "--seed", "5", "--threads", "2");
    make(folder.resolve("c"), "16", "--seed", "6");
    String list = "Anno/list_attr_celeba.txt";
    assertEquals(-1, Files.mismatch(folder.resolve("a/" + list), folder.resolve("b/" + list)));
    assertTrue(Files.mismatch(folder.resolve("a/" + list), folder.resolve("c/" + list)) >= 0);
  }

  @Test
  void mistakesEndInOneMessage() throws IOException {
    Path faces = folder.resolve("faces");
    Files.createDirectories(faces);
    Files.writeString(faces.resolve("mine.txt"), "keep");
    Cli full = make(faces, "32");
    assertEquals(1, full.code());
    assertTrue(full.err().contains("the folder is not empty"), full.err());
    assertEquals("keep", Files.readString(faces.resolve("mine.txt")));
    Cli small = make(folder.resolve("x"), "2");
    assertTrue(small.code() != 0 && small.err().startsWith("akin: "), small.err());
    Cli none = Cli.run("data", "info", folder.resolve("nowhere").toString());
    assertEquals(1, none.code());
    assertTrue(none.err().contains("there is no such file or folder"), none.err());
    assertEquals(2, Cli.run("data", "info", faces.toString(), "--layout", "tape").code());
  }

  /** Three classes of 5, 2 and 1 pictures for training, and one that is only tested. */
  private Path list() throws IOException {
    StringBuilder list = new StringBuilder("path,label,split\n");
    String[] classes = {"a", "a", "a", "a", "a", "b", "b", "c", "d"};
    for (int i = 0; i < classes.length; i++) {
      ImageIO.write(
          new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY),
          "png",
          folder.resolve(i + ".png").toFile());
      list.append(i).append(".png,").append(classes[i]).append(i < 8 ? ",train\n" : ",test\n");
    }
    return Files.writeString(folder.resolve("list.csv"), list);
  }

  @Test
  void infoCountsClassesBeforeAndAfterACuration() throws IOException {
    String list = list().toString();
    JsonNode all = Cli.run("data", "info", list, "--json").json();
    assertEquals(4, all.get("classes").asInt());
    assertEquals(1, all.get("unseen").asInt());
    assertEquals(1, all.get("single").asInt());
    assertEquals(0, all.get("notes").size());
    Cli curated =
        Cli.run("data", "info", list, "--min-per-class", "2", "--max-per-class", "3", "--json");
    assertEquals(0, curated.code(), curated.err());
    assertEquals(6, curated.json().get("pictures").asInt());
    assertEquals(3, curated.json().get("classes").asInt());
    String note = curated.json().get("notes").get(0).asText();
    assertTrue(note.startsWith("curation: 5 of 8 training pictures, 2 of 3 classes"), note);
    assertTrue(curated.err().contains(note), curated.err());
  }

  @Test
  void aCuratedListIsTheSameForTheSameSeed() throws IOException {
    String list = list().toString();
    Path first = folder.resolve("first.csv");
    Path second = folder.resolve("second.csv");
    for (Path out : List.of(first, second)) {
      Cli made =
          Cli.run("data", "list", list, "--max-per-class", "2", "--out", out.toString(), "--json");
      assertEquals(0, made.code(), made.err());
      assertEquals(6, made.json().get("pictures").asInt());
    }
    assertEquals(-1, Files.mismatch(first, second));
    assertEquals("path,label,split", Files.readAllLines(first).get(0));
    Cli info = Cli.run("data", "info", first.toString(), "--json");
    assertEquals(6, info.json().get("pictures").asInt());
  }

  @Test
  void aRecipeNamesSeveralSets() throws IOException {
    list();
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yaml"),
            "data: {sets: [{name: mine, root: list.csv}]}\nmodel: {backbone: lab}\n"
                + "objective: {kind: metric, loss: triplet-margin}\ntraining: {epochs: 1}\n");
    Cli info =
        Cli.run(
            "data",
            "info",
            recipe.toString(),
            "--data",
            folder.toString(),
            "--classes",
            "1",
            "--json");
    assertEquals(0, info.code(), info.err());
    assertEquals(2, info.json().get("classes").asInt());
    assertTrue(info.json().get("domains").has("mine"), info.out());
    Cli none = Cli.run("data", "info", recipe.toString(), "--layout", "sop");
    assertTrue(none.err().contains("a recipe names its layout itself"), none.err());
  }

  @Test
  void mistakesOfListsEndInOneMessage() throws IOException {
    String list = list().toString();
    Cli noCsv = Cli.run("data", "list", list, "--out", folder.resolve("x.txt").toString());
    assertEquals(2, noCsv.code());
    assertTrue(noCsv.err().contains("ends in .csv"), noCsv.err());
    Cli zero = Cli.run("data", "info", list, "--min-per-class", "0");
    assertTrue(zero.err().contains("minPerClass must be at least 1"), zero.err());
    Cli set = Cli.run("data", "info", list, "--set", "data.width=3");
    assertTrue(set.err().contains("belong to a recipe"), set.err());
    Cli layout = Cli.run("data", "info", list, "--layout", "products10k");
    assertEquals(2, layout.code());
    assertTrue(layout.err().contains("did you mean products_10k"), layout.err());
  }

  @Test
  void groupsAloneTellTheirUsage() {
    for (String[] args : new String[][] {{"data"}, {"data", "make"}}) {
      Cli run = Cli.run(args);
      assertEquals(2, run.code());
      assertEquals("", run.out());
      assertTrue(run.err().contains("mend: add one of "), run.err());
    }
  }
}

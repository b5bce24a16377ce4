package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

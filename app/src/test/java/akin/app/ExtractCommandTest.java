package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.nn.io.Safetensors;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extracting with a weight file of which nothing is known, from a folder of odd pictures. */
class ExtractCommandTest {
  private static final int[] KINDS = {
    BufferedImage.TYPE_3BYTE_BGR,
    BufferedImage.TYPE_BYTE_GRAY,
    BufferedImage.TYPE_USHORT_GRAY,
    BufferedImage.TYPE_BYTE_INDEXED,
    BufferedImage.TYPE_BYTE_BINARY,
    BufferedImage.TYPE_4BYTE_ABGR
  };

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void writeWeightsAndPictures() throws IOException {
    out = folder.resolve("features.safetensors");
    try (Backend backend = Backends.open("cpu", 1);
        Backbone network = Architecture.parse("resnet20").create()) {
      network.initialise(backend, 1);
      Map<String, Safetensors.Array> arrays = StateDict.of(network).arrays("");
      Safetensors.write(folder.resolve("weights.safetensors"), arrays, Map.of());
    }
    Path kind = Files.createDirectories(folder.resolve("pictures/kind"));
    for (int type : KINDS) {
      BufferedImage picture = new BufferedImage(40, 30, type);
      ImageIO.write(picture, "png", kind.resolve("type" + type + ".png").toFile());
    }
  }

  private Cli extract(String... options) {
    List<String> words = new ArrayList<>(List.of("extract", "--device", "cpu", "--threads", "1"));
    words.addAll(List.of("--weights", folder.resolve("weights.safetensors").toString()));
    words.addAll(List.of("--data", folder.resolve("pictures").toString()));
    words.addAll(List.of("--backbone", "resnet20", "--preprocessing", "cifar"));
    words.addAll(List.of("--out", out.toString(), "--json"));
    words.addAll(List.of(options));
    return Cli.run(words.toArray(String[]::new));
  }

  @Test
  void picturesOfEveryKindBecomeFeatures() {
    Cli run = extract();
    assertEquals(0, run.code(), run.err());
    JsonNode json = run.json();
    assertEquals(KINDS.length, json.get("pictures").asInt());
    assertEquals(64, json.get("width").asInt());
    assertEquals("resnet20", json.get("backbone").asText());
    assertTrue(Files.exists(out));
  }

  @Test
  void aBrokenPictureIsNamedAndNothingLooksFinished() throws IOException {
    Path broken = Files.createFile(folder.resolve("pictures/kind/broken.png"));
    Cli run = extract();
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains("broken.png: the picture is empty"), run.err());
    assertEquals("", run.out());
    assertFalse(Files.exists(out));
    Files.delete(broken);
    assertEquals(0, extract().code());
  }

  @Test
  void aFolderInTheWayIsToldBeforeTheWork() throws IOException {
    Files.createDirectory(out);
    Cli run = extract();
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("a folder of this name is in the way"), run.err());
    assertFalse(Files.exists(folder.resolve(".features.safetensors.rows")));
  }

  @Test
  void wrongOptionsAreMistakesOfTheCommandLine() {
    assertEquals(2, extract("--fit", "strech").code());
    assertEquals(2, extract("--prepocessing", "cifar").code());
    Cli noData = Cli.run("extract", "--weights", "weights.pth", "--out", "f.safetensors");
    assertEquals(2, noData.code(), noData.err());
    Cli noSource = Cli.run("extract", "--data", "pictures", "--out", "f.safetensors");
    assertEquals(2, noSource.code(), noSource.err());
    Cli name = Cli.run("extract", "--weights", "w.pth", "--data", "pictures", "--out", "f");
    assertEquals(2, name.code(), name.err());
    assertTrue(name.err().contains("--out f.safetensors"), name.err());
  }
}

package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A hundred real photographs, and for ten of them the network's input as Pillow made it. Decoder,
 * crop and resize together leave no difference.
 */
class PhotographGoldenTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("akin.shared"), "data", "imagenet-100");

  @BeforeEach
  void needsThePhotographs() {
    assumeTrue(Files.isDirectory(FOLDER), "skipped: no photographs in " + FOLDER);
  }

  @Test
  void theInputsOfTheReferenceAreOursToTheByte() throws IOException {
    List<String> report = new ArrayList<>();
    int equal = 0;
    List<Path> inputs = files(FOLDER.resolve("inputs"));
    assertEquals(10, inputs.size());
    for (Path input : inputs) {
      String name = input.getFileName().toString().replace(".png", ".JPEG");
      Image found = StandardPreprocessing.INCEPTION.shape(Image.decode(FOLDER.resolve(name)));
      Image wanted = Image.decode(input);
      int worst = 0;
      for (int i = 0; i < wanted.bytes().length; i++) {
        worst = Math.max(worst, Math.abs((found.bytes()[i] & 0xff) - (wanted.bytes()[i] & 0xff)));
      }
      equal += found.equals(wanted) ? 1 : 0;
      report.add(name + " " + worst);
    }
    System.out.printf(
        "network inputs equal to the reference's: %d of %d; largest difference of each: %s%n",
        equal, inputs.size(), report);
    assertEquals(10, equal, report.toString());
  }

  @Test
  void everyPhotographIsReadAndItsSquareIsTheReferences() throws IOException {
    JsonNode results =
        new ObjectMapper()
            .readTree(FOLDER.resolve("expected_mobilenet_v2.json").toFile())
            .get("results");
    assertEquals(100, results.size());
    for (JsonNode node : results) {
      String file = node.get("file").asText();
      Image image = Image.decode(FOLDER.resolve(file));
      assertEquals(node.get("width").asInt(), image.width(), file);
      assertEquals(node.get("height").asInt(), image.height(), file);
      JsonNode box = node.get("crop");
      Image cropped =
          image.crop(
              box.get(0).asInt(), box.get(1).asInt(), box.get(2).asInt(), box.get(3).asInt());
      int side = cropped.width();
      // To its own length the square is not resized: what is left is the crop.
      assertEquals(cropped, Preprocessing.central(0.875, side).shape(image), file);
      assertTrue(side > 0 && side == cropped.height(), file);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}

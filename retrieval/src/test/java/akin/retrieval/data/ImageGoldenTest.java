package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akin.nn.io.Safetensors;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Pillow's and torchvision's own results, to the bit. */
class ImageGoldenTest {
  private static final Path GOLDEN = Path.of(System.getProperty("akin.shared"), "golden", "images");

  @TestFactory
  List<DynamicTest> everyCase() throws IOException {
    assumeTrue(Files.isDirectory(GOLDEN), "skipped: no golden images in " + GOLDEN);
    List<DynamicTest> tests = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (JsonNode node :
        new ObjectMapper().readTree(GOLDEN.resolve("images.json").toFile()).get("cases")) {
      String name = node.get("name").asText();
      if (name.startsWith("tensor_")) {
        skipped.add(name);
      } else {
        tests.add(DynamicTest.dynamicTest(name, () -> check(name, node)));
      }
    }
    System.out.println("golden images skipped (float resampling of tensors): " + skipped);
    return tests;
  }

  private static void check(String name, JsonNode node) {
    try (Safetensors file = Safetensors.open(GOLDEN.resolve("images.safetensors"))) {
      Image image = image(file.tensor("image_" + node.get("image").asText()));
      Safetensors.Entry wanted = file.tensor(name);
      if (name.startsWith("pipeline_")) {
        Preprocessing pipeline =
            Preprocessing.crop(node.get("resize").asInt(), node.get("crop").asInt())
                .resizeWith(filter(node))
                .normalize(numbers(node.get("mean")), numbers(node.get("std")));
        float[] found = new float[pipeline.length()];
        pipeline.normalize(pipeline.shape(image), found, 0);
        // The README allows 1e-6; float32 arithmetic in PyTorch's order leaves no difference.
        assertArrayEquals(wanted.floats(), found);
        return;
      }
      Image found = transform(name, node, image);
      assertEquals(wanted.shape()[0], found.height());
      assertEquals(wanted.shape()[1], found.width());
      assertArrayEquals(wanted.bytes(), found.bytes());
    }
  }

  private static Image transform(String name, JsonNode node, Image image) {
    return switch (name.substring(0, name.indexOf('_'))) {
      case "pil" ->
          image.resize(node.get("width").asInt(), node.get("height").asInt(), filter(node));
      case "short" -> image.resizeShortSide(node.get("size").asInt(), ResizeFilter.BILINEAR);
      case "center" -> image.centerCrop(node.get("width").asInt(), node.get("height").asInt());
      case "hflip" -> image.flip();
      case "grey" -> image.grey();
      default -> throw new AssertionError("an unknown case: " + name);
    };
  }

  private static Image image(Safetensors.Entry entry) {
    int[] shape = entry.shape();
    return new Image(shape[1], shape[0], shape[2], entry.bytes());
  }

  private static ResizeFilter filter(JsonNode node) {
    return ResizeFilter.valueOf(node.get("filter").asText().toUpperCase(Locale.ROOT));
  }

  private static List<Double> numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asDouble).toList();
  }

  @Test
  void aConstantPictureStaysConstantUnderEveryFilter() {
    byte[] bytes = new byte[7 * 5 * 3];
    Arrays.fill(bytes, (byte) 200);
    Image image = new Image(7, 5, 3, bytes);
    for (ResizeFilter filter : ResizeFilter.values()) {
      for (byte sample : image.resize(13, 3, filter).bytes()) {
        assertEquals(200, sample & 0xff, filter.label());
      }
    }
  }
}

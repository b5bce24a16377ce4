package akin.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files are known by their content; real checkpoints are read as they were written. */
class WeightFileTest {
  @TempDir Path folder;

  private static Path real(String name) {
    Path file = Path.of(System.getProperty("akin.shared"), "data", "weights", name);
    Assumptions.assumeTrue(Files.isRegularFile(file), "no " + file);
    return file;
  }

  @Test
  void mobileNetHasItsNamesAndShapes() {
    try (WeightFile file = WeightFile.open(real("mobilenet_v2-imagenet.pth"))) {
      assertEquals(314, file.entries().size());
      assertEquals("features.0.0.weight", file.entries().keySet().iterator().next());
      assertArrayEquals(new int[] {32, 3, 3, 3}, file.entries().get("features.0.0.weight").shape());
      Map<String, StateDict.Value> values = file.stateDict().values();
      assertEquals(314, values.size());
      assertEquals(1000 * 1280, values.get("classifier.1.weight").shape().count());
      // Batch norm was folded by the origin (the file's README): the variance is 1 - eps.
      double[] variance = values.get("features.0.1.running_var").doubles();
      assertEquals(32, variance.length);
      assertTrue(Arrays.stream(variance).allMatch(v -> v == (float) (1 - 1e-5)));
    }
  }

  @Test
  void theOlderFormatHoldsTheSameBits() {
    try (WeightFile now = WeightFile.open(real("resnet20-cifar10.pth"));
        WeightFile legacy = WeightFile.open(real("resnet20-cifar10-legacy.th"))) {
      assertEquals("PyTorch checkpoint (zip)", now.format());
      assertEquals("PyTorch checkpoint (legacy)", legacy.format());
      assertEquals(97, now.entries().size());
      assertTrue(legacy.entries().containsKey("state_dict.module.conv1.weight"));
      assertTrue(
          Double.parseDouble(legacy.metadata().get("best_prec1")) > 91,
          legacy.metadata().toString());
      Map<String, StateDict.Value> a = now.stateDict().values();
      Map<String, StateDict.Value> b = legacy.stateDict().values();
      assertEquals(List.copyOf(a.keySet()), List.copyOf(b.keySet()));
      assertEquals(97, a.size());
      a.forEach(
          (name, value) -> {
            assertEquals(value.shape(), b.get(name).shape(), name);
            assertArrayEquals(value.doubles(), b.get(name).doubles(), name);
          });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', it is empty",
    "'<!DOCTYPE html><title>404</title>', a web page",
    "'  <html>', a web page",
    "'version https://git-lfs.github.com/spec/v1', pointer of Git LFS",
    "'{\"error\": \"not found\"}', a text: \"{\"\"error",
    "'GGUF\3', a GGUF file",
    "'PK\5\6', archive is damaged",
    "'\u0001\u0002\u0003', begins with bytes 01 02 03",
  })
  void whatIsNoWeightFileIsToldByItsLooks(String content, String message) throws IOException {
    Path file = folder.resolve("weights.pth");
    Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
    UserError error = assertThrows(UserError.class, () -> WeightFile.open(file));
    assertTrue(error.getMessage().contains(message.replace("\"\"", "\"")), error.getMessage());
    assertTrue(error.getMessage().contains("weights.pth"), error.getMessage());
  }

  @Test
  void foldersAndMissingFilesAreTold() {
    String folderMessage =
        assertThrows(UserError.class, () -> WeightFile.open(folder)).getMessage();
    assertTrue(folderMessage.contains("it is a folder"), folderMessage);
    String missing =
        assertThrows(UserError.class, () -> WeightFile.open(folder.resolve("none"))).getMessage();
    assertTrue(missing.contains("there is no such file"), missing);
  }
}

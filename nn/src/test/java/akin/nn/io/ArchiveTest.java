package akin.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.torch.TorchFiles;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zip archives made to hurt. */
class ArchiveTest {
  @TempDir Path folder;

  private String refused(Path file) {
    return assertThrows(UserError.class, () -> WeightFile.open(file).close()).getMessage();
  }

  @Test
  void whatGrowsToThousandsOfTimesTheFileIsRefusedUnread() throws IOException {
    Path bomb = folder.resolve("bomb.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
      zip.putNextEntry(new ZipEntry("zeros.npy"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        zip.write(zeros);
      }
    }
    String message = refused(bomb);
    assertTrue(message.contains("too much memory"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../data.pkl",
        "a/../../data.pkl",
        "/data.pkl",
        "C:/data.pkl",
        "a\\data.pkl",
        "a/\u0007"
      })
  void namesThatLeaveTheArchiveAreRefused(String name) {
    String message =
        refused(TorchFiles.archive(folder.resolve("path.pth"), Map.of(name, new byte[1])));
    assertTrue(message.contains("a path inside the archive"), message);
  }

  @Test
  void aNameThatStandsTwiceIsRefused() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a/data.pkl", new byte[] {1});
    entries.put("b/data.pkl", new byte[] {2});
    Path file = TorchFiles.archive(folder.resolve("twice.pth"), entries);
    assertTrue(refused(file).contains("found 2"), "two pickles");
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, bytes.replace("b/data", "a/data"), StandardCharsets.ISO_8859_1);
    assertTrue(refused(file).contains("stands twice"), refused(file));
  }

  @Test
  void damagedBytesAreFoundByTheirCrc() throws IOException {
    Path file = folder.resolve("damaged.pth");
    SampleWeights.TORCH_ZIP.write(file);
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    int at = bytes.indexOf("archive/data/0") + "archive/data/0".length();
    Files.writeString(
        file, bytes.substring(0, at) + "!" + bytes.substring(at + 1), StandardCharsets.ISO_8859_1);
    try (WeightFile weights = WeightFile.open(file)) {
      String message = assertThrows(UserError.class, weights::stateDict).getMessage();
      assertTrue(message.contains("do not have their CRC"), message);
    }
  }

  @Test
  void aChecksumThatWasNotComputedIsNotCompared() throws IOException {
    Path file = folder.resolve("unchecked.pth");
    SampleWeights.TORCH_ZIP.write(file);
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int data = text.indexOf("archive/data/0") + "archive/data/0".length();
    bytes[data + 4] ^= 1; // the last bit of the second element, -2
    int directory = text.lastIndexOf("archive/data/0") - 46;
    for (int i = 0; i < 4; i++) {
      bytes[directory + 16 + i] = 0;
    }
    Files.write(file, bytes);
    try (WeightFile weights = WeightFile.open(file)) {
      double[] values = weights.stateDict().values().get("weight").doubles();
      assertEquals(Math.nextDown(-2f), values[3]); // row 1, column 0 of the view
    }
  }

  @Test
  void compressedCheckpointsAreRefused() throws IOException {
    Path file = folder.resolve("compressed.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(new byte[100]);
    }
    assertTrue(refused(file).contains("entries are not compressed"), refused(file));
  }

  @Test
  void anArchiveOfOtherThingsIsToldByItsNames() {
    String message =
        refused(TorchFiles.archive(folder.resolve("a.zip"), Map.of("photos/cat.jpg", new byte[1])));
    assertTrue(message.contains("a zip archive of photos/cat.jpg"), message);
    Map<String, byte[]> script = new LinkedHashMap<>();
    script.put("net/data.pkl", new byte[1]);
    script.put("net/constants.pkl", new byte[1]);
    assertTrue(
        refused(TorchFiles.archive(folder.resolve("script.pt"), script)).contains("TorchScript"));
    Map<String, byte[]> bigEndian = new LinkedHashMap<>();
    bigEndian.put("net/data.pkl", new byte[1]);
    bigEndian.put("net/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
    assertTrue(
        refused(TorchFiles.archive(folder.resolve("big.pt"), bigEndian)).contains("big-endian"));
  }
}

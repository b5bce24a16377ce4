package akin.cuda.jcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of libraries that are missing, of another version, or damaged. */
class LibrariesTest {
  @TempDir Path folder;

  private Libraries with(String... files) throws IOException {
    for (String file : files) {
      Files.writeString(folder.resolve(file), "no library");
    }
    List<Place> places = List.of(new Folder(folder));
    return new Libraries(places, places);
  }

  private static String refusal(Libraries libraries) {
    String line = libraries.refusal().orElseThrow();
    assertFalse(line.contains("\n"), line);
    return line;
  }

  @Test
  void withoutADriverNothingElseIsLookedFor() throws IOException {
    String line = refusal(with("libcublas.so.11", "libcudnn.so.8"));
    assertEquals("no NVIDIA driver here (no libcuda.so.1); a card needs one installed", line);
  }

  /** As a script leaves the variable that has no folder for it. */
  @Test
  void anEmptyListOfFoldersIsNone() {
    String told = System.getProperty(Libraries.PROPERTY);
    try {
      System.clearProperty(Libraries.PROPERTY);
      List<String> usual = Libraries.here().report();
      System.setProperty(Libraries.PROPERTY, "");
      assertEquals(usual, Libraries.here().report());
    } finally {
      if (told == null) {
        System.clearProperty(Libraries.PROPERTY);
      } else {
        System.setProperty(Libraries.PROPERTY, told);
      }
    }
  }

  @Test
  void anotherMajorVersionIsNamedWithItsPlace() throws IOException {
    String line = refusal(with("libcuda.so.1", "libcublas.so.11", "libcudnn.so.9"));
    assertTrue(line.startsWith("cuDNN 8 is missing (no libcudnn.so.8; of another version: "), line);
    assertTrue(line.contains(folder.resolve("libcudnn.so.9").toString()), line);
    assertTrue(line.contains("mvn -Pcuda"), line);
  }

  @Test
  void whatIsMissingIsToldWithTheMend() throws IOException {
    String line = refusal(with("libcuda.so.1", "libcudnn.so.8"));
    assertTrue(line.startsWith("cuBLAS 11 is missing (no libcublas.so.11); mvn -Pcuda"), line);
  }

  @Test
  void theCompilerMayBeMissing() throws IOException {
    Libraries libraries = with("libcuda.so.1", "libcublas.so.11", "libcudnn.so.8");
    assertEquals(Optional.empty(), libraries.refusal());
    assertEquals(Optional.empty(), Nvrtc.open(libraries));
  }

  @Test
  void aFileThatIsNoLibraryIsOneMessage() throws IOException {
    Libraries libraries = with("libcublas.so.11");
    UserError e = assertThrows(UserError.class, () -> libraries.load(Part.CUBLAS));
    assertTrue(e.getMessage().contains(folder.resolve("libcublas.so.11").toString()));
    assertTrue(e.getMessage().contains("cannot be loaded"), e.getMessage());
  }

  @Test
  void theReportNamesWhatWasFoundAndWhereItWasSearched() throws IOException {
    List<String> lines = with("libcuda.so.1", "libcublas.so.12").report();
    assertEquals("NVIDIA driver: " + folder.resolve("libcuda.so.1"), lines.get(0));
    assertEquals(
        "cuBLAS 11: not found; other versions: " + folder.resolve("libcublas.so.12"), lines.get(1));
    assertEquals("folders: " + folder, lines.get(lines.size() - 1));
  }
}

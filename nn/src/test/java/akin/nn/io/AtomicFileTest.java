package akin.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens while a file is written, a reader finds the old one or the new one whole. */
class AtomicFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeOldFile() throws IOException {
    file = folder.resolve("model.safetensors");
    Files.writeString(file, "old");
  }

  @Test
  void aSuccessfulWriteReplacesTheOldFileAndLeavesNothingElse() throws IOException {
    AtomicFile.write(file, out -> out.write("new".getBytes()));
    assertEquals("new", Files.readString(file));
    assertOnlyTheFileIsLeft();
  }

  @Test
  void aFullDiskIsAUserErrorThatLeavesTheOldFile() throws IOException {
    UserError error =
        assertThrows(
            UserError.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("No space left on device");
                    }));
    assertTrue(error.getMessage().contains("No space left on device"), error.getMessage());
    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
    assertEquals("old", Files.readString(file));
    assertOnlyTheFileIsLeft();
  }

  @Test
  void aFaultOfTheContentIsThrownOnAndLeavesTheOldFile() throws IOException {
    IllegalStateException fault = new IllegalStateException("half way");
    Throwable thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw fault;
                    }));
    assertEquals(fault, thrown);
    assertEquals("old", Files.readString(file));
    assertOnlyTheFileIsLeft();
  }

  @Test
  void aFolderThatCannotBeMadeIsAUserError() {
    assertThrows(
        UserError.class, () -> AtomicFile.write(file.resolve("below/a/file"), out -> out.write(1)));
  }

  @Test
  void missingFoldersAreMade() throws IOException {
    Path deep = folder.resolve("a/b/c");
    AtomicFile.write(deep, out -> out.write("x".getBytes()));
    assertEquals("x", Files.readString(deep));
  }

  private void assertOnlyTheFileIsLeft() throws IOException {
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }
}

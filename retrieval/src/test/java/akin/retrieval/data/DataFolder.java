package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.function.Executable;

/** A folder in which tests lay out small data sets. */
record DataFolder(Path root) {
  /** Writes a text file. */
  Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Writes grey pictures of 3 × 2 pixels whose samples are shade, shade + 1, … */
  void pictures(int shade, String... names) throws IOException {
    byte[] pixels = new byte[6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (shade + i);
    }
    for (String name : names) {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, ImageCodec.png(new Image(3, 2, 1, pixels)));
    }
  }

  /** Expects a refusal that tells all of these. */
  static void refused(Executable open, String... parts) {
    UserError error = assertThrows(UserError.class, open);
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), part + " is not in: " + error.getMessage());
    }
  }
}

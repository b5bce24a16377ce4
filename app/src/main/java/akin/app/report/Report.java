package akin.app.report;

import akin.nn.io.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A page in one self-contained HTML file: styles, scripts and pictures are inside it and nothing is
 * fetched. Light and dark, on screen and on paper; without scripts, charts are tables.
 *
 * @param title of the page
 * @param subtitle one line below it: when, from what
 * @param sections in order
 */
public record Report(String title, String subtitle, List<Section> sections) {
  /**
   * Part of a page.
   *
   * @param title its heading
   * @param blocks in order
   */
  public record Section(String title, List<Block> blocks) {
    /** A section of these blocks. */
    public static Section of(String title, Block... blocks) {
      return new Section(title, List.of(blocks));
    }
  }

  /** The file's text. */
  public String html() {
    return new Page().html(this);
  }

  /**
   * Writes the page in place of an older one.
   *
   * @throws akin.tensor.UserError if it cannot be written; an older page stays
   */
  public void write(Path file) {
    byte[] bytes = html().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }
}

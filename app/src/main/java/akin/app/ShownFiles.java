package akin.app;

import akin.app.report.Block;
import akin.app.report.Collage;
import akin.app.report.Report;
import akin.nn.io.AtomicFile;
import akin.retrieval.data.ImageCodec;
import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The two files that show the same pictures.
 *
 * @param png a collage
 * @param html a page
 */
record ShownFiles(Path png, Path html) {
  private static final int TILE = 84; // three pixels for one of a digit

  /**
   * The files in a folder, which is made when they are written.
   *
   * @throws UserError if something else is in the folder's place
   */
  static ShownFiles in(Path folder, String name) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw UserError.of("a file of this name is in the way")
          .at("--out " + folder)
          .rule("pictures are written into a folder")
          .mend("choose another name");
    }
    return new ShownFiles(folder.resolve(name + ".png"), folder.resolve(name + ".html"));
  }

  /** Writes both. */
  void write(Console console, String title, String subtitle, int perRow, List<Block.Tiles> groups) {
    byte[] collage = ImageCodec.png(new Collage(TILE, perRow).draw(title, groups));
    AtomicFile.write(png, out -> out.write(collage));
    List<Block> blocks = new ArrayList<>(groups);
    Set<Block.Mark> marks = Block.Mark.of(groups);
    if (!marks.isEmpty()) {
      blocks.add(0, new Block.Paragraph(legend(marks)));
    }
    new Report(title, subtitle, List.of(new Report.Section("Pictures", blocks))).write(html);
    console.print("collage: %s", png);
    console.print("page: %s", html);
  }

  private static String legend(Set<Block.Mark> marks) {
    return marks.stream()
        .map(mark -> mark.sign() + " " + mark.meaning())
        .collect(Collectors.joining(", ", "", "; beside it rank and distance, below what it is."));
  }

  /** For scripts. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("png", png.toString());
    json.put("html", html.toString());
    return json;
  }
}

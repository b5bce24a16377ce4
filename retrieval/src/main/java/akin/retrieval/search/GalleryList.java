package akin.retrieval.search;

import akin.nn.io.AtomicFile;
import akin.retrieval.Index;
import akin.retrieval.data.Attributes;
import akin.tensor.UserError;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * The gallery's list for people and other programs, {@code gallery.csv}: id, class, and a column of
 * 0 and 1 per attribute. Galleries of before indexes held all this are read from it.
 */
final class GalleryList {
  private static final String FILE = "gallery.csv";

  private GalleryList() {}

  /** Writes the list beside the index. */
  static void write(Gallery gallery, Path indexFile) {
    AtomicFile.write(
        indexFile.resolveSibling(FILE),
        out -> {
          Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          List<String> names = gallery.attributeNames();
          List<String> header = new ArrayList<>(List.of("id", "class"));
          header.addAll(names);
          CSVPrinter csv =
              new CSVPrinter(
                  text,
                  CSVFormat.DEFAULT
                      .builder()
                      .setHeader(header.toArray(String[]::new))
                      .setRecordSeparator('\n')
                      .get());
          List<Object> cells = new ArrayList<>();
          for (int i = 0; i < gallery.index().size(); i++) {
            cells.clear();
            cells.add(gallery.index().id(i));
            cells.add(gallery.labels().get(i));
            for (int a = 0; a < names.size(); a++) {
              cells.add(gallery.attributes().has(i, a) ? 1 : 0);
            }
            csv.printRecord(cells);
          }
          csv.flush();
        });
  }

  /** The gallery of an index and the list beside it. */
  static Gallery read(Index index, Path indexFile) {
    Path file = indexFile.resolveSibling(FILE);
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader text = Files.newBufferedReader(file);
        CSVParser csv = format.parse(text)) {
      List<String> header = csv.getHeaderNames();
      List<String> names = List.copyOf(header.subList(2, header.size()));
      List<String> labels = new ArrayList<>();
      byte[] bits = new byte[Math.multiplyExact(index.size(), names.size())];
      for (CSVRecord row : csv) {
        int i = labels.size();
        if (i >= index.size() || !row.isConsistent() || !row.get(0).equals(index.id(i))) {
          throw doesNotFit(file, csv.getCurrentLineNumber());
        }
        labels.add(row.get(1));
        for (int a = 0; a < names.size(); a++) {
          bits[i * names.size() + a] = (byte) (row.get(2 + a).equals("1") ? 1 : 0);
        }
      }
      if (labels.size() != index.size()) {
        throw doesNotFit(file, csv.getCurrentLineNumber());
      }
      return new Gallery(index, labels, names.isEmpty() ? null : new Attributes(names, bits));
    } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw UserError.of("cannot read the gallery's list: " + e.getMessage())
          .at(file)
          .mend("make it anew: akin evaluate RUN")
          .because(e);
    }
  }

  private static UserError doesNotFit(Path file, long line) {
    return UserError.of("the gallery's list does not fit its index")
        .at(file, line)
        .rule("a row for each embedding, in the same order, with all columns")
        .mend("make both anew: akin evaluate RUN");
  }
}

package akin.retrieval.search;

import akin.nn.io.AtomicFile;
import akin.retrieval.Index;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
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
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * The pictures that are searched: their embeddings, and what is known of each, so that answers can
 * be judged. On disk the embeddings lie in an {@link Index} and the rest beside it as {@code
 * gallery.csv}: id, class, and a column of 0 and 1 per attribute.
 *
 * @param labels class of each row by name; empty text if it has none
 * @param attributes of each row; null without
 */
public record Gallery(Index index, List<String> labels, Attributes attributes) {
  private static final String FILE = "gallery.csv";

  /** The gallery of a data set's pictures, embedded in their order. */
  static Gallery of(Dataset pictures, Index index) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      int label = pictures.label(i);
      labels.add(label < 0 ? "" : pictures.classNames().get(label));
    }
    return new Gallery(index, List.copyOf(labels), pictures.attributes().orElse(null));
  }

  /** Names of the attributes; empty without. */
  public List<String> attributeNames() {
    return Optional.ofNullable(attributes).map(Attributes::names).orElse(List.of());
  }

  /** Writes both files; {@code indexFile} is the index's. */
  public void save(Path indexFile) {
    index.save(indexFile);
    AtomicFile.write(
        indexFile.resolveSibling(FILE),
        out -> {
          Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          List<String> header = new ArrayList<>(List.of("id", "class"));
          header.addAll(attributeNames());
          CSVPrinter csv =
              new CSVPrinter(
                  text,
                  CSVFormat.DEFAULT
                      .builder()
                      .setHeader(header.toArray(String[]::new))
                      .setRecordSeparator('\n')
                      .get());
          List<Object> cells = new ArrayList<>();
          for (int i = 0; i < index.size(); i++) {
            cells.clear();
            cells.add(index.id(i));
            cells.add(labels.get(i));
            for (int a = 0; a < attributeNames().size(); a++) {
              cells.add(attributes.has(i, a) ? 1 : 0);
            }
            csv.printRecord(cells);
          }
          csv.flush();
        });
  }

  /** Reads both files. */
  public static Gallery open(Path indexFile) {
    Index index = Index.open(indexFile);
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

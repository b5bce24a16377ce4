package akin.retrieval.data;

import akin.nn.io.AtomicFile;
import akin.tensor.UserError;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes a data set as a CSV list, which reads back as the same pictures: {@code path}, relative to
 * the list if the picture lies in its folder or below, else absolute; {@code label}; and whatever
 * else is known of the pictures.
 */
public final class ListFile {
  private ListFile() {}

  /**
   * Writes the list.
   *
   * @throws UserError if pictures have no files of their own, or the list cannot be written; an old
   *     one stays
   */
  public static void write(Path file, Dataset pictures) {
    Map<String, IntFunction<Object>> columns = columns(file, pictures);
    AtomicFile.write(
        file,
        out -> {
          Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          CSVFormat format =
              CSVFormat.DEFAULT
                  .builder()
                  .setHeader(columns.keySet().toArray(String[]::new))
                  .setRecordSeparator('\n')
                  .get();
          CSVPrinter csv = new CSVPrinter(text, format);
          List<Object> fields = new ArrayList<>();
          for (int i = 0; i < pictures.size(); i++) {
            fields.clear();
            for (IntFunction<Object> column : columns.values()) {
              fields.add(column.apply(i));
            }
            csv.printRecord(fields);
          }
          csv.flush();
        });
  }

  private static Map<String, IntFunction<Object>> columns(Path list, Dataset pictures) {
    Map<String, IntFunction<Object>> columns = new LinkedHashMap<>();
    Path folder = list.toAbsolutePath().normalize().getParent();
    columns.put("path", i -> path(folder, pictures, i));
    if (!pictures.classNames().isEmpty()) {
      columns.put("label", i -> name(pictures.classNames(), pictures.label(i)));
    }
    if (rows(pictures).anyMatch(i -> pictures.split(i) != Split.ALL)) {
      columns.put("split", i -> split(pictures.split(i)));
    }
    pictures
        .roles()
        .ifPresent(
            roles -> {
              columns.put("is_query", roles::isQuery);
              columns.put("is_gallery", roles::isGallery);
            });
    for (Grouping by : Grouping.values()) {
      pictures
          .groups(by)
          .ifPresent(
              groups ->
                  columns.put(
                      by.name().toLowerCase(Locale.ROOT), i -> name(groups.names(), groups.of(i))));
    }
    pictures.attributes().ifPresent(table -> columns.put("attributes", i -> attributes(table, i)));
    if (rows(pictures).anyMatch(i -> pictures.box(i).isPresent())) {
      columns.put("x_1", i -> pictures.box(i).map(Box::left).orElse(null));
      columns.put("y_1", i -> pictures.box(i).map(Box::top).orElse(null));
      columns.put("x_2", i -> pictures.box(i).map(Box::right).orElse(null));
      columns.put("y_2", i -> pictures.box(i).map(Box::bottom).orElse(null));
    }
    return columns;
  }

  private static IntStream rows(Dataset pictures) {
    return IntStream.range(0, pictures.size());
  }

  private static String path(Path folder, Dataset pictures, int i) {
    Path file =
        pictures
            .file(i)
            .orElseThrow(
                () ->
                    UserError.of("the pictures have no files of their own")
                        .at(pictures.name())
                        .rule("a list names a file for each picture")
                        .mend("give the folders of pictures, not IDX files or features"))
            .toAbsolutePath()
            .normalize();
    return (file.startsWith(folder) ? folder.relativize(file) : file).toString().replace('\\', '/');
  }

  private static String name(List<String> names, int i) {
    return i < 0 ? "" : names.get(i);
  }

  private static String split(Split split) {
    return split == Split.ALL ? "" : split.name().toLowerCase(Locale.ROOT);
  }

  private static String attributes(Attributes table, int i) {
    return IntStream.range(0, table.count())
        .filter(a -> table.has(i, a))
        .mapToObj(table.names()::get)
        .collect(Collectors.joining(" "));
  }
}

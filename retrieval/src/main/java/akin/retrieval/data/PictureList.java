package akin.retrieval.data;

import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes a data set of what lists say of pictures: each picture is listed once, is there, and its
 * class is a name or a number from 0. The readers of lists all end here.
 */
final class PictureList {
  private static final int NAMED = 3;

  private final String name;
  private final Path folder;
  private List<ListedPicture> rows;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param name of the data set, for messages
   * @param folder what the paths are relative to
   */
  PictureList(String name, Path folder, List<ListedPicture> rows) {
    this.name = name;
    this.folder = folder;
    this.rows = rows;
    if (rows.isEmpty()) {
      throw UserError.of("the list holds no picture")
          .at(name)
          .rule("a line for each picture, below the line of the columns' names");
    }
  }

  /** Leaves out pictures that are not there, instead of refusing them; a note says how many. */
  PictureList withoutMissing() {
    List<ListedPicture> there = rows.stream().filter(this::isThere).toList();
    if (there.isEmpty()) {
      throw missing(rows);
    }
    if (there.size() < rows.size()) {
      notes.add(
          "%d of %d listed pictures are not there and are left out"
              .formatted(rows.size() - there.size(), rows.size()));
    }
    rows = there;
    return this;
  }

  /** Leaves out lines that repeat a picture, instead of refusing them; a note says how many. */
  PictureList withoutRepeats() {
    Map<String, ListedPicture> first = new LinkedHashMap<>();
    rows.forEach(row -> first.putIfAbsent(row.id(), row));
    long others =
        rows.stream().filter(row -> !first.get(row.id()).label().equals(row.label())).count();
    if (first.size() < rows.size()) {
      notes.add(
          "%d of %d lines repeat a picture and are left out, %d of them with another class"
              .formatted(rows.size() - first.size(), rows.size(), others));
    }
    rows = List.copyOf(first.values());
    return this;
  }

  /** Checks the rows and makes the data set. */
  Dataset dataset() {
    checkOnce();
    List<ListedPicture> gone = rows.stream().filter(row -> !isThere(row)).toList();
    if (!gone.isEmpty()) {
      throw missing(gone);
    }
    rows.forEach(PictureList::checkLabel);
    Classes classes = Classes.of(rows.stream().map(ListedPicture::label).toList());
    Dataset pictures =
        new ImageFiles(
            name,
            folder,
            rows.stream().map(ListedPicture::path).toList(),
            rows.stream().map(ListedPicture::split).toArray(Split[]::new),
            classes.labels(),
            classes.names(),
            attributes());
    List<Optional<Box>> boxes = rows.stream().map(row -> Optional.ofNullable(row.box())).toList();
    if (boxes.stream().anyMatch(Optional::isPresent)) {
      pictures = new BoxedPictures(pictures, boxes);
    }
    return new AnnotatedPictures(pictures, ids(), roles(), groups(), notes);
  }

  private boolean isThere(ListedPicture row) {
    return Files.isRegularFile(folder.resolve(row.path()));
  }

  private void checkOnce() {
    Map<String, ListedPicture> seen = new HashMap<>();
    for (ListedPicture row : rows) {
      ListedPicture before = seen.put(row.id(), row);
      if (before != null) {
        throw UserError.of("the picture " + row.path() + " is listed twice")
            .at(row.list(), row.line())
            .rule(
                "first on line "
                    + before.line()
                    + (before.list().equals(row.list()) ? "" : " of " + before.list())
                    + (before.label().equals(row.label())
                        ? ""
                        : ", as " + before.label() + "; here as " + row.label()))
            .mend("keep one of the two lines");
      }
    }
  }

  private UserError missing(List<ListedPicture> gone) {
    String first =
        gone.stream().limit(NAMED).map(ListedPicture::path).collect(Collectors.joining(", "));
    return UserError.of(
            gone.size() == 1
                ? "the picture " + first + " is missing"
                : "%d of %d pictures are missing: %s%s"
                    .formatted(gone.size(), rows.size(), first, gone.size() > NAMED ? ", …" : ""))
        .at(gone.get(0).list(), gone.get(0).line())
        .rule("paths are relative to " + folder)
        .mend("put the pictures there, or take their lines out of the list");
  }

  private static void checkLabel(ListedPicture row) {
    if (row.label().matches("-[0-9]+(\\.[0-9]*)?")) {
      throw UserError.of("the class is " + row.label())
          .at(row.list(), row.line())
          .rule("a class is a name, or a whole number from 0")
          .mend("leave the field empty where a picture has no class");
    }
  }

  /** Where two boxes of one picture are listed, the box is part of the name. */
  private List<String> ids() {
    Map<String, Long> counts =
        rows.stream().collect(Collectors.groupingBy(ListedPicture::path, Collectors.counting()));
    return rows.stream().map(row -> counts.get(row.path()) > 1 ? row.id() : row.path()).toList();
  }

  private Optional<Attributes> attributes() {
    List<String> names =
        rows.stream().flatMap(row -> row.attributes().stream()).distinct().sorted().toList();
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Integer> column = new HashMap<>();
    names.forEach(attribute -> column.put(attribute, column.size()));
    byte[] bits = new byte[rows.size() * names.size()];
    for (int i = 0; i < rows.size(); i++) {
      for (String attribute : rows.get(i).attributes()) {
        bits[i * names.size() + column.get(attribute)] = 1;
      }
    }
    return Optional.of(new Attributes(names, bits));
  }

  /** Training pictures, of which lists say nothing, neither ask nor answer. */
  private Optional<Roles> roles() {
    if (rows.stream().allMatch(row -> row.query() == null && row.gallery() == null)) {
      return Optional.empty();
    }
    boolean[] query = new boolean[rows.size()];
    boolean[] gallery = new boolean[rows.size()];
    for (int i = 0; i < query.length; i++) {
      query[i] = Boolean.TRUE.equals(rows.get(i).query());
      gallery[i] = Boolean.TRUE.equals(rows.get(i).gallery());
    }
    return Optional.of(new Roles(query, gallery));
  }

  private Map<Grouping, Groups> groups() {
    Map<Grouping, Groups> all = new EnumMap<>(Grouping.class);
    for (Grouping by : Grouping.values()) {
      Classes groups =
          Classes.of(rows.stream().map(row -> row.groups().getOrDefault(by, "")).toList());
      if (!groups.names().isEmpty()) {
        all.put(by, new Groups(groups.names(), groups.labels()));
      }
    }
    return all;
  }
}

package akin.retrieval.data;

import akin.tensor.UserError;
import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Several data sets as one, in one space of labels: the classes of each set are those of the sets
 * before it further on, so C = Σ C_s, and a class is named {@code set/class}.
 */
final class JoinedPictures implements Dataset {
  private final List<String> names;
  private final List<Dataset> parts;
  private final int[] firstPicture;
  private final int[] firstClass;
  private final int[] partOf;
  private final List<String> classNames = new ArrayList<>();
  private final boolean divided;

  /**
   * Joins sets.
   *
   * @param sets by name, in order
   * @throws UserError if a set, or a picture of one, is there twice
   */
  JoinedPictures(Map<String, Dataset> sets) {
    names = List.copyOf(sets.keySet());
    parts = List.copyOf(sets.values());
    firstPicture = new int[parts.size()];
    firstClass = new int[parts.size()];
    partOf = new int[parts.stream().mapToInt(Dataset::size).reduce(0, Math::addExact)];
    divided = parts.stream().anyMatch(set -> set.indices(Split.TRAIN).length > 0);
    int pictures = 0;
    for (int s = 0; s < parts.size(); s++) {
      firstPicture[s] = pictures;
      firstClass[s] = classNames.size();
      Arrays.fill(partOf, pictures, pictures + parts.get(s).size(), s);
      pictures += parts.get(s).size();
      String name = names.get(s);
      parts.get(s).classNames().forEach(label -> classNames.add(name + "/" + label));
    }
    checkSets();
    checkPictures();
    checkFeatures();
  }

  private void checkSets() {
    Map<String, String> seen = new HashMap<>();
    for (int s = 0; s < parts.size(); s++) {
      String before = seen.put(place(parts.get(s).name()), names.get(s));
      if (before != null) {
        throw UserError.of("the sets " + before + " and " + names.get(s) + " are the same")
            .at(parts.get(s).name())
            .rule("each set is joined once")
            .mend("keep one of the two");
      }
    }
  }

  private static String place(String name) {
    try {
      return Path.of(name).toRealPath().toString();
    } catch (IOException e) {
      return name;
    }
  }

  private void checkPictures() {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < partOf.length; i++) {
      Optional<Path> file = file(i);
      if (file.isPresent()) {
        String part = box(i).map(box -> "#" + box).orElse("");
        Integer before = seen.put(file.get().toAbsolutePath().normalize() + part, i);
        if (before != null && partOf[before] != partOf[i]) {
          throw UserError.of("a picture is in two sets: " + id(before) + " and " + id(i))
              .at(file.get())
              .rule("a picture has one class")
              .mend("leave one of the two sets out");
        }
      }
    }
  }

  private void checkFeatures() {
    Optional<Features> first = parts.get(0).features();
    for (int s = 1; s < parts.size(); s++) {
      Optional<Features> other = parts.get(s).features();
      if (first.isPresent() != other.isPresent()) {
        throw UserError.of("some of the sets are features, others pictures")
            .at(names.get(0) + " and " + names.get(s))
            .mend("extract the features of all of them: akin extract");
      }
      if (first.isPresent()) {
        first.get().source().require(other.get().source(), parts.get(s).name());
      }
    }
  }

  private Dataset part(int i) {
    return parts.get(partOf[i]);
  }

  private int row(int i) {
    return i - firstPicture[partOf[i]];
  }

  @Override
  public String name() {
    return String.join(" + ", names);
  }

  @Override
  public int size() {
    return partOf.length;
  }

  @Override
  public String id(int i) {
    return names.get(partOf[i]) + "/" + part(i).id(row(i));
  }

  /** Where any set says what is for training, a set that says nothing is for training. */
  @Override
  public Split split(int i) {
    Split split = part(i).split(row(i));
    return divided && split == Split.ALL ? Split.TRAIN : split;
  }

  @Override
  public int label(int i) {
    int label = part(i).label(row(i));
    return label < 0 ? -1 : firstClass[partOf[i]] + label;
  }

  @Override
  public List<String> classNames() {
    return List.copyOf(classNames);
  }

  /** Those of all sets, if all have the same ones. */
  @Override
  public Optional<Attributes> attributes() {
    List<Optional<Attributes>> tables = parts.stream().map(Dataset::attributes).toList();
    if (tables.stream().map(table -> table.map(Attributes::names)).distinct().count() != 1
        || tables.get(0).isEmpty()) {
      return Optional.empty();
    }
    int width = tables.get(0).get().count();
    byte[] bits = new byte[Math.multiplyExact(partOf.length, width)];
    for (int s = 0; s < parts.size(); s++) {
      byte[] rows = tables.get(s).get().bits();
      System.arraycopy(rows, 0, bits, firstPicture[s] * width, rows.length);
    }
    return Optional.of(new Attributes(tables.get(0).get().names(), bits));
  }

  @Override
  public Optional<Features> features() {
    if (parts.get(0).features().isEmpty()) {
      return Optional.empty();
    }
    List<Vectors> rows = parts.stream().map(set -> set.features().orElseThrow().rows()).toList();
    Features.Source source = parts.get(0).features().get().source();
    return Optional.of(new Features(source, new JoinedRows(rows)));
  }

  /** In a set that does not say, all but the training pictures ask and answer. */
  @Override
  public Optional<Roles> roles() {
    if (parts.stream().allMatch(set -> set.roles().isEmpty())) {
      return Optional.empty();
    }
    List<Optional<Roles>> roles = parts.stream().map(Dataset::roles).toList();
    boolean[] query = new boolean[partOf.length];
    boolean[] gallery = new boolean[partOf.length];
    for (int i = 0; i < partOf.length; i++) {
      boolean others = split(i) != Split.TRAIN;
      int row = row(i);
      query[i] = roles.get(partOf[i]).map(r -> r.isQuery(row)).orElse(others);
      gallery[i] = roles.get(partOf[i]).map(r -> r.isGallery(row)).orElse(others);
    }
    return Optional.of(new Roles(query, gallery));
  }

  /** The domain of a picture is its set. */
  @Override
  public Optional<Groups> groups(Grouping by) {
    if (by == Grouping.DOMAIN) {
      return Optional.of(new Groups(names, partOf.clone()));
    }
    List<String> all = new ArrayList<>();
    int[] of = new int[partOf.length];
    Arrays.fill(of, -1);
    for (int s = 0; s < parts.size(); s++) {
      Optional<Groups> groups = parts.get(s).groups(by);
      if (groups.isPresent()) {
        for (int row = 0; row < parts.get(s).size(); row++) {
          int group = groups.get().of(row);
          of[firstPicture[s] + row] = group < 0 ? -1 : all.size() + group;
        }
        String name = names.get(s);
        groups.get().names().forEach(group -> all.add(name + "/" + group));
      }
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(new Groups(all, of));
  }

  @Override
  public List<String> notes() {
    return IntStream.range(0, parts.size())
        .boxed()
        .flatMap(s -> parts.get(s).notes().stream().map(note -> names.get(s) + ": " + note))
        .collect(Collectors.toList());
  }

  @Override
  public boolean showsPictures() {
    return parts.stream().allMatch(Dataset::showsPictures);
  }

  @Override
  public Optional<Path> file(int i) {
    return part(i).file(row(i));
  }

  @Override
  public Optional<Box> box(int i) {
    return part(i).box(row(i));
  }

  @Override
  public String stamp(int i) {
    return part(i).stamp(row(i));
  }

  @Override
  public Image image(int i) {
    return part(i).image(row(i));
  }

  @Override
  public void load(int i, Preprocessing preprocessing, float[] out, int offset) {
    part(i).load(row(i), preprocessing, out, offset);
  }
}

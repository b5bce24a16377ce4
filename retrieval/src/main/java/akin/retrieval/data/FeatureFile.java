package akin.retrieval.data;

import akin.nn.io.Safetensors;
import akin.tensor.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Features on disk, with all that is needed to train on them: {@code features} F32 [N, F]; {@code
 * ids} U8 and {@code ids.offsets} I64 [N + 1]; {@code splits} I64 [N]; {@code labels} I64 [N]; and,
 * if there are any, {@code attributes} U8 [N, A], {@code is_query} and {@code is_gallery} U8 [N],
 * and {@code category}, {@code sequence}, {@code domain} I64 [N], −1 for none. The metadata name
 * backbone, weights, preprocessing, where weights and pictures lay, attributes, classes and groups.
 */
public final class FeatureFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "akin features 1";
  private static final String QUERY = "is_query";
  private static final String GALLERY = "is_gallery";

  private FeatureFile() {}

  /** Whether a file may hold features. */
  static boolean fits(Path where) {
    return where.toString().endsWith(".safetensors");
  }

  /**
   * Writes the features of a data set's pictures.
   *
   * @throws UserError if the file cannot be written; an old file stays
   */
  public static void write(Path file, Dataset pictures, Features features) {
    int n = pictures.size();
    ByteArrayOutputStream ids = new ByteArrayOutputStream();
    long[] offsets = new long[n + 1];
    long[] splits = new long[n];
    long[] labels = new long[n];
    for (int i = 0; i < n; i++) {
      ids.writeBytes(pictures.id(i).getBytes(StandardCharsets.UTF_8));
      offsets[i + 1] = ids.size();
      splits[i] = pictures.split(i).ordinal();
      labels[i] = pictures.label(i);
    }
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    arrays.put("features", Safetensors.Array.of(features.rows()));
    arrays.put("ids", Safetensors.Array.of(ids.toByteArray(), ids.size()));
    arrays.put("ids.offsets", Safetensors.Array.of(offsets, n + 1));
    arrays.put("splits", Safetensors.Array.of(splits, n));
    arrays.put("labels", Safetensors.Array.of(labels, n));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("backbone", features.source().backbone());
    metadata.put("weights", features.source().weights());
    metadata.put("preprocessing", features.source().preprocessing());
    metadata.put("file", features.source().file());
    metadata.put("pictures", Path.of(pictures.name()).toAbsolutePath().normalize().toString());
    metadata.put("classes", json(pictures.classNames()));
    pictures
        .attributes()
        .ifPresent(
            table -> {
              arrays.put(
                  "attributes", Safetensors.Array.of(table.bits(), table.rows(), table.count()));
              metadata.put("attributes", json(table.names()));
            });
    pictures
        .roles()
        .ifPresent(
            roles -> {
              arrays.put(QUERY, Safetensors.Array.of(bytes(roles.query()), n));
              arrays.put(GALLERY, Safetensors.Array.of(bytes(roles.gallery()), n));
            });
    for (Grouping by : Grouping.values()) {
      pictures
          .groups(by)
          .ifPresent(
              groups -> {
                long[] of = IntStream.of(groups.of()).asLongStream().toArray();
                arrays.put(key(by), Safetensors.Array.of(of, n));
                metadata.put(key(by), json(groups.names()));
              });
    }
    Safetensors.write(file, arrays, metadata);
  }

  /**
   * Reads features as a data set without pictures. They stay on disk, mapped into memory.
   *
   * @throws UserError if the file is missing, damaged or holds no features
   */
  public static Dataset read(Path path) {
    try (Safetensors file = Safetensors.open(path)) {
      Map<String, String> metadata = file.metadata();
      require(FORMAT.equals(metadata.get("format")), path, "the metadata say '" + FORMAT + "'");
      int[] shape = file.tensor("features").shape();
      require(shape.length == 2 && shape[1] > 0, path, "features are [N, F], F ≥ 1");
      int n = shape[0];
      long[] splits = file.tensor("splits").longs();
      long[] labels = file.tensor("labels").longs();
      byte[] bytes = file.tensor("ids").bytes();
      long[] offsets = file.tensor("ids.offsets").longs();
      require(
          splits.length == n && labels.length == n && offsets.length == n + 1,
          path,
          "splits, labels and ids have one entry for each of " + n + " rows");
      List<String> classes = names(file, "classes");
      List<String> ids = new ArrayList<>(n);
      for (int i = 0; i < n; i++) {
        boolean inside = offsets[i] >= 0 && offsets[i] <= offsets[i + 1];
        require(inside && offsets[i + 1] <= bytes.length, path, "ids.offsets rise within ids");
        int begin = (int) offsets[i];
        ids.add(new String(bytes, begin, (int) offsets[i + 1] - begin, StandardCharsets.UTF_8));
        require(splits[i] >= 0 && splits[i] < Split.values().length, path, "splits are 0 to 3");
        require(
            labels[i] >= -1 && labels[i] < classes.size(),
            path,
            "labels are -1 to " + (classes.size() - 1) + "; row " + i + " has " + labels[i]);
      }
      Attributes attributes = null;
      if (metadata.containsKey("attributes")) {
        attributes = new Attributes(names(file, "attributes"), file.tensor("attributes").bytes());
        require(attributes.rows() == n, path, "attributes are [N, A]");
      }
      Features.Source source =
          new Features.Source(
              metadata.getOrDefault("backbone", ""),
              metadata.getOrDefault("weights", ""),
              metadata.getOrDefault("preprocessing", ""),
              metadata.getOrDefault("file", ""));
      Features features = new Features(source, file.tensor("features").vectors());
      return new Stored(
          path.toString(),
          ids,
          splits,
          labels,
          classes,
          attributes,
          roles(file, n),
          groups(file, n),
          features,
          new Origin(Path.of(metadata.getOrDefault("pictures", ""))));
    }
  }

  private record Stored(
      String name,
      List<String> ids,
      long[] splits,
      long[] labels,
      List<String> classNames,
      Attributes table,
      Optional<Roles> roles,
      Map<Grouping, Groups> groups,
      Features rows,
      Origin origin)
      implements Dataset {
    @Override
    public int size() {
      return ids.size();
    }

    @Override
    public String id(int i) {
      return ids.get(i);
    }

    @Override
    public Split split(int i) {
      return Split.values()[(int) splits[i]];
    }

    @Override
    public int label(int i) {
      return (int) labels[i];
    }

    @Override
    public Optional<Attributes> attributes() {
      return Optional.ofNullable(table);
    }

    @Override
    public Optional<Groups> groups(Grouping by) {
      return Optional.ofNullable(groups.get(by));
    }

    @Override
    public Optional<Features> features() {
      return Optional.of(rows);
    }

    @Override
    public boolean showsPictures() {
      return origin.shows(ids);
    }

    @Override
    public Image image(int i) {
      return origin.image(ids.get(i), name);
    }
  }

  /**
   * The data set that features were extracted from; opened when a picture is to be shown. Only its
   * place is known: where a layout was told, or sets were joined, that does not open it again.
   */
  private static final class Origin {
    private final Path place;
    private Dataset pictures;
    private Map<String, Integer> rows;

    Origin(Path place) {
      this.place = place;
    }

    private boolean isThere() {
      return !place.toString().isEmpty() && Files.exists(place);
    }

    boolean shows(List<String> ids) {
      try {
        return isThere() && open("").keySet().containsAll(ids);
      } catch (UserError other) {
        return false;
      }
    }

    Image image(String id, String features) {
      if (!isThere()) {
        throw UserError.of("the file holds features, and their pictures are not where they were")
            .at(features)
            .rule("pictures are shown from the data set that was extracted: " + place)
            .mend("move it back, or ask without pictures");
      }
      Integer row = open(features).get(id);
      if (row == null) {
        throw notAgain(features);
      }
      return pictures.image(row);
    }

    private synchronized Map<String, Integer> open(String features) {
      if (pictures == null) {
        Dataset found;
        try {
          found = Datasets.open(place, Datasets.Layout.AUTO);
        } catch (UserError e) {
          throw notAgain(features).because(e);
        }
        rows = new HashMap<>();
        for (int i = 0; i < found.size(); i++) {
          rows.put(found.id(i), i);
        }
        pictures = found;
      }
      return rows;
    }

    private UserError notAgain(String features) {
      return UserError.of("the pictures that the features were made of are not found again")
          .at(features)
          .rule("their data set is opened by its place alone, without a layout: " + place)
          .mend(
              "write a list of them, akin data list, and extract from it; or ask without pictures");
    }
  }

  private static Optional<Roles> roles(Safetensors file, int n) {
    if (!file.tensors().containsKey(QUERY)) {
      return Optional.empty();
    }
    boolean[] query = booleans(file.tensor(QUERY).bytes());
    boolean[] gallery = booleans(file.tensor(GALLERY).bytes());
    require(query.length == n && gallery.length == n, file.file(), "is_query, is_gallery are [N]");
    return Optional.of(new Roles(query, gallery));
  }

  private static Map<Grouping, Groups> groups(Safetensors file, int n) {
    Map<Grouping, Groups> all = new EnumMap<>(Grouping.class);
    for (Grouping by : Grouping.values()) {
      if (file.tensors().containsKey(key(by))) {
        List<String> names = names(file, key(by));
        long[] of = file.tensor(key(by)).longs();
        boolean inside = LongStream.of(of).allMatch(i -> i >= -1 && i < names.size());
        require(of.length == n && inside, file.file(), key(by) + " is [N], from -1");
        all.put(by, new Groups(names, LongStream.of(of).mapToInt(i -> (int) i).toArray()));
      }
    }
    return all;
  }

  private static String key(Grouping by) {
    return by.name().toLowerCase(Locale.ROOT);
  }

  private static byte[] bytes(boolean[] flags) {
    byte[] bytes = new byte[flags.length];
    for (int i = 0; i < flags.length; i++) {
      bytes[i] = (byte) (flags[i] ? 1 : 0);
    }
    return bytes;
  }

  private static boolean[] booleans(byte[] bytes) {
    boolean[] flags = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      flags[i] = bytes[i] != 0;
    }
    return flags;
  }

  private static String json(List<String> names) {
    try {
      return JSON.writeValueAsString(names);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("names are text", e);
    }
  }

  private static List<String> names(Safetensors file, String key) {
    try {
      return Arrays.asList(JSON.readValue(file.metadata().getOrDefault(key, "[]"), String[].class));
    } catch (JsonProcessingException e) {
      throw UserError.of("the metadata '" + key + "' is no list of names")
          .at(file.file())
          .because(e);
    }
  }

  private static void require(boolean holds, Path file, String rule) {
    if (!holds) {
      throw UserError.of("not a file of features")
          .at(file)
          .rule(rule)
          .mend("make one by akin extract");
    }
  }
}

package akin.retrieval;

import akin.nn.io.Safetensors;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An index on disk, readable without Akin: a safetensors file of {@code embeddings} F32 [N, D],
 * row-major; {@code ids} U8, the ids' UTF-8 bytes one after the other; {@code ids.offsets} I64 [N +
 * 1], where each id begins and the last one ends. Its metadata tell {@code metric} (such as {@code
 * euclidean}), {@code model} and {@code preprocessing}.
 */
final class IndexFile {
  private IndexFile() {}

  static void write(Index index, Path file) {
    int n = index.size();
    int dimension = index.dimension();
    float[] embeddings = new float[Math.multiplyExact(n, dimension)];
    long[] offsets = new long[n + 1];
    byte[][] ids = new byte[n][];
    for (int row = 0; row < n; row++) {
      System.arraycopy(index.embedding(row), 0, embeddings, row * dimension, dimension);
      ids[row] = index.id(row).getBytes(StandardCharsets.UTF_8);
      offsets[row + 1] = offsets[row] + ids[row].length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(offsets[n]));
    for (byte[] id : ids) {
      bytes.put(id);
    }
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    arrays.put("embeddings", Safetensors.Array.of(embeddings, n, dimension));
    arrays.put("ids", Safetensors.Array.of(bytes.array(), bytes.capacity()));
    arrays.put("ids.offsets", Safetensors.Array.of(offsets, n + 1));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("metric", name(index.metric()));
    metadata.put("model", index.source().model());
    metadata.put("preprocessing", index.source().preprocessing());
    Safetensors.write(file, arrays, metadata);
  }

  static Index read(Path file) {
    try (Safetensors read = Safetensors.open(file)) {
      Safetensors.Entry embeddings = read.tensor("embeddings");
      int[] shape = embeddings.shape();
      require(
          shape.length == 2 && shape[0] > 0 && shape[1] > 0,
          file,
          "embeddings are [N, D], neither of them 0; found " + Arrays.toString(shape));
      List<String> ids = ids(read, shape[0]);
      Map<String, String> metadata = read.metadata();
      for (String key : List.of("metric", "model", "preprocessing")) {
        require(metadata.containsKey(key), file, "the metadata tell the " + key);
      }
      List<String> metrics = Arrays.stream(Distance.values()).map(IndexFile::name).toList();
      int metric = metrics.indexOf(metadata.get("metric"));
      require(metric >= 0, file, "the metric is one of " + String.join(", ", metrics));
      Index.Source source = new Index.Source(metadata.get("model"), metadata.get("preprocessing"));
      float[] values = embeddings.floats();
      try {
        return new Index(ids, values, Distance.values()[metric], source);
      } catch (UserError e) {
        throw e.at(file);
      }
    }
  }

  private static List<String> ids(Safetensors read, int n) {
    byte[] bytes = read.tensor("ids").bytes();
    long[] offsets = read.tensor("ids.offsets").longs();
    boolean tiled = offsets.length == n + 1 && offsets[0] == 0 && offsets[n] == bytes.length;
    for (int row = 0; tiled && row < n; row++) {
      tiled = offsets[row] <= offsets[row + 1];
    }
    require(
        tiled,
        read.file(),
        "ids.offsets are N + 1 rising numbers from 0 to the length of ids; N = " + n);
    List<String> ids = new ArrayList<>(n);
    for (int row = 0; row < n; row++) {
      int begin = (int) offsets[row];
      ByteBuffer id = ByteBuffer.wrap(bytes, begin, (int) offsets[row + 1] - begin);
      try {
        ids.add(StandardCharsets.UTF_8.newDecoder().decode(id).toString());
      } catch (CharacterCodingException e) {
        throw refuse(read.file(), "ids are UTF-8 text; that of row " + row + " is not").because(e);
      }
    }
    return ids;
  }

  private static String name(Distance metric) {
    return metric.name().toLowerCase(Locale.ROOT);
  }

  private static void require(boolean holds, Path file, String rule) {
    if (!holds) {
      throw refuse(file, rule);
    }
  }

  private static UserError refuse(Path file, String rule) {
    return UserError.of("not an index of embeddings").at(file).rule(rule);
  }
}

package akin.retrieval;

import akin.nn.io.Safetensors;
import akin.tensor.UserError;
import akin.tensor.backend.Distance;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An index on disk, readable without Akin: a safetensors file of {@code embeddings} F32 [N, D],
 * row-major, and {@code ids}, a {@link TextList}. Its metadata tell {@code metric} (such as {@code
 * euclidean}), {@code model} and {@code preprocessing}.
 */
final class IndexFile {
  private IndexFile() {}

  static void write(Index index, Map<String, Safetensors.Array> more, Path file) {
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    arrays.put("embeddings", Safetensors.Array.of(index.embeddings()));
    index.ids().addTo(arrays, "ids");
    arrays.putAll(more);
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
      TextList ids = TextList.read(read, "ids", shape[0]);
      Map<String, String> metadata = read.metadata();
      for (String key : List.of("metric", "model", "preprocessing")) {
        require(metadata.containsKey(key), file, "the metadata tell the " + key);
      }
      List<String> metrics = Arrays.stream(Distance.values()).map(IndexFile::name).toList();
      int metric = metrics.indexOf(metadata.get("metric"));
      require(metric >= 0, file, "the metric is one of " + String.join(", ", metrics));
      Index.Source source = new Index.Source(metadata.get("model"), metadata.get("preprocessing"));
      try {
        return new Index(ids, embeddings.vectors(), Distance.values()[metric], source);
      } catch (UserError e) {
        throw e.at(file);
      }
    }
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

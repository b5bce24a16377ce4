package akin.retrieval.search;

import akin.nn.io.Safetensors;
import akin.retrieval.Index;
import akin.retrieval.TextList;
import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pictures that are searched: their embeddings, and what is known of each, so that answers can
 * be judged. On disk all of it is one file, that of the {@link Index} with these arrays besides:
 * {@code classes}, a {@link TextList} of N; and, with attributes, {@code attributes} U8 [N, A] of 0
 * and 1, and {@code attributes.names}, a {@link TextList} of A.
 *
 * @param labels class of each row by name; empty text if it has none
 * @param attributes of each row; null without
 */
public record Gallery(Index index, List<String> labels, Attributes attributes) {
  private static final String CLASSES = "classes";
  private static final String ATTRIBUTES = "attributes";
  private static final String NAMES = "attributes.names";

  /** The gallery of a data set's pictures, embedded in their order. */
  static Gallery of(Dataset pictures, Index index) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      int label = pictures.label(i);
      labels.add(label < 0 ? "" : pictures.classNames().get(label));
    }
    return new Gallery(index, TextList.of(labels), pictures.attributes().orElse(null));
  }

  /** Names of the attributes; empty without. */
  public List<String> attributeNames() {
    return Optional.ofNullable(attributes).map(Attributes::names).orElse(List.of());
  }

  /** Writes the index with all that is known of its pictures, and the list beside it. */
  public void save(Path indexFile) {
    Map<String, Safetensors.Array> known = new LinkedHashMap<>();
    TextList.of(labels).addTo(known, CLASSES);
    if (attributes != null) {
      TextList.of(attributes.names()).addTo(known, NAMES);
      known.put(
          ATTRIBUTES,
          Safetensors.Array.of(attributes.bits(), attributes.rows(), attributes.count()));
    }
    index.save(indexFile, known);
    GalleryList.write(this, indexFile);
  }

  /**
   * Reads an index with all that is known of its pictures.
   *
   * @throws UserError if the file is missing or damaged
   */
  public static Gallery open(Path indexFile) {
    Index index = Index.open(indexFile);
    try (Safetensors file = Safetensors.open(indexFile)) {
      if (!file.tensors().containsKey(CLASSES)) {
        return GalleryList.read(index, indexFile);
      }
      TextList labels = TextList.read(file, CLASSES, index.size());
      Attributes attributes = null;
      if (file.tensors().containsKey(ATTRIBUTES)) {
        Safetensors.Entry table = file.tensor(ATTRIBUTES);
        int[] shape = table.shape();
        if (shape.length != 2 || shape[0] != index.size() || shape[1] == 0) {
          throw UserError.of("the gallery's attributes do not fit its embeddings")
              .at(indexFile)
              .rule("a row of bits for each of " + index.size() + " embeddings")
              .mend("make it anew: akin evaluate RUN");
        }
        attributes = new Attributes(TextList.read(file, NAMES, shape[1]), table.bytes());
      }
      return new Gallery(index, labels, attributes);
    }
  }
}
